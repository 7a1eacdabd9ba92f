// The labels to insert, in groups of which one is open, and found by their name in either language.

import { folded } from "./chips.js";

const WIDE = matchMedia("(min-width: 62rem)");

export function makePalette(bar, shelf, words) {
  const toggles = [...bar.querySelectorAll("[data-group]")];
  const groups = toggles.map((toggle) => document.getElementById(toggle.getAttribute("aria-controls")));
  const find = bar.querySelector("[data-find]");
  const count = bar.querySelector("[data-count]");
  const none = shelf.querySelector("[data-none]");
  let opened = WIDE.matches ? 1 : -1; // findings are what a writer looks for

  function draw() {
    const wanted = folded(find.value);
    let found = 0;
    groups.forEach((group, number) => {
      const buttons = [...group.querySelectorAll("[data-insert]")];
      const fit = buttons.filter((one) => [one.dataset.fr, one.dataset.en].some((said) => folded(said).includes(wanted)));
      buttons.forEach((button) => (button.hidden = !fit.includes(button)));
      group.hidden = wanted ? fit.length === 0 : number !== opened;
      toggles[number].setAttribute("aria-expanded", String(!group.hidden));
      found += fit.length;
    });
    shelf.classList.toggle("found", Boolean(wanted));
    none.hidden = !wanted || found > 0;
    count.textContent = wanted ? words.found.replace("{number}", found) : "";
  }

  // Once the page is scrolled, what is opened shows under the bar, over the text, until something is inserted.
  function show() {
    draw();
    const isAbove = shelf.getBoundingClientRect().top < bar.getBoundingClientRect().bottom - 1;
    if (isAbove) shelf.style.setProperty("--bar", `${bar.offsetHeight}px`);
    shelf.classList.toggle("over", isAbove);
  }

  toggles.forEach((toggle, number) =>
    toggle.addEventListener("click", () => {
      const isSeen = shelf.getBoundingClientRect().bottom > bar.getBoundingClientRect().bottom;
      find.value = "";
      opened = opened === number && isSeen ? -1 : number;
      show();
    }),
  );
  find.addEventListener("input", show);
  shelf.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shelf.matches(".over")) return;
    shelf.classList.remove("over");
    (toggles[opened] ?? find).focus();
  });
  bar.hidden = shelf.hidden = false;
  draw();
  return { away: () => shelf.classList.remove("over") };
}
