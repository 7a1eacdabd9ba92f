// While something is still to happen to a letter, the page reads itself anew; the campaign is shared; a letter is printed.

import { hasName } from "./draft.js";

const MINUTE = 60_000;

// Every 3 seconds in the first minute, every 15 in the first ten, then each minute.
function delay() {
  const open = performance.now();
  return open < MINUTE ? 3_000 : open < 10 * MINUTE ? 15_000 : MINUTE;
}

const letters = document.querySelector("[data-updating]");

async function update() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (answer.status === 410) location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.querySelector("[data-updating]");
  if (!newer) return;
  for (const part of page.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(part.id);
    if (shown && shown.innerHTML !== part.innerHTML) shown.replaceChildren(...part.childNodes);
  }
  letters.dataset.updating = newer.dataset.updating;
}

function wait() {
  if (letters?.dataset.updating !== "yes") {
    for (const sentence of document.querySelectorAll("[data-while-updating]")) sentence.hidden = true;
    return;
  }
  setTimeout(() => (document.hidden ? Promise.resolve() : update()).catch(() => {}).then(wait), delay());
}

// Where the page is not served over https there is no clipboard to write to, but a selection can still be copied.
async function copied(url) {
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    getSelection().selectAllChildren(document.querySelector("[data-link]"));
    return document.execCommand("copy");
  }
}

const share = document.querySelector("[data-share-url]");
if (share) {
  const { shareTitle: title, shareText: text, shareUrl: url } = share.dataset;
  const native = share.querySelector("[data-share]");
  native.hidden = !navigator.share;
  native.addEventListener("click", () => navigator.share({ title, text, url }).catch(() => {}));
  const link = share.querySelector("[data-copy-link]");
  link.hidden = false;
  link.addEventListener("click", async () => {
    const label = link.querySelector("span");
    const before = label.textContent;
    if (before === label.dataset.done || !(await copied(url))) return;
    label.textContent = label.dataset.done;
    setTimeout(() => (label.textContent = before), 4_000);
  });
}

for (const link of document.querySelectorAll("[data-print]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const one = document.getElementById(link.dataset.print);
    document.body.classList.toggle("print-one", Boolean(one));
    one?.classList.add("to-print");
    window.print();
  });
}

// On paper every letter is open; not all browsers can do that by a style.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".card-letter details.fold:not([open])")) {
    fold.open = true;
    fold.dataset.opened = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-opened]")) {
    fold.open = false;
    delete fold.dataset.opened;
  }
  document.body.classList.remove("print-one");
  for (const one of document.querySelectorAll(".to-print")) one.classList.remove("to-print");
});

// A link from a mail opens another tab, which knows no answers.
const refilled = document.querySelector("[data-refilled]");
if (refilled && hasName(refilled.dataset.campaign)) refilled.textContent = refilled.dataset.refilled;

wait();
