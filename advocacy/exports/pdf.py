"""Letters on paper, as one PDF that is read aloud as well as it prints."""

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import cast

from typst import Compiler, Fonts, TypstError

from advocacy import shipped_folder
from advocacy.exports.format import CannotExport, ExportOptions, Post, title_of_several
from advocacy.exports.letter_parts import parts_on_paper
from advocacy.exports.page_layout import LAYOUTS, NEWSREADER, NOTE_GAP, OVER_SEVERAL_PAGES, layout_of
from advocacy.exports.qr_code import ALT, QR_GAP, QR_SIDE, qr_svg
from advocacy.exports.text import writable
from advocacy.language import Language
from advocacy.legislators.forms_of_address import HEADING, RULE_HEADING, mailing_instructions
from advocacy.letters.letter import Letter
from advocacy.messages import message

TEMPLATES = shipped_folder("templates") / "pdf"
FONTS = Path(__file__).parent / "fonts"
DATA = "letters.json"
"""The name that the templates read their data by."""
FIRST_PAGES = "query(<letter>).map(mark => mark.location().page())"
UNDER_FOLD = 11 / 3 + 0.12
"""From the top of the page, in inches: where a letter for a window goes on (window.typ)."""
# Typst keeps what it has laid out until that many compilations have not used it: of 500 letters, 220 MB each time.
COMPILATIONS_IN_MEMORY = 11
MIN_TO_FORGET = 25
"""From this many letters on, a PDF's are forgotten once it is made; the next ones would not be the same."""
MAX_CHARACTERS_NAMED = 10

# A line of an address goes on below after a riding's dash or a colon, or before a word in lower case or a parenthesis.
_AFTER_DASH = re.compile(r"(?<=—)\n")
_GOES_ON = re.compile(r"(?<=[:,])\n|\n(?=[a-zà-öø-ÿœ(])")
_PAGE = re.compile(rb"/Type ?/Page\b")
_MISSING = re.compile(r'the text `"((?:\\.|[^"\\])*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

# A compiler cannot be shared: it refuses a second thread while it works.
_of_thread = threading.local()


class MissingCharacters(ValueError):
    """No font at hand shows these `characters`."""

    def __init__(self, characters: frozenset[str]) -> None:
        self.characters = characters
        super().__init__("no font at hand shows some characters")


class FontSource(StrEnum):
    """Which fonts there are to choose from: those that the templates name, or whatever the machine has besides."""

    PACKAGE = "ours"
    MACHINE = "machine"


def to_pdf(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """Return letters as one tagged PDF (PDF/UA-1) on US Letter paper, each beginning on a new page.

    Raises CannotExport, naming the characters, when neither our fonts nor the machine's can print them all, and for a
    letter without a subject, which a tagged PDF needs as its heading.
    """
    if not all(writable(letter.subject).strip() for letter in letters):
        raise CannotExport(message("Add a subject: a PDF needs one."))
    try:
        return typeset(PdfData.of(letters, options), options.timestamp)
    except MissingCharacters as missing:
        characters = sorted(missing.characters)[:MAX_CHARACTERS_NAMED]
    raise CannotExport(
        message(
            "A PDF cannot show these characters: %(characters)s. Download the letter as a text or a Word file, or "
            "print it from its page.",
            characters=", ".join(f"{one} (U+{ord(one):04X})" for one in characters),
        )
    )


def typeset(data: "PdfData", created: datetime) -> bytes:
    """Return one PDF; the same data and moment give the same bytes.

    Raises MissingCharacters when neither the package's fonts nor the machine's show a character.
    """
    try:
        return _compiler_of_thread(FontSource.PACKAGE).compile(data, created)
    except MissingCharacters:
        return _compiler_of_thread(FontSource.MACHINE).compile(data, created)
    finally:
        if len(data.letters) >= MIN_TO_FORGET:
            _forget()


@dataclass(frozen=True, slots=True)
class PdfData:
    """What the templates read: every word of the letters, in the order it is read.

    `letters` are in JSON, since a thousand dicts take long to let go. `layouts` are the places in `LAYOUTS` that they
    seem to fit, `min_pages` how many pages each then has.
    """

    title: str
    authors: Sequence[str]
    language: Language
    letters: Sequence[str]
    layouts: Sequence[int]
    min_pages: Sequence[int]

    @classmethod
    def of(cls, letters: Sequence[Letter], options: ExportOptions) -> "PdfData":
        """Return the letters as text that JSON can hold."""
        first = letters[0]
        posts = [options.post_of(letter) for letter in letters]
        return cls(
            title=writable(first.subject) if len(letters) == 1 else title_of_several(letters),
            authors=list(dict.fromkeys(writable(letter.sender.name) for letter in letters)),
            language=first.language,
            letters=[_letter_json(letter, post) for letter, post in zip(letters, posts, strict=True)],
            layouts=[
                layout_of(parts_on_paper(letter), NEWSREADER, above=UNDER_FOLD if post is Post.WINDOW else 0)
                for letter, post in zip(letters, posts, strict=True)
            ],
            min_pages=[2 if post is Post.SHEET else 1 for post in posts],
        )

    def to_json(self, layouts: Sequence[int]) -> bytes:
        """Return it as the templates read it, each letter in one of `LAYOUTS`."""
        head = {
            "title": self.title,
            "authors": self.authors,
            "language": self.language,
            "layouts": [asdict(LAYOUTS[place]) for place in layouts],
            "several": asdict(LAYOUTS[OVER_SEVERAL_PAGES]),
            "qr": {"side": QR_SIDE, "gap": QR_GAP, "between": NOTE_GAP},
        }
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "letters": [{", ".join(self.letters)}]}}'.encode()


