// Small comforts of every page; all of it works without.

// A page that opens behind another is not drawn, and a browser warns of letters that its head has fetched for nothing.
document.fonts?.load('1em "Inter Variable"').catch(() => {});

// A menu closes when one looks elsewhere.
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopImmediatePropagation();
}, true);

// What opens in a part that scrolls comes into sight.
addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches?.(".menu, .menu .fold")) (target.querySelector(".menu-sheet") ?? target).scrollIntoView({ block: "nearest" });
}, true);

// What a badge says when one points at it goes away on Escape, and comes back when one points anew.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const badge of document.querySelectorAll(":is(.seen-one, .row:has(.row-why)):is(:hover, :focus-within)")) badge.dataset.quiet = "";
});
for (const left of ["mouseout", "focusout"]) {
  addEventListener(left, (event) => {
    const badge = event.target.closest?.("[data-quiet]");
    if (badge && !badge.contains(event.relatedTarget)) delete badge.dataset.quiet;
  });
}

// What one sees may have another address by now than the page had: a form that leads back here leads to that.
addEventListener("submit", (event) => {
  const next = event.target.querySelector("[data-here]");
  if (next) next.value = location.pathname + location.search;
}, true);

// A form is sent once, however often its button is pressed. Forms that htmx sends look after themselves.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Drawn as cards on a phone, a table is still read as one: some browsers forget it once its parts have another display.
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
for (const part of document.querySelectorAll("table[data-stack], table[data-stack] :is(thead, tbody, tr, td, th)")) {
  part.role = ROLES[part.tagName] ?? (part.scope === "row" ? "rowheader" : "columnheader");
}

// A link with data-dialog opens that dialog of this page instead, where it has one.
addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});

// What a request in the background could not do is said where messages stand.
function failed() {
  const messages = document.getElementById("messages");
  if (!messages || messages.querySelector("[data-failed-once]")) return;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.dataset.tone = "amber";
  notice.dataset.failedOnce = "";
  notice.textContent = messages.dataset.failed;
  messages.append(notice);
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:beforeSwap", () => document.querySelector("[data-failed-once]")?.remove());

// On a phone the browser's own print is far away.
addEventListener("click", ({ target }) => { if (target.closest?.("[data-print]")) print(); });
