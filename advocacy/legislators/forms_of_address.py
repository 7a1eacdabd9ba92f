"""A legislator is addressed as the office asks, in the letter's language, never in a gender only guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import TypeAlias

from advocacy.language import Language, Wording, format_date
from advocacy.legislators.models import Legislator
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import CABINET, Office, Recipient
from advocacy.legislators.styles import Form, Line, MemberTitle, Styles, shipped_styles

# Canada Post, Addressing guidelines: less than 40 characters a line without spaces, none cut.
WIDTH = 39
MOST_LINES = 7
WIDTHS = (WIDTH, 46, 54, 64, 80)

PLACES = Wording.of(en=" {code}", fr=" ({name})")
DATES = Wording.of(en=", {day}", fr=", le {day}")
"""What stands after the name of a city."""


class NoFormOfAddress(ValueError):
    """The data has no way to write to such a recipient; the sentence says what to add."""


@dataclass(frozen=True, slots=True)
class FormOfAddress:
    """How a letter names its recipient: the lines above it, the words that open it and the words that end it.

    `appel` and `closing` are typeset, with their last comma, colon or full stop.
    """

    block: tuple[str, ...]
    appel: str
    closing: str


@lru_cache(maxsize=4096)
def form_of_address(recipient: Recipient, language: Language) -> FormOfAddress:
    """FormOfAddress `recipient` in `language`, by the forms in styles.toml.

    Raises NoFormOfAddress for a vacant seat of an office that has no form for one.
    """
    return build_form_of_address(shipped_styles(), recipient, language)


def build_form_of_address(styles: Styles, recipient: Recipient, language: Language) -> FormOfAddress:
    """FormOfAddress `recipient` in `language`, by the forms given."""
    form = _form(styles, recipient, language)
    facts = _facts(styles, recipient, language)
    appel = form.appel.format_map(facts)
    closing = styles.closing[language].words.format(appel=appel.rstrip(",:"))
    parts = _known(_lines(form, recipient), facts)
    block = _set(parts, _place(styles, recipient, language), styles.breaks[language])
    return FormOfAddress(block, appel, closing)


@lru_cache(maxsize=64)
def province_name(code: str, language: Language) -> str:
    """Name a province or territory given by its two letters; ValueError when Canada has no such one."""
    return Province(code).wording.in_language(language)


def place_line(city: str, province_code: str, postal_code: str, *, language: Language) -> str:
    """Write the municipality line: "Ottawa (Ontario)  K1A 0A6", "Ottawa ON  K1A 0A6"; a code may be "".

    Two spaces stand before a postal code and one inside it (Canada Post, Addressing guidelines).
    """
    place = city + _province_after_city(province_code, language)
    code = "".join(postal_code.split()).upper()
    return f"{place}  {code[:3]} {code[3:]}" if code else place


def date_line(city: str, day: date, language: Language) -> str:
    """Write the place and date of a letter: "Ottawa, le 25 novembre 2026", "Ottawa, November 25, 2026"."""
    return city + _day_after_city(day, language)


@lru_cache(maxsize=64)
def _province_after_city(province_code: str, language: Language) -> str:
    if not province_code:
        return ""
    return PLACES.in_language(language).format(code=province_code, name=province_name(province_code, language))


@lru_cache(maxsize=64)
def _day_after_city(day: date, language: Language) -> str:
    return DATES.in_language(language).format(day=format_date(day, language))


def _form(styles: Styles, recipient: Recipient, language: Language) -> Form:
    """Return the form for a vacant seat, or the one for the holder's gender."""
    forms = styles.office[recipient.office][language].used_in(recipient.province)
    if not recipient.vacant:
        return forms.of(recipient.gender)
    if forms.vacant is None:
        where = f"[office.{recipient.office}.{language}.vacant]"
        raise NoFormOfAddress(f"a vacant seat cannot be written to here; add {where} to styles.toml")
    return forms.vacant


def _facts(styles: Styles, recipient: Recipient, language: Language) -> Mapping[str, str]:
    """Return what a pattern may name, "" where it is not known."""
    member = _member_title(styles, recipient, language)

    def spoken(wording: Wording | None) -> str:
        return wording.in_language(language) if wording else ""

    return {
        "full": recipient.name,
        "last": recipient.last_name or recipient.name,
        "title": spoken(recipient.title),
        "riding": spoken(recipient.riding),
        "city": spoken(recipient.city),
        "letters": member.letters,
        "member": member.of(recipient.gender),
    }


def _member_title(styles: Styles, recipient: Recipient, language: Language) -> MemberTitle:
    if not recipient.province:
        return MemberTitle()
    return styles.legislature[Province(recipient.province)].titles[language]


def _lines(form: Form, recipient: Recipient) -> Iterator[Line]:
    first, *others = form.block
    councillor = form.privy_councillor if recipient.privy_councillor else None
    yield (councillor,) if councillor else first
    yield from others


