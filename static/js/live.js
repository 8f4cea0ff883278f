// Keeps the page as it is now. A push only says "look again"; what is shown comes through the ordinary views.
// Every element with data-live is asked for again from that address and morphed in place, so that focus, scroll, open folds and
// whatever one is typing stay where they are.

const { htmx, Idiomorph } = window;
const connection = document.getElementById("connection");
const POLL = 60_000; // without a stream, the page still looks by itself
const PAUSE = 40; // ms: a burst of events is one look
const SLOW = 80; // ms: a server that takes longer to answer is asked less often
const PATIENCE = 4_000; // a stream that comes back sooner is not worth a word

// --- morphing --------------------------------------------------------------------------------------

const TYPED = "textarea, select, input:not([type=hidden])";

function isDirty(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const initial = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== (initial?.value ?? "");
}

const isKept = (element, sent) =>
  element.matches("[data-keep]") || (element.matches("form") && element !== sent && [...element.querySelectorAll(TYPED)].some(isDirty));

function morph(target, html, sent) {
  return Idiomorph.morph(target, html, {
    morphStyle: "outerHTML",
    callbacks: {
      beforeNodeMorphed: (old, fresh) => !(old.matches?.("[data-keep], form") && old.id === fresh.id && isKept(old, sent)),
      // What one folded open stays open, unless its form has just been sent.
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details, dialog") && !node.contains(sent)),
    },
  });
}

const CLEARED = "textarea, input:not([type=hidden], [type=radio], [type=checkbox])";

// hx-swap="morph" for the forms of a conversation.
htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph",
  handleSwap(style, target, fragment, settle) {
    if (style !== "morph") return false;
    const fresh = [...fragment.children].find((child) => child.id === target.id);
    return fresh ? (morph(target, fresh.outerHTML, justSent), [document.getElementById(target.id)]) : false;
  },
});

let justSent = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // Not the composer's: the server draws it anew, and a draft is posted while one types on.
  justSent = detail.requestConfig.verb === "post" ? detail.requestConfig.elt.closest("form:not(.composer-form)") : null;
  if (!justSent || !detail.xhr.status || detail.xhr.status >= 400) return;
  for (const field of justSent.querySelectorAll(CLEARED)) field.value = field.defaultValue = "";
});

// --- looking again ----------------------------------------------------------------------------------

let looking = false;
let again = false;
let lookedAt = new Date();
let retry = null;

async function fetchFresh(element) {
  const answer = await fetch(element.dataset.live, { headers: { "HX-Request": "true", "HX-Target": element.id } });
  if (answer.redirected && new URL(answer.url).pathname !== new URL(element.dataset.live, location.href).pathname) location.reload(); // signed out
  if (!answer.ok && !isGone(element, answer)) throw new Error(String(answer.status));
  return answer;
}

// A conversation that this person may not see any more. What is on screen of it stays.
const isGone = (element, answer) => element.id === "conversation" && [403, 404].includes(answer.status);

async function refresh(element) {
  const address = element.dataset.live;
  const answer = await fetchFresh(element);
  const html = await answer.text();
  if (!element.isConnected || element.dataset.live !== address) return; // something else is shown by now
  if (isGone(element, answer)) return void delete element.dataset.live; // nor is it asked for again
  morph(element, html);
  htmx.process(document.getElementById(element.id));
}

async function look() {
  if (document.hidden) return void (again = true); // until somebody looks at it
  if (looking) return void (again = true);
  looking = true;
  again = false;
  clearTimeout(retry);
  retry = null;
  const begun = performance.now();
  try {
    await Promise.all([...document.querySelectorAll("[data-live]")].map(refresh));
    lookedAt = new Date();
  } catch {
    later();
  } finally {
    document.dispatchEvent(new CustomEvent("inbox:looked"));
    const took = performance.now() - begun;
    setTimeout(() => { looking = false; if (again) look(); }, Math.max(PAUSE, 2 * (took - SLOW)));
  }
}

const later = () => (retry ??= setTimeout(look, 10_000)); // one, however many looks failed

// --- what costs more is asked for at most once a minute ------------------------------------------------

const SELDOM = 60_000;
let resting = null;
let missed = false;

// At once; what comes within the minute after, when that is over, so that the last news is never lost.
function lookSeldom() {
  missed = Boolean(resting);
  if (missed) return;
  resting = setTimeout(() => { resting = null; if (missed) lookSeldom(); }, SELDOM);
  document.dispatchEvent(new CustomEvent("inbox:looked-seldom"));
}

// --- the stream --------------------------------------------------------------------------------------

let stream = null;
let poll = null;
let worry = null;

function listen() {
  stream = new EventSource(document.getElementById("inbox-side").dataset.stream);
  stream.addEventListener("inbox", () => {
    found();
    document.dispatchEvent(new CustomEvent("inbox:nudge"));
    look(); // also the first event after a gap: what was missed is asked for
  });
  stream.addEventListener("error", lost);
}

function lost() {
  worry ??= setTimeout(warn, PATIENCE);
  poll ??= setInterval(look, POLL);
  // A refused stream is not tried again by the browser; its address may have grown old: looking brings a new one.
  if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 15_000);
}

function warn() {
  const time = lookedAt.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  connection.textContent = connection.dataset.lost.replace("%(time)s", time);
  connection.dataset.isLost = "";
}

function found() {
  clearTimeout(worry);
  clearInterval(poll);
  worry = poll = null;
  connection.textContent = "";
  delete connection.dataset.isLost;
}

listen();
document.addEventListener("visibilitychange", () => { if (!document.hidden && again) look(); });
document.addEventListener("inbox:look", look);
document.addEventListener("inbox:looked", lookSeldom);
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (event) => { if (event.persisted) { listen(); look(); } });
