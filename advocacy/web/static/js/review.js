// A letter is edited on its sheet; the fields under it stay the truth, and are what the form sends.

import { keepEdits, keptEdits } from "./draft.js";
import { bodyOf, subjectOf } from "./sheet.js";

const edits = keptEdits();
const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";

let commanding = false;

function command(name, value) {
  commanding = true;
  document.execCommand(name, false, value);
  commanding = false;
}

// Firefox leaves bare words where all was overwritten: they are a paragraph again at once.
function inParagraph(body) {
  const { anchorNode: at } = getSelection();
  const isBare = at === body || (at?.parentNode === body && at.nodeType === Node.TEXT_NODE);
  if (isBare) command("formatBlock", "p");
}

function clear(body) {
  if (!getSelection().isCollapsed) command("delete");
  inParagraph(body);
}

// Rich text has no place in a letter: whatever is pasted or dropped comes as words.
function wordsOnly(surface, { oneLine }) {
  surface.addEventListener("beforeinput", (event) => {
    const breaks = event.inputType === "insertParagraph" || event.inputType === "insertLineBreak";
    if (event.inputType.startsWith("format") || (oneLine && breaks)) event.preventDefault();
  });
  for (const kind of ["paste", "drop"]) {
    surface.addEventListener(kind, (event) => {
      event.preventDefault();
      const text = (event.clipboardData ?? event.dataTransfer).getData("text/plain");
      if (!oneLine && text) clear(surface);
      // Each line is a paragraph: Firefox would only break the line.
      command("insertText", oneLine ? text.replace(/\s+/g, " ") : text.replace(/\s*\n\s*/g, "\n\n"));
    });
  }
}

function editable(surface, field, { oneLine }) {
  surface.contentEditable = "true";
  surface.spellcheck = true;
  surface.setAttribute("role", "textbox");
  surface.setAttribute("aria-multiline", String(!oneLine));
  surface.setAttribute("aria-label", field.labels[0].textContent.trim());
  wordsOnly(surface, { oneLine });
}

function paragraphs(text) {
  return text.split(/\n[ \t]*\n+/).filter((part) => part.trim()).map((part) => {
    return Object.assign(document.createElement("p"), { textContent: part.trim() });
  });
}

function mark(letter, body) {
  if (!globalThis.CSS?.highlights || !globalThis.Highlight) return [];
  const found = [];
  for (const note of letter.querySelectorAll("[data-wrong]")) {
    const paragraph = body.querySelectorAll("p, li")[Number(note.dataset.paragraph) - 1];
    const walker = paragraph && document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node = walker?.nextNode(); node; node = walker.nextNode()) {
      const start = node.data.indexOf(note.dataset.wrong);
      if (start < 0) continue;
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, start + note.dataset.wrong.length);
      found.push(range);
      break;
    }
  }
  return found;
}

function open(letter) {
  const sheet = letter.querySelector(".sheet");
  const [body, subject] = [sheet.querySelector("[data-body]"), sheet.querySelector("[data-subject]")];
  const id = letter.dataset.letter;
  const fields = { subject: document.getElementById(`subject-${id}`), body: document.getElementById(`body-${id}`) };
  const from = { subject: fields.subject.value, body: fields.body.value };
  // Where the sheet and its field do not say the same, the field alone is edited.
  if (bodyOf(sheet) !== from.body.trim() || subjectOf(sheet) !== from.subject.trim()) return [];

  const again = letter.querySelector(".again");
  again.hidden = true;
  const changed = () => {
    again.hidden = false;
    edits[id] = { from, to: { subject: fields.subject.value, body: fields.body.value } };
    keepEdits(edits);
  };
  // The server has just mended the letter or made it anew: its words count, and not those kept here.
  if (arrived && "remade" in letter.dataset) {
    delete edits[id];
    keepEdits(edits);
  }
  const kept = edits[id];
  if (kept?.from.body === from.body && kept.from.subject === from.subject) {
    [fields.subject.value, fields.body.value] = [kept.to.subject, kept.to.body];
    subject.textContent = kept.to.subject;
    if (kept.to.body !== from.body) body.replaceChildren(...paragraphs(kept.to.body));
    again.hidden = kept.to.body === from.body && kept.to.subject === from.subject;
  }

  editable(subject, fields.subject, { oneLine: true });
  editable(body, fields.body, { oneLine: false });
  subject.addEventListener("input", () => {
    fields.subject.value = subjectOf(sheet);
    changed();
  });
  body.addEventListener("input", (event) => {
    if (!commanding && !event.isComposing && !event.inputType?.startsWith("history")) inParagraph(body);
    fields.body.value = bodyOf(sheet);
    changed();
  });
  fields.subject.addEventListener("input", () => {
    subject.textContent = fields.subject.value;
    changed();
  });
  fields.body.addEventListener("input", () => {
    body.replaceChildren(...paragraphs(fields.body.value));
    changed();
  });
  return mark(letter, body);
}

const wrong = [...document.querySelectorAll(".letter")].flatMap(open);
command("defaultParagraphSeparator", "p"); // Firefox takes it only where something can be edited
if (wrong.length) CSS.highlights.set("wrong", new Highlight(...wrong));
