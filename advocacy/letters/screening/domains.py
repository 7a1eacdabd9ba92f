"""Words parted by a point alone are told apart: an address, a file, an abbreviation or a missing space."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from advocacy.letters.screening.blocked import BlockedKind, BlockedSpan
from advocacy.letters.text_cleaning import SOFT_POINT, Seen, see, without_lookalikes
from advocacy.toml_source import Frozen, read_toml

FILE = "words.toml"


def _parted(value: Any) -> Any:
    return frozenset(value.split()) if isinstance(value, str) else value


def _folded(value: Any) -> Any:
    """Fold the words as texts are folded before they are compared."""
    return _parted(see(value.casefold()).text) if isinstance(value, str) else value


AsWritten: TypeAlias = Annotated[frozenset[str], BeforeValidator(_parted)]
Words: TypeAlias = Annotated[frozenset[str], BeforeValidator(_folded)]


class Endings(Frozen):
    """Ends of addresses and of file names."""

    never_words: Words
    also_words: Words
    no_words_after_dot: Words
    countries: Words
    others: Words
    other_scripts: Words
    files: Words

    def top_level(self) -> frozenset[str]:
        """Return every end of an address that is known."""
        return self.never_words | self.also_words | self.countries | self.others | self.other_scripts


class Names(Frozen):
    """Names and abbreviations that hold a point of their own."""

    as_written: AsWritten
    companies: AsWritten
    to_visit: Words
    in_any_case: Words
    abbreviations: Words
    sentence_enders: Words


class Inclusive(Frozen):
    """French that names women and men together with a point."""

    endings: Words
    words_too: Words
    stems: Words


class Spoken(Frozen):
    """What turns "dot com" into a thing spoken of."""

    articles: Words


class Sharing(Frozen):
    """Services where files are left and strangers are met, and what stands before a code."""

    services: Words
    keywords: Words
    units: Words
    shorteners: Words


class Contacts(Frozen):
    """What names an account, or invites to write somewhere else."""

    apps: Words
    handles: Words
    accounts: Words
    invitations: Words
    telephone_apps: Words
    telephone_invitations: Words
    no_names: Words
    plain_apps: Words
    chat_apps: Words
    adjectives: Words
    slashes: Words
    digits: Words


class Vocabulary(Frozen):
    """All the lists together."""

    endings: Endings
    names: Names
    inclusive: Inclusive
    spoken: Spoken
    sharing: Sharing
    contacts: Contacts


@cache
def shipped() -> Vocabulary:
    """Return the lists that come with the package."""
    return read_toml((files("advocacy.letters.screening") / FILE).read_text(encoding="utf-8"), Vocabulary, file=FILE)


_BRACKETED = r"\s{0,3}[\[({<]\s{0,3}(?:[.·]|dot|d0t|point|punto|punkt)\s{0,3}[\])}>]\s{0,3}"
_POINT = rf"[.·]|{_BRACKETED}|\[\.|\.\]|%2e|&\#0{{0,3}}46;|&\#x0{{0,3}}2e;|&period;|\\\.|\\u002e"
_LABEL = r"\w[\w-]{0,62}+"  # a label has at most 63 signs, and the bound keeps “a-a-a-…” linear
_RUN = re.compile(rf"(?<!\w){_LABEL}(?:(?:{_POINT}){_LABEL})++", re.I)
_PARTS = re.compile(rf"({_POINT})", re.I)
_WORD = re.compile(r"[\w-]+")
_LITTLE = frozenset(["to", "on", "at", "the", "sur", "à", "le", "la", "les", "it", "out", "there", "also", "and", "et"])
_ROMAN = re.compile(r"[ivx]++")
_TAIL = re.compile(r"(?::\d{1,5})?(?:[/?#][^\s,;<>\"»”)\]]{0,200})?")  # bounded: a long chain of hosts stays linear
_OCTET = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{2,3}|25[0-5]|2[0-4]\d|1?\d?\d", re.I)

_WORDS = shipped()
TOP_LEVEL = _WORDS.endings.top_level()
_UNMISTAKABLE = _WORDS.endings.never_words
_NAMES = _WORDS.names
_INCLUSIVE = _WORDS.inclusive


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
        """The run as written."""
        return "".join(part for pair in zip(self.labels, (*self.points, ""), strict=True) for part in pair)

    @property
    def last(self) -> str:
        """The last label, as written."""
        return self.labels[-1]


Rule: TypeAlias = Callable[[Run], bool]


def find(seen: Seen) -> Iterator[BlockedSpan]:
    """Find every run of labels that a sentence would not hold."""
    for match in _RUN.finditer(seen.text):
        parts = _PARTS.split(match[0])
        run = Run(
            tuple(parts[0::2]),
            tuple(parts[1::2]),
            seen.text[match.end() : match.end() + 1],
            _verb_before(seen.text, match.start()),
        )
        kind = judge(run)
        if kind is BlockedKind.MISSING_SPACE:
            yield from _gaps(seen, match.start(), parts)
        elif kind:
            tail = _TAIL.match(seen.text, match.end()) if kind is BlockedKind.LINK else None
            end = seen.trimmed(match.start(), (tail or match).end())
            yield BlockedSpan(kind, *seen.span(match.start(), end))


def _verb_before(text: str, start: int) -> str:
    """Return the word that says what is done with the run, little words between them left out."""
    words = [word.casefold() for word in _WORD.findall(text, max(0, start - 40), start)]
    return next((word for word in reversed(words) if word not in _LITTLE), "")


def judge(run: Run) -> BlockedKind | None:
    """Return what the run is, or None for what an ordinary sentence holds. The first rule that fits decides."""
    return next((kind for rule, kind in RULES if rule(run)), BlockedKind.MISSING_SPACE)


def is_top_level(label: str) -> bool:
    """Return whether an address can end so, in its own script or in one that passes for it."""
    return label.casefold() in TOP_LEVEL or (not label[0].isdigit() and without_lookalikes(label) in TOP_LEVEL)


def _gaps(seen: Seen, start: int, parts: list[str]) -> Iterator[BlockedSpan]:
    """Return the points a space is wanted after: those before a whole word."""
    for label, point, following in zip(parts[0::2], parts[1::2], parts[2::2], strict=False):
        start += len(label)
        if len(following) > 1 and not following[0].isdigit():
            yield BlockedSpan(BlockedKind.MISSING_SPACE, *seen.span(start, start + len(point)))
        start += len(point)


def _is_name(run: Run) -> bool:
    named = run.whole in _NAMES.as_written or run.whole.casefold() in _NAMES.in_any_case
    return named and run.after not in ("/", ":", "@", "?")


def _is_company(run: Run) -> bool:
    """Whether the run names a company, spoken of and not sent to: "Booking.com and Amazon.com are companies"."""
    return run.whole in _NAMES.companies and run.after not in ("/", ":", "@", "?") and run.before not in _NAMES.to_visit


def _is_number_and_sentence(run: Run) -> bool:
    """Whether a number ends one sentence and a capital begins the next: "is 9.My son"."""
    return (
        len(run.labels) == 2
        and run.labels[0].isdecimal()
        and _begins_sentence(run.last)
        and run.after in ("", " ", "'", "’", ",")
    )


def _is_dressed_as_address(run: Run) -> bool:
    defanged = any(point not in (".", SOFT_POINT) and not _is_worded(point) for point in run.points)
    return defanged or run.plain[0].startswith("www") or any(label.startswith("xn--") for label in run.plain)


def _is_worded(point: str) -> bool:
    return any(char.isalpha() for char in point) and point.strip()[0] in "[({<"


def _is_unmistakable(run: Run) -> bool:
    return any(without_lookalikes(label) in _UNMISTAKABLE for label in run.labels[1:])


def _is_file(run: Run) -> bool:
    return run.plain[-1] in _WORDS.endings.files and not _begins_sentence(run.last)


def _is_ip(run: Run) -> bool:
    return len(run.labels) == 4 and all(_OCTET.fullmatch(label) for label in run.labels)


def _is_inclusive(run: Run) -> bool:
    stem, *rest = run.plain
    if not all(label in _INCLUSIVE.endings for label in rest) or not stem.isalpha():
        return False
    if stem in _INCLUSIVE.stems or stem.removesuffix("s") in _INCLUSIVE.stems or SOFT_POINT in run.points:
        return True
    doubled = rest[0][0] == stem[-1]  # “actuel.les”, where “fini.les” is two words
    return not any(map(is_top_level, rest)) and (doubled or rest[0] not in _INCLUSIVE.words_too)


def _is_after_short_form(run: Run) -> bool:
    """Tell "etc.il", "p.m.to" and the list's "1.la" from an address that ends so."""
    first = run.plain[:-1]
    ended = first[0] in _NAMES.sentence_enders or (first[0].isdigit() and len(first[0]) <= 2)
    lettered = len(first) > 1 and all(len(label) == 1 for label in first)
    return (ended or lettered) and _is_domain(run)


