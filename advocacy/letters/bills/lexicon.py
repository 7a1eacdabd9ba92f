"""The words of `lexicon.toml`, compiled once for each language."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from advocacy.language import Language
from advocacy.numerals import plain

FIRST_BILL, LAST_BILL, OTHER = "\ue100", "\ue1ff", "\ue000"
"""Characters that stand for the bills of the campaign, one for each, and for any other bill or law."""
BILL = "[\ue100-\ue1ff]+"
NAMED = r"([\ue000\ue100-\ue1ff])\1*"
"""Anything that is named, as one group."""


class Frame(StrEnum):
    """How something is said of a bill."""

    ACTIVE = "active"
    """The bill did it: "C-34 has passed"."""
    PASSIVE = "passive"
    """It was done to the bill: "C-34 was adopted"."""
    STATE = "state"
    """What or where the bill is: "C-34 is in committee"."""
    PRESENT = "present"
    """What the bill does: "C-34 awaits Royal Assent"."""
    INFINITIVE = "infinitive"
    """A bare verb after "did not", "will" or "yet to"."""
    FUTURE = "future"
    """French: "C-34 deviendra loi"."""
    AGENT_PAST = "agent-past"
    """Somebody did it to the bill, which is named after the verb: "Parliament has passed C-34"."""
    AGENT_FINITE = "agent-finite"
    """French, without an auxiliary: "le Parlement adopta C-34"."""
    AGENT_PRESENT = "agent-present"
    """Somebody does it: "a committee is studying C-34"."""
    AGENT_INFINITIVE = "agent-infinitive"
    """A bare verb: "Parliament did not pass C-34", "decided to withdraw C-34"."""
    AGENT_FUTURE = "agent-future"
    """French: "le gouvernement déposera C-34"."""
    AGENT_GERUND = "agent-gerund"
    """"Thank you for passing C-34"."""
    NOUN = "noun"
    """"Since the adoption of C-34"."""
    PHRASE = "phrase"
    """Words that name the bill among them: "all that C-34 lacks is Royal Assent"."""


AGENT_FRAMES = frozenset(frame for frame in Frame if frame.value.startswith("agent"))


class Meaning(StrEnum):
    """What is said of a bill."""

    INTRODUCED = "introduced"
    AT = "at"
    REACHED = "reached"
    THROUGH = "through"
    AWAITS = "awaits"
    BACK = "back"
    STUDIED = "studied"
    STUDYING = "studying"
    HOLDS = "holds"
    LIVE = "live"
    DRAFT = "draft"
    VOTED_ON = "voted-on"
    VOTED_FOR = "voted-for"
    PASSED = "passed"
    """Through Parliament, or through what is named beside it."""
    WON = "won"
    LAW = "law"
    IN_FORCE = "in-force"
    AWAITS_ASSENT = "awaits-assent"
    DEAD = "dead"
    DEFEATED = "defeated"
    ALIVE = "alive"


class Flag(StrEnum):
    """What the words before a verb make of it."""

    BE = "be"
    BARE = "bare"
    PAST = "past"
    HAVE = "have"
    DO = "do"
    FUTURE = "future"
    OPEN = "open"
    NOT = "not"
    STILL = "still"
    YET = "yet"
    NO_LONGER = "no-longer"
    FAILED = "failed"
    HEDGED = "hedge"
    ALMOST = "almost"
    ONLY = "only"
    FIRST = "first"
    SUBJUNCTIVE = "subjunctive"
    INVERTED = "inverted"


@dataclass(frozen=True, slots=True)
class Sense:
    """A meaning, or its contrary."""

    meaning: Meaning
    is_denied: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    `said` finds what is said of a bill, a pattern for each frame, and `senses` tells the sense by the group that
    matched. `helpers` are the words that go with a verb, with what they make of it; `helper` finds those among them
    that are patterns, and `flags` tells the same of them, by group.
    """

    language: Language
    said: Mapping[Frame, re.Pattern[str]]
    senses: Mapping[str, Sense]
    helpers: Mapping[str, frozenset[Flag]]
    helper: re.Pattern[str]
    flags: Mapping[str, frozenset[Flag]]
    mood: Mapping[str, re.Pattern[str]]
    place: re.Pattern[str]
    parts: Mapping[str, re.Pattern[str]]


_PART = re.compile(r"\{([a-z_]+)\}")
_LITERAL = re.compile(r"[\w' -]+")
_NO_WORD = r"(?!)"


