// What was typed has been handed over: this tab says where the message goes, and forgets what was changed on the letters.

import { forgetEdits, hasName, keepSending, lastTyped, sending } from "./draft.js";
import { lastExit } from "./exit.js";

const MINUTE = 60_000;
const BETWEEN_MAILS = 10 * MINUTE; // as in letters/caps.py
const DAY = 24 * 60 * MINUTE;
const MAILS_A_DAY = 3;

// When the message is due, as far as this tab can know: what others asked for with the same address, nobody is told.
function due({ asked, mails = [] }) {
  const theirs = mails.filter(({ email }) => email === asked.email);
  const [last, oldest] = [theirs.at(-1), theirs.at(-MAILS_A_DAY)];
  if (last && (last.digest === asked.digest || last.due > asked.at)) return last.due;
  return Math.max(asked.at, (last?.due ?? -Infinity) + BETWEEN_MAILS, (oldest?.due ?? -Infinity) + DAY);
}

for (const place of document.querySelectorAll("[data-address]")) {
  place.textContent = lastTyped(place.dataset.address) || place.textContent;
}
const sent = sending() ?? {};
if (sent.asked) {
  const { email, digest, edited } = sent.asked;
  const before = (sent.mails ?? []).filter((mail) => mail.due > Date.now() - DAY);
  const mail = { email, digest, due: due({ ...sent, mails: before }) };
  // What joins a mail that has not left is one mail with it.
  sent.mails = [...before.filter((one) => one.email !== email || one.due !== mail.due), mail];
  sent.edited = edited;
  delete sent.asked;
  keepSending(sent);
}
const wait = (sent.mails?.at(-1).due ?? 0) - Date.now();
const held = document.querySelector("[data-held]");
if (held && wait > MINUTE) {
  const minutes = Math.ceil(wait / MINUTE);
  held.textContent = wait > BETWEEN_MAILS ? held.dataset.cap : held.dataset.held.replace("{minutes}", minutes);
  document.querySelector("[data-soon]").hidden = true;
}
forgetEdits();
lastExit("send");
for (const notice of document.querySelectorAll("[data-cleared]")) notice.hidden = !hasName();
for (const part of document.querySelectorAll("[data-edited]")) part.hidden = !sent.edited;