def _is_domain(run: Run) -> bool:
    return any(is_top_level(label) and not _begins_sentence(label) for label in run.labels[1:])


def _is_only_like_an_address(run: Run) -> bool:
    """Points that also end sentences or part words, with no end of an address behind them."""
    return any(point != "." for point in run.points)


def _ends_in_number_or_letter(run: Run) -> bool:
    return run.last[0].isdigit() or len(run.last) == 1


def _has_path(run: Run) -> bool:
    return run.after == "/" and run.last[0].islower()


def _is_short_form_and_word(run: Run) -> bool:
    """Tell "J.Tremblay", "Mme.Roy", "1.Premier" and "4.b.ii" from a missing space."""
    before = run.plain[:-1]
    short = all(len(label) == 1 or label.isdigit() or label in _NAMES.abbreviations for label in before)
    begins = run.last[0].isupper() or _ROMAN.fullmatch(run.last)
    return short and bool(begins) and not is_top_level(run.last)


def _begins_sentence(label: str) -> bool:
    return label[0].isupper() and not (len(label) > 1 and label.isupper())


RULES: tuple[tuple[Rule, BlockedKind | None], ...] = (
    (_is_name, None),
    (_is_company, None),
    (_is_dressed_as_address, BlockedKind.LINK),
    (_is_unmistakable, BlockedKind.LINK),
    (_is_file, BlockedKind.FILE),
    (_is_ip, BlockedKind.LINK),
    (_is_number_and_sentence, None),
    (_is_inclusive, None),
    (_is_after_short_form, BlockedKind.MISSING_SPACE),
    (_is_domain, BlockedKind.LINK),
    (_is_only_like_an_address, None),
    (_ends_in_number_or_letter, None),
    (_has_path, BlockedKind.LINK),
    (_is_short_form_and_word, None),
)
