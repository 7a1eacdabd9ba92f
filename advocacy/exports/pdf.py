"""Letters on paper, as one PDF that is read aloud as well as it prints."""

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypedDict, cast

from typst import Compiler, Fonts, TypstError

from advocacy import shipped_folder
from advocacy.exports.format import CannotExport, ExportOptions, Post, title_of_several
from advocacy.exports.letter_parts import Part, Passage, parts_on_paper
from advocacy.exports.page_layout import LAYOUTS, NEWSREADER, OVER_SEVERAL_PAGES, layout_of
from advocacy.exports.text import writable
from advocacy.language import Language
from advocacy.legislators.postage import HEADING, RULE_HEADING, mailing_instructions
from advocacy.letters.letter import Letter
from advocacy.messages import message

UNDER_FOLD = 11 / 3 + 0.12
"""From the top of the page, in inches: where a letter for a window goes on (window.typ)."""

# A line of an address goes on below after a riding's dash or a colon, or before a word in lower case or a parenthesis.
_AFTER_DASH = re.compile(r"(?<=—)\n")
_GOES_ON = re.compile(r"(?<=:)\n|\n(?=[a-zà-öø-ÿœ(])")

Line = list[tuple[str, str | None]]


class Said(TypedDict):
    """One part: its lines, each of passages; a passage's language is None where it is the letter's."""

    role: str
    lines: list[Line]


class Rule(TypedDict):
    """What to show at a counter that asks for postage."""

    heading: str
    text: str


class Sheet(TypedDict):
    """The page a letter is posted by; `complete` when nothing has to be added to the address."""

    heading: str
    address: list[str]
    complete: bool
    steps: list[str]
    rule: Rule | None


class Page(TypedDict):
    """One letter: `window` has its address in lines as long as they can be, None when it is not for a window."""

    language: str
    header: list[str]
    window: list[str] | None
    parts: list[Said]
    posting: Sheet | None


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is asked of the templates: `letters` are pages in JSON, since a thousand dicts take long to let go.

    `layouts` are the places in `LAYOUTS` that the letters seem to fit, `fewest` how many pages each then has.
    """

    title: str
    authors: Sequence[str]
    language: Language
    letters: Sequence[str]
    layouts: Sequence[int]
    fewest: Sequence[int]

    def to_json(self, layouts: Sequence[int]) -> bytes:
        """Return it as the templates read it, each letter in one of `LAYOUTS`."""
        head = {
            "title": self.title,
            "authors": self.authors,
            "language": self.language,
            "layouts": [asdict(LAYOUTS[place]) for place in layouts],
            "several": asdict(LAYOUTS[OVER_SEVERAL_PAGES]),
        }
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "letters": [{", ".join(self.letters)}]}}'.encode()


def asked(letters: Sequence[Letter], options: ExportOptions) -> Asked:
    """Return the letters as the templates read them, as text that JSON can hold."""
    first = letters[0]
    posts = [options.post_of(letter) for letter in letters]
    return Asked(
        title=writable(first.subject) if len(letters) == 1 else title_of_several(letters),
        authors=list(dict.fromkeys(writable(letter.signature) for letter in letters)),
        language=first.language,
        letters=[_page(letter, post) for letter, post in zip(letters, posts, strict=True)],
        layouts=[
            layout_of(parts_on_paper(letter), NEWSREADER, above=UNDER_FOLD if post is Post.WINDOW else 0)
            for letter, post in zip(letters, posts, strict=True)
        ],
        fewest=[2 if post is Post.SHEET else 1 for post in posts],
    )


def whole_lines(block: Iterable[str]) -> list[str]:
    """Join the lines of an address that were broken only because an envelope is narrow."""
    return _GOES_ON.sub(" ", _AFTER_DASH.sub("", "\n".join(block))).split("\n")


def _page(letter: Letter, post: Post) -> str:
    page = Page(
        language=letter.language.value,
        header=[writable(letter.recipient.name or letter.recipient_block[0]), writable(letter.date_line)],
        window=whole_lines(map(writable, letter.recipient_block)) if post is Post.WINDOW else None,
        parts=[_said(part, letter.language) for part in parts_on_paper(letter)],
        posting=_sheet(letter) if post is Post.SHEET else None,
    )
    return json.dumps(page, ensure_ascii=False)


def _said(part: Part, language: Language) -> Said:
    return Said(role=part.role.value, lines=[_line(line, language) for line in part.lines])


def _line(passages: Iterable[Passage], language: Language) -> Line:
    return [(writable(words), None if spoken is language else spoken.value) for words, spoken in passages]


def _sheet(letter: Letter) -> Sheet:
    language, how = letter.language, mailing_instructions(letter.recipient)
    rule = Rule(heading=RULE_HEADING.in_language(language), text=how.rule.in_language(language)) if how.rule else None
    return Sheet(
        heading=HEADING.in_language(language),
        address=[writable(line) for line in letter.recipient_block],
        complete=how.has_postal_address,
        steps=[step.in_language(language) for step in how.steps],
        rule=rule,
    )


TEMPLATES = shipped_folder("templates") / "pdf"
FONTS = Path(__file__).parent / "fonts"
# Typst keeps what it has laid out until that many compilations have not used it: of 500 letters, 220 MB each time.
KEPT = 11
MANY = 25
"""From this many letters on, a PDF's are forgotten once it is made; the next ones would not be the same."""
DATA = "asked.json"
FIRST_PAGES = "query(<letter>).map(mark => mark.location().page())"

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


