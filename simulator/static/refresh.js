// Look again every few seconds: only the parts marked data-live change, so what a person is typing stays.
const PAUSE = 2500;

async function lookAgain() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    if (part.contains(document.activeElement)) continue;
    const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    // The hidden CSRF field differs every time; a button's meaning does not.
    const words = (node) => node.textContent;
    if (other && words(other) !== words(part)) part.replaceChildren(...other.childNodes);
  }
}

if (document.querySelector("[data-live]")) {
  setInterval(() => lookAgain().catch(() => {}), PAUSE);
}
