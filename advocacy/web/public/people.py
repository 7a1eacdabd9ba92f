"""Someone who can be written to, as pages show them, in the reader's language."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from advocacy.language import Language, Wording
from advocacy.legislators.directory import CABINET, notices, provenance
from advocacy.legislators.models import Chamber, Legislator
from advocacy.legislators.province import Province
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import Draft, read_language

VACANT = Wording.of(en="Vacant seat", fr="Siège vacant")
ROLES = {
    Chamber.COMMONS: Wording.of(en="House of Commons", fr="Chambre des communes"),
    Chamber.SENATE: Wording.of(en="Senate of Canada", fr="Sénat du Canada"),
    Chamber.ASSEMBLY: Wording.of(en="Legislative assembly", fr="Assemblée législative"),
    Chamber.COUNCIL: Wording.of(en="Municipal council", fr="Conseil municipal"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Someone who can be written to, as the form shows them, in the reader's language; `language` is their letter's."""

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


def place_of(row: Legislator, language: Language) -> str:
    """Name what someone speaks for: a riding, or a province."""
    if row.riding:
        return row.riding.name.spoken(language)
    if row.chamber is not Chamber.SENATE and row.district:
        return row.district.spoken(language)
    return Province(row.province).wording.spoken(language) if row.province else ""


def role_of(row: Legislator, language: Language) -> str:
    """Name the office: a minister's title, else the chamber."""
    if row.office in CABINET and row.title:
        return row.title.spoken(language)
    return ROLES[row.chamber].spoken(language)


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
        notices=said.notices,
        selected=row.id in draft.recipients,
        language=letter_language(draft, row.id, desk.language),
        riding=row.riding_code or "",
        vacant=row.vacant,
        has_email=bool(row.email),
        provenance=said.provenance,
    )


class _Said(NamedTuple):
    name: str
    place: str
    role: str
    notices: tuple[str, ...]
    provenance: str


@lru_cache(maxsize=2048)
def _said(row: Legislator, language: Language, today: date) -> _Said:
    """Say what is the same for every citizen; a listing read anew has other rows."""
    return _Said(
        row.name or VACANT.spoken(language),
        place_of(row, language),
        role_of(row, language),
        tuple(notice.spoken(language) for notice in notices(row, today)),
        provenance(row).spoken(language),
    )
