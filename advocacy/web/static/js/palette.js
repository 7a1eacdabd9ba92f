// The labels to insert: opened by their button, in groups of which one is open, and found by their name in either
// language.

import { folded } from "./chips.js";

export function makePalette(panel, opener, words) {
  const toggles = [...panel.querySelectorAll("[data-group]")];
  const groups = toggles.map((toggle) => document.getElementById(toggle.getAttribute("aria-controls")));
  const find = panel.querySelector("[data-find]");
  const count = panel.querySelector("[data-count]");
  const none = panel.querySelector("[data-none]");
  let opened = Math.min(1, groups.length - 1); // findings are what a writer looks for

  function draw() {
    const wanted = folded(find.value);
    let found = 0;
    groups.forEach((group, number) => {
      const buttons = [...group.querySelectorAll("[data-insert]")];
      const fit = buttons.filter((one) =>
        [...Object.entries(one.dataset).filter(([name]) => name.length === 2).map(([, words]) => words), one.textContent].some((name) => folded(name).includes(wanted)),
      );
      buttons.forEach((button) => (button.hidden = !fit.includes(button)));
      group.hidden = wanted ? fit.length === 0 : number !== opened;
      toggles[number].setAttribute("aria-expanded", String(!group.hidden));
      found += fit.length;
    });
    panel.classList.toggle("found", Boolean(wanted));
    none.hidden = !wanted || found > 0;
    count.textContent = wanted ? words.found.replace("{number}", found) : "";
  }

  function show(isShown) {
    panel.hidden = !isShown;
    opener.setAttribute("aria-expanded", String(isShown));
    if (isShown) draw();
  }

  toggles.forEach((toggle, number) =>
    toggle.addEventListener("click", () => {
      find.value = "";
      opened = number;
      draw();
    }),
  );
  find.addEventListener("input", draw);
  opener.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the caret
  opener.addEventListener("click", () => show(panel.hidden));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    opener.focus();
  });
  opener.hidden = false;
  return { away: () => show(false) };
}
