// "Open in my e-mail" copies the letter first; the letter is in the link only while all of it stays short.

import { copy, say, textOfLetters } from "./copy.js";
import { subjectOf } from "./sheet.js";

const LONGEST_LINK = 2000;

function link(address, sheet, text) {
  const short = `${address}?subject=${encodeURIComponent(subjectOf(sheet))}`;
  const whole = `${short}&body=${encodeURIComponent(text.replaceAll("\n", "\r\n"))}`;
  return whole.length < LONGEST_LINK ? whole : short;
}

for (const way of document.querySelectorAll("[data-mail]")) {
  way.addEventListener("click", async (event) => {
    event.preventDefault();
    const which = way.dataset.mail;
    const text = textOfLetters(which);
    const sheet = document.getElementById(which).querySelector(".sheet");
    say(which, (await copy(text)) ? "mailed" : "failed");
    way.href = link(way.href.split("?")[0], sheet, text);
    location.href = way.href;
  });
}
