// What the inbox does beyond its links and forms: which row is open, where the focus goes, the number in the tab.

const pane = () => document.getElementById("conversation");

function markOpenRow() {
  const open = pane()?.dataset.pk;
  for (const row of document.querySelectorAll("[data-row]")) {
    if (row.dataset.row === open) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

const pageScrolls = () => getComputedStyle(document.getElementById("talk")).overflowY === "visible";

const linked = () => document.getElementById(location.hash.slice(1));

// On opening: to the message that was linked to, where it is shown.
function scrollToBeginning() {
  if (linked()) linked().scrollIntoView({ block: "center" });
  else scrollToNewest();
}

// The newest words are below; a page that was opened by a link to one message stays there.
function scrollToNewest() {
  const talk = document.getElementById("talk");
  if (!talk || linked()) return;
  talk.scrollTop = talk.scrollHeight;
  // On a phone the whole page scrolls, and begins where the list was left.
  if (!pageScrolls()) return;
  if (document.querySelector(".crisis")) return scrollTo(0, 0); // what to do and whom to call is above
  (talk.closest(".conversation").scrollHeight > innerHeight ? talk.lastElementChild : document.body).scrollIntoView({ block: "center" });
}

const side = () => document.getElementById("inbox-side").dataset;

function tellTab() {
  const tally = side().tally.trim();
  const name = document.title.replace(/^\([^)]*\) /, "");
  document.title = tally ? `(${tally}) ${name}` : name;
}

function tellBell() {
  const bell = document.querySelector("#bell .tally");
  if (!bell || side().unread === undefined) return;
  bell.hidden = !side().unread;
  bell.firstChild.data = side().unread;
}

// A badge may limit what may be answered: what is offered follows it. An answer that is begun stays, and is told when it is sent.
function offerAnew() {
  const answer = document.querySelector(".answer");
  if (!answer || answer.querySelector("#composer-sheet")) return;
  window.htmx.ajax("GET", answer.getAttribute("hx-get"), { target: answer, swap: "innerHTML" });
}

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "conversation" && detail.elt.id !== "conversation") return;
  markOpenRow();
  if (detail.requestConfig?.elt.matches("[data-limits]")) offerAnew();
  if (detail.requestConfig?.verb !== "get") return document.dispatchEvent(new CustomEvent("inbox:look"));
  scrollToBeginning();
  document.getElementById("conversation-title")?.focus({ preventScroll: true });
  const name = document.getElementById("conversation-title")?.textContent ?? "";
  document.title = document.title.replace(/^(\([^)]*\) )?.*( · .*)$/, (_, count = "", end) => `${count}${name}${end}`);
});

// A search: the list is another one, and says so.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "inbox-side") return;
  markOpenRow();
  tellTab();
  document.getElementById("announce").textContent = document.querySelector(".list .bar").innerText;
});

document.addEventListener("inbox:looked", () => { markOpenRow(); tellTab(); tellBell(); });

// The composer comes a moment later, and takes its room from what was said. Drawn anew it takes another, but where the page itself
// scrolls the hand is in it by then: nothing moves under it.
document.addEventListener("htmx:load", ({ target }) => {
  const answer = target.closest(".answer");
  if (!answer) return;
  if (!("placed" in answer.dataset)) scrollToBeginning();
  else if (!pageScrolls()) scrollToNewest();
  answer.dataset.placed = "";
});

// What one chose in a message goes into the form that reports something in it. Kept, as opening a menu may let go of it.
let chosen = {};
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const text = selection.anchorNode?.parentElement?.closest(".message-text");
  if (!text) return;
  const range = selection.getRangeAt(0).cloneRange();
  if (!text.contains(range.endContainer)) range.setEndAfter(text.lastChild); // three clicks reach into what comes after
  chosen = { message: text.closest(".message").id, words: range.toString() };
});
document.addEventListener("htmx:load", ({ target }) => {
  const field = target.querySelector?.("[data-chosen]");
  if (!field) return;
  if (!field.value && field.closest(".message")?.id === chosen.message) field.value = chosen.words.trim();
  field.form.scrollIntoView({ block: "nearest" });
});

scrollToBeginning();

// The view one is in: their strip is wider than a phone.
document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// Where the list was left, for who comes back to it on a phone.
const place = () => `list ${side().live}`;
document.addEventListener("click", ({ target }) => { if (target.closest("[data-row]")) sessionStorage.setItem(place(), String(scrollY)); });
if (document.querySelector("[data-none]")) scrollTo(0, Number(sessionStorage.getItem(place()) ?? 0));
