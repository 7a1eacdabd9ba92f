"""What the page templates are told: every word of the letters as data, in the order it is read."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from advocacy.exports.characters import writable
from advocacy.exports.form import Post, Wishes
from advocacy.exports.parts import Part, Passage, parts
from advocacy.language import Language, Wording
from advocacy.legislators.post import HEADING, RULE_HEADING, posting
from advocacy.letters.letter import Letter

# Measured: what a line of a page holds, what stands between two parts, and the least that ran over to a second page.
LINE_OF_PAGE, BETWEEN = 90, 0.4
LINES_OF_PAGE = {Post.NONE: 48, Post.SHEET: 48, Post.WINDOW: 38}

SEVERAL = Wording.of(en="{count} letters", fr="{count} lettres")

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

    `long` tells which letters seem to want a header on later pages, `fewest` how many pages each has if they are wrong.
    """

    title: str
    authors: Sequence[str]
    language: Language
    letters: Sequence[str]
    long: Sequence[bool]
    fewest: Sequence[int]

    def written(self, long: Sequence[bool]) -> bytes:
        """Write it as the templates read it; `long` says which letters have a header on later pages."""
        head = json.dumps(
            {"title": self.title, "authors": self.authors, "language": self.language, "long": long}, ensure_ascii=False
        )
        return f'{head[:-1]}, "letters": [{", ".join(self.letters)}]}}'.encode()


def asked(letters: Sequence[Letter], wishes: Wishes) -> Asked:
    """Give the letters as the templates read them, as text that JSON can hold."""
    first = letters[0]
    several = SEVERAL.spoken(first.language).format(count=len(letters))
    written, long, fewest = zip(*(_written(letter, wishes.post_of(letter)) for letter in letters), strict=True)
    return Asked(
        title=writable(first.subject) if len(letters) == 1 else several,
        authors=list(dict.fromkeys(writable(letter.signature) for letter in letters)),
        language=first.language,
        letters=written,
        long=long,
        fewest=fewest,
    )


def whole_lines(block: Iterable[str]) -> list[str]:
    """Join the lines of an address that were broken only because an envelope is narrow."""
    return _GOES_ON.sub(" ", _AFTER_DASH.sub("", "\n".join(block))).split("\n")


def _written(letter: Letter, post: Post) -> tuple[str, bool, int]:
    """Give a letter's page in JSON, whether it seems long, and how many pages it has if it is short."""
    in_order = list(parts(letter))
    page = Page(
        language=letter.language.value,
        header=[writable(letter.recipient.name or letter.recipient_block[0]), writable(letter.date_line)],
        window=whole_lines(map(writable, letter.recipient_block)) if post is Post.WINDOW else None,
        parts=[_said(part, letter.language) for part in in_order],
        posting=_sheet(letter) if post is Post.SHEET else None,
    )
    return json.dumps(page, ensure_ascii=False), _seems_long(in_order, post), 2 if page["posting"] else 1


def _seems_long(in_order: Iterable[Part], post: Post) -> bool:
    lines = (line for part in in_order for line in part.text.split("\n"))
    return sum(1 + BETWEEN + len(line) // LINE_OF_PAGE for line in lines) >= LINES_OF_PAGE[post]


def _said(part: Part, language: Language) -> Said:
    return Said(role=part.role.value, lines=[_line(line, language) for line in part.lines])


def _line(passages: Iterable[Passage], language: Language) -> Line:
    return [(writable(words), None if spoken is language else spoken.value) for words, spoken in passages]


def _sheet(letter: Letter) -> Sheet:
    language, how = letter.language, posting(letter.recipient)
    rule = Rule(heading=RULE_HEADING.spoken(language), text=how.rule.spoken(language)) if how.rule else None
    return Sheet(
        heading=HEADING.spoken(language),
        address=[writable(line) for line in letter.recipient_block],
        complete=how.address_known,
        steps=[step.spoken(language) for step in how.steps],
        rule=rule,
    )
