// What was typed has been handed over: this tab says where the message goes, and forgets what was changed on the letters.

import { forgetEdits, lastTyped } from "./draft.js";
import { lastExit } from "./exit.js";

for (const place of document.querySelectorAll("[data-address]")) {
  place.textContent = lastTyped(place.dataset.address) || place.textContent;
}
forgetEdits();
lastExit("send");
for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = false;
