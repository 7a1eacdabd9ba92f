"""The words of `lexicon.toml`, compiled once for each language."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from advocacy.language import Language
from advocacy.numerals import plain

FIRST_BILL, OTHER = "\ue100", "\ue000"
"""Characters that stand for a bill of the campaign (one for each, from here on), and for any other bill or law."""
BILL = "[\ue100-\ue1ff]+"
_PART = re.compile(r"\{([a-z_]+)\}")
_FILLER = {
    Language.EN: r"(?:(?:all|most|much|part|each clause) of |(?:now|currently|closely|carefully|again|also|formally|officially|finally|unanimously|yesterday|already|recently|quickly|"
    r"overwhelmingly|narrowly|last \w+|this \w+|the whole of|in \w+|on \w+ \d+|at (?:second|third) reading) )*",
    Language.FR: r"(?:(?:hier|enfin|finalement|deja|maintenant|presentement|actuellement|desormais|toujours|encore|aussi|ensemble|attentivement|en ce moment|serieusement|article par article|a l'unanimite|la semaine (?:derniere|passee)|le mois (?:dernier|passe)|"
    r"le \d+ \w+|en \w+|en (?:deuxieme|troisieme) lecture|massivement|rapidement|officiellement|recemment|tout|"
    r"aujourd'hui|cet automne|sans amendement|l'an dernier) )*(?:le |la |ce |l')?",
}
_CLITIC = r"(?:l'(?:a|ont|avait|avaient|as|avez|aurait)|(?:vient|viennent|venait|venez) de l')(?: ?\b(?:deja|enfin|finalement|bien|tous|toutes|ensuite|aussi|donc|pas|pas encore|toujours pas|jamais))* ?"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    `said` finds what is said of a bill, a pattern for each frame; `means` names the meanings by their groups. `glue`
    finds the last word before a place, and `flags` what it makes of the statement, by group too.
    """

    said: Mapping[str, re.Pattern[str]]
    means: Mapping[str, str]
    glue: re.Pattern[str]
    flags: Mapping[str, frozenset[str]]
    fact: re.Pattern[str]
    open: re.Pattern[str]
    known: re.Pattern[str]
    denied: re.Pattern[str]
    untrue: re.Pattern[str]
    question: re.Pattern[str]
    place: re.Pattern[str]
    steps: Mapping[str, re.Pattern[str]]


@cache
def lexicon(language: Language) -> Lexicon:
    """Return the words of a language."""
    tables = _tables()[language.value]
    parts = {name: plain(text) for name, text in tables["parts"].items()} | {"bill": BILL}
    means: dict[str, str] = {}
    frames: dict[str, list[str]] = {}
    for number, entry in enumerate(tables["said"]):
        group = f"g{number}"
        means[group] = entry["means"]
        words = "|".join(_filled(word, parts) for word in entry["words"])
        frames.setdefault(entry["frame"], []).append(f"(?P<{group}>{words})")
    flags = {f"g{number}": frozenset(entry["flags"]) for number, entry in enumerate(tables["glue"])}
    glue = "|".join(
        f"(?P<g{number}>{_either(entry['words'], parts, longest=True)})" for number, entry in enumerate(tables["glue"])
    )
    mood = tables["mood"]
    return Lexicon(
        {frame: _compiled(frame, groups, language) for frame, groups in frames.items()},
        means,
        re.compile(rf"(?:^|(?<![\w'’-])|(?<=')|(?='))(?:{glue}),? ?$"),
        flags,
        _words(mood["fact"], parts),
        _words([*mood["open"], *mood["unsaid"]], parts),
        _words(mood["said"], parts),
        re.compile(rf"(?<![\w'])(?:{'|'.join(plain(word) for word in mood['denied_said'])})"),
        _words(mood["untrue"], parts),
        _words(mood["question"] or ["\ue0ff"], parts),
        re.compile(rf"(?<![\w'-]){_filled('{place}', parts)}(?![\w'])"),
        {name: re.compile(_filled(f"{{{name}}}", parts)) for name in ("reading", "report", "committee", "senate", "house", "parliament")},
    )


def _compiled(frame: str, groups: list[str], language: Language) -> re.Pattern[str]:
    either = "|".join(groups)
    before = r"(?<![\w-])" if language is Language.EN else r"(?<![\w])"
    if frame.startswith("act"):
        clitic = rf"(?P<clitic>{_CLITIC})?" if language is Language.FR else ""
        rest = "|(?P<none>)" if frame in ("acts", "acts-past") else "|(?(clitic)|(?!))" if clitic else ""
        after = rf"(?: {_FILLER[language]}(?P<object>{BILL}|it\b(?!'))| ?{_FILLER[language]}(?P<object2>{BILL}){rest})"
        return re.compile(rf"{before}{clitic}(?:{either})(?![\w]){after}")
    return re.compile(rf"{before}(?:{either})(?![\w])")


def _filled(text: str, parts: Mapping[str, str]) -> str:
    text = plain(text)
    while _PART.search(text):
        text = _PART.sub(lambda found: parts[found[1]], text)
    return text


def _either(words: Iterable[str], parts: Mapping[str, str], *, longest: bool = False) -> str:
    filled = [_filled(word, parts) for word in words]
    return "|".join(sorted(filled, key=len, reverse=True) if longest else filled)


def _words(words: Iterable[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    filled = sorted((_filled(word, parts) for word in words), key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(filled)})(?![\w])")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
