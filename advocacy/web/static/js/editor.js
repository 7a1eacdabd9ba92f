// The text of a letter with script: labels are chips, and what is typed is saved for the team.

import { Autosave } from "./autosave.js";
import { Known, Surface } from "./chips.js";
import { Suggestions } from "./suggest.js";

const form = document.getElementById("letter");
const buttons = [...document.querySelectorAll("[data-insert]")];
const words = document.querySelector("[data-words]").dataset;
const trouble = document.querySelector("[data-trouble]");
const panel = document.querySelector("[data-insert-panel]");
const languages = [...new Set([...form.querySelectorAll("[data-chips]")].map((area) => area.lang))];
const known = Object.fromEntries(languages.map((language) => [language, new Known(buttons, language)]));
const surfaces = new Map();
const offered = new Suggestions(buttons, words);
let last;

for (const area of form.querySelectorAll("[data-chips]")) {
  const surface = new Surface(area, known[area.lang]);
  surfaces.set(area.id, surface);
  surface.element.addEventListener("focus", () => {
    last = surface;
    for (const button of buttons) {
      button.textContent = button.dataset[area.lang]; // the list speaks the language of the text last worked on
      button.lang = area.lang;
    }
  });
  offered.watch(surface);
}
document.querySelectorAll("[data-plain]").forEach((part) => (part.hidden = true));
document.body.classList.add("scripted");

const visible = () => [...surfaces.values()].find((one) => one.element.checkVisibility());
for (const button of buttons) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the caret
  button.addEventListener("click", () => {
    const surface = last?.element.checkVisibility() ? last : visible();
    surface?.put(button.dataset[surface.area.lang]);
    panel.open = false;
  });
}

// What is open over the page is put away by Escape, and by a press beside it.
const open = () => [...document.querySelectorAll(".insert[open], .more-menu[open], .way-acts details[open]")];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  hush();
  for (const one of open()) {
    one.open = false;
    one.querySelector("summary").focus();
  }
});
document.addEventListener("pointerdown", (event) => {
  for (const one of open()) if (!one.matches(".comment") && !one.contains(event.target)) one.open = false;
});

// A chip tells its story under pointer, focus, tap, and when the caret stands beside it.
const tip = document.createElement("div");
tip.className = "tip floating";
tip.id = "tip";
tip.setAttribute("role", "note");
tip.hidden = true;
document.body.append(tip);

function tell(at, button) {
  hush();
  if (!button?.dataset.tip || offered.isOpen) return;
  const called = document.createElement("b");
  called.textContent = button.dataset[document.documentElement.lang];
  tip.replaceChildren(called, `\n${button.dataset.tip}`);
  tip.lang = document.documentElement.lang;
  tip.hidden = false;
  at.classList.add("told");
  if (at.matches("button")) at.setAttribute("aria-describedby", tip.id);
  const box = at.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8));
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${box.bottom + scrollY + 6}px`;
}

function hush() {
  tip.hidden = true;
  for (const one of document.querySelectorAll(".chip.told")) {
    one.classList.remove("told");
    one.removeAttribute("aria-describedby");
  }
}

function buttonOf(chip) {
  const surface = surfaces.get(chip.closest("[data-for]")?.dataset.for);
  return surface ? surface.known.buttons.get(chip.dataset.label) : chip;
}

const isChip = (node) => node instanceof HTMLElement && node.classList.contains("chip");

function chipBeside() {
  const { anchorNode: node, anchorOffset: at, isCollapsed } = getSelection();
  const surface = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-for]");
  if (!surface || !isCollapsed) return undefined;
  if (node.nodeType !== Node.TEXT_NODE) return [node.childNodes[at - 1], node.childNodes[at]].find(isChip);
  return [at === 0 && node.previousSibling, at === node.data.length && node.nextSibling].find(isChip);
}

for (const kind of ["mouseover", "focusin", "click"]) {
  document.addEventListener(kind, (event) => {
    const chip = event.target.closest?.(".chip");
    if (chip) tell(chip, buttonOf(chip));
    else if (kind !== "focusin" && event.target !== tip) hush();
  });
}
document.addEventListener("selectionchange", () => {
  const chip = chipBeside();
  if (chip) tell(chip, buttonOf(chip));
});

// The words that a problem is about are marked without touching them, so that undoing still works.
function mark() {
  if (!window.Highlight) return;
  const ranges = [...document.querySelectorAll(".fix[data-words]")].flatMap(({ dataset }) => {
    const surface = surfaces.get(dataset.cell);
    const start = dataset.words && surface ? surface.area.value.indexOf(dataset.words) : -1;
    return start < 0 ? [] : [surface.range(start, start + dataset.words.length)];
  });
  CSS.highlights.set("wrong", new Highlight(...ranges));
}

function showFound(html) {
  const box = document.createElement("div");
  box.innerHTML = html;
  for (const name of ["to-fix", "elsewhere", "state"]) {
    document.querySelector(`[data-${name}]`).replaceChildren(...box.querySelector(`[data-${name}]`).childNodes);
  }
  for (const fresh of box.querySelectorAll("[data-rail]")) {
    const rail = document.querySelector(`.rail [data-rail="${fresh.dataset.rail}"]`);
    if (rail && rail.innerHTML !== fresh.innerHTML) rail.replaceChildren(...fresh.childNodes);
    for (const surface of surfaces.values()) {
      if (surface.area.id.startsWith(`${fresh.dataset.rail}-`)) surface.setWrong(fresh.dataset.bad.split(" "));
    }
  }
  mark();
  if (offered.isOpen) offered.stand(); // what is told above it has moved the text
}

// A problem's link leads to the words it is about.
function lead() {
  const area = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!area) return;
  area.closest("details")?.setAttribute("open", "");
  const place = surfaces.get(area.id)?.element ?? area;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", lead);
if (location.hash) addEventListener("load", () => requestAnimationFrame(lead));

// Which languages are shown is remembered for this tab.
for (const radio of document.querySelectorAll('[name="see"]')) {
  radio.addEventListener("change", () => sessionStorage.setItem("see", radio.id));
}
document.getElementById(sessionStorage.getItem("see") ?? "see-both")?.click();

// What went wrong, and the words of the button that sends the form.
function say(sentence, act = "") {
  trouble.querySelector("p").textContent = sentence;
  trouble.querySelector("button").textContent = act;
  trouble.querySelector("button").hidden = !act;
  trouble.hidden = !sentence;
}

new Autosave(form, {
  saved(told) {
    say("");
    document.querySelector("[data-saved]").textContent = told.saved;
    if (told.saved) document.querySelectorAll("[data-ask]").forEach((button) => (button.hidden = false));
    showFound(told.found);
  },
  conflict: (sentence) => say(sentence, words.both),
  refused: (sentence) => say(sentence),
  failed: () => say(words.unsaved),
  out: () => say(words.out, words.enter),
});
mark();
