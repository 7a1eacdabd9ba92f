"""What the checks say, in the language of whoever reads it: the same pieces, in words of their own.

The checks speak English. `problem_words.toml` has every sentence of theirs, with places for the pieces of a text.
"""

import re
from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, NamedTuple

from markupsafe import Markup
from pydantic import Field as Limit

from advocacy.language import Language, Wording, speak_date, speak_number
from advocacy.toml_source import Frozen, read

FILE = "problem_words.toml"
OF_THE_CHECKS = Language.EN
"""The language that the checks speak."""
PLACE = re.compile(r"<(?P<name>[a-z_]+)(?::(?P<kind>[a-z_]+))?>")
ANYTHING = r".*?"
LONGEST = 5_000
"""Characters of a sentence, at most, which bounds the work that its pieces can ask for; a longer one stays English."""
SENTENCE = ""
"""The kind of a whole sentence."""
QUOTED = Wording.of(en="“{}”", fr="«\u00a0{}\u00a0»")
_QUOTATION = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def spoken(sentence: str, language: Language) -> str:
    """Give a sentence of the checks in `language`; one that is not known stays in English."""
    return _spoken(sentence, language) or sentence


def is_spoken(sentence: str, language: Language) -> bool:
    """Tell whether a sentence of the checks has words in `language`, and is not left in English."""
    return language is OF_THE_CHECKS or _spoken(sentence, language) is not None


def on_page(sentence: str, language: Language) -> str:
    """Give a sentence of the checks for a page in `language`; one that stays in English is marked as English."""
    return spoken(sentence, language) if is_spoken(sentence, language) else in_english(sentence)


def in_english(words: str) -> Markup:
    """Mark words as English, on a page of another language."""
    return Markup('<span lang="{}">{}</span>').format(OF_THE_CHECKS.value, words)


class ProblemWords(Frozen):
    """The table: whole sentences, and by their kind the wordings that a place in them can hold."""

    sentences: Annotated[tuple[Wording, ...], Limit(alias="sentence")]
    places: Annotated[Mapping[str, tuple[Wording, ...]], Limit(alias="place")]


@cache
def problem_words() -> ProblemWords:
    """Read the table; raise TomlProblems."""
    text = files("advocacy.web.staff").joinpath(FILE).read_text(encoding="utf-8")
    return read(text, ProblemWords, file=FILE)


class Written(NamedTuple):
    """A kind of piece that each language writes in its own way: how the checks write it, and how it is said."""

    pattern: str
    speak: Callable[[str, Language], str]


def _number(text: str, language: Language) -> str:
    return speak_number(int(text.replace(",", "")), language)


def _day(text: str, language: Language) -> str:
    return speak_date(date.fromisoformat(text), language)


def _quoted(text: str, language: Language) -> str:
    """Write quotation marks as the language does around each piece that Python quotes."""
    return _QUOTATION.sub(lambda found: QUOTED.spoken(language).format(found[1] or found[2] or ""), text)


def _keys(text: str, _language: Language) -> str:
    """Write the key of a table as TOML does, "choices.role"; the checks give it as Python does."""
    return ".".join(literal_eval(text))


WRITTEN: Mapping[str, Written] = {
    "number": Written(r"\d[\d,]*", _number),
    "day": Written(r"\d{4}-\d\d-\d\d", _day),
    "listed": Written(r"'[^']*'(?:, '[^']*')*", _quoted),
    "quoted": Written(r"'[^']*'|\"[^\"]*\"", _quoted),
    "keys": Written(r"\((?:'[^']*'(?:, |,?(?=\))))+\)", _keys),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One wording of the table: how it is recognized, what it says, and the kind of each of its places."""

    pattern: re.Pattern[str]
    wording: Wording
    kinds: Mapping[str, str]

    def said(self, sentence: str, language: Language) -> str | None:
        """Say the sentence in `language`; None where it is not of this shape."""
        found = self.pattern.fullmatch(sentence)
        if found is None:
            return None
        held = {name: _piece(found[name], kind, language) for name, kind in self.kinds.items()}
        return PLACE.sub(lambda place: held[place["name"]], self.wording.spoken(language))


@lru_cache(maxsize=1024)
def _spoken(sentence: str, language: Language) -> str | None:
    if language is OF_THE_CHECKS:
        return sentence
    return _first(sentence, SENTENCE, language) if len(sentence) <= LONGEST else None


def _first(text: str, kind: str, language: Language) -> str | None:
    said = (shape.said(text, language) for shape in shapes(kind))
    return next((found for found in said if found is not None), None)


def _piece(text: str, kind: str, language: Language) -> str:
    if kind in WRITTEN:
        return WRITTEN[kind].speak(text, language)
    if kind in problem_words().places:
        return _first(text, kind, language) or text
    return text


@cache
def shapes(kind: str) -> Sequence[Shape]:
    """Give the wordings of a kind, ready to be recognized."""
    words = problem_words()
    return [_shape(wording) for wording in (words.places[kind] if kind else words.sentences)]


def _shape(wording: Wording) -> Shape:
    text = wording.spoken(OF_THE_CHECKS)
    pattern = re.compile(_pattern(text, named=True), re.DOTALL)
    return Shape(pattern, wording, {place["name"]: _kind(place) for place in PLACE.finditer(text)})


def _pattern(text: str, *, named: bool = False) -> str:
    """Write a wording as a pattern; only the places of a whole wording are named, not those within its places."""
    parts, end = [], 0
    for place in PLACE.finditer(text):
        opened = f"(?P<{place['name']}>" if named else "(?:"
        parts += [re.escape(text[end : place.start()]), f"{opened}{_held(_kind(place))})"]
        end = place.end()
    return "".join([*parts, re.escape(text[end:])])


def _held(kind: str) -> str:
    """Write what a place of a kind can hold as a pattern."""
    if kind in WRITTEN:
        return WRITTEN[kind].pattern
    wordings = problem_words().places.get(kind, ())
    return "|".join(_pattern(wording.spoken(OF_THE_CHECKS)) for wording in wordings) or ANYTHING


def _kind(place: re.Match[str]) -> str:
    return place["kind"] or place["name"]
