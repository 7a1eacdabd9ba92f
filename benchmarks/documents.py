"""Letters as documents: many in one tagged PDF beside bare Typst and WeasyPrint, and one at a time in PDF and Word."""

import gc
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from importlib import import_module
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any, cast

import typst
from pypdf import PdfReader

import advocacy.exports
from advocacy.exports.docx import to_docx
from advocacy.exports.format import ExportOptions
from advocacy.exports.letter_parts import Role, letter_parts
from advocacy.exports.pdf import to_pdf
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from advocacy.runtime import shipped_letters
from benchmarks.letters import ANSWERS, REASON, RECIPIENT, TODAY
from benchmarks.report import Row, size

Way = Callable[[list[Letter]], Callable[[], bytes]]
"""What is done with letters before the clock starts, and gives what is timed."""

SEVERAL, TURNS = size(500, 5), size(3, 1)
ROUNDS, EACH = size(9, 1), size(20, 2)
WISHES = ExportOptions(TODAY)
FONTS = Path(advocacy.exports.__file__).parent / "fonts"
NUMBERS = count()
"""No two letters are alike in all the run: Typst remembers what it has laid out before."""

MARKUP = re.compile(r"[#$*_@<>\[\]\\`\"'~/=+-]")
TYPST = """\
#set document(title: "Letters", author: "Camille Essai")
#set page(paper: "us-letter", margin: (x: 0.9in, top: 0.7in, bottom: 0.55in))
#set text(font: "Newsreader", size: 10.5pt, lang: "en", region: "CA", hyphenate: false)
#set par(leading: 0.5em, spacing: 0.85em)
#show heading: set text(size: 10.5pt, weight: 600)
"""
AS_TYPST: Mapping[Role, str] = {
    Role.PARAGRAPH: "{}\n\n",
    Role.SUBJECT: "= {}\n\n",
    Role.BULLET: "- {}\n",
    Role.QUOTATION: "#quote(block: true)[{}]\n\n",
    Role.CLOSING: "{}\n\n#v(2em)\n",
    Role.SOURCE: "#line(length: 100%, stroke: 0.4pt)\n#text(size: 9pt)[{}]\n",
}
HTML = f"""\
<!doctype html><html lang="en-CA"><title>Letters</title><style>
@font-face {{ font-family: Newsreader; src: url("{FONTS.as_uri()}/Newsreader-Regular.ttf") }}
@font-face {{ font-family: Newsreader; font-weight: 600; src: url("{FONTS.as_uri()}/Newsreader-SemiBold.ttf") }}
@page {{ size: letter; margin: 0.7in 0.9in 0.55in }}
body {{ margin: 0; font: 10.5pt/1.3 Newsreader }}
article + article {{ break-before: page }}
h1 {{ font: 600 10.5pt/1.3 Newsreader }}
p, h1, ul, blockquote {{ margin: 0 0 0.85em }}
.closing {{ margin-bottom: 2.8em }}
.source {{ border-top: 0.4pt solid; font-size: 9pt }}
</style>
"""
AS_HTML: Mapping[Role, str] = {
    Role.PARAGRAPH: "<p>{}</p>",
    Role.SUBJECT: "<h1>{}</h1>",
    Role.BULLET: "<ul><li>{}</li></ul>",
    Role.QUOTATION: "<blockquote>{}</blockquote>",
    Role.CLOSING: '<p class="closing">{}</p>',
    Role.SOURCE: '<p class="source">{}</p>',
}


def measure() -> list[Row]:
    """Return letters per second of long documents, then milliseconds of processor time of short ones."""
    return [*many_at_once(), *one_at_a_time()]


def many_at_once() -> list[Row]:
    """Make letters into one PDF/UA-1 in each way, in turns; WeasyPrint, which takes long, once."""
    ours, bare = _in_turns([_in_ours, _in_typst])
    rows = [
        Row(f"{SEVERAL} letters in one tagged PDF: from letters to the file", ours, "per second"),
        Row("the same words written out in bare Typst, same page and face, tagged", bare, "per second"),
        Row("ours beside bare Typst", ours / bare, "×", at_least=0.7),
    ]
    weasyprint = _weasyprint()
    if weasyprint is None:
        print("  WeasyPrint is not measured: it needs Pango, which this machine lacks.")
        return rows
    peer = _speed(lambda letters: partial(_by_weasyprint, weasyprint, _in_html(letters)))
    return [
        *rows,
        Row("the same words in HTML by WeasyPrint, tagged", peer, "per second"),
        Row("ours beside WeasyPrint", ours / peer, "×", at_least=8),
    ]


