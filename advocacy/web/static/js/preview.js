// The letter follows what is typed: after a pause, the newest asking alone counts, and a letter left behind says so.

const form = document.getElementById("writing");
const place = document.getElementById("previews");
const behind = document.querySelector("[data-behind]");
const PAUSE = 400;
const LONG = 1500;
let asked;
let timer;
let shown = 0;

function letterShown(number) {
  const letters = [...place.querySelectorAll(".one-letter")];
  shown = Math.min(number, letters.length - 1);
  letters.forEach((letter, index) => (letter.hidden = index !== shown));
  place.querySelectorAll(".sheets-nav a").forEach((link, index) => {
    if (index === shown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

function show(html) {
  place.innerHTML = html;
  letterShown(shown);
  const { choice, words } = place.querySelector(".sheets").dataset;
  // Words that cannot go into the letter are said to be left out where they are typed, once.
  for (const beside of form.querySelectorAll("[data-held-for]")) {
    const held = place.querySelector(`[data-held="${beside.dataset.heldFor}"]`)?.textContent ?? "";
    if (beside.textContent !== held) beside.textContent = held;
  }
  form.elements.choice.value = choice;
  form.querySelector("[data-review]").textContent = words;
}

async function follow() {
  clearTimeout(timer);
  timer = undefined;
  asked?.abort();
  const mine = (asked = new AbortController());
  const late = setTimeout(() => (behind.hidden = false), LONG);
  try {
    const fields = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.preview, { method: "POST", body: fields, signal: mine.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
    form.dispatchEvent(new CustomEvent("previewed"));
    behind.hidden = true;
  } catch (failure) {
    if (failure.name !== "AbortError") behind.hidden = false;
  }
  clearTimeout(late);
  if (asked === mine) asked = undefined;
}

function soon(event) {
  const isLookedUp = document.getElementById("recipient") && event.target.name === "postal_code";
  if (event.target.name === "search" || isLookedUp) return;
  clearTimeout(timer);
  timer = setTimeout(follow, PAUSE);
}

for (const kind of ["input", "change", "found", "given-back"]) form.addEventListener(kind, soon);
// The letter reviewed is the one last previewed: a preview still under way is waited for, though not for long.
form.addEventListener("submit", async (event) => {
  if (!event.submitter?.matches("[data-review]") || (!timer && !asked)) return;
  event.preventDefault();
  await Promise.race([follow(), new Promise((done) => setTimeout(done, LONG))]);
  clearTimeout(timer);
  timer = asked = undefined;
  form.requestSubmit(form.querySelector("[data-review]")); // the one pressed may have been replaced meanwhile
});
place.addEventListener("click", (event) => {
  const link = event.target.closest(".sheets-nav a");
  if (!link) return;
  event.preventDefault();
  letterShown([...place.querySelectorAll(".sheets-nav a")].indexOf(link));
});
place.classList.add("scripted");
letterShown(0);
