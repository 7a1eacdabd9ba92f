"""How a recipient is addressed and named: as the office asks, in the letter's language, never in a guessed gender."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from string import Formatter
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from advocacy.language import Language, Wording, format_date
from advocacy.legislators.legislatures import DATA, MemberTitle, Province, Sourced, absent, legislatures
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient import CABINET, SPEAKERS, Gender, Office, Recipient
from advocacy.messages import Message, Words, message
from advocacy.problems import Complaint, KeyPath, invalid
from advocacy.toml_source import Frozen, read_toml

HEADING = message("To mail this letter")
SIGN = message("Sign the letter by hand, above your name.")
ADDRESS = message("Cut out the address above and paste it on the envelope, or copy it.")
NO_ADDRESS = message(
    "Our directory has no street address for this office: look it up on the website of the legislature or the "
    "municipality, and write it on the envelope under the lines above."
)
RETURN = message("Write your own address in the upper left corner of the envelope.")
NO_STAMP = message("No stamp is needed: a letter to this office is free of postage within Canada.")
STAMP = message("Put a stamp on the envelope.")
STAMP_FOR_A_VACANT_SEAT = message(
    "Put a stamp on the envelope: this seat is vacant, and a member’s free mail ends soon after the member leaves."
)
POST = message("Drop the envelope in a Canada Post mailbox, or take it to a post office.")
RULE_HEADING = message("If someone asks for postage, show this rule")
RULE = message(
    "Mail addressed in Canada to a member of the Senate or of the House of Commons is free of postage, except "
    "parcels and special services such as registration. Canada Post Corporation Act, R.S.C. 1985, c. C-10, "
    "s.\u00a035(2) and\u00a0(4)."
)


@dataclass(frozen=True, slots=True)
class MailingInstructions:
    """What to do with a letter on paper: `steps` in their order, `rule` to show at a counter where mail is free.

    `has_postal_address` tells whether the recipient's lines are a whole address.
    """

    free: bool
    has_postal_address: bool
    steps: tuple[Message, ...]
    rule: Message | None


def mailing_instructions(recipient: Recipient) -> MailingInstructions:
    free, known = postage_free(recipient), has_postal_address(recipient)
    steps = (SIGN, ADDRESS if known else NO_ADDRESS, RETURN, postage(recipient), POST)
    return MailingInstructions(free, known, steps, RULE if free else None)


def postage(recipient: Recipient) -> Message:
    """Return whether a letter needs a stamp, as a sentence."""
    if postage_free(recipient):
        return NO_STAMP
    return STAMP_FOR_A_VACANT_SEAT if _is_exempt(recipient) else STAMP


def postage_free(recipient: Recipient) -> bool:
    """Whether a letter within Canada needs no stamp: to senators and members in office (the Act, s. 35).

    A vacant seat has no member whose mail would be free: the privilege ends ten days after a member leaves, s. 35(5).
    """
    return _is_exempt(recipient) and not recipient.vacant


def has_postal_address(recipient: Recipient) -> bool:
    """Whether we know where the office takes its post."""
    chamber = legislatures().chamber_of(recipient)
    return chamber is not None and chamber.address_of(recipient.office) is not None


def _is_exempt(recipient: Recipient) -> bool:
    chamber = legislatures().chamber_of(recipient)
    return chamber is not None and chamber.postage_free


# Canada Post, Addressing guidelines: less than 40 characters a line without spaces, none cut.
WIDTH = 39
WIDTHS = (WIDTH, 46, 54, 64, 80)
MAX_LINES = 7
NAMED_BY_RIDING = frozenset({Office.MEMBER, Office.SPEAKER_COMMONS, Office.PROVINCIAL_MEMBER})
"""Offices known by their riding; the others have a title, or many holders for one province."""
SECRETARY_OF_STATE = "Secretary of State"
"""What the English title of someone of the ministry begins with who is no minister."""
OFFICE_HOLDER = message("Office holder")

Cost: TypeAlias = tuple[int, int, int]
_PIECE = re.compile(r"[^ —]*—|[^ —]+")
STYLES = "advocacy/legislators/data/styles.toml"
FACTS = ("full", "last", "title", "riding", "city", "letters", "member")


def only_names(*names: str) -> AfterValidator:
    """Accept a text that names nothing in braces but `names`."""

    def check(text: str) -> str:
        wrong = [piece for piece in _braces(text) if piece not in names]
        if wrong:
            raise invalid("address-name-unknown", wrong=_in_braces(wrong), names=_in_braces(names) or "none")
        return text

    return AfterValidator(check)


def _braces(text: str) -> list[str]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise invalid("address-braces") from None
    return [
        f"{name}{'!' + how if how else ''}{':' + width if width else ''}"
        for _, name, width, how in pieces
        if name is not None
    ]


def _in_braces(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


Text = Annotated[str, StringConstraints(min_length=1)]
Pattern = Annotated[Text, only_names(*FACTS)]
Line = Annotated[
    tuple[Pattern, ...],
    Field(min_length=1),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
]


class Form(Frozen):
    """One way to write to an office: the recipient's lines, each a choice of patterns, and the opening."""

    block: Annotated[tuple[Line, ...], Field(min_length=1)]
    privy_councillor: Pattern | None = None
    appel: Pattern


