// What was sent is erased here: what the tabs of this browser still keep of it goes too.

import { clearAllTabs } from "./draft.js";

if (clearAllTabs()) {
  for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = false;
  for (const notice of document.querySelectorAll("[data-not-cleared]")) notice.hidden = true;
}