class Faces(StrEnum):
    """Which fonts there are to choose from: those that the templates name, or whatever the machine has besides."""

    OURS = "ours"
    MACHINE = "machine"


def typeset(asked: Asked, created: datetime) -> bytes:
    """Make one PDF, tagged as PDF/UA-1 wants; the same data and moment give the same bytes.

    Raises MissingCharacters when neither the package's fonts nor the machine's show a character.
    """
    try:
        return _press(Faces.OURS).pdf(asked, created)
    except MissingCharacters:
        return _press(Faces.MACHINE).pdf(asked, created)
    finally:
        if len(asked.letters) >= MANY:
            _forget()


@dataclass(frozen=True, slots=True)
class _Press:
    """A compiler and its fonts; what it has read and laid out once makes the next letter cheaper."""

    faces: Faces
    compiler: Compiler

    def pdf(self, asked: Asked, created: datetime) -> bytes:
        """Compile; what takes more pages than its layout promises is set closer, and the letters compiled again.

        Raises MissingCharacters.
        """
        layouts = asked.layouts
        while True:
            files = _files(asked, layouts)
            pdf = self._compile(files, created)
            pages = len(_PAGE.findall(pdf))
            if pages == sum(asked.fewest):
                return pdf
            firsts = [*json.loads(_compiler(self.faces, files).eval(FIRST_PAGES)), pages + 1]
            counts = (following - first for first, following in pairwise(firsts))
            closer = [
                min(place + (count > least), OVER_SEVERAL_PAGES)
                for place, count, least in zip(layouts, counts, asked.fewest, strict=True)
            ]
            if closer == list(layouts):
                return pdf
            layouts = closer

    def _compile(self, files: Mapping[str, bytes], created: datetime) -> bytes:
        # The letters come as a file of data: another `sys.inputs` would have Typst read its templates anew each time.
        try:
            pdf = self.compiler.compile(input=files, format="pdf", pdf_standards="ua-1", timestamp=created)  # type: ignore[type-var]
        except TypstError as error:
            missing = _missing(error.diagnostic)
            if not missing:
                raise
        else:
            return cast(bytes, pdf)  # pages in other formats come as a list
        # Raised outside the handler: Typst's own words quote the letter.
        raise MissingCharacters(missing)


def _forget() -> None:
    """Let Typst's memory of past compilations run out, by making nothing often enough."""
    fonts = _fonts(Faces.OURS)
    nothing = Compiler(TEMPLATES / "nothing.typ", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    for _ in range(KEPT):
        nothing.compile(format="svg")


def _missing(diagnostic: str) -> frozenset[str]:
    """Read which characters Typst had no font for; a joiner is lacking only where what it joins is."""
    texts = (_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in _MISSING.findall(diagnostic))
    characters = frozenset("".join(texts))
    return frozenset(one for one in characters if unicodedata.category(one) != "Cf") or characters


def _press(faces: Faces) -> _Press:
    """Return this thread's press."""
    presses: dict[Faces, _Press] = vars(_of_thread).setdefault("presses", {})
    if faces not in presses:
        presses[faces] = _Press(faces, _compiler(faces))
    return presses[faces]


def _compiler(faces: Faces, files: Mapping[str, bytes] | None = None) -> Compiler:
    """Make a compiler, of these files where it is to be asked about them."""
    return Compiler(
        files,  # type: ignore[type-var]
        root=TEMPLATES,
        font_paths=_fonts(faces),
        ignore_system_fonts=faces is Faces.OURS,
        sys_inputs={"fonts": faces.value},
    )


def _files(asked: Asked, layouts: Sequence[int]) -> Mapping[str, bytes]:
    """Return all that Typst reads: the templates, and the letters as data."""
    return {**_templates(), DATA: asked.to_json(layouts)}


@lru_cache(maxsize=1)
def _templates() -> Mapping[str, bytes]:
    """Read the templates once, under the names they import each other by; the first one is the main one."""
    files = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}
    return {"main.typ": files.pop("letters.typ"), **files}


@lru_cache(maxsize=2)
def _fonts(faces: Faces) -> Fonts:
    """Load fonts once for all threads.

    Typst brings some; left to choose, it would take a mathematical one of them for Devanagari, which that cannot shape.
    """
    machine = faces is Faces.MACHINE
    return Fonts(include_system_fonts=machine, include_embedded_fonts=not machine, font_paths=[FONTS])


MAX_NAMED = 10


def to_pdf(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """Return letters as one tagged PDF (PDF/UA-1) on US Letter paper, each beginning on a new page.

    Raises CannotExport, naming the characters, when neither our fonts nor the machine's can print them all, and for a
    letter without a subject, which a tagged PDF needs as its heading.
    """
    if not all(writable(letter.subject).strip() for letter in letters):
        raise CannotExport(message("Add a subject: a PDF needs one."))
    try:
        return typeset(asked(letters, options), options.timestamp)
    except MissingCharacters as missing:
        named = _named(sorted(missing.characters))
    raise CannotExport(
        message(
            "A PDF cannot show these characters: %(characters)s. Download the letter as a text or a Word file, or "
            "print it from its page.",
            characters=named,
        )
    )


def _named(characters: Sequence[str]) -> str:
    """Write the first ten characters with their numbers, for whoever cannot see them."""
    return ", ".join(f"{one} (U+{ord(one):04X})" for one in characters[:MAX_NAMED])