class Forms(Sourced):
    """The forms of one office in one language; `neutral` where the gender is not known or changes nothing."""

    neutral: Form
    f: Form | None = None
    m: Form | None = None
    vacant: Form | None = None

    def of(self, gender: Gender | None) -> Form:
        """Return the form for a gender: the neutral one when the gender is not known, or makes no difference."""
        return {None: None, Gender.F: self.f, Gender.M: self.m}[gender] or self.neutral


class OfficeForms(Forms):
    """The forms of one office in one language, and those of provinces whose usage differs."""

    province: dict[Province, Forms] = Field(default_factory=dict)

    def used_in(self, province: str | None) -> Forms:
        return self.province.get(Province(province), self) if province else self


class Closing(Sourced):
    """The words that end a letter; they may repeat the appel."""

    words: Annotated[Text, only_names("appel")]


class Styles(Frozen):
    """All of styles.toml."""

    closing: dict[Language, Closing]
    breaks: dict[Language, tuple[Text, ...]]
    municipality: dict[Language, Annotated[Text, only_names("city", "code", "name")]]
    dateline: dict[Language, Annotated[Text, only_names("city", "day")]]
    office: dict[Text, dict[Language, OfficeForms]]


@cache
def shipped_styles() -> Styles:
    return read_styles(DATA.joinpath("styles.toml").read_text("utf-8"), file=STYLES)


def read_styles(text: str, *, file: str) -> Styles:
    """Read forms of address; raise TomlProblems with file and line for whatever no letter could use."""
    return read_toml(text, Styles, file=file, also=_gaps)


def _gaps(styles: Styles) -> Iterator[tuple[KeyPath, Complaint]]:
    """Every office can be written to in every language."""
    yield from absent(("closing",), styles.closing, Language)
    yield from absent(("breaks",), styles.breaks, Language)
    yield from absent(("municipality",), styles.municipality, Language)
    yield from absent(("dateline",), styles.dateline, Language)
    yield from absent(("office",), styles.office, Office)
    for office, languages in styles.office.items():
        yield from absent(("office", office), languages, Language)


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
    """Return how to address `recipient` in `language`, by the forms in styles.toml.

    Raises NoFormOfAddress for a vacant seat of an office that has no form for one.
    """
    styles = shipped_styles()
    form = _form(recipient, language)
    facts = _facts(recipient, language)
    appel = form.appel.format_map(facts)
    closing = styles.closing[language].words.format(appel=appel.rstrip(",:"))
    lines = form.block
    if recipient.privy_councillor and form.privy_councillor:
        lines = ((form.privy_councillor,), *lines[1:])
    # Of each line the first alternative whose facts are known, as the parts between its bars; none where none is.
    chosen = (next((pattern for pattern in line if _is_complete(pattern, facts)), None) for line in lines)
    parts = [tuple(part.format_map(facts) for part in pattern.split("|")) for pattern in chosen if pattern]
    return FormOfAddress(_block(parts, _postal_address(recipient, language), styles.breaks[language]), appel, closing)


def forms_for(recipient: Recipient, language: Language) -> Forms:
    """Return the forms of a recipient's office: its chamber's own, or its province's, where there are such.

    Raises NoFormOfAddress where the chamber names forms that are not there.
    """
    offices = shipped_styles().office
    chamber = legislatures().chamber_of(recipient)
    name = chamber.forms.get(recipient.office, recipient.office) if chamber else recipient.office
    title = recipient.title.in_language(Language.EN) if recipient.title else ""
    if recipient.office is Office.MINISTER and title.startswith(SECRETARY_OF_STATE):
        name = "secretary_of_state"
    if name not in offices:
        raise NoFormOfAddress(
            f"legislatures.toml names the forms “{name}”; add [office.{name}.{language}] to styles.toml"
        )
    return offices[name][language].used_in(recipient.province)


@cache
def province_name(code: str, language: Language) -> str:
    """Return the name of a province or territory by its two letters; ValueError when Canada has no such one."""
    return Province(code).wording.in_language(language)


def place_line(city: str, province_code: str, postal_code: str, *, language: Language) -> str:
    """Write the municipality line: "Ottawa (Ontario)  K1A 0A6", "Ottawa ON  K1A 0A6"; a code may be "".

    Two spaces stand before a postal code and one inside it (Canada Post, Addressing guidelines).
    """
    place = city
    if province_code:
        name = province_name(province_code, language)
        place = shipped_styles().municipality[language].format(city=city, code=province_code, name=name)
    code = "".join(postal_code.split()).upper()
    return f"{place}  {code[:3]} {code[3:]}" if code else place


