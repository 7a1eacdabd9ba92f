// The steps of the form fold: one is open at first, "Continue" opens the next, and a folded one says what it holds.

const form = document.getElementById("writing");
const steps = [...form.querySelectorAll(".step")];

function held(step) {
  const picked = [...step.querySelectorAll(".pick > input:checked")].map((input) => input.parentElement.querySelector("b").textContent);
  if (picked.length) return picked.join(", ");
  const count = [...step.querySelectorAll("textarea")].some((area) => area.value.trim());
  if (count) return step.querySelector("[data-number]")?.textContent ?? "";
  const typed = [...step.querySelectorAll("input[type=text]:not([name=search])")].map((input) => input.value.trim());
  return typed.filter(Boolean).slice(0, 2).join(", ");
}

function fold(step, folded) {
  const button = step.querySelector("h2 > button");
  step.classList.toggle("folded", folded);
  step.querySelector(".step-body").hidden = folded;
  step.querySelector(".summed").textContent = folded ? held(step) : "";
  button.setAttribute("aria-expanded", String(!folded));
  button.querySelector(".open").hidden = !folded;
}

function makeFoldable(step) {
  const heading = step.querySelector("h2");
  const body = step.querySelector(".step-body");
  const button = document.createElement("button");
  const open = Object.assign(document.createElement("span"), { className: "open", textContent: form.dataset.open });
  open.setAttribute("aria-hidden", "true");
  body.id = `${step.id}-body`;
  button.type = "button";
  button.setAttribute("aria-controls", body.id);
  button.append(...heading.firstElementChild.childNodes, open);
  heading.replaceChildren(button);
  heading.removeAttribute("tabindex");
  heading.after(Object.assign(document.createElement("p"), { className: "summed" }));
  button.addEventListener("click", () => fold(step, !step.classList.contains("folded")));
  step.querySelector("[data-next]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const next = steps[steps.indexOf(step) + 1];
    fold(step, true);
    fold(next, false);
    next.querySelector("h2 > button").focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  });
  fold(step, false);
}

function openFor(id) {
  const target = id && document.getElementById(id);
  const step = target?.closest(".step");
  if (!step) return;
  fold(step, false);
  for (let outer = target.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

function tellTab() {
  const letter = document.getElementById("letter");
  const shown = letter.matches(":target") || letter.querySelector(":target");
  for (const [name, isCurrent] of [["to-form", !shown], ["to-letter", Boolean(shown)]]) {
    document.querySelector(`.${name}`).toggleAttribute("aria-current", isCurrent);
  }
}

steps.forEach(makeFoldable);
if (form.dataset.fresh === "yes") {
  for (const step of steps.slice(1)) fold(step, true);
  form.addEventListener("given-back", () => steps.forEach((step) => fold(step, false)));
}
// An error's link leads to its field, whatever is folded around it.
for (const link of document.querySelectorAll(".errors a[href^='#']")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    openFor(link.hash.slice(1));
  });
}
window.addEventListener("hashchange", tellTab);
tellTab();
