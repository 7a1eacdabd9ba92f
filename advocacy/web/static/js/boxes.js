// A condition is one box around the words that it governs. In the text it stands as “[if …]words[end]”, which a writer
// never sees; one without the other is taken out.

export const LABELS = /\[([^[\]\n]+)\]/g;

// Every label that opens, parts or ends a box, with the turns of the box it belongs to; `turnOf` tells which a label is.
function turns(text, turnOf) {
  const found = [];
  const open = [];
  for (const label of text.matchAll(LABELS)) {
    const turn = turnOf(label[1]);
    if (!turn) continue;
    const one = { at: label.index, length: label[0].length, turn, isWhole: false };
    found.push(one);
    if (turn === "if") open.push([one]);
    else open.at(-1)?.push(one);
    if (turn === "end") open.pop()?.forEach((part) => (part.isWhole = true));
  }
  return found;
}

export const isBalanced = (text, turnOf) => turns(text, turnOf).every((one) => one.isWhole);

// A text without the labels that belong to no whole box, and the place in it of what was at `caret`.
export function balanced(text, turnOf, caret = 0) {
  const loose = turns(text, turnOf).filter((one) => !one.isWhole);
  let [whole, place] = [text, caret];
  for (const { at, length } of loose.reverse()) {
    whole = whole.slice(0, at) + whole.slice(at + length);
    if (at < place) place -= Math.min(length, place - at);
  }
  return { text: whole, caret: place };
}

export const boxOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".only");
const partsOf = (box) => [...box.children].filter((one) => one.dataset.label);

// The dialog in which a condition is put around words, changed or taken away.
export class Conditions {
  constructor(dialog, current) {
    Object.assign(this, { dialog, current, box: undefined, surface: undefined });
    dialog.addEventListener("close", () => this.act(dialog.returnValue));
  }

  open(surface, box) {
    if (!surface) return;
    Object.assign(this, { surface, box });
    const { lang } = surface.area;
    for (const select of this.dialog.querySelectorAll("[data-tests]")) {
      select.hidden = select.dataset.tests !== lang;
      if (!select.hidden && box) select.value = box.firstElementChild.dataset.label;
    }
    const hasOther = box && partsOf(box).length > 2;
    for (const button of this.dialog.querySelectorAll("[data-changes]")) {
      button.hidden = !box || (button.value === "otherwise" && hasOther);
    }
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  act(verb) {
    const { surface, box } = this;
    const chosen = this.dialog.querySelector("[data-tests]:not([hidden])").value;
    if (!verb) return surface.element.focus();
    if (verb === "apply" && !box) return surface.put(chosen);
    const range = document.createRange();
    range.selectNodeContents(box);
    if (verb === "apply") box.firstElementChild.dataset.label = chosen;
    if (verb === "otherwise") return surface.addOtherwise(box);
    if (verb === "remove") box.remove();
    if (verb === "unwrap") {
      partsOf(box).forEach((part) => part.remove());
      box.replaceWith(...box.childNodes);
    }
    surface.element.focus();
    return surface.changed();
  }
}
