// What was sent is erased here: what this tab still keeps of it goes too.

import { clear } from "./draft.js";

clear();
for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = false;