@cache
def lexicon(language: Language) -> Lexicon:
    """Return the words of a language."""
    table = _tables()[language.value]
    parts = {name: plain(text) for name, text in table["parts"].items()} | {"bill": BILL}
    senses, frames = {}, dict[Frame, list[str]]()
    for number, entry in enumerate(table["said"]):
        senses[f"g{number}"] = Sense(Meaning(entry["means"]), entry.get("denied", False))
        either = "|".join(_filled(word, parts) for word in entry["words"])
        frames.setdefault(Frame(entry["frame"]), []).append(f"(?P<g{number}>{either})")
    helpers, flags, patterns = dict[str, frozenset[Flag]](), dict[str, frozenset[Flag]](), []
    for number, entry in enumerate(table["helper"]):
        given = frozenset(Flag(flag) for flag in entry["flags"])
        words = [_filled(word, parts) for word in entry["words"]]
        helpers |= {word: given for word in words if _LITERAL.fullmatch(word)}
        if patterned := [word for word in words if not _LITERAL.fullmatch(word)]:
            patterns.append(f"(?P<g{number}>{'|'.join(patterned)})")
            flags[f"g{number}"] = given
    mood = table["mood"]
    return Lexicon(
        language,
        {frame: _said(frame, "|".join(groups), language) for frame, groups in frames.items()},
        senses,
        helpers,
        re.compile(rf"(?:^|(?<![\w'-])|(?<=')){_group('|'.join(patterns))}$"),
        flags,
        {
            "fact": _words(mood["fact"], parts),
            "open": _words([*mood["open"], *mood["unsaid"]], parts),
            "said": _words(mood["said"], parts),
            "denied": re.compile(rf"(?<![\w'])(?:{'|'.join(plain(word) for word in mood['denied_said'])})"),
            "untrue": _words(mood["untrue"], parts),
            "question": _words(mood.get("question", [_NO_WORD]), parts),
        },
        re.compile(rf"(?<![\w'-]){_filled('{place}', parts)}(?![\w'])"),
        {name: re.compile(_filled(f"{{{name}}}", parts)) for name in ("reading", "committee", "senate", "house")},
    )


@cache
def anywhere(name: str) -> re.Pattern[str]:
    """Return a pattern that finds one of the words that both languages share, by the name of their list."""
    return re.compile(rf"(?<![\w']){_group('|'.join(_tables()['shared'][name]))}(?![\w])")


@cache
def _at_end(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<![\w'-])|(?<=[ldnu]')){_group('|'.join(_tables()['shared'][name]))} ?$")


@cache
def asides() -> re.Pattern[str]:
    """Return a pattern of the asides that a sentence goes on after: ", I think,"."""
    return re.compile(rf", ?{_group('|'.join(_tables()['asides']['words']))}(?=,|$),?")


def ends(text: str, name: str, *, within: int = 36) -> int | None:
    """Return where the shared words that a text ends with begin, None without any, none being longer than `within`."""
    first = max(0, len(text) - within)
    found = _at_end(name).search(text[first:])
    return first + found.start() if found else None


@cache
def at_start(name: str) -> re.Pattern[str]:
    """Return a pattern that matches one of the shared words, for the start of a text."""
    return re.compile(rf"{_group('|'.join(_tables()['shared'][name]))}(?![\w])")


@cache
def one_of(name: str) -> str:
    """Return the words by which bills are named, by their name in the file, as one group of a pattern."""
    return _group("|".join(_tables()["names"][name]))


def _said(frame: Frame, either: str, language: Language) -> re.Pattern[str]:
    """Return the pattern of a frame; where somebody acts, the bill is its object, or in French a clitic before it."""
    if frame not in AGENT_FRAMES:
        return re.compile(rf"(?<![\w-]){_group(either)}(?![\w])")
    words = _tables()["shared"]
    between = rf"(?:(?:{'|'.join(words['between_verb_and_bill'])}) )*(?:le |la |ce |l'|du |de |d')?"
    clitic = rf"(?P<clitic>{_group('|'.join(words['clitics']))})?" if language is Language.FR else ""
    # Without an object, the bill may have been named before: "C-34, which Parliament passed".
    named_before = (
        "|(?P<none>)" if frame in (Frame.AGENT_PAST, Frame.AGENT_FINITE) else "|(?(clitic)|(?!))" if clitic else ""
    )
    object_ = rf"(?: ?{between}(?P<object>{BILL})| (?P<it>it\b(?!')){named_before})"
    return re.compile(rf"(?<![\w-]){clitic}{_group(either)}(?![\w]){object_}")


def _filled(text: str, parts: Mapping[str, str]) -> str:
    text = plain(text)
    while _PART.search(text):
        text = _PART.sub(lambda found: parts[found[1]], text)
    return text


def _group(text: str) -> str:
    return f"(?:{text})"


def _words(words: Iterable[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    filled = sorted((_filled(word, parts) for word in words), key=len, reverse=True)
    return re.compile(rf"(?<![\w-]){_group('|'.join(filled))}(?![\w])")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
