// Turns a text area holding [labels] into a surface whose labels are chips. The text area stays the truth and is what
// the form sends.

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
  const parts = text.split(LABEL); // odd entries are labels
  return parts.map((part, n) => (n % 2 ? chip(part, known) : document.createTextNode(part)));
}

export function read(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.dataset?.label) return `[${node.dataset.label}]`;
  if (node.nodeName === "BR") return "\n";
  return Array.from(node.childNodes, read).join("");
}

// The browser keeps a last line break for the caret to stand behind; it is none of the text's.
function textOf(surface) {
  const text = read(surface);
  const last = surface.lastChild;
  return last?.nodeName === "BR" && text.endsWith("\n") ? text.slice(0, -1) : text;
}

function insert(surface, html) {
  surface.focus();
  document.execCommand("insertHTML", false, html); // the one way that keeps the browser's own undo
  const around = getSelection().anchorNode?.parentElement?.closest(".chip");
  if (!around) return;
  const place = Array.from(around.parentNode.childNodes).indexOf(around) + 1;
  getSelection().setPosition(around.parentNode, place);
}

function htmlOf(text, known) {
  const box = document.createElement("div");
  box.append(...pieces(text, known));
  return box.innerHTML;
}

// A label that was typed becomes a chip with its closing bracket.
function close(surface) {
  const { anchorNode: node, anchorOffset: at } = getSelection();
  if (node?.nodeType !== Node.TEXT_NODE || node.data[at - 1] !== "]") return;
  const start = node.data.lastIndexOf("[", at - 1);
  const words = node.data.slice(start + 1, at - 1).trim();
  if (start < 0 || !words || /[[\]\n]/.test(words)) return;
  surface.replace({ node, start, at }, surface.known.meant(words));
}

export class Surface {
  constructor(area, known) {
    this.area = area;
    this.known = known;
    this.at = null;
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
    element.replaceChildren(...pieces(area.value, known));
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

  listen() {
    const { element, known } = this;
    element.addEventListener("input", (event) => {
      if (event.inputType === "insertText" && event.data === "]") close(this);
      this.save();
    });
    element.addEventListener("blur", () => {
      const chosen = getSelection();
      if (chosen.rangeCount && element.contains(chosen.anchorNode)) this.at = chosen.getRangeAt(0).cloneRange();
    });
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

  get isLine() {
    return this.area.classList.contains("subj");
  }

  // No formatting; Enter breaks the line, and does nothing where there is one line only.
  guard(event) {
    if (event.inputType.startsWith("format")) event.preventDefault();
    if (event.inputType !== "insertParagraph" && event.inputType !== "insertLineBreak") return;
    if (this.isLine) event.preventDefault();
    else if (event.inputType === "insertParagraph") {
      event.preventDefault();
      document.execCommand("insertLineBreak");
    }
  }

  copy(event) {
    event.preventDefault();
    event.clipboardData.setData("text/plain", read(getSelection().getRangeAt(0).cloneContents()));
    if (event.type === "cut") document.execCommand("delete");
  }

  save() {
    const text = textOf(this.element);
    if (text === this.area.value) return;
    this.area.value = text;
    this.area.dispatchEvent(new Event("input", { bubbles: true })); // autosave and preview listen to the text area
  }

  put(label) {
    this.element.focus();
    if (this.at && this.element.contains(this.at.startContainer)) {
      getSelection().removeAllRanges();
      getSelection().addRange(this.at);
    } else if (!this.element.contains(getSelection().anchorNode)) {
      getSelection().selectAllChildren(this.element);
      getSelection().collapseToEnd();
    }
    insert(this.element, chip(label, this.known).outerHTML);
  }

  // Puts a label in the place of what was typed of it.
  replace({ node, start, at }, label) {
    getSelection().setBaseAndExtent(node, start, node, at);
    insert(this.element, chip(label, this.known).outerHTML);
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
    const range = this.range(start, end);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
}
