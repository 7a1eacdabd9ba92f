"""Words joined by a point alone: a web address, a file, an abbreviation, or two sentences with no space between.

Each run of labels and points is judged by the first of `_RULES` that fits it; one that fits none lacks a space. The
words by which it is judged, and all expressions of this package, stand in `address_words.toml`.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self, TypeAlias

from advocacy.letters.text_cleaning import SOFT_POINT, PlainText, to_plain_text, without_lookalikes
from advocacy.messages import Message, message


class BlockedKind(StrEnum):
    """What was found."""

    MISSING_SPACE = "missing_space"  # a point between two sentences; the span is the point itself
    CODE = "code"  # a key to a file share, or an account in a messaging service
    FILE = "file"  # a file's name or path
    ADDRESS = "address"  # an e-mail address
    CONTACT = "contact"  # a username, or a telephone number to write to
    LINK = "link"  # a link, a domain or an IP address


BLOCKED_LINK = message(
    "Your text contains a link or a web address. For everyone’s safety we cannot send or keep it. Remove it to "
    "continue."
)
BLOCKED_EMAIL = message(
    "Your text contains an e-mail address. For everyone’s safety we cannot send or keep it. Remove it to continue."
)
BLOCKED_CONTACT = message(
    "Your text contains a username or telephone number. For everyone’s safety we cannot send or keep it. Remove it to "
    "continue."
)
MISSING_SPACE = message(
    "Put a space after the period that ends the sentence: without it, the two words read like a web address."
)


@dataclass(frozen=True, slots=True)
class BlockedSpan:
    """A place in a text: `start` and `end` count characters as typed. It holds none of the text."""

    kind: BlockedKind
    start: int
    end: int

    @property
    def message(self) -> Message:
        others = {
            BlockedKind.MISSING_SPACE: MISSING_SPACE,
            BlockedKind.ADDRESS: BLOCKED_EMAIL,
            BlockedKind.CONTACT: BLOCKED_CONTACT,
        }
        return others.get(self.kind, BLOCKED_LINK)

    @property
    def is_address(self) -> bool:
        """Whether the place leads somewhere, as a mere missing space does not."""
        return self.kind is not BlockedKind.MISSING_SPACE

    def quoted_from(self, text: str) -> str:
        """Return the words in which the place stands, of one line: for a missing space, the two that it joins."""
        words = text[self.start : self.end].partition("\n")[0]
        if self.kind is BlockedKind.MISSING_SPACE:
            before, after = text[: self.start].rsplit(maxsplit=1), text[self.end :].split(maxsplit=1)
            return f"{before[-1]}{words}{after[0]}"
        return words

    def joined(self, other: Self) -> Self:
        """Return one place for two that overlap, of the wider's kind; a missing space yields to an address."""
        if self.is_address != other.is_address:
            return self if self.is_address else other
        wider = max(self, other, key=lambda place: place.end - place.start)
        return type(self)(wider.kind, min(self.start, other.start), max(self.end, other.end))


_BRACKETED = r"\s{0,3}[\[({<]\s{0,3}(?:[.·]|dot|d0t|point|punto|punkt)\s{0,3}[\])}>]\s{0,3}"
_POINT = rf"[.·]|{_BRACKETED}|\[\.|\.\]|%2e|&\#0{{0,3}}46;|&\#x0{{0,3}}2e;|&period;|\\\.|\\u002e"
_LABEL = r"\w[\w-]{0,62}+"  # a label has at most 63 signs, and the bound keeps “a-a-a-…” linear
_RUN = re.compile(rf"(?<!\w){_LABEL}(?:(?:{_POINT}){_LABEL})++", re.I)
_PARTS = re.compile(rf"({_POINT})", re.I)
_REFERENCE = re.compile(r"\{([a-z_.]+)\}")
_WORD = re.compile(r"[\w-]+")
_FUNCTION_WORDS = frozenset(
    ["to", "on", "at", "the", "sur", "à", "le", "la", "les", "it", "out", "there", "also", "and", "et"]
)
_ROMAN = re.compile(r"[ivx]++")
_TAIL = re.compile(r"(?::\d{1,5})?(?:[/?#][^\s,;<>\"»”)\]]{0,200})?")  # bounded: a long chain of hosts stays linear
_OCTET = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{2,3}|25[0-5]|2[0-4]\d|1?\d?\d", re.I)
_CASE_MATTERS = {"names.as_written", "names.companies"}


