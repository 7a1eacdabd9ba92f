// What was typed has been handed over: this tab says where the message goes, and forgets the rest.

import { clear, lastTyped } from "./draft.js";

for (const place of document.querySelectorAll("[data-address]")) {
  place.textContent = lastTyped(place.dataset.address) || place.textContent;
}
clear();
for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = false;
