// The editor with script: labels are chips, variants are tabs, what is typed is kept, and the letter follows it.

import { Autosave } from "./autosave.js";
import { Conditions, boxOf } from "./boxes.js";
import { Colleagues } from "./colleagues.js";
import { Known, Surface } from "./chips.js";
import { makePalette } from "./palette.js";
import { Suggestions } from "./suggest.js";
import { makeTabs, reveal } from "./variants.js";

const form = document.getElementById("editor");
const palette = document.querySelector("[data-palette]");
const buttons = [...document.querySelectorAll("[data-insert]")];
const words = document.querySelector("[data-words]").dataset;
const trouble = document.querySelector("[data-trouble]");
const languages = [...document.querySelectorAll('[name="side"]')].map((side) => side.value).filter((side) => side !== "both");
const known = Object.fromEntries(languages.map((language) => [language, new Known(buttons, language)]));
for (const language of languages) known[language].some = words[`some${language[0].toUpperCase()}${language.slice(1)}`];
const surfaces = new Map();
const offered = new Suggestions(buttons.filter((button) => button.matches("button")), words);
const shelf = makePalette(palette, document.querySelector("[data-palette-open]"), words);
const conditions = new Conditions(document.querySelector("[data-condition]"));
let last;

// The pieces of a text, of which the page without script makes a form, are one text again.
function joined(cell) {
  const pieces = [...cell.querySelectorAll(`[name="${cell.dataset.chips}"]`)];
  const [area] = pieces;
  const text = pieces.map((piece) => piece.value).join("");
  pieces.slice(1).forEach((piece) => piece.remove());
  cell.querySelectorAll("fieldset").forEach((box) => box.remove());
  area.value = area.defaultValue = text;
  return area;
}

for (const area of [...form.querySelectorAll("[data-chips]")].map(joined)) {
  const surface = new Surface(area, known[area.lang]);
  surfaces.set(area.id, surface);
  surface.element.addEventListener("focus", () => {
    last = surface;
    name();
  });
  offered.watch(surface);
}
document.querySelectorAll("[data-plain]").forEach((part) => (part.hidden = true));
document.body.classList.add("scripted");
makeTabs(form, words, () => follow());

// The palette speaks the language of the text last worked on.
function name() {
  const language = last?.area.lang;
  if (!language) return;
  for (const button of buttons) {
    button.textContent = known[language].face(button.dataset[language]);
    button.lang = language;
  }
}

const visible = () => [...surfaces.values()].find((one) => one.element.checkVisibility());
const worked = () => (last?.element.checkVisibility() ? last : visible());

// The condition around the caret is changed, or one is put around what is marked.
const conditionOpen = document.querySelector("[data-condition-open]");
conditionOpen.hidden = false;
conditionOpen.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the caret
conditionOpen.addEventListener("click", () => {
  const surface = worked();
  if (!surface) return;
  const { anchorNode } = getSelection();
  const place = surface.element.contains(anchorNode) ? anchorNode : surface.at?.startContainer;
  const box = boxOf(place);
  conditions.open(surface, surface.element.contains(box) ? box : undefined);
});
form.addEventListener("click", (event) => {
  const head = event.target.closest(".turn-h");
  if (head) conditions.open(surfaces.get(head.closest("[data-for]").dataset.for), boxOf(head));
});

for (const button of buttons) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the caret
  button.addEventListener("click", () => {
    const surface = worked();
    surface?.put(button.dataset[surface.area.lang]);
    shelf.away();
  });
}

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

function chipBeside() {
  const { anchorNode: node, anchorOffset: at, isCollapsed } = getSelection();
  const surface = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-for]");
  if (!surface || !isCollapsed) return undefined;
  if (node.nodeType !== Node.TEXT_NODE) return [node.childNodes[at - 1], node.childNodes[at]].find(isChip);
  const sides = [at === 0 && node.previousSibling, at === node.data.length && node.nextSibling];
  return sides.find(isChip);
}

const isChip = (node) => node instanceof HTMLElement && node.classList.contains("chip");

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
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hush();
});

