// The composer: keys, the countdown to take a reply back, and looking again while something is on its way. All of it works without.
import "./picker.js";

const composer = () => document.getElementById("composer");
let pressed = null; // the button that made htmx draw the composer anew; one without a name brings words back
let unsaved = false;

// --- keys ---------------------------------------------------------------------------------------

addEventListener("keydown", (event) => {
  const here = composer();
  if (!here) return;
  const ctrl = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (ctrl && event.key === "Enter" && here.contains(event.target)) return press(event, here.querySelector("[data-send]"));
  if (ctrl && event.key.toLowerCase() === "m") return openPicker(event, here);
  const empty = event.target.matches?.("#composer textarea") && event.target.value === "";
  if (event.key === "/" && empty && !ctrl) return openPicker(event, here);
});

function openPicker(event, here) {
  const search = here.querySelector("[data-picker-search]");
  if (search) event.preventDefault();
  search ? search.focus() : press(event, here.querySelector("[data-picker-open]"));
}

function press(event, button) {
  if (!button) return;
  event.preventDefault();
  button.click();
}

// --- after the server drew it anew: the focus goes where the hand goes next -------------------------

addEventListener("submit", (event) => {
  if (event.target.closest?.("#composer")) pressed = event.submitter ? event.submitter.name || "restore" : null;
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  start(document);
  if (asked) setTimeout(lookAgain);
  if (event.detail.target?.id !== "composer" && event.detail.elt?.id !== "composer") return;
  unsaved = false;
  const again = { turn: "[aria-pressed=true][name=turn]", speak: "[aria-pressed=true][name=speak]", send: "[data-undo], [role=alert], [data-composer-focus]" };
  // Words without a place to fill in are read, and sent from there by the same keys.
  const target = pressed && (composer()?.querySelector(again[pressed] ?? "[data-composer-focus]") ?? composer()?.querySelector(".composer-text, [data-picker-open]"));
  pressed = null;
  if (!target) return;
  if (target.matches("[role=alert], .composer-text")) target.tabIndex = -1;
  target.focus({ preventScroll: !target.matches("[role=alert]") });
  if (!target.matches("[role=alert]")) composer().scrollIntoView({ block: "nearest" }); // with its send button, where the page itself scrolls
});

// --- nothing typed is lost ----------------------------------------------------------------------------

addEventListener("input", (event) => { if (event.target.closest?.("[data-sheet]")) unsaved = true; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt?.matches?.("[data-sheet]") && event.detail.successful) unsaved = false;
});
addEventListener("pagehide", save);
addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });

function save() {
  const here = composer();
  const form = here?.querySelector("form.composer-form");
  if (unsaved && form) navigator.sendBeacon(here.dataset.draft, new FormData(form));
  unsaved = false;
}

// --- the countdown, and looking again -------------------------------------------------------------------

function start(root) {
  for (const element of root.querySelectorAll("[data-countdown]:not([data-ticking])")) tick(element);
  for (const element of root.querySelectorAll("[data-look-in]:not([data-looking])")) look(element);
  for (const name of root.querySelectorAll(".composer-name")) fit(name);
}

function tick(element) {
  element.dataset.ticking = "";
  const words = element.textContent;
  const until = performance.now() + Number(element.dataset.countdown) * 1000;
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    const said = words.replace(/\d+/, left);
    if (element.textContent !== said) element.textContent = said;
    if (left > 0) return;
    clearInterval(timer);
    for (const button of element.closest("article").querySelectorAll("[data-undo]")) button.disabled = true;
  }, 250);
}

function look(element) {
  element.dataset.looking = "";
  setTimeout(() => element.isConnected && lookAgain(), Number(element.dataset.lookIn) * 1000);
}

let asked = false; // while an answer was on its way, which may have left before the news

function lookAgain() {
  const replies = document.querySelector("[data-replies]");
  // Its answer replaces the element, and a second question that waits there goes with it. So does the answer of a form under
  // way: a button shown before it comes would be pressed, and what that said be wiped away.
  if (replies?.matches(".htmx-request") || composer()?.querySelector("form.htmx-request")) return void (asked = true);
  // Not under a hand that is about to press one of its buttons.
  if (!replies || replies.matches(":focus-within")) return setTimeout(() => replies?.isConnected && lookAgain(), 3000);
  asked = false;
  globalThis.htmx?.trigger(replies, "look-again");
}

document.addEventListener("htmx:afterRequest", ({ detail }) => { if (asked && !detail.successful) setTimeout(lookAgain, 3000); });

function fit(name) {
  const size = () => { name.size = Math.max(4, name.value.length || name.placeholder.length); };
  if (!name.dataset.fitted) name.addEventListener("input", size);
  name.dataset.fitted = "";
  size();
}

// The page heard that something happened somewhere: what is on its way may have moved.
document.addEventListener("inbox:nudge", () => composer() && lookAgain());

start(document);

// While an answer is on its way to the server nothing is typed that its answer would wipe away.
const lock = (locked) => ({ detail }) => {
  if (!detail.elt.matches?.(".composer-form")) return;
  for (const field of detail.elt.querySelectorAll("textarea, input:not([type=hidden])")) field.readOnly = locked;
};
document.addEventListener("htmx:beforeRequest", lock(true));
document.addEventListener("htmx:afterRequest", lock(false));
