// "Continue" asks the server about its own step, as it does without this script, and puts the answer in the page's place.

import "./errors.js";

const form = document.getElementById("writing");
const WHOLE_STEP = new Set(["who", "what", "about"]);
let asked;

// What the server made of the form takes the place of the steps; the letter beside them stays until it follows.
function replace(page) {
  for (const part of page.querySelectorAll("[autofocus]")) part.removeAttribute("autofocus");
  for (const id of ["steps", "problems"]) {
    document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  }
  document.title = page.title;
  form.dataset.fresh = "no";
  form.dispatchEvent(new CustomEvent("found", { bubbles: true }));
}

function show() {
  const errors = document.getElementById("errors");
  const step = form.querySelector(".step[open]");
  const target = errors ?? step?.querySelector("summary");
  target?.focus({ preventScroll: true });
  (errors ?? step)?.scrollIntoView({ block: "start" });
}

async function ask(fields) {
  asked?.abort();
  const mine = (asked = new AbortController());
  const answer = await fetch(form.action, { method: "POST", body: fields, signal: mine.signal });
  if (answer.status !== 200 && answer.status !== 422) throw new Error(String(answer.status));
  replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const goesOn = button?.name === "go" && WHOLE_STEP.has(button.value);
  if (!goesOn && button?.name !== "riding") return;
  event.preventDefault();
  try {
    await ask(new URLSearchParams(new FormData(form, button)));
    show();
  } catch (failure) {
    if (failure.name === "AbortError") return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit();
  }
});

// What the tab gave back is shown as the server sees it: who was chosen, what is done, what is missing.
form.addEventListener("given-back", async ({ detail }) => {
  const fields = new URLSearchParams(new FormData(form));
  fields.set("go", form.dataset.named === "postal_code" ? "find" : "resume");
  try {
    await ask(fields);
    const known = detail.open.filter((id) => document.getElementById(id));
    if (known.length) for (const step of form.querySelectorAll(".step")) step.open = known.includes(step.id);
    if (location.hash) openFor(location.hash.slice(1));
  } catch (failure) {
    if (failure.name === "AbortError") return;
    for (const step of form.querySelectorAll(".step")) step.open = true;
  }
});

function openFor(id) {
  const target = id && document.getElementById(id);
  for (let outer = target?.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

// An error's link leads to its field, whatever is folded around it.
document.getElementById("problems").addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || !form.querySelector(`[id="${CSS.escape(link.hash.slice(1))}"]`)) return;
  event.preventDefault();
  openFor(link.hash.slice(1));
});

function markTab() {
  const letter = document.getElementById("letter");
  const shown = letter.matches(":target") || letter.querySelector(":target");
  for (const [name, isCurrent] of [["to-form", !shown], ["to-letter", Boolean(shown)]]) {
    document.querySelector(`.${name}`).toggleAttribute("aria-current", isCurrent);
  }
}

window.addEventListener("hashchange", markTab);
markTab();
if (location.hash) openFor(location.hash.slice(1));
