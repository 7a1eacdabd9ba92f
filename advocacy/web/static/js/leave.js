// "Leave this site" empties the page and the tab's draft, then takes this page's place in the history.

import { clear, whenErased } from "./draft.js";

function empty() {
  clear();
  try {
    sessionStorage.removeItem("advocacy-exit");
  } catch {
    // Nothing was kept.
  }
  for (const form of document.forms) form.reset();
  document.querySelector("main").replaceChildren();
}

for (const way of document.querySelectorAll("[data-leave], [data-erase]")) {
  way.addEventListener("click", (event) => {
    event.preventDefault();
    empty();
    location.replace(way.href ?? way.dataset.erase);
  });
}

// What was erased in another tab is shown here no longer.
whenErased(() => {
  empty();
  location.replace(document.querySelector(".mast .name").href);
});

// What a page shows only to those whose browser runs scripts, once all of its scripts have run: nothing pressed is lost.
document.addEventListener("DOMContentLoaded", () => {
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
});

document.querySelector("[data-focus]")?.focus();
