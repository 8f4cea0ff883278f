// Keeps every timer chip right while a page is open: once a minute, by the server's clock, in the words of the page's language.
// What a chip says is decided in inbox/desk/timer.py; this says the same later on.

const words = document.getElementById("timer-words").dataset;
const announce = document.getElementById("announce");
const offset = Number(document.documentElement.dataset.now) * 1000 - Date.now();
const serverNow = () => Math.floor((Date.now() + offset) / 1000);
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function span(seconds) {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes < 1) return words.under;
  if (hours < 1) return fill(words.minutes, { minutes });
  if (hours < 10 && minutes % 60) return fill(words.hoursMinutes, { hours, minutes: String(minutes % 60).padStart(2, "0") });
  if (days < 2) return fill(words.hours, { hours });
  return hours % 24 ? fill(words.daysHours, { days, hours: hours % 24 }) : fill(words.days, { days });
}

function stateAt(now, chip) {
  if (now > Math.floor(Number(chip.dataset.due))) return "overdue"; // due this very second is on time
  return now >= Number(chip.dataset.warn) ? "at_risk" : "running";
}

function draw(chip) {
  const now = serverNow();
  const due = Number(chip.dataset.due);
  const state = stateAt(now, chip);
  const text = fill(state === "overdue" ? words.overdue : words.left, { time: span(Math.abs(due - now)) });
  const shown = chip.querySelector(".chip-words");
  if (shown.textContent !== text) shown.textContent = text;
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  const drawing = chip.querySelector("use");
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#timer-${state}`));
  tell(chip, text);
}

// Only a change of state is said aloud, never each minute; and not of what else the person said, as if it were of this.
function tell(chip, text) {
  if (!announce || chip.closest(".history")) return;
  const who = chip.closest(".row-link, .conversation")?.querySelector("b, h1")?.textContent ?? "";
  announce.textContent = `${who}: ${text}`;
}

function tick() {
  document.querySelectorAll(".chip[data-due]").forEach(draw);
  const chip = document.querySelector(".head .chip[data-due] .chip-words");
  for (const copy of document.querySelectorAll("[data-timer-copy]")) if (chip) copy.textContent = chip.textContent;
}

tick();
setInterval(tick, 20_000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("inbox:looked", tick);
