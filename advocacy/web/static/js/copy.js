// The letter is copied as text, the same as in its file; printing prints the sheet and nothing else.

import { lastExit } from "./exit.js";
import { mayGoOn } from "./review.js";
import { textOf } from "./sheet.js";

const RULE = `\n${"-".repeat(72)}\n\n`;
const LONG_ENOUGH = 4000;

export function textOfLetters(number) {
  const within = number === "all" ? document : document.getElementById(`letter-${number}`);
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

export function tell(number, what) {
  const line = document.querySelector(`[data-said="${number}"]`);
  if (line) line.textContent = line.dataset[what] ?? "";
}

// Whoever printed a letter may say that they mailed it.
function offerMailed(number) {
  for (const offer of document.querySelectorAll(`[data-mailed="${number}"]`)) offer.hidden = false;
}

// The button itself says what became of it, and is read out because it has the focus.
function tellOn(button, words) {
  const before = (button.dataset.words ??= button.textContent);
  button.textContent = words;
  button.setAttribute("aria-live", "polite");
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = setTimeout(() => (button.textContent = before), LONG_ENOUGH);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const number = button.dataset.copy;
    if (!(await mayGoOn(number))) return;
    tellOn(button, (await copy(textOfLetters(number))) ? button.dataset.done : button.dataset.failed);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const number = button.dataset.print;
    if (!(await mayGoOn(number))) return;
    const one = document.querySelector(`.letter#letter-${number}`);
    document.body.classList.toggle("print-one", Boolean(one));
    one?.classList.add("to-print");
    window.addEventListener("afterprint", () => {
      one?.classList.remove("to-print");
      lastExit("print");
      tell(number, "printed");
      offerMailed(number);
    }, { once: true });
    window.print();
  });
}

const nameOf = (answer) => {
  const [, coded, plain] = /filename\*=UTF-8''([^;]+)|filename="?([^";]+)/i.exec(answer.headers.get("Content-Disposition")) ?? [];
  return coded ? decodeURIComponent(coded) : plain;
};

// A file is fetched, so that the page can say once it is there; whatever else is answered is a page to be shown.
for (const button of document.querySelectorAll("button[data-file]")) {
  button.addEventListener("click", async (event) => {
    if ("asked" in button.dataset) return;
    event.preventDefault();
    const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(button.form)) }).catch(() => null);
    if (!answer?.ok || !answer.headers.get("Content-Disposition")?.startsWith("attachment")) {
      button.dataset.asked = "";
      button.click();
      delete button.dataset.asked;
      return;
    }
    const file = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: nameOf(answer) });
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), LONG_ENOUGH);
    tell("file", button.dataset.file);
    if (button.dataset.file === "paper") offerMailed("file");
  });
}
