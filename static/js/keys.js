// Single keys for what has a button too. Matched by event.key, so that they are where the keyboard's own print says;
// never while one types, never with Ctrl, Alt or AltGr. An element says its own key: data-key="e".

const on = "shortcuts" in document.body.dataset;
const rows = () => [...document.querySelectorAll("[data-row]")];

function isTyping(target) {
  return target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

function move(step) {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  const start = here >= 0 ? here : all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, start + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function backToList() {
  const back = document.querySelector(".head-back");
  if (back && back.checkVisibility()) return back.click(); // on a phone the list is another page
  (document.querySelector("[data-row][aria-current]") ?? rows()[0])?.focus();
}

function answer() {
  const composer = document.querySelector(".answer");
  const field = composer?.querySelector("[data-composer-focus]") ?? composer?.querySelector("[data-send]") ?? composer?.querySelector("textarea, input:not([type=hidden]), a, button:not([tabindex='-1'])");
  field?.focus();
  composer?.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const control = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());
  if (!control) return false;
  if (control.matches("textarea, select, input")) control.focus();
  else control.click();
  const sheet = control.closest("details[open]");
  if (control.matches("summary")) sheet?.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  return true;
}

function field(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  found?.scrollIntoView({ block: "nearest" });
}

// Of the message in which words are chosen, else of the newest that takes it.
function unseen() {
  const chosen = getSelection().anchorNode?.parentElement?.closest(".message");
  const link = chosen?.querySelector("[data-unseen]") ?? [...document.querySelectorAll("[data-unseen]")].at(-1);
  if (!link) return;
  link.closest("details").open = true;
  if (link.checkVisibility()) link.click();
  else link.nextElementSibling.querySelector("select")?.focus();
}

// In a conversation the key is for what one answers with; where the field is not there (on a phone), too.
function search() {
  const field = document.querySelector("[data-search]");
  if (!field?.checkVisibility() || document.activeElement.closest("#conversation")) return answer();
  field.focus();
  field.select();
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  u: backToList,
  r: answer,
  "/": search,
  n: () => field(".note-form textarea"),
  a: () => field(".rail-assign select"),
  f: unseen,
};

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return escape(event);
  if (!on || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key.startsWith("Arrow")) return arrow(event);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (actions[key]) actions[key]();
  else if (!press(key)) return;
  event.preventDefault();
});

function arrow(event) {
  if (!event.target.closest("#rows")) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else return;
  event.preventDefault();
}

function escape(event) {
  if (document.querySelector("dialog[open], details.menu[open]")) return;
  const off = document.querySelector("[data-search-off]");
  if (event.target.matches("[data-search]") && off) off.click();
  else if (isTyping(event.target)) event.target.blur();
  else backToList();
}
