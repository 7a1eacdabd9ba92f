"""What citizens wrote while letters were published, and what must hold of it: no letter mixes two revisions."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from advocacy.campaigns.open_campaigns import read_pins
from advocacy.language import Language
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import Submission
from tests.faults.browser import Page, fields
from tests.web.public.visitor import FILLED

LETTER = FILLED["template"]
NAMES = ("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima")
SAYS = {Language.EN: "says", Language.FR: "dit"}
# Grown together with the first word: a letter that fills its page has no room for more words in each paragraph.
MARK = re.compile(rf"\b({'|'.join(NAMES)})-({'|'.join(SAYS.values())})\b")
CELL = re.compile(r'^(en|fr) = """(.*?)"""$', re.MULTILINE | re.DOTALL)
LINE = re.compile(r"(?P<lead>> |(?:\{\{ [\w.]+ \}\} ?)*)(?P<words>.*)")


def marks(number: int) -> Sequence[str]:
    """Name so many revisions."""
    return NAMES[:number]


def marked(files: Mapping[str, bytes], number: int) -> dict[str, bytes]:
    """Let every subject and paragraph of a letter, in both its languages, begin with its revision's name.

    The blanks that a paragraph begins with stay in front of it: nothing can hang on one that may be empty.
    """
    name = f"{LETTER}/letter.toml"

    def cell(found: re.Match[str]) -> str:
        mark = f"{NAMES[number]}-{SAYS[Language(found[1])]}"
        text = "\n".join(line(mark, written) for written in found[2].splitlines())
        return f'{found[1]} = """{text}"""'

    def line(mark: str, written: str) -> str:
        found = LINE.fullmatch(written)
        return f"{found['lead']}{mark}-{found['words']}" if found and found["words"] else written

    return {**files, name: CELL.sub(cell, files[name].decode()).encode()}


@dataclass(slots=True)
class Form:
    """One form as its citizen met it: what it was answered with, and which revisions it showed."""

    email: str
    language: Language
    answers: list[str] = field(default_factory=list)
    revisions: frozenset[int] = frozenset()
    """What the form carried when it was opened."""
    marks: frozenset[str] = frozenset()
    """The revisions whose words the review showed."""
    replaced: bool = False
    """Something was published between its opening and the press of its button."""
    accepted: bool = False

    @property
    def failed(self) -> bool:
        """Return whether the site broke down over it."""
        return any(one != "503" and (one.startswith("5") or not one.isdigit()) for one in self.answers)

    @property
    def told_to_wait(self) -> bool:
        """Return whether the last answer was to try again in a minute."""
        return self.answers[-1:] == ["503"]

    def opened(self, page: Page) -> None:
        """Take the page of the form."""
        self.answers.append(str(page.status_code))
        self.revisions = read_pins(fields(page).get("revisions", ""))

    def reviewed(self, page: Page) -> None:
        """Take the page on which the letter is read."""
        self.answers.append(str(page.status_code))
        self.marks = frozenset(name for name, _ in MARK.findall(page.data.decode()))

    def sent(self, page: Page) -> None:
        """Take the answer to the button that sends."""
        self.answers.append(str(page.status_code))
        self.accepted = page.status_code == 303 and page.headers.get("Location", "").endswith("/sent")


@dataclass(frozen=True, slots=True)
class Stored:
    """One letter as the database has it: whose it is, the ids of the revisions it is pinned to, and its words."""

    email: str
    pins: Mapping[str, int]
    words: Letter


def all_stored(session: Session) -> Sequence[Stored]:
    """Read every letter that is stored, with the address of the form it came with."""
    asked = session.scalars(select(Submission).options(selectinload(Submission.letters)))
    return [
        Stored(
            one.email or "",
            letter.pins,
            from_json(letter.letter or ""),
        )
        for one in asked
        for letter in one.letters
    ]


def wrong_letters(stored: Sequence[Stored], forms: Sequence[Form], revisions: Sequence[int]) -> Iterator[str]:
    """Hold every form against what was stored of it; `revisions` are the letter's, in the order of their names."""
    named = dict(zip(revisions, NAMES, strict=False))
    times, letters = Counter(one.email for one in stored), {one.email: one for one in stored}
    for form in forms:
        if not form.accepted or times[form.email] != 1:
            yield f"a form answered {' '.join(form.answers)} is stored {times[form.email]} times"
        if form.email in letters:
            yield from _wrong_letter(form, letters[form.email], named)


def _wrong_letter(form: Form, stored: Stored, named: Mapping[int, str]) -> Iterator[str]:
    """Hold one letter against the form it came from: `named` tells the letter's revisions by their ids."""
    name, words = named.get(stored.pins["letter"], "no revision"), stored.words
    if not set(stored.pins.values()) <= form.revisions:
        yield f"a form opened with {sorted(form.revisions)} is pinned to {sorted(stored.pins.values())}"
    if form.marks != {name}:
        yield f"a letter pinned to {name} was shown as {sorted(form.marks)}"
    if words.language is not form.language:
        yield f"a form in {form.language} made a letter in {words.language}"
    expected = {(name, SAYS[words.language])}
    for text in (words.subject, *(one.text for one in words.paragraphs)):
        if (found := set(MARK.findall(text))) != expected and text != FILLED["reason"]:
            yield f"a letter pinned to {name}, in {words.language}, has a passage of {sorted(found)}"
