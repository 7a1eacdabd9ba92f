"""Whom a letter goes to, in a few words: the place they speak for, their role, the office they are written to in."""

from collections.abc import Mapping

from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import CABINET, Office, Recipient

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
