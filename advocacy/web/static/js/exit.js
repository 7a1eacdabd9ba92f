// The way a letter went last is told beside it, in this tab only; “Leave this site” forgets it.

const LAST = "advocacy-exit";

export function lastExit(exit) {
  try {
    if (exit) sessionStorage.setItem(LAST, exit);
    return sessionStorage.getItem(LAST);
  } catch {
    return null;
  }
}

for (const mark of document.querySelectorAll(`[data-last="${lastExit()}"]`)) mark.hidden = false;