// What is wrong is marked in the words without touching them, so that undoing still works.
function mark() {
  if (!window.Highlight) return;
  const ranges = [...document.querySelectorAll(".fix[data-cell]")].flatMap((fix) => {
    const { cell, start, end } = fix.dataset;
    const surface = surfaces.get(cell);
    return surface && Number(end) > Number(start) ? [surface.range(Number(start), Number(end))] : [];
  });
  CSS.highlights.set("wrong", new Highlight(...ranges));
}

function showFound(html) {
  const box = document.createElement("div");
  box.innerHTML = html;
  document.querySelector("[data-problem-count]").textContent = box.querySelectorAll("li.mend").length || "";
  document.querySelector("[data-problems]").replaceChildren(...box.querySelector("[data-problems]").childNodes);
  for (const place of form.querySelectorAll("[data-fixes]")) {
    const id = place.dataset.fixes;
    const fresh = box.querySelector(`[data-fixes="${id}"]`);
    place.replaceChildren(...(fresh?.childNodes ?? []));
    const area = document.getElementById(id);
    area.classList.toggle("bad", Boolean(fresh));
    if (fresh) area.setAttribute("aria-describedby", `${id}-p`);
    else area.removeAttribute("aria-describedby");
    if (fresh) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
    surfaces.get(id)?.describe();
  }
  mark();
  if (offered.isOpen) offered.stand(); // what is told above it has moved the text
}

// A problem's link leads to the words it is about, whichever tab they are under.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-cell]");
  const area = link && document.getElementById(link.dataset.cell);
  if (!area) return;
  event.preventDefault();
  bring(area);
  const { start, end } = link.dataset;
  const surface = surfaces.get(area.id);
  if (surface) surface.show(Number(start), Number(end));
  else area.focus();
  (surface?.element ?? area).scrollIntoView({ block: "center" });
});

// Shows a text that is in another pane, another language or another tab than what is shown.
function bring(area) {
  document.querySelector('[name="pane"][value="text"]').checked = true;
  const side = document.querySelector('[name="side"]:checked');
  if (side.value !== "both" && side.value !== area.lang) pick("side", area.lang);
  reveal(area);
}

// Which languages are shown is remembered for this tab.
function pick(name, value) {
  document.querySelector(`[name="${name}"][value="${value}"]`).checked = true;
}
for (const radio of document.querySelectorAll('[name="side"]')) {
  radio.addEventListener("change", () => sessionStorage.setItem("side", radio.value));
}
if (languages.includes(sessionStorage.getItem("side"))) pick("side", sessionStorage.getItem("side"));

// The letter beside the text: the newest asking alone counts.
const trying = document.getElementById("trying");
const preview = document.querySelector("[data-preview]");
let asking;

async function follow() {
  if (!trying) return;
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const chosen = new URLSearchParams(new FormData(trying));
    const answer = await fetch(`${form.dataset.part}?${chosen}`, { signal: mine.signal, redirect: "error" });
    if (answer.ok) preview.innerHTML = await answer.text();
  } catch {
    // the next change asks again
  }
}

trying?.addEventListener("change", follow);

function say(sentence) {
  trouble.textContent = sentence;
  trouble.hidden = !sentence;
}

const colleagues = new Colleagues(form);
new Autosave(form, {
  saved(told) {
    colleagues.heard(told.meanwhile);
    say("");
    document.querySelector("[data-saved]").textContent = told.saved ? `· ${told.saved}` : "";
    showFound(told.found);
    follow();
  },
  conflict: () => say(words.conflict),
  refused: say,
  failed: () => say(words.unsaved),
  out: () => say(words.out),
});
// The browser looks for the place in the address once all is there, and finds the hidden text area: so this is later.
function lead() {
  const area = document.getElementById(location.hash.slice(1));
  if (!area?.matches("textarea")) return;
  bring(area);
  const place = surfaces.get(area.id)?.element ?? area;
  place.focus();
  place.scrollIntoView({ block: "center" });
}
if (location.hash) addEventListener("load", () => requestAnimationFrame(lead));
mark();
