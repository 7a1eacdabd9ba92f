// The letter is copied as text, the same as in its file; printing prints the sheet and nothing else.

import { textOf } from "./sheet.js";

const RULE = `\n${"-".repeat(72)}\n\n`;

export function textOfLetters(which) {
  const within = which === "all" ? document : document.getElementById(which);
  return [...within.querySelectorAll(".sheet")].map(textOf).join(RULE);
}

// Where the page is not served over https there is no clipboard to write to, but a selection can still be copied.
function copySelected(text) {
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  const before = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

export function say(which, what) {
  const line = document.querySelector(`[data-said="${which}"]`);
  if (line) line.textContent = line.dataset[what] ?? "";
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const which = button.dataset.copy;
    say(which, (await copy(textOfLetters(which))) ? "copied" : "failed");
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const one = document.querySelector(`.letter#${button.dataset.print}`);
    document.body.classList.toggle("print-one", Boolean(one));
    one?.classList.add("to-print");
    window.addEventListener("afterprint", () => one?.classList.remove("to-print"), { once: true });
    window.print();
  });
}
