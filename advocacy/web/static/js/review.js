// A letter is edited on its sheet; the fields under it stay the truth, and are what the form sends. After each pause in
// the typing the site says whose words it has: until the answer is there, no state of it is shown.

import { keepAnswer, keepEdits, keepSending, keptEdits, sending } from "./draft.js";
import "./errors.js";
import "./exit.js";
import { bodyOf, subjectOf } from "./sheet.js";

const PAUSE = 600;
const LATE = 8000;
const form = document.getElementById("writing");

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
  keepToParagraph(body);
  if (!getSelection().isCollapsed) command("delete");
  inParagraph(body);
}

// A triple click selects up to the start of the next paragraph: what replaces the words must not join the two.
function keepToParagraph(surface) {
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : undefined;
  const blocks = [...surface.querySelectorAll("p, li")];
  const last = blocks.findIndex((block) => block.contains(range?.endContainer));
  if (last < 1 || blocks[last].contains(range.startContainer)) return;
  const beyond = range.cloneRange();
  beyond.setStart(blocks[last], 0);
  if (!beyond.toString()) range.setEnd(blocks[last - 1], blocks[last - 1].childNodes.length);
}

// Rich text has no place in a letter: whatever is pasted or dropped comes as words.
function wordsOnly(surface, { oneLine }) {
  surface.addEventListener("beforeinput", (event) => {
    if (!commanding) keepToParagraph(surface);
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

// Where some words stand in a block, across the elements in it.
function rangeOf(block, words) {
  let start = block.textContent.indexOf(words);
  if (start < 0) return undefined;
  let end = start + words.length;
  const range = new Range();
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (start >= 0 && start <= node.length) range.setStart(node, start);
    if (end >= 0 && end <= node.length) range.setEnd(node, end);
    start -= node.length;
    end -= node.length;
  }
  return range;
}

// The places on a letter's sheet that are marked: "refused" is to be fixed, "own" are its writer's words.
function* marked(letter, kind) {
  const blocks = [...letter.querySelectorAll("[data-body] :is(p, li)")];
  const subject = letter.querySelector("[data-subject]");
  for (const mark of letter.querySelectorAll(`[data-marks="${kind}"]`)) {
    const { paragraph, words } = mark.dataset;
    const first = paragraph === "0" ? subject : blocks[Number(paragraph) - 1];
    const block = [first, subject, ...blocks].find((one) => one?.textContent.includes(words));
    if (block) yield rangeOf(block, words);
  }
}

function mark() {
  if (!globalThis.CSS?.highlights || !globalThis.Highlight) return;
  const letters = [...document.querySelectorAll(".letter")];
  for (const kind of ["refused", "own"]) {
    CSS.highlights.set(kind, new Highlight(...letters.flatMap((letter) => [...marked(letter, kind)])));
  }
}

function say(letter, words, name) {
  for (const state of letter.querySelectorAll("[data-state]")) {
    state.className = `state ${name}`;
    state.querySelector("[data-state-words]").textContent = words;
  }
}

// What comes from the citizen is in pen ink. In a block that is edited the site tells which sentences are theirs.
function forgetInk(body) {
  const at = getSelection().anchorNode;
  const block = [...body.children].find((one) => one.contains(at));
  for (const one of [block, ...(block?.querySelectorAll(".yours") ?? [])]) one?.classList.remove("yours");
}

const checks = new WeakMap();

// A button that is replaced between down and up is never clicked: nothing is replaced while one is pressed.
const LONGEST_PRESS = 2000;
let released = Promise.resolve();

for (const [down, ups] of [["pointerdown", ["pointerup", "pointercancel"]], ["keydown", ["keyup"]]]) {
  document.addEventListener(down, ({ target }) => {
    if (!target.closest?.("button, a, summary, label, input")) return;
    released = new Promise((done) => {
      setTimeout(done, LONGEST_PRESS);
      for (const up of ups) addEventListener(up, () => setTimeout(done, 100), { once: true }); // its click comes after
    });
  }, true);
}

const sure = () => document.getElementById("sure");

// A page that comes anew, as after a reload, does not know what was said of words that the tab alone has kept.
function tickAgain() {
  if (sure() && edits.sure === sure().value) sure().checked = true;
}

// Take the answer's parts over into the page; whoever stands in one of them stays there.
function take(letter, html) {
  const answer = Object.assign(document.createElement("template"), { innerHTML: html }).content;
  const focused = document.activeElement?.id;
  for (const part of [...answer.children]) document.getElementById(part.id)?.replaceWith(part);
  const number = letter.dataset.number;
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
  letter.querySelector(".sheet").className = `sheet layout-${document.getElementById(`head-${number}`).dataset.layout}`;
  document.getElementById("question")?.remove(); // it told of the words before
  tickAgain();
  mark();
}

async function check(letter) {
  const mine = checks.get(letter);
  clearTimeout(mine.timer);
  mine.timer = undefined;
  mine.asked?.abort();
  const asked = (mine.asked = new AbortController());
  const late = setTimeout(() => asked.abort(new Error("late")), LATE);
  const fields = new URLSearchParams(new FormData(form));
  fields.set("letter", letter.dataset.letter);
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: fields, signal: asked.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    await released;
    if (mine.asked !== asked || mine.timer) return;
    take(letter, html);
    mine.isCurrent = true;
    letter.querySelector("[data-again]").hidden = true;
  } catch {
    if (mine.asked !== asked || mine.timer) return;
    say(letter, form.dataset.unchecked, "unchecked");
    letter.querySelector("[data-again]").hidden = false;
  } finally {
    clearTimeout(late);
    if (mine.asked === asked) mine.asked = undefined;
  }
}

function checkSoon(letter) {
  const mine = checks.get(letter);
  mine.isCurrent = false;
  say(letter, form.dataset.checking, "checking");
  clearTimeout(mine.timer);
  mine.timer = setTimeout(() => (mine.checking = check(letter)), PAUSE);
}

// Resolves once the letter's state is that of the words on its sheet, or cannot be had.
async function checked(letter) {
  const mine = checks.get(letter);
  if (mine.isCurrent) return;
  if (mine.timer || !mine.asked) mine.checking = check(letter);
  await mine.checking;
}

function confirmWords() {
  if (!sure()) return;
  sure().checked = true;
  sure().dispatchEvent(new Event("change", { bubbles: true }));
}

// Stop at what is to be fixed, and ask once whether the words are the writer's; resolves to whether to go on.
async function agrees(letter) {
  await checked(letter);
  if (!checks.get(letter).isCurrent) { // nothing that the site has not read is copied, printed or mailed
    letter.querySelector("[data-again] button").focus();
    return false;
  }
  const fix = letter.querySelector(".fix-first");
  if (fix.dataset.needed === "fix") fix.showModal();
  return fix.dataset.needed === "" || (fix.dataset.needed === "ask" && (sure().checked || ask()));
}

// Ask whether all the words in question are the writer's; resolves to whether they say so.
function ask() {
  const box = document.getElementById("ask");
  box.returnValue = "";
  box.showModal();
  return new Promise((done) => {
    box.addEventListener("close", () => {
      if (box.returnValue === "sure") confirmWords();
      if (box.returnValue === "read") document.getElementById("own-words").focus();
      done(box.returnValue === "sure");
    }, { once: true });
  });
}

// Whether a letter, or with "all" every one, may be copied, printed or mailed; asked of whoever reads where it matters.
export async function mayGoOn(number) {
  const letters = [...document.querySelectorAll(".letter")];
  for (const letter of letters) {
    const isMeant = number === "all" || letter.dataset.number === number;
    if (isMeant && !(await agrees(letter))) return false;
  }
  return true;
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("dialog button");
  button?.closest("dialog").close(button.value);
});