@cache
def words(name: str) -> frozenset[str]:
    """Return a list, `table.name` in the file, its words folded as texts are before they are compared."""
    table, _, key = name.partition(".")
    listed: str = tables()[table][key]
    return frozenset((listed if name in _CASE_MATTERS else to_plain_text(listed.casefold()).text).split())


@cache
def expression(name: str) -> re.Pattern[str]:
    return compiled(tables()["expressions"][name])


def compiled(text: str) -> re.Pattern[str]:
    """Compile an expression of the file, its lists and fragments filled in."""
    return re.compile(_filled(text), re.I)


def _filled(text: str) -> str:
    return _REFERENCE.sub(lambda found: _referred(found[1]), text)


def _referred(name: str) -> str:
    """Return any of the words of a list, "_" being the space between two, or a fragment."""
    if "." not in name:
        return _filled(tables()["fragments"][name])
    listed = sorted(words(name), key=len, reverse=True)
    return "|".join(re.escape(word).replace("_", r"[\s_-]{1,2}") for word in listed)


@cache
def tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "address_words.toml").read_text(encoding="utf-8"))


@cache
def _top_level() -> frozenset[str]:
    kinds = ("never_words", "also_words", "countries", "others", "other_scripts")
    return frozenset().union(*(words(f"endings.{kind}") for kind in kinds))


@dataclass(frozen=True)
class Run:
    """Labels and the points between: `points[n]` follows `labels[n]`, `after` is the sign behind, `before` the verb."""

    labels: tuple[str, ...]
    points: tuple[str, ...]
    after: str
    before: str = ""

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The labels without case."""
        return tuple(label.casefold() for label in self.labels)

    @property
    def whole(self) -> str:
        return "".join(part for pair in zip(self.labels, (*self.points, ""), strict=True) for part in pair)

    @property
    def last(self) -> str:
        return self.labels[-1]


_Rule: TypeAlias = Callable[[Run], bool]


def find_domains(seen: PlainText) -> Iterator[BlockedSpan]:
    """Find every run of labels that a sentence would not hold."""
    for match in _RUN.finditer(seen.text):
        parts = _PARTS.split(match[0])
        words_before = map(str.casefold, _WORD.findall(seen.text, max(0, match.start() - 40), match.start()))
        run = Run(
            tuple(parts[0::2]),
            tuple(parts[1::2]),
            after=seen.text[match.end() : match.end() + 1],
            before=next((word for word in reversed([*words_before]) if word not in _FUNCTION_WORDS), ""),
        )
        kind = judge(run)
        if kind is BlockedKind.MISSING_SPACE:
            yield from _gaps(seen, match.start(), parts)
        elif kind:
            tail = _TAIL.match(seen.text, match.end()) if kind is BlockedKind.LINK else None
            end = seen.trimmed(match.start(), (tail or match).end())
            yield BlockedSpan(kind, *seen.span(match.start(), end))


def judge(run: Run) -> BlockedKind | None:
    """Return what the run is, or None for what an ordinary sentence holds. The first rule that fits decides."""
    return next((kind for rule, kind in _RULES if rule(run)), BlockedKind.MISSING_SPACE)


def is_top_level(label: str) -> bool:
    """Whether an address can end so, in its own script or in one that passes for it."""
    return label.casefold() in _top_level() or (not label[0].isdigit() and without_lookalikes(label) in _top_level())


def _gaps(seen: PlainText, start: int, parts: list[str]) -> Iterator[BlockedSpan]:
    """Return the points a space is wanted after: those before a whole word."""
    for label, point, following in zip(parts[0::2], parts[1::2], parts[2::2], strict=False):
        start += len(label)
        if len(following) > 1 and not following[0].isdigit():
            yield BlockedSpan(BlockedKind.MISSING_SPACE, *seen.span(start, start + len(point)))
        start += len(point)


def _is_name(run: Run) -> bool:
    """Whether the run is a name, or a company's that nobody is sent to: "Booking.com and Amazon.com are companies"."""
    if run.after in ("/", ":", "@", "?"):
        return False
    if run.whole in words("names.as_written") or run.whole.casefold() in words("names.in_any_case"):
        return True
    return run.whole in words("names.companies") and run.before not in words("names.to_visit")


