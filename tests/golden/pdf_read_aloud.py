"""A PDF as a screen reader takes it: its words in the order of the tags, each in the language its tags give."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pikepdf

Words = list[tuple[str, str]]
Marked = Mapping[tuple[int, int], Mapping[int, str]]

_CHARACTER = re.compile(r"<([0-9A-F]+)> <([0-9A-F]+)>\n")


def read_aloud(content: bytes) -> Words:
    """Return every tagged word; what is not tagged (headers, fold marks) is passed over, as by a screen reader."""
    with pikepdf.open(BytesIO(content)) as pdf:
        marked = {page.obj.objgen: _marked(page) for page in pdf.pages}
        document = pdf.Root.StructTreeRoot.K
        return [
            (word, language.partition("-")[0])
            for element in document
            for text, language in _passages(element, marked, str(pdf.Root.Lang))
            for word in text.split()
        ]


def _passages(element: Any, marked: Marked, language: str) -> Iterator[tuple[str, str]]:
    """Return the words under one element of the structure, with the nearest language named above them."""
    if element.S == "/Figure":  # what a picture says of itself is no word of the letter
        return
    language = str(element.get("/Lang", language))
    said = ""
    for kid in element.K if isinstance(element.K, pikepdf.Array) else [element.K]:
        if not isinstance(kid, int) and "/K" in kid:
            yield said, language
            yield from _passages(kid, marked, language)
            said = ""
            continue
        line = marked[element.Pg.objgen][kid] if isinstance(kid, int) else marked[kid.Pg.objgen][int(kid.MCID)]
        # A line that was broken keeps its space; one that ends by itself has none, nor has one broken at a hyphen.
        said += line if line.endswith((" ", "-")) else f"{line} "
    yield said, language


def _marked(page: pikepdf.Page) -> Mapping[int, str]:
    """Read a page's text by the numbers that its structure knows it by."""
    fonts = {name: _characters(font) for name, font in page.Resources.Font.items()}
    said: dict[int, str] = {}
    font: Mapping[int, str] = {}
    number = None
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                number = operands[1].get("/MCID")
            case "EMC":
                number = None
            case "Tf":
                font = fonts[str(operands[0])]
            case "TJ" if number is not None:
                strings = (one for one in operands[0] if isinstance(one, pikepdf.String))
                said[number] = said.get(number, "") + "".join(_decoded(bytes(one), font) for one in strings)
    return said


def _decoded(string: bytes, font: Mapping[int, str]) -> str:
    return "".join(font[int.from_bytes(string[at : at + 2])] for at in range(0, len(string), 2))


def _characters(font: Any) -> Mapping[int, str]:
    """Read what each glyph of a font says, ligatures in full."""
    pairs = _CHARACTER.findall(font.ToUnicode.read_bytes().decode())
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