def _known(lines: Iterable[Line], facts: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Fill each line in, as the parts between its bars; a line that names something unknown is left out."""
    chosen = (next((pattern for pattern in line if _complete(pattern, facts)), None) for line in lines)
    return [tuple(part.format_map(facts) for part in pattern.split("|")) for pattern in chosen if pattern]


def _complete(pattern: str, facts: Mapping[str, str]) -> bool:
    return all(facts[name] for _, name, _, _ in Formatter().parse(pattern) if name)


def _set(parts: Sequence[tuple[str, ...]], place: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """Set the lines by Canada Post's rules: short, never cut, seven at most, the municipality last."""
    for width in WIDTHS:
        block = (*(line for line_parts in parts for line in _broken(line_parts, before, width)), *place)
        if len(block) <= MOST_LINES:
            break
    return block


def _broken(parts: tuple[str, ...], before: tuple[str, ...], width: int) -> tuple[str, ...]:
    line = " ".join(parts)
    if width_of(line) <= width:
        return (line,)
    return tuple(piece for part in parts for piece in break_line(part, before, width))


def _place(styles: Styles, recipient: Recipient, language: Language) -> tuple[str, ...]:
    named = styles.office[recipient.office][language].place
    if named is None:
        return ()
    place = styles.place[named]
    lines = [place.name.in_language(language), *([place.street.in_language(language)] if place.street else [])]
    return (
        *lines,
        place_line(place.city.in_language(language), place.province, place.postal_code, language=language),
    )


COMMONS = Wording.of(en="House of Commons", fr="Chambre des communes")
SENATE = Wording.of(en="Senate of Canada", fr="Sénat du Canada")
ASSEMBLY = Wording.of(en="Legislative assembly", fr="Assemblée législative")
COUNCIL = Wording.of(en="Municipal council", fr="Conseil municipal")
OFFICIAL = Wording.of(en="Office holder", fr="Titulaire d’une fonction")
BODIES: Mapping[Office, Wording] = {
    Office.MEMBER: COMMONS,
    Office.SPEAKER_COMMONS: COMMONS,
    Office.SENATOR: SENATE,
    Office.SPEAKER_SENATE: SENATE,
    Office.MINISTER: COMMONS,
    Office.PRIME_MINISTER: COMMONS,
    Office.PREMIER: ASSEMBLY,
    Office.PROVINCIAL_MINISTER: ASSEMBLY,
    Office.PROVINCIAL_MEMBER: ASSEMBLY,
    Office.MAYOR: COUNCIL,
    Office.OFFICIAL: OFFICIAL,
}
"""The body in which each office sits."""
OF_A_PLACE = frozenset({Office.MEMBER, Office.SPEAKER_COMMONS, Office.PROVINCIAL_MEMBER})
"""Offices known by their riding; the others have a title, or many holders for one province."""


def party_of(row: Legislator, language: Language) -> str:
    """Name a party or group, "" where none is known; the list's own words agree in gender where French need not."""
    party = row.party.in_language(language) if row.party else ""
    return "Sans affiliation" if party == "Non affilié(e)" else party


def place_of(recipient: Recipient, language: Language) -> str:
    """Name what someone speaks for: a riding, a municipality, or a province; "" when none is known."""
    named = recipient.riding or recipient.city
    if named is None and recipient.province:
        named = Province(recipient.province).wording
    return named.in_language(language) if named else ""


def role_of(recipient: Recipient, language: Language) -> str:
    """Name the role: the title of a federal minister or of someone of an own list, else the body they sit in."""
    if recipient.office in {*CABINET, Office.OFFICIAL} and recipient.title:
        return recipient.title.in_language(language)
    return BODIES[recipient.office].in_language(language)


def office_of(recipient: Recipient, language: Language) -> str:
    """Name the office by what tells it from others: a riding, a title, or, where it has many holders, one of them."""
    if recipient.office in OF_A_PLACE and recipient.riding:
        return recipient.riding.in_language(language)
    if recipient.title and recipient.office not in OF_A_PLACE:
        return recipient.title.in_language(language)
    holder, place = recipient.name or BODIES[recipient.office].in_language(language), place_of(recipient, language)
    return f"{holder} ({place})" if place else holder


Cost: TypeAlias = tuple[int, int, int]

_PIECE = re.compile(r"[^ —]*—|[^ —]+")


def width_of(line: str) -> int:
    """ProgressCallback a line's characters as Canada Post does, without spaces."""
    return len("".join(line.split()))


def break_line(line: str, before: Sequence[str], width: int = WIDTH) -> tuple[str, ...]:
    """Break a line longer than `width` after a dash or before one of the words `before`, best ones first.

    Whatever can be kept within `width` is; then the kindest breaks win, then the most even lines.
    """
    if width_of(line) <= width:
        return (line,)
    starts = [match.start() for match in _PIECE.finditer(line)]
    kindest: dict[int, tuple[Cost, tuple[str, ...]]] = {len(line): ((0, 0, 0), ())}
    for start in reversed(starts):
        kindest[start] = min(
            (
                _sum(_cost(line[start:end], _unkindness(line, end, before), width), rest),
                (line[start:end], *below),
            )
            for end, (rest, below) in kindest.items()
        )
    return tuple(part.strip() for part in kindest[starts[0]][1])


def _cost(part: str, unkindness: int, width: int) -> Cost:
    spare = width - width_of(part)
    return max(0, -spare), unkindness, spare**2


def _sum(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _unkindness(line: str, end: int, before: Sequence[str]) -> int:
    """Tell how much a reader minds that a line ends at `end`."""
    if end == len(line):
        return 0
    if line[end - 1] == "—":
        return 1
    places = (place for place, words in enumerate(before, start=1) if line.startswith(words, end))
    return next(places, 2 * len(before))
