"""Typst at work: data and the page templates become a PDF in the package's own fonts, the machine's only at need."""

import json
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import cast

from typst import Compiler, Fonts, TypstError

from advocacy import shipped_folder
from advocacy.exports.fitting import OVER_SEVERAL_PAGES
from advocacy.exports.pdf_page import Asked

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
