"""Bills and their stages typed by hand: a letter takes them from `campaign.toml`, so that they stay true."""

import re
from collections.abc import Iterator, Mapping

from advocacy.campaigns.prose import TAG, Prose, Remark
from advocacy.campaigns.tokens import short
from advocacy.language import Language
from advocacy.problems import complaint

NUMBER = re.compile(
    r"\b[A-Z]-[1-9]\d{0,3}\b(?![-–]\d)|\b(?:[Bb]ills?|[Pp]rojets? de loi)[ \u00a0](?:n[o°][ \u00a0])?\d{1,4}\b"
)
"""What reads as a bill's number: "C-34", "Bill 62"; a postal code or a date does not."""
STAGES: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(
        r"\b(?:(?:first|second|third) reading|royal assent|order paper|report stage"
        r"|(?:before|in|to) (?:a |the )?(?:House |Senate |Commons )?(?:standing )?committee"
        r"|(?:has|have|was|were|been) (?:now |already |just )?(?:passed|adopted|enacted|defeated)"
        r"|became law)\b",
        re.IGNORECASE,
    ),
    Language.FR: re.compile(
        r"\b(?:(?:première|deuxième|seconde|troisième) lecture|sanction royale|feuilleton|étape du rapport"
        r"|(?:au|en|devant (?:le|un)) comité|(?:a|ont) été (?:adopté|sanctionné|rejeté|promulgué)e?s?)\b",
        re.IGNORECASE,
    ),
}
_ASKS_STAGE = re.compile(r"\{%\s*(?:if|elif)\b[^%]*\bbill\.stage\b")
_OPENS, _TURNS, _ENDS = (re.compile(rf"\{{%\s*(?:{words})\b") for words in ("if", "elif|else", "endif"))


def typed_bills(source: str, language: Language, *, names_stage: bool = False) -> Iterator[Remark]:
    """Find the numbers of bills in a text, and the stages that are named outside an `if` on the stage.

    With `names_stage` stages may be named everywhere: the text is used at a known stage alone.
    """
    prose = Prose.of(source)
    for found in NUMBER.finditer(prose.text):
        first, last = prose.span(found.start(), found.end())
        yield Remark(first, complaint("bill-typed", text=short(source[first:last])), last - first)
    known = [] if names_stage else list(_spans_with_stage(source))
    for found in [] if names_stage else STAGES[language].finditer(prose.text):
        first, last = prose.span(found.start(), found.end())
        if not any(start <= first < end for start, end in known):
            yield Remark(first, complaint("stage-typed", text=short(source[first:last])), last - first)


def _spans_with_stage(source: str) -> Iterator[tuple[int, int]]:
    """Find the pieces of a source that come out only at a stage that an `if` asks for."""
    opened: list[int | None] = []
    for tag in TAG.finditer(source):
        if _ENDS.match(tag[0]) or _TURNS.match(tag[0]):
            start = opened.pop() if opened else None
            if start is not None:
                yield start, tag.start()
        if _OPENS.match(tag[0]) or _TURNS.match(tag[0]):
            opened.append(tag.end() if _ASKS_STAGE.match(tag[0]) else None)
