// A sheet read as text: word for word what the text file holds.

function lines(part) {
  const copy = part.cloneNode(true);
  for (const end of copy.querySelectorAll("br")) end.replaceWith("\n");
  return copy.textContent;
}

const tidy = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");

// The blocks of the body, each with its kind.
function* blocks(body) {
  for (const node of body.childNodes) {
    if (node.nodeName === "UL") for (const item of node.children) yield ["bullet", tidy(lines(item))];
    else if (node.nodeType === Node.TEXT_NODE) yield ["paragraph", tidy(node.data)];
    else yield [node.classList.contains("quotation") ? "quotation" : "paragraph", tidy(lines(node))];
  }
}

// The body as it is edited: an empty line between paragraphs, a mark before the items of a list.
export function bodyOf(sheet) {
  const texts = [...blocks(sheet.querySelector("[data-body]"))].filter(([, text]) => text);
  return texts.map(([kind, text]) => (kind === "bullet" ? `• ${text}` : text)).join("\n\n");
}

function bodyOnPaper(sheet) {
  let before = "";
  let text = "";
  for (const [kind, words] of blocks(sheet.querySelector("[data-body]"))) {
    if (!words) continue;
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
