// What was typed has been handed over: this tab says where the message goes, and forgets what was changed on the letters.

import { forgetEdits, hasName, keepSending, lastTyped, sending } from "./draft.js";
import { lastExit } from "./exit.js";

const MINUTE = 60_000;
const BETWEEN_MAILS = 10 * MINUTE; // as in abuse/caps.py
const MAILS_A_DAY = 3;

// The mail that answers, as far as this tab can know: what others asked for with the same address, nobody is told.
function mailFor(asked, last) {
  if (last?.email !== asked.email) return { ...asked, due: asked.at, number: 1 };
  const joinsLast = last.form === asked.form || last.due > asked.at;
  if (joinsLast) return { ...last, ...asked };
  return { ...asked, due: Math.max(asked.at, last.due + BETWEEN_MAILS), number: last.number + 1 };
}

for (const place of document.querySelectorAll("[data-address]")) {
  place.textContent = lastTyped(place.dataset.address) || place.textContent;
}
// Letters that were mailed on paper are not sent: nothing is known here of their mail.
const isPosted = document.querySelector("[data-posted]") !== null;
let { asked, mail } = (isPosted ? undefined : sending()) ?? {};
if (asked) {
  mail = mailFor(asked, mail);
  keepSending({ mail });
}
const wait = (mail?.due ?? 0) - Date.now();
const held = document.querySelector("[data-held]");
if (held && wait > MINUTE) {
  const minutes = Math.ceil(wait / MINUTE);
  held.textContent = mail.number > MAILS_A_DAY ? held.dataset.cap : held.dataset.held.replace("{minutes}", minutes);
  document.querySelector("[data-soon]").hidden = true;
}
if (!isPosted) forgetEdits();
lastExit(isPosted ? "print" : "send");
for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = !hasName();
for (const part of document.querySelectorAll("[data-edited]")) part.hidden = !mail?.edited;
