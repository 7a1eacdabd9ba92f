// The letter has been handed over: this tab says where the message goes, and keeps no text of it. The answers about the
// person stay, for another letter.

import { keepAnswersOnly, lastTyped } from "./draft.js";

for (const place of document.querySelectorAll("[data-address]")) {
  place.textContent = lastTyped(place.dataset.address) || place.textContent;
}
keepAnswersOnly();
for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = false;
