// A sheet read as text: word for word what the text file holds.

function lines(part) {
  const copy = part.cloneNode(true);
  for (const end of copy.querySelectorAll("br")) end.replaceWith("\n");
  return copy.textContent;
}

const tidy = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");

// The blocks of the body. Words that stand in none, as Firefox may leave them, make one of their own.
function* blocks(body) {
  let loose = document.createElement("p");
  for (const node of body.childNodes) {
    if (!["P", "DIV", "UL"].includes(node.nodeName)) {
      loose.append(node.cloneNode(true));
      continue;
    }
    yield* [loose, node];
    loose = document.createElement("p");
  }
  yield loose;
}

function kindOf(block) {
  if (block.nodeName === "LI") return "bullet";
  return block.classList.contains("quotation") ? "quotation" : "paragraph";
}

// The paragraphs of the body, each with its kind. An empty line parts two of them inside a block as well.
function* paragraphs(body) {
  for (const block of blocks(body)) {
    for (const one of block.nodeName === "UL" ? block.children : [block]) {
      for (const text of lines(one).split(/\n\s*\n/).map(tidy)) if (text) yield [kindOf(one), text];
    }
  }
}

// The body as it is edited: an empty line between paragraphs, a mark before the items of a list.
export function bodyOf(sheet) {
  const texts = [...paragraphs(sheet.querySelector("[data-body]"))];
  return texts.map(([kind, text]) => (kind === "bullet" ? `• ${text}` : text)).join("\n\n");
}

function bodyOnPaper(sheet) {
  let before = "";
  let text = "";
  for (const [kind, words] of paragraphs(sheet.querySelector("[data-body]"))) {
    const lead = { bullet: "• ", quotation: "    ", paragraph: "" }[kind];
    const gap = kind === "bullet" && before === "bullet" ? "\n" : "\n\n";
    text += (text ? gap : "") + lead + words.replaceAll("\n", " ");
    before = kind;
  }
  return text;
}

export const subjectOf = (sheet) => sheet.querySelector("[data-subject]").textContent.trim();

export function textOf(sheet) {
  const parts = [...sheet.querySelectorAll("[data-part], [data-body]")];
  const texts = parts.map((part) => (part.matches("[data-body]") ? bodyOnPaper(sheet) : lines(part)));
  return `${texts.filter((text) => text.trim()).join("\n\n")}\n`;
}