def date_line(city: str, day: date, language: Language) -> str:
    """Write the place and date of a letter: "Ottawa, le 25 novembre 2026", "Ottawa, November 25, 2026"."""
    return shipped_styles().dateline[language].format(city=city, day=format_date(day, language))


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
    """Name the role: the title of a minister, a Speaker or someone of an own list, else the chamber they sit in."""
    if recipient.office in {*CABINET, *SPEAKERS, Office.OFFICIAL} and recipient.title:
        return recipient.title.in_language(language)
    return _chamber_name(recipient).in_language(language)


def office_of(recipient: Recipient, language: Language) -> str:
    """Name the office by what tells it from others: a riding, a title, or, where it has many holders, one of them."""
    if recipient.office in NAMED_BY_RIDING and recipient.riding:
        return recipient.riding.in_language(language)
    if recipient.title and recipient.office not in NAMED_BY_RIDING:
        return recipient.title.in_language(language)
    holder, place = recipient.name or _chamber_name(recipient).in_language(language), place_of(recipient, language)
    return f"{holder} ({place})" if place else holder


def width_of(line: str) -> int:
    """Count a line's characters as Canada Post does, without spaces."""
    return len("".join(line.split()))


def break_line(line: str, before: Sequence[str], width: int = WIDTH) -> tuple[str, ...]:
    """Break a line longer than `width` after a dash or before one of the words `before`, best ones first.

    Whatever can be kept within `width` is; then the kindest breaks win, then the most even lines.
    """
    if width_of(line) <= width:
        return (line,)

    def cost_of(part: str, end: int) -> Cost:
        spare = width - width_of(part)
        return max(0, -spare), _unkindness(line, end, before), spare**2

    starts = [match.start() for match in _PIECE.finditer(line)]
    kindest: dict[int, tuple[Cost, tuple[str, ...]]] = {len(line): ((0, 0, 0), ())}
    for start in reversed(starts):
        choices = []
        for end, (rest, below) in kindest.items():
            cost = cost_of(line[start:end], end)
            total = (cost[0] + rest[0], cost[1] + rest[1], cost[2] + rest[2])
            choices.append((total, (line[start:end], *below)))
        kindest[start] = min(choices)
    return tuple(part.strip() for part in kindest[starts[0]][1])


def _unkindness(line: str, end: int, before: Sequence[str]) -> int:
    """Return how much a reader minds that a line ends at `end`."""
    if end == len(line):
        return 0
    if line[end - 1] == "—":
        return 1
    places = (place for place, words in enumerate(before, start=1) if line.startswith(words, end))
    return next(places, 2 * len(before))


def _form(recipient: Recipient, language: Language) -> Form:
    """Return the form for a vacant seat, or the one for the holder's gender."""
    forms = forms_for(recipient, language)
    if not recipient.vacant:
        return forms.of(recipient.gender)
    if forms.vacant is None:
        where = f"[office.{recipient.office}.{language}.vacant]"
        raise NoFormOfAddress(f"a vacant seat cannot be written to here; add {where} to styles.toml")
    return forms.vacant


def _facts(recipient: Recipient, language: Language) -> Mapping[str, str]:
    """Return what a pattern may name, "" where it is not known."""
    chamber = legislatures().chamber_of(recipient)
    member = chamber.title(language) if chamber else MemberTitle()

    def text_of(wording: Wording | None) -> str:
        return wording.in_language(language) if wording else ""

    return {
        "full": recipient.name,
        "last": recipient.last_name or recipient.name,
        "title": text_of(recipient.title),
        "riding": text_of(recipient.riding),
        "city": text_of(recipient.city),
        "letters": member.letters,
        "member": member.of(recipient.gender),
    }


def _is_complete(pattern: str, facts: Mapping[str, str]) -> bool:
    return all(facts[name] for _, name, _, _ in Formatter().parse(pattern) if name)


def _block(parts: Sequence[tuple[str, ...]], address: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """Set the lines by Canada Post's rules: short, never cut, seven at most, the municipality last."""
    for width in WIDTHS:
        lines: list[str] = []
        for line_parts in parts:
            line = " ".join(line_parts)
            fits = width_of(line) <= width
            lines += [line] if fits else [piece for part in line_parts for piece in break_line(part, before, width)]
        if len(lines) + len(address) <= MAX_LINES:
            break
    return (*lines, *address)


def _postal_address(recipient: Recipient, language: Language) -> tuple[str, ...]:
    chamber = legislatures().chamber_of(recipient)
    address = chamber.address_of(recipient.office) if chamber else None
    if address is None:
        return ()
    street = [address.street.in_language(language)] if address.street else []
    city = address.city.in_language(language)
    return (
        address.name.in_language(language),
        *street,
        place_line(city, address.province, address.postal_code, language=language),
    )


def _chamber_name(recipient: Recipient) -> Words:
    chamber = legislatures().chamber_of(recipient)
    return chamber.name if chamber else OFFICE_HOLDER