def _letter_json(letter: Letter, post: Post) -> str:
    """Return one letter: its parts, each of lines of passages, whose language is null where it is the letter's.

    `window` is the address in lines as long as they can be, `posting` the page to post the letter by; they are null
    where they are not wished for.
    """
    language = letter.language
    sheet = None
    if post is Post.SHEET:
        how = mailing_instructions(letter.recipient)
        rule = (
            {"heading": RULE_HEADING.in_language(language), "text": how.rule.in_language(language)}
            if how.rule
            else None
        )
        sheet = {
            "heading": HEADING.in_language(language),
            "address": [writable(line) for line in letter.recipient_block],
            "complete": how.has_postal_address,
            "steps": [step.in_language(language) for step in how.steps],
            "rule": rule,
        }
    parts = [
        {
            "role": part.role,
            "lines": [
                [(writable(text), None if one is language else one) for text, one in line] for line in part.lines
            ],
        }
        for part in parts_on_paper(letter)
    ]
    page = {
        "language": language,
        "header": [writable(letter.recipient.name or letter.recipient_block[0]), writable(letter.date_line)],
        "window": whole_lines(map(writable, letter.recipient_block)) if post is Post.WINDOW else None,
        "parts": parts,
        "qr": {"svg": qr_svg(letter.verification, language), "alt": ALT.in_language(language)}
        if letter.verification
        else None,
        "posting": sheet,
    }
    return json.dumps(page, ensure_ascii=False)


def whole_lines(block: Iterable[str]) -> list[str]:
    """Join the lines of an address that were broken only because an envelope is narrow."""
    return _GOES_ON.sub(" ", _AFTER_DASH.sub("", "\n".join(block))).split("\n")


@dataclass(frozen=True, slots=True)
class _PdfCompiler:
    """A compiler and its fonts; what it has read and laid out once makes the next letter cheaper."""

    fonts: FontSource
    compiler: Compiler

    def compile(self, data: PdfData, created: datetime) -> bytes:
        """Compile; what takes more pages than its layout promises is set closer, and the letters compiled again.

        Raises MissingCharacters.
        """
        layouts = data.layouts
        while True:
            files = {**_templates(), DATA: data.to_json(layouts)}
            pdf = self._compile(files, created)
            pages = len(_PAGE.findall(pdf))
            if pages == sum(data.min_pages):
                return pdf
            firsts = [*json.loads(_compiler(self.fonts, files).eval(FIRST_PAGES)), pages + 1]
            counts = (following - first for first, following in pairwise(firsts))
            closer = [
                min(place + (count > least), OVER_SEVERAL_PAGES)
                for place, count, least in zip(layouts, counts, data.min_pages, strict=True)
            ]
            if closer == list(layouts):
                return pdf
            layouts = closer

    def _compile(self, files: Mapping[str, bytes], created: datetime) -> bytes:
        # The letters come as a file of data: another `sys.inputs` would have Typst read its templates anew each time.
        try:
            pdf = self.compiler.compile(input=files, format="pdf", pdf_standards="ua-1", timestamp=created)  # type: ignore[type-var]
        except TypstError as error:
            missing = _missing_characters(error.diagnostic)
            if not missing:
                raise
        else:
            return cast(bytes, pdf)  # pages in other formats come as a list
        # Raised outside the handler: Typst's own words quote the letter.
        raise MissingCharacters(missing)


def _forget() -> None:
    """Clear what Typst remembers of past compilations, by compiling nothing often enough."""
    fonts = _fonts(FontSource.PACKAGE)
    nothing = Compiler(TEMPLATES / "nothing.typ", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    for _ in range(COMPILATIONS_IN_MEMORY):
        nothing.compile(format="svg")


def _missing_characters(diagnostic: str) -> frozenset[str]:
    """Return which characters Typst had no font for; a joiner is lacking only where what it joins is."""
    texts = (_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in _MISSING.findall(diagnostic))
    characters = frozenset("".join(texts))
    return frozenset(one for one in characters if unicodedata.category(one) != "Cf") or characters


def _compiler_of_thread(fonts: FontSource) -> _PdfCompiler:
    compilers: dict[FontSource, _PdfCompiler] = vars(_of_thread).setdefault("compilers", {})
    if fonts not in compilers:
        compilers[fonts] = _PdfCompiler(fonts, _compiler(fonts))
    return compilers[fonts]


def _compiler(fonts: FontSource, files: Mapping[str, bytes] | None = None) -> Compiler:
    """Return a compiler, of these files where it is to be queried about them."""
    return Compiler(
        files,  # type: ignore[type-var]
        root=TEMPLATES,
        font_paths=_fonts(fonts),
        ignore_system_fonts=fonts is FontSource.PACKAGE,
        sys_inputs={"fonts": fonts.value},
    )


@cache
def _templates() -> Mapping[str, bytes]:
    """Read the templates once, under the names they import each other by; the first one is the main one."""
    files = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}
    return {"main.typ": files.pop("letters.typ"), **files}


@cache
def _fonts(source: FontSource) -> Fonts:
    """Load fonts once for all threads.

    Typst brings some; left to choose, it would take a mathematical one of them for Devanagari, which that cannot shape.
    """
    machine = source is FontSource.MACHINE
    return Fonts(include_system_fonts=machine, include_embedded_fonts=not machine, font_paths=[FONTS])
