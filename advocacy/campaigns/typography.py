"""How each language sets its signs, as rules a letter is held against, each with its mend."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advocacy.language import Language


@dataclass(frozen=True, slots=True)
class Rule:
    """A sign set wrongly: how to find it, what to say, and what to put in its place (a template of `re.expand`)."""

    pattern: re.Pattern[str]
    sentence: str
    mend: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One place where a rule is broken: the offset in the text, the sentence, and the piece as it should be."""

    start: int
    sentence: str
    mended: str


def _rule(pattern: str, sentence: str, mend: str) -> Rule:
    return Rule(re.compile(pattern), sentence, mend)


SHARED = (
    _rule(r"(?<=\S)  +(?=\S)", "one space is enough", " "),
    _rule(r"\.\.\.", "write an ellipsis as one sign", "…"),
)
RULES: Mapping[Language, tuple[Rule, ...]] = {
    Language.FR: (
        _rule(
            r"(?<=[^\s\u00a0])(?: ?)%", "a percent sign takes a no-break space before it (U+00A0)", "\u00a0%"
        ),
        _rule(
            r"(?<=[^\W\d_])(?: ?):(?=\s|$)", "a colon takes a no-break space before it (U+00A0)", "\u00a0:"
        ),
        _rule(
            r"« ?(?=[^\s\u00a0])", "an opening guillemet takes a no-break space after it (U+00A0)", "«\u00a0"
        ),
        _rule(
            r"(?<=[^\s\u00a0])(?: ?)»",
            "a closing guillemet takes a no-break space before it (U+00A0)",
            "\u00a0»",
        ),
        _rule(r"[ \u00a0\u202f]+([;!?])", "no space goes before ; ! ? in Canadian French", r"\1"),
        _rule("'", "write the apostrophe as ’ (U+2019)", "’"),
        _rule(r"[\"“”]([^\"“”]*)[\"“”]", "write quotation marks as guillemets", "«\u00a0\\1\u00a0»"),
        _rule(r"\u202f", "write the no-break space as U+00A0, which plain-text mail keeps", "\u00a0"),
        *SHARED,
    ),
    Language.EN: (
        _rule(r"(?<=\w)[ \u00a0]+%", "no space goes before a percent sign in English", "%"),
        _rule(r"[ \u00a0]+([;:!?])", "no space goes before ; : ! ? in English", r"\1"),
        _rule("'", "write the apostrophe as ’ (U+2019)", "’"),
        _rule('"([^"]*)"?', "write quotation marks as “ and ”", "“\\1”"),
        *SHARED,
    ),
}


def slips(text: str, language: Language) -> Iterator[Slip]:
    """Find every sign that is not set as `language` sets it."""
    for rule in RULES[language]:
        for found in rule.pattern.finditer(text):
            yield Slip(found.start(), rule.sentence, found.expand(rule.mend))