// "Fix it" leads to the first place on the sheet that is to be fixed, or else to the letter's panel.
function goFix(number) {
  const letter = document.getElementById(`letter-${number}`);
  const [first] = marked(letter, "refused");
  const surface = first?.startContainer.parentElement.closest("[contenteditable]");
  if (!surface) {
    letter.querySelector(".r-checks").scrollIntoView();
    letter.querySelector(".r-checks").focus();
    return;
  }
  location.hash = `sheet-${number}`;
  surface.focus();
  const { startContainer, startOffset, endContainer, endOffset } = first;
  getSelection().setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
  startContainer.parentElement.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-fix]");
  if (!way) return;
  event.preventDefault();
  goFix(way.dataset.fix);
});

// What its writer said is theirs stays so, as long as they say nothing else of the survey or the bill.
form?.addEventListener("change", ({ target }) => {
  if (target.id !== "sure") return;
  edits.sure = target.checked ? target.value : "";
  keepEdits(edits);
});

// The page after sending tells when the message comes. From there Back leads to the answers: this page was posted, and
// the browser would show an error in its place.
form?.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !new URL(event.submitter?.formAction ?? form.action).pathname.endsWith("/send")) return;
  const email = String(new FormData(form).get("email") ?? "").trim().toLowerCase();
  const edited = [...document.querySelectorAll(".letter")].some((one) => !checks.get(one).isCurrent || one.querySelector(".edited"));
  keepSending({ ...sending(), asked: { email, form: form.elements.submission.value, at: Date.now(), edited } });
  history.replaceState(history.state, "", form.dataset.write);
});

