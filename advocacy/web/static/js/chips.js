// Turns a text area holding [labels] into a surface whose labels are chips. The text area stays the truth and is what
// the form sends.

import { Past } from "./past.js";
import { corrected } from "./typography.js";

const LABEL = /\[([^[\]\n]+)\]/;
const LOST = "chip lost";

export const folded = (words) =>
  words
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[\s’'-]+/g, " ")
    .trim()
    .toLowerCase();

// The labels of one language: their looks by their words, and the words by however somebody types them.
export class Known {
  constructor(buttons, language) {
    this.looks = new Map(buttons.map((button) => [button.dataset[language], button.className]));
    this.buttons = new Map(buttons.map((button) => [button.dataset[language], button]));
    this.typed = new Map([...this.looks.keys()].map((words) => [folded(words), words]));
  }

  // What somebody meant who typed these words: the label itself, or the only one that begins so.
  meant(words) {
    const exact = this.typed.get(folded(words));
    if (exact) return exact;
    const begun = [...this.typed.keys()].filter((key) => key.startsWith(folded(words)));
    return begun.length === 1 ? this.typed.get(begun[0]) : words;
  }
}

function chip(label, known) {
  const span = document.createElement("span");
  span.className = known.looks.get(label) ?? LOST;
  span.contentEditable = "false";
  span.dataset.label = label;
  span.textContent = label;
  return span;
}

function pieces(text, known) {
  // Odd entries are labels.
  return text.split(LABEL).flatMap((part, n) => (n % 2 ? [chip(part, known)] : part ? [document.createTextNode(part)] : []));
}

// How a surface is built, whatever its words are: to see whether the browser left it as it has to be.
function build(node) {
  const parts = [...node.childNodes].map((one) => {
    if (one.dataset?.label) return `<${one.dataset.label}>`;
    return read(one) ? "t" : "";
  });
  return parts.join("").replace(/t+/g, "t");
}

const within = (node) => Array.from(node.childNodes, read).join("");

// What a chip stands for: its label, and before and behind it what the browser let into it. Whoever erases in it erases
// all of it.
function parts(chip) {
  const { label } = chip.dataset;
  const face = label;
  const text = within(chip);
  const least = Math.min(face.length, text.length);
  let first = 0;
  while (first < least && text[first] === face[first]) first += 1;
  let last = 0;
  while (last < least - first && text.at(-1 - last) === face.at(-1 - last)) last += 1;
  const typed = text.slice(first, text.length - last);
  const isWhole = first + last === face.length;
  return { before: first ? "" : typed, label: isWhole || typed ? `[${label}]` : "", behind: first ? typed : "" };
}

export function read(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.dataset?.label) return Object.values(parts(node)).join("");
  if (node.nodeName === "BR") return "\n";
  return within(node);
}

// A last line break is there for the caret to stand behind what precedes it; it is none of the text's.
const textOf = (surface) => read(surface).replace(/\n$/, "");

function fill(surface, nodes) {
  surface.replaceChildren(...nodes);
  endLine(surface);
}

function endLine(surface) {
  if (read(surface).endsWith("\n")) surface.append(document.createElement("br"));
}

const chipOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("[data-label]");

