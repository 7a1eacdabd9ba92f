"""Someone who can be written to, as pages show them, in the reader's language."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from advocacy.language import Language, Wording
from advocacy.legislators.directory import notices, provenance, to_recipient
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import Draft, read_language

VACANT = Wording.of(en="Vacant seat", fr="Siège vacant")


@dataclass(frozen=True, slots=True)
class Choice:
    """Someone who can be written to, as the form shows them, in the reader's language; `language` is their letter's.

    `bills` are the numbers of those among the campaign's bills that a minister answers for, `towns` some of their
    riding's, where the reader has to choose among ridings.
    """

    id: str
    name: str
    place: str
    role: str
    notices: tuple[str, ...]
    selected: bool
    language: Language
    riding: str
    vacant: bool
    has_email: bool
    provenance: str
    bills: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


def letter_language(draft: Draft, recipient: str, otherwise: Language) -> Language:
    """Give the language of one recipient's letter, the reader's own when none that exists was asked for."""
    return read_language(draft.language_of(recipient)) or read_language(draft.language) or otherwise


def choice_of(row: Legislator, draft: Draft, desk: Desk) -> Choice:
    """Show one person or seat."""
    said = _said(row, desk.language, desk.today)
    return Choice(
        id=row.id,
        name=said.name,
        place=said.place,
        role=said.role,
        notices=(*said.notices, *(one.spoken(desk.language) for one in desk.listing.warnings(row))),
        selected=row.id in draft.recipients,
        language=letter_language(draft, row.id, desk.language),
        riding=row.riding_code or "",
        vacant=row.vacant,
        has_email=bool(row.email),
        provenance=said.provenance,
        bills=tuple(one.number for one in desk.campaign.file.bills if one.number in said.responsible_for),
    )


class _Said(NamedTuple):
    name: str
    place: str
    role: str
    notices: tuple[str, ...]
    provenance: str
    responsible_for: frozenset[str]


@lru_cache(maxsize=2048)
def _said(row: Legislator, language: Language, today: date) -> _Said:
    """Say what is the same for every citizen; a listing read anew has other rows."""
    recipient = to_recipient(row)
    return _Said(
        row.name or VACANT.spoken(language),
        place_of(recipient, language),
        role_of(recipient, language),
        tuple(notice.spoken(language) for notice in notices(row, today)),
        provenance(row).spoken(language),
        recipient.responsible_for,
    )
