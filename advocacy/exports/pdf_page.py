"""What the page templates are told: every word of the letters as data, in the order it is read."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TypedDict

from advocacy.exports.characters import writable
from advocacy.exports.fitting import LAYOUTS, NEWSREADER, OVER_SEVERAL_PAGES, layout_of
from advocacy.exports.form import Post, Wishes
from advocacy.exports.names import number_of
from advocacy.exports.parts import Part, Passage, parts_on_paper
from advocacy.language import Language
from advocacy.legislators.post import HEADING, RULE_HEADING, posting
from advocacy.letters.letter import Letter

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


def asked(letters: Sequence[Letter], wishes: Wishes) -> Asked:
    """Return the letters as the templates read them, as text that JSON can hold."""
    first = letters[0]
    posts = [wishes.post_of(letter) for letter in letters]
    return Asked(
        title=writable(first.subject) if len(letters) == 1 else number_of(letters),
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
    language, how = letter.language, posting(letter.recipient)
    rule = Rule(heading=RULE_HEADING.in_language(language), text=how.rule.in_language(language)) if how.rule else None
    return Sheet(
        heading=HEADING.in_language(language),
        address=[writable(line) for line in letter.recipient_block],
        complete=how.address_known,
        steps=[step.in_language(language) for step in how.steps],
        rule=rule,
    )