def _is_number_and_sentence(run: Run) -> bool:
    """Whether a number ends one sentence and a capital begins the next: "is 9.My son"."""
    return (
        len(run.labels) == 2
        and run.labels[0].isdecimal()
        and _begins_sentence(run.last)
        and run.after in ("", " ", "'", "’", ",")
    )


def _is_disguised_address(run: Run) -> bool:
    if run.plain[0].startswith("www") or any(label.startswith("xn--") for label in run.plain):
        return True
    # A word in brackets is not yet a point: "(dot)".
    signs = (point for point in run.points if not (any(map(str.isalpha, point)) and point.strip()[0] in "[({<"))
    return any(point not in (".", SOFT_POINT) for point in signs)


def _is_inclusive(run: Run) -> bool:
    stem, *rest = run.plain
    if not all(label in words("inclusive.endings") for label in rest) or not stem.isalpha():
        return False
    if not {stem, stem.removesuffix("s")}.isdisjoint(words("inclusive.stems")) or SOFT_POINT in run.points:
        return True
    is_doubled = rest[0][0] == stem[-1]  # “actuel.les”, where “fini.les” is two words
    return not any(map(is_top_level, rest)) and (is_doubled or rest[0] not in words("inclusive.words_too"))


def _is_after_short_form(run: Run) -> bool:
    """Whether "etc.il", "p.m.to" or the list's "1.la" is no address that ends so."""
    first = run.plain[:-1]
    is_ended = first[0] in words("names.sentence_enders") or (first[0].isdigit() and len(first[0]) <= 2)
    is_lettered = len(first) > 1 and all(len(label) == 1 for label in first)
    return (is_ended or is_lettered) and _is_domain(run)


def _is_domain(run: Run) -> bool:
    return any(is_top_level(label) and not _begins_sentence(label) for label in run.labels[1:])


def _is_short_form_and_word(run: Run) -> bool:
    """Whether "J.Tremblay", "Mme.Roy", "1.Premier" or "4.b.ii" lacks no space."""
    before = run.plain[:-1]
    short = all(len(label) == 1 or label.isdigit() or label in words("names.abbreviations") for label in before)
    begins = run.last[0].isupper() or _ROMAN.fullmatch(run.last)
    return short and bool(begins) and not is_top_level(run.last)


def _begins_sentence(label: str) -> bool:
    return label[0].isupper() and not (len(label) > 1 and label.isupper())


_RULES: tuple[tuple[_Rule, BlockedKind | None], ...] = (
    (_is_name, None),
    (_is_disguised_address, BlockedKind.LINK),
    (
        lambda run: any(without_lookalikes(label) in words("endings.never_words") for label in run.labels[1:]),
        BlockedKind.LINK,
    ),
    (lambda run: run.plain[-1] in words("endings.files") and not _begins_sentence(run.last), BlockedKind.FILE),
    # An IPv4 address.
    (lambda run: len(run.labels) == 4 and all(map(_OCTET.fullmatch, run.labels)), BlockedKind.LINK),
    (_is_number_and_sentence, None),
    (_is_inclusive, None),
    (_is_after_short_form, BlockedKind.MISSING_SPACE),
    (_is_domain, BlockedKind.LINK),
    # Points that also end sentences or part words, with no end of an address behind them.
    (lambda run: any(point != "." for point in run.points), None),
    # A number or a letter in an enumeration.
    (lambda run: run.last[0].isdigit() or len(run.last) == 1, None),
    # A path.
    (lambda run: run.after == "/" and run.last[0].islower(), BlockedKind.LINK),
    (_is_short_form_and_word, None),
)
