"""The words of `lexicon.toml`: those of each language, and those that every language shares, compiled when needed."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from advocacy.language import Language
from advocacy.letters.figures.survey_facts import month_numbers
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
    is_negated: bool


class Lexicon:
    """The words of one language; a language that the file does not have has none.

    `has_compound_past` tells that a participle needs an auxiliary to be a verb of the past: « a adopté ».
    """

    def __init__(self, language: Language) -> None:
        table = _tables().get(language.value, {})
        self._predicates: list[Mapping[str, Any]] = table.get("predicate", [])
        self._auxiliaries: list[Mapping[str, Any]] = table.get("auxiliary", [])
        self._modality: Mapping[str, list[str]] = table.get("modality", {})
        self._clitics: list[str] = table.get("clitics", [])
        self._parts = {name: plain(text) for name, text in table.get("parts", {}).items()} | {"bill": BILL}
        self.has_compound_past: bool = table.get("compound_past", False)
        edge = r"[\w']" if table.get("contractions") else r"\w"
        common = "|".join(table.get("common_words", [_NEVER]))
        self.common_words = re.compile(rf"(?<!{edge})(?:{common})(?!{edge})")
        self.title = re.compile(table.get("title", _NEVER))
        self.title_language = re.compile(table.get("title_language", _NEVER))

    @cached_property
    def predicates(self) -> Mapping[Frame, re.Pattern[str]]:
        """What may be said of a bill, a pattern for each frame; its groups are the keys of `senses`."""
        frames: dict[Frame, list[str]] = {}
        for number, entry in enumerate(self._predicates):
            words = "|".join(self._filled(word) for word in entry["words"])
            frames.setdefault(Frame(entry["frame"]), []).append(f"(?P<g{number}>{words})")
        return {frame: self._predicate(frame, "|".join(groups)) for frame, groups in frames.items()}

    @cached_property
    def senses(self) -> Mapping[str, Sense]:
        """The senses of what is said, by the group of its pattern."""
        entries = enumerate(self._predicates)
        return {f"g{number}": Sense(Meaning(one["meaning"]), one.get("negated", False)) for number, one in entries}

    def auxiliary_flags(self, words: str) -> frozenset[Flag] | None:
        """Return what words that stand with a verb make of it, None where they are none of these."""
        return self._literal_auxiliaries.get(words)

    def auxiliary_at_end(self, text: str) -> tuple[str, frozenset[Flag]] | None:
        """Return the words with a verb that a text ends with, of those that are patterns, and what they make of it."""
        if found := self._auxiliary_pattern.search(text):
            return found[0], frozenset(map(Flag, self._auxiliaries[int((found.lastgroup or "")[1:])]["flags"]))
        return None

    @cached_property
    def _literal_auxiliaries(self) -> Mapping[str, frozenset[Flag]]:
        words = ((word, entry) for entry in self._auxiliaries for word in map(self._filled, entry["words"]))
        return {word: frozenset(map(Flag, entry["flags"])) for word, entry in words if _LITERAL.fullmatch(word)}

    @cached_property
    def _auxiliary_pattern(self) -> re.Pattern[str]:
        groups = []
        for number, entry in enumerate(self._auxiliaries):
            if patterns := [word for word in map(self._filled, entry["words"]) if not _LITERAL.fullmatch(word)]:
                groups.append(f"(?P<g{number}>{'|'.join(patterns)})")
        return re.compile(rf"(?:^|(?<![\w'-])|(?<=')){_group('|'.join(groups) or _NEVER)}$")

    @cached_property
    def modality(self) -> Mapping[str, re.Pattern[str]]:
        """Words that make a clause a fact, leave it open, report it or call it untrue, by the name of their list."""
        words = {name: [self._filled(word) for word in entries] for name, entries in self._modality.items()}
        nonfactual = [*words.get("nonfactual", []), *words.get("retracted", [])]
        lists = {name: words.get(name, []) for name in ("factive", "reporting", "called_untrue", "question")}
        longest_first = {
            name: "|".join(sorted(entries, key=len, reverse=True)) or _NEVER
            for name, entries in (lists | {"nonfactual": nonfactual}).items()
        }
        found = {name: re.compile(rf"(?<![\w-])(?:{entries})(?![\w])") for name, entries in longest_first.items()}
        negated = "|".join(words.get("negated_reporting", [_NEVER]))
        return found | {"negated_reporting": re.compile(rf"(?<![\w'])(?:{negated})")}

    @cached_property
    def place(self) -> re.Pattern[str]:
        """A step or a chamber that a bill goes through."""
        return re.compile(rf"(?<![\w'-]){self._filled('{place}')}(?![\w'])")

    @cached_property
    def parts(self) -> Mapping[str, re.Pattern[str]]:
        """The names of steps and chambers, each kind by itself."""
        return {name: re.compile(self._filled(f"{{{name}}}")) for name in ("reading", "committee", "senate", "house")}

    def _predicate(self, frame: Frame, words: str) -> re.Pattern[str]:
        """Return the pattern of a frame; where somebody acts, the bill is its object, or a clitic before the verb."""
        if frame not in AGENT_FRAMES:
            return re.compile(rf"(?<![\w-]){_group(words)}(?![\w])")
        between = rf"(?:(?:{'|'.join(_shared('between_verb_and_bill'))}) )*(?:le |la |ce |l'|du |de |d')?"
        clitic = rf"(?P<clitic>{_group('|'.join(self._clitics))})?" if self._clitics else ""
        # Without an object, the bill may have been named before: "C-34, which Parliament passed".
        named_before = "|(?(clitic)|(?!))" if clitic else ""
        if frame in (Frame.AGENT_PAST, Frame.AGENT_FINITE):
            named_before = "|(?P<none>)"
        object_ = rf"(?: ?{between}(?P<object>{BILL})| (?P<it>it\b(?!')){named_before})"
        return re.compile(rf"(?<![\w-]){clitic}{_group(words)}(?![\w]){object_}")

    def _filled(self, text: str) -> str:
        """Put the language's parts in the place of their names: "{house}"."""
        text = plain(text)
        while _PART.search(text):
            text = _PART.sub(lambda found: self._parts.get(found[1], _NEVER), text)
        return text