def one_at_a_time() -> list[Row]:
    """Make letters one by one, the first of them uncounted, and give the median of some rounds."""
    return [
        Row("one letter as tagged PDF, warm", _cost(lambda letter: to_pdf([letter], WISHES)), "ms of CPU"),
        Row("one letter in Word, warm", _cost(lambda letter: to_docx([letter], WISHES)), "ms of CPU"),
    ]


def called(number: int) -> str:
    """Return a family name that no other number gets, without digits."""
    return "".join("aeioubdgln"[int(digit)] for digit in f"{number:05}").title()


def own_words(number: int) -> str:
    """Return words that nobody else writes."""
    return f"{REASON} My neighbour {called(number)} thinks so too."


def _letters(wanted: int) -> list[Letter]:
    """Compose letters of which none was made before."""
    template = shipped_letters()[0].template("takedown-and-standards")
    answers = (
        replace(
            ANSWERS,
            name=f"Camille {called(number)}",
            fields={**ANSWERS.fields, "reason": own_words(number)},
        )
        for number in islice(NUMBERS, wanted)
    )
    return [compose(template, one, RECIPIENT, language=Language.EN, today=TODAY) for one in answers]


def _in_turns(ways: Sequence[Way]) -> list[float]:
    speeds: list[list[float]] = [[] for _ in ways]
    for _ in range(TURNS):
        for found, way in zip(speeds, ways, strict=True):
            found.append(_speed(way))
    return [median(found) for found in speeds]


def _speed(way: Way) -> float:
    work = way(_letters(SEVERAL))
    gc.collect()  # what was made for the one before is not swept up at the cost of the next
    started = time.perf_counter()
    made = work()
    passed = time.perf_counter() - started
    assert len(PdfReader(BytesIO(made)).pages) == SEVERAL
    return SEVERAL / passed


def _cost(make: Callable[[Letter], bytes]) -> float:
    """Return the milliseconds of processor time, of all threads, that one letter takes."""
    make(*_letters(1))
    return min(_spend(make, _letters(EACH)) for _ in range(ROUNDS)) / EACH * 1e3


def _spend(make: Callable[[Letter], bytes], letters: Iterable[Letter]) -> float:
    started = time.process_time()
    for letter in letters:
        make(letter)
    return time.process_time() - started


def _in_ours(letters: list[Letter]) -> Callable[[], bytes]:
    return partial(to_pdf, letters, WISHES)


def _in_typst(letters: Iterable[Letter]) -> Callable[[], bytes]:
    pages = (
        _filled(letter, AS_TYPST, lambda text: MARKUP.sub(r"\\\g<0>", text).replace("\n", " \\\n"))
        for letter in letters
    )
    source = f"{TYPST}{'#pagebreak()'.join(pages)}".encode()
    compile_ = cast(Callable[..., bytes], typst.compile)  # the other kinds of file come otherwise
    return partial(compile_, source, font_paths=[FONTS], ignore_system_fonts=True, pdf_standards="ua-1")


def _in_html(letters: Iterable[Letter]) -> str:
    pages = (_filled(letter, AS_HTML, lambda text: escape(text).replace("\n", "<br>")) for letter in letters)
    return HTML + "".join(f"<article>{page}</article>" for page in pages)


def _filled(letter: Letter, pieces: Mapping[Role, str], write: Callable[[str], str]) -> str:
    """Write a letter's parts one after another into the pieces of a document."""
    parts = letter_parts(letter)
    return "".join(pieces.get(part.role, pieces[Role.PARAGRAPH]).format(write(part.text)) for part in parts)


def _by_weasyprint(weasyprint: Any, page: str) -> bytes:
    made = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    assert isinstance(made, bytes)
    return made


def _weasyprint() -> Any:
    """Return the library, None where it or what it needs of the machine is missing."""
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):
        return None