// The browser lets a caret into a chip, where nothing can be typed: it is led out behind it, and what is marked of a chip
// marks it whole.
function outside(range) {
  const isCaret = range.collapsed;
  const [first, last] = [chipOf(range.startContainer), chipOf(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  if (isCaret) range.collapse(false);
  const left = isCaret && range.startContainer.childNodes[range.startOffset - 1];
  if (left?.nodeType === Node.TEXT_NODE) range.setStart(left, left.length); // or Firefox erases what stands behind it
  if (isCaret) range.collapse(true);
  return range;
}

function choose(range) {
  const chosen = getSelection();
  chosen.removeAllRanges();
  chosen.addRange(outside(range));
}

function insert(surface, html) {
  surface.focus();
  if (getSelection().rangeCount) choose(getSelection().getRangeAt(0).cloneRange());
  document.execCommand("insertHTML", false, html); // puts the caret and the line breaks right by itself
  for (const one of surface.querySelectorAll("[data-label]")) {
    if (one.contentEditable !== "false") one.contentEditable = "false"; // WebKit takes it away
  }
  const around = chipOf(getSelection().anchorNode);
  if (around) choose(getSelection().getRangeAt(0).cloneRange());
}

function htmlOf(text, known) {
  const box = document.createElement("div");
  box.append(...pieces(text, known));
  return box.innerHTML;
}

const chipAt = (node) => Boolean(node?.dataset?.label);

// What stands before the caret and behind it.
function neighbours(surface) {
  const { anchorNode: node, anchorOffset: at } = getSelection();
  const isText = node.nodeType === Node.TEXT_NODE;
  if (!isText && node !== surface) return [node, node];
  let left = isText ? (at ? node : node.previousSibling) : node.childNodes[at - 1];
  let right = isText ? (at < node.length ? node : node.nextSibling) : node.childNodes[at];
  while (left?.data === "") left = left.previousSibling;
  while (right?.data === "") right = right.nextSibling;
  return [left, right];
}

// A label that was typed becomes a chip in place of its closing bracket; says whether it did.
function close(surface) {
  const { anchorNode: node, anchorOffset: at, isCollapsed } = getSelection();
  if (!isCollapsed || !at || node?.nodeType !== Node.TEXT_NODE) return false;
  const start = node.data.lastIndexOf("[", at - 1);
  const words = node.data.slice(start + 1, at).trim();
  if (start < 0 || !words || /[[\]\n]/.test(words)) return false;
  surface.replace({ node, start, at }, surface.known.meant(words));
  return true;
}

// Takes out of the chips what the browser let into them.
function tidy(surface) {
  for (const one of surface.querySelectorAll("[data-label]")) {
    const face = one.dataset.label;
    if (within(one) === face) continue;
    const { before, label, behind } = parts(one);
    const hadCaret = one.contains(getSelection().anchorNode);
    const typed = document.createTextNode(before || behind);
    if (before) one.before(typed);
    else one.after(typed);
    one.textContent = face;
    if (!label) one.remove();
    if (hadCaret) getSelection().collapse(typed, typed.length);
  }
}

// Which way the keys go in what was written: back, on, or nowhere.
function way(event) {
  if (event.isComposing || event.altKey || event.ctrlKey === event.metaKey) return 0;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? 1 : -1;
  return key === "y" && event.ctrlKey && !event.shiftKey ? 1 : 0;
}

export class Surface {
  constructor(area, known) {
    this.area = area;
    this.known = known;
    this.at = null;
    this.past = new Past(area.value);
    this.element = document.createElement("div");
    const { element } = this;
    element.className = area.className;
    element.lang = area.lang;
    element.contentEditable = "true";
    element.spellcheck = true;
    element.setAttribute("role", "textbox");
    element.setAttribute("aria-multiline", area.classList.contains("subj") ? "false" : "true");
    element.setAttribute("aria-label", area.labels[0].textContent);
    element.dataset.for = area.id;
    this.describe();
    fill(element, pieces(area.value, known));
    area.hidden = true;
    area.before(element);
    this.listen();
  }

  // Says what is wrong in it, as the text area would.
  describe() {
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const said = this.area.getAttribute(name);
      if (said) this.element.setAttribute(name, said);
      else this.element.removeAttribute(name);
    }
    this.element.classList.toggle("bad", this.area.classList.contains("bad"));
  }

  // Marks it as wrong, or as right again, by the names of the texts that are wrong.
  setWrong(names) {
    const { area } = this;
    const isWrong = names.includes(area.id);
    area.classList.toggle("bad", isWrong);
    area.toggleAttribute("aria-invalid", isWrong);
    if (isWrong) {
      area.setAttribute("aria-invalid", "true");
      area.setAttribute("aria-describedby", `${area.id}-note`);
    } else area.removeAttribute("aria-describedby");
    this.describe();
  }

  listen() {
    const { element, known } = this;
    element.addEventListener("input", (event) => {
      if (!event.isComposing) this.settle();
      this.save();
      if (event.inputType === "insertText" && !event.isComposing) this.correct();
    });
    element.addEventListener("compositionend", () => {
      this.settle();
      this.save();
    });
    element.addEventListener("keydown", (event) => {
      const steps = way(event);
      if (!steps) return;
      event.preventDefault();
      this.go(steps);
    });
    element.addEventListener("blur", () => {
      const chosen = getSelection();
      if (chosen.rangeCount && element.contains(chosen.anchorNode)) this.at = chosen.getRangeAt(0).cloneRange();
    });
    for (const kind of ["click", "contextmenu"]) element.addEventListener(kind, (event) => this.climb(event));
    element.addEventListener("beforeinput", (event) => this.guard(event));
    for (const kind of ["copy", "cut"]) element.addEventListener(kind, (event) => this.copy(event));
    element.addEventListener("paste", (event) => {
      event.preventDefault();
      const typed = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
      insert(element, htmlOf(this.isLine ? typed.replace(/\s*\n\s*/g, " ") : typed, known));
    });
    element.addEventListener("dragstart", (event) => event.preventDefault());
    element.addEventListener("drop", (event) => event.preventDefault());
  }

  // Puts right what the browser made of chips.
  settle() {
    const { element, known } = this;
    tidy(element);
    const text = textOf(element);
    if (build(element) === this.built(text)) return;
    const caret = this.caret();
    fill(element, pieces(text, known));
    choose(this.point(caret));
  }

  // Sets the signs just typed as the language sets them; what was there before is left as it is. Waits for the letter or
  // the space behind a sign, which tells what it is: “:” may begin an address. One step back takes the correction back.
  correct() {
    const { value } = this.area;
    const caret = this.caret();
    const typed = value.slice(0, caret);
    if (!/[\p{L}\s]$/u.test(typed) || getSelection().type !== "Caret") return;
    const recent = typed.search(/[^[\]]{0,4}$/);
    const before = corrected(typed.slice(0, recent), this.area.lang);
    const whole = corrected(typed, this.area.lang);
    if (!whole.startsWith(before)) return;
    const fixed = typed.slice(0, recent) + whole.slice(before.length);
    if (fixed !== typed) this.rewrite(fixed + value.slice(caret), fixed.length, fixed.length);
  }

  built(text) {
    const whole = document.createElement("div");
    whole.append(...pieces(text, this.known));
    return build(whole);
  }

  // How many characters of the text stand before the caret.
  caret() {
    const chosen = getSelection();
    if (!chosen.rangeCount || !this.element.contains(chosen.focusNode)) return this.area.value.length;
    const before = document.createRange();
    before.setStart(this.element, 0);
    before.setEnd(chosen.focusNode, chosen.focusOffset);
    return read(before.cloneContents()).length;
  }

  // The caret behind so many characters.
  point(caret) {
    const range = this.range(Math.max(caret - 1, 0), caret);
    range.collapse(!caret);
    return range;
  }

  // Puts a text in the place of all, and marks a part of it.
  rewrite(text, start, end) {
    fill(this.element, pieces(text, this.known));
    this.element.focus();
    choose(start === end ? this.point(end) : this.range(start, end));
    this.save();
  }

  // A press on a chip puts the caret behind it, so that Backspace takes it out and what is typed stands beside it.
  climb(event) {
    const chosen = getSelection();
    const pressed = event.type === "click" && chosen.isCollapsed && chipOf(event.target);
    if (pressed) {
      const behind = document.createRange();
      behind.setStartAfter(pressed);
      this.element.focus({ preventScroll: true });
      choose(behind);
    } else if (chosen.rangeCount && (chipOf(chosen.anchorNode) || chipOf(chosen.focusNode))) {
      choose(chosen.getRangeAt(0).cloneRange());
    }
  }

  get isLine() {
    return this.area.classList.contains("subj");
  }

  // No formatting; Enter breaks the line, and does nothing where there is one line only.
  guard(event) {
    if (event.inputType.startsWith("format")) event.preventDefault();
    if (event.inputType.startsWith("history")) {
      event.preventDefault();
      this.go(event.inputType === "historyUndo" ? -1 : 1);
    }
    if (event.inputType === "insertText" && event.data === "]" && close(this)) event.preventDefault();
    if (this.erase(event.inputType)) event.preventDefault();
    if (event.inputType !== "insertParagraph" && event.inputType !== "insertLineBreak") return;
    if (this.isLine) event.preventDefault();
    else if (event.inputType === "insertParagraph") {
      event.preventDefault();
      document.execCommand("insertLineBreak");
    }
  }

  copy(event) {
    event.preventDefault();
    choose(getSelection().getRangeAt(0).cloneRange());
    event.clipboardData.setData("text/plain", read(getSelection().getRangeAt(0).cloneContents()));
    if (event.type === "cut") document.execCommand("delete");
  }

  save() {
    const text = textOf(this.element);
    if (text === this.area.value) return;
    this.past.note(text);
    this.send(text);
  }

  send(text) {
    this.area.value = text;
    this.area.dispatchEvent(new Event("input", { bubbles: true })); // autosave and preview listen to the text area
  }

  // Takes back the last thing done (-1), or does again what was taken back (1).
  go(steps) {
    const found = this.past.go(steps);
    if (!found) return;
    const { text, caret } = found;
    fill(this.element, pieces(text, this.known));
    choose(this.point(caret));
    this.send(text);
  }

  put(label) {
    const isHere = document.activeElement === this.element;
    this.element.focus();
    if (!isHere && this.at && this.element.contains(this.at.startContainer)) choose(this.at);
    else if (!this.element.contains(getSelection().anchorNode)) {
      getSelection().selectAllChildren(this.element);
      getSelection().collapseToEnd();
    }
    insert(this.element, chip(label, this.known).outerHTML);
  }

  // Puts a label in the place of what was typed of it: by hand, as Firefox puts it before the line break that precedes.
  replace({ node, start, at }, label) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, at);
    range.deleteContents();
    const put = chip(label, this.known);
    range.insertNode(put);
    for (const beside of [put.previousSibling, put.nextSibling]) if (beside?.data === "") beside.remove();
    range.setStartAfter(put);
    this.changed(range);
  }

  // Tells of a change made by hand as the browser tells of its own.
  changed(range) {
    range?.collapse(true);
    if (range) choose(range);
    this.element.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  // Erases the chip beside a caret that stands between two of them or at either end: WebKit would break the line, and
  // Firefox do nothing or lose the caret. Says whether it did.
  erase(inputType) {
    const isBack = inputType === "deleteContentBackward";
    if (!getSelection().isCollapsed || !(isBack || inputType === "deleteContentForward")) return false;
    const [left, right] = neighbours(this.element);
    const [erased, other] = isBack ? [left, right] : [right, left];
    if (!chipAt(erased) || (other && !chipAt(other))) return false;
    const range = document.createRange();
    range.selectNode(erased);
    range.deleteContents();
    if (!other && isBack) endLine(this.element);
    this.changed(range);
    return true;
  }

  // The range of the text's characters from `start` to `end`, a chip counted as it is written.
  range(start, end) {
    const found = document.createRange();
    let [at, begun] = [0, false];
    found.selectNodeContents(this.element);
    for (const node of this.element.childNodes) {
      const length = read(node).length;
      const isText = node.nodeType === Node.TEXT_NODE;
      if (!begun && start < at + length) {
        if (isText) found.setStart(node, start - at);
        else found.setStartBefore(node);
        begun = true;
      }
      if (begun && end <= at + length) {
        if (isText) found.setEnd(node, end - at);
        else found.setEndAfter(node);
        return found;
      }
      at += length;
    }
    if (!begun) found.collapse(false);
    return found;
  }

  show(start, end) {
    this.element.focus();
    choose(this.range(start, end));
  }
}
