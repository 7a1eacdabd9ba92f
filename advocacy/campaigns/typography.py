"""How each language sets its signs, as rules a letter is held against, each with its mend."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advocacy.language import Language


@dataclass(frozen=True, slots=True)
class Rule:
    """A sign set wrongly: how to find it, what to say, and what to put in its place."""

    pattern: re.Pattern[str]
    sentence: str
    mend: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One place where a rule is broken: the piece `start`–`end`, the sentence, and what should stand there."""

    start: int
    end: int
    sentence: str
    mend: str


def _rule(pattern: str, sentence: str, mend: str) -> Rule:
    return Rule(re.compile(pattern), sentence, mend)


SPACE = r"[ \t\u2009\u202f]"
"""A space of any kind but U+00A0."""

APOSTROPHE = _rule("['´]", "write the apostrophe as ’", "’")
SHARED = (
    APOSTROPHE,
    _rule(r"(?<=[^\s«])  +(?=[^\s%:;!?»])", "one space is enough", " "),
    _rule(r"\.{3,}", "write an ellipsis as one sign", "…"),
)
IN_GUILLEMETS = r"(?=[^«»]{0,300}»)"
GUILLEMETS = "write quotation marks as « and », with no-break spaces inside"
MARKS = "write quotation marks as “ and ”"
RULES: Mapping[Language, tuple[Rule, ...]] = {
    Language.FR: (
        _rule(rf"(?<=[\w»)]){SPACE}*%", "a percent sign takes a no-break space before it", "\u00a0%"),
        _rule(rf"(?<=[^\s:«]){SPACE}*:(?![\d/:])", "a colon takes a no-break space before it", "\u00a0:"),
        _rule(rf"(?<=\d){SPACE}:(?=\d)", "a colon takes a no-break space before it", "\u00a0:"),
        _rule(r"(?<=\d) (?=[$€])", "a no-break space parts an amount from its sign", "\u00a0"),
        _rule(rf"«{SPACE}*(?=\S)", "an opening guillemet takes a no-break space after it", "«\u00a0"),
        _rule(rf"(?<=\S){SPACE}*»", "a closing guillemet takes a no-break space before it", "\u00a0»"),
        _rule(r"(?<=\S)[ \t\u00a0\u2009\u202f]+(?=[;!?])", "no space goes before ; ! ? in Canadian French", ""),
        _rule(r'"(?=\w)', GUILLEMETS, "«\u00a0"),
        _rule(r'"(?!\w)', GUILLEMETS, "\u00a0»"),
        # Inside guillemets, French sets a second quotation in “ and ”.
        _rule(rf"“(?!{IN_GUILLEMETS})", GUILLEMETS, "«\u00a0"),
        _rule(rf"”(?!{IN_GUILLEMETS})", GUILLEMETS, "\u00a0»"),
        _rule(r"(?<=[^\s«])\u202f(?=[^\s%:;!?»])", "write the common no-break space, which mail keeps", "\u00a0"),
        *SHARED,
    ),
    Language.EN: (
        _rule(r"(?<=\w)[ \t\u00a0\u2009\u202f]+(?=%)", "no space goes before a percent sign in English", ""),
        _rule(r"(?<=\S)[ \t\u00a0\u2009\u202f]+(?=[;:!?])", "no space goes before ; : ! ? in English", ""),
        _rule(r'"(?=\w)', MARKS, "“"),
        _rule(r'"(?!\w)', MARKS, "”"),
        _rule(r"«\s?", MARKS, "“"),
        _rule(r"\s?»", MARKS, "”"),
        *SHARED,
    ),
}


def slips(text: str, language: Language) -> Iterator[Slip]:
    """Find every sign that is not set as `language` sets it."""
    for rule in RULES[language]:
        for found in rule.pattern.finditer(text):
            yield Slip(found.start(), found.end(), rule.sentence, rule.mend)
