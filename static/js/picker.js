// The list of approved templates: narrowed while one types, walked with the arrows. Without it the search button asks the server.

const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[’']/g, "'");

addEventListener("input", (event) => {
  if (event.target.matches?.("[data-picker-search]")) narrow(event.target.closest("[data-picker]"), event.target.value);
});

function narrow(picker, asked) {
  const words = fold(asked).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of picker.querySelectorAll("[data-picker-item]")) {
    const text = fold(item.dataset.words);
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown += 1;
  }
  picker.querySelector("[data-picker-none]").hidden = shown > 0 || !words.length;
  const count = picker.querySelector("[data-picker-count]");
  count.textContent = count.textContent.replace(/\d+/, shown);
}

addEventListener("keydown", (event) => {
  const picker = event.target.closest?.("[data-picker]");
  if (!picker || event.ctrlKey || event.metaKey || event.altKey) return;
  const options = [...picker.querySelectorAll("[data-picker-item]:not([hidden]) button:not(:disabled)")];
  const search = picker.querySelector("[data-picker-search]");
  const at = options.indexOf(document.activeElement);
  if (event.key === "Enter" && event.target === search) {
    event.preventDefault();
    if (search.value.trim()) options[0]?.click();
  } else if (event.key === "ArrowDown") {
    move(event, options[at + 1] ?? options.at(-1));
  } else if (event.key === "ArrowUp") {
    move(event, at > 0 ? options[at - 1] : search);
  } else if (event.key === "Escape" && event.target !== search) {
    move(event, search);
  }
});

function move(event, target) {
  event.preventDefault();
  event.stopPropagation();
  target?.focus();
}
