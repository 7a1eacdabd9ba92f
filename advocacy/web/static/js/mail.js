// "Send from my e-mail" copies the letter first; the letter is in the link only while all of it stays short.

import { copy, tell, textOfLetters } from "./copy.js";
import { lastExit } from "./exit.js";
import { mayGoOn } from "./review.js";
import { subjectOf } from "./sheet.js";

const MAX_LINK = 2000;

function link(address, sheet, text) {
  const short = `mailto:${encodeURIComponent(address).replaceAll("%40", "@")}?subject=${encodeURIComponent(subjectOf(sheet))}`;
  const whole = `${short}&body=${encodeURIComponent(text.replaceAll("\n", "\r\n"))}`;
  return whole.length < MAX_LINK ? whole : short;
}

for (const way of document.querySelectorAll("[data-mail]")) {
  way.addEventListener("click", async (event) => {
    event.preventDefault();
    const number = way.dataset.mail;
    if (!(await mayGoOn(number))) return;
    const text = textOfLetters(number);
    const sheet = document.getElementById(`letter-${number}`).querySelector(".sheet");
    tell(number, (await copy(text)) ? "mailed" : "failed");
    way.href = link(way.dataset.address, sheet, text);
    location.href = way.href;
    lastExit("mail");
  });
}