_PART = re.compile(r"\{([a-z_]+)\}")
_LITERAL = re.compile(r"[\w' -]+")
_NEVER = r"(?!)"


@cache
def lexicon(language: Language) -> Lexicon:
    return Lexicon(language)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return what finds one of the words of a list that the languages share."""
    return re.compile(rf"(?<![\w']){_group('|'.join(_shared(name)))}(?![\w])")


@cache
def regex(name: str) -> re.Pattern[str]:
    """Return a whole expression, `module.name` in the file."""
    module, _, key = name.partition(".")
    return re.compile(_PART.sub(lambda found: fragment(found[1]), _tables()["patterns"][module][key]))


def fragment(name: str) -> str:
    """Return what is in an expression for {name}: a placeholder, a fragment, or a list of words."""
    if fixed := {"named": NAMED, "bill": BILL, "other": OTHER}.get(name):
        return fixed
    tables = _tables()
    if name == "month":
        return _either(months())
    if name in tables["dates"]:
        return _either(tables["dates"][name])
    if name in tables["shared"]:
        return _group("|".join(_shared(name)))
    if name not in tables["fragments"]:
        return alternatives(name)
    text: str | list[str] = tables["fragments"][name]
    return _PART.sub(lambda found: fragment(found[1]), text if isinstance(text, str) else _group("|".join(text)))


@cache
def months() -> Mapping[str, int]:
    """Return the names of months, whole and short, with their numbers."""
    return {**month_numbers(), **date_words("months")}


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def pattern_at_start(name: str) -> re.Pattern[str]:
    """Return what matches one of the words of a shared list, for the start of a text."""
    return re.compile(rf"{_group('|'.join(_shared(name)))}(?![\w])")


@cache
def _pattern_at_end(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<![\w'-])|(?<=[ldnu]')){_group('|'.join(_shared(name)))} ?$")


def find_ending(text: str, name: str, *, within: int = 36) -> int | None:
    """Return where the shared words that a text ends with begin, None without any, none being longer than `within`."""
    first = max(0, len(text) - within)
    found = _pattern_at_end(name).search(text[first:])
    return first + found.start() if found else None


@cache
def aside_pattern() -> re.Pattern[str]:
    """Return what finds the asides that a sentence goes on after: ", I think,"."""
    return re.compile(rf", ?{_group('|'.join(_tables()['asides']['words']))}(?=,|$),?")


@cache
def alternatives(name: str) -> str:
    """Return the words by which bills are named, by the name of their list, as one group of a pattern."""
    return _group("|".join(_tables()["names"][name]))


def date_words(name: str) -> Any:
    """Return a table of the words by which days are named, with what they stand for."""
    return _tables()["dates"][name]


def _shared(name: str) -> list[str]:
    words: list[str] = _tables()["shared"][name]
    return words


def _group(text: str) -> str:
    return f"(?:{text})"


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