// An address typed here is told once the letter is sent.
form?.addEventListener("change", (event) => {
  if (event.target.name === "email") keepAnswer("email", event.target.value);
});

function open(letter) {
  const sheet = letter.querySelector(".sheet");
  const [body, subject] = [sheet.querySelector("[data-body]"), sheet.querySelector("[data-subject]")];
  const id = letter.dataset.letter;
  const fields = { subject: document.getElementById(`subject-${id}`), body: document.getElementById(`body-${id}`) };
  const from = { subject: fields.subject.value, body: fields.body.value };
  checks.set(letter, { isCurrent: true });
  letter.querySelector("[data-again]").hidden = true;
  const edition = form.elements[`edited-${id}`].value;
  const keepChange = () => {
    edits[id] = { edition, to: { subject: fields.subject.value, body: fields.body.value } };
    keepEdits(edits);
  };
  const changed = () => {
    keepChange();
    checkSoon(letter);
  };
  // Where the sheet and its field do not say the same, the field alone is edited.
  if (bodyOf(sheet) !== from.body.trim() || subjectOf(sheet) !== from.subject.trim()) {
    for (const field of Object.values(fields)) field.addEventListener("input", () => checkSoon(letter));
    return;
  }
  // The server has just fixed the letter or made it anew: its words count, and not those kept here.
  if (arrived && "reset" in letter.dataset) keepChange();
  const kept = edits[id];
  if (kept?.edition === edition && (kept.to.body !== from.body || kept.to.subject !== from.subject)) {
    [fields.subject.value, fields.body.value] = [kept.to.subject, kept.to.body];
    subject.textContent = kept.to.subject;
    if (kept.to.body !== from.body) body.replaceChildren(...paragraphs(kept.to.body));
    checkSoon(letter);
  }

  editable(subject, fields.subject, { oneLine: true });
  editable(body, fields.body, { oneLine: false });
  letter.querySelector("[data-cue]").hidden = false;
  letter.querySelector("[data-edit]").hidden = !letter.querySelector("[data-edit]").open;
  subject.addEventListener("input", () => {
    fields.subject.value = subjectOf(sheet);
    changed();
  });
  body.addEventListener("input", (event) => {
    if (!commanding && !event.isComposing && !event.inputType?.startsWith("history")) inParagraph(body);
    forgetInk(body);
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
}

for (const letter of document.querySelectorAll(".letter")) open(letter);
tickAgain();

// "Choose how to send" is not offered where one already is.
for (const link of document.querySelectorAll(".gobar .btn-main")) {
  const watcher = new IntersectionObserver(([entry]) => { link.hidden = entry.isIntersecting; }, { rootMargin: "0px 0px -25%" });
  watcher.observe(document.querySelector(link.hash));
}
command("defaultParagraphSeparator", "p"); // Firefox takes it only where something can be edited
mark();
if (arrived && !location.hash) document.querySelector("[data-arrive]")?.focus({ preventScroll: true });
