"""Members as the House of Commons' own site lists them, in both languages.

Unproven live: tested against recorded shapes only.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias
from xml.etree import ElementTree as Xml

from advocacy.language import SOURCE as SOURCE_LANGUAGE
from advocacy.language import Language, Wording
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import SourceRecord
from advocacy.legislators.sources.http_client import Fetch, SourceError

Member: TypeAlias = Mapping[str, str]

SOURCE = "ourcommons.ca"
MEMBERS = {language: f"https://www.ourcommons.ca/members/{language}/search/xml" for language in Language}
# The language whose spelling of honorifics is known; the other's is opaque text.
HONORIFIC_LANGUAGE = SOURCE_LANGUAGE
_DECLARATION = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def members(fetch: Fetch, riding_code: Callable[[str], str | None]) -> list[SourceRecord]:
    """Read the list in every language and join it; `riding_code` finds a riding by any of its names.

    The list has no e-mail addresses and leaves vacant seats out. Raises SourceError.
    """
    return join({language: read_members(fetch(url)) for language, url in MEMBERS.items()}, riding_code)


def join(
    lists: Mapping[Language, Mapping[str, Member]], riding_code: Callable[[str], str | None]
) -> list[SourceRecord]:
    """Join the lists on the person's number; raise SourceError when they are not of the same people."""
    people = {frozenset(found) for found in lists.values()}
    if len(people) != 1:
        raise SourceError(f"{SOURCE} lists other members in one language than in the other: try again later")
    return [
        _record(person, {language: found[person] for language, found in lists.items()}, riding_code)
        for person in sorted(people.pop())
    ]


def read_members(body: bytes) -> dict[str, Member]:
    """Read one language's list: number → element name → text. XML that declares anything is refused."""
    try:
        text = body.decode("utf-8-sig")
        if _DECLARATION.search(text):
            raise SourceError(f"{SOURCE} sent XML with declarations of its own, which is not read")
        root = Xml.fromstring(text)  # noqa: S314 (no DOCTYPE, so no entity can be declared)
    except (UnicodeDecodeError, Xml.ParseError) as error:
        raise SourceError(f"{SOURCE} sent something else than its list of members: try again later") from error
    found: list[Member] = [
        {field.tag: (field.text or "").strip() for field in member} for member in root.iter("MemberOfParliament")
    ]
    sitting = {member.get("PersonId", ""): member for member in found if not member.get("ToDateTime")}
    if not sitting or "" in sitting:
        raise SourceError(f"{SOURCE} sent a list without members, or members without numbers: try again later")
    return sitting


def _record(
    person_id: str, member: Mapping[Language, Member], riding_code: Callable[[str], str | None]
) -> SourceRecord:
    plain = member[HONORIFIC_LANGUAGE]
    first, last = plain.get("PersonOfficialFirstName", ""), plain.get("PersonOfficialLastName", "")
    names = [fields.get("ConstituencyName", "") for fields in member.values()]
    code = next((code for code in map(riding_code, names) if code), None)
    if code is None:
        raise SourceError(f"{SOURCE} names a riding that the directory does not know: {' / '.join(names)}")
    party: dict[str, str] = {language: fields.get("CaucusShortName", "") for language, fields in member.items()}
    return SourceRecord(
        chamber=COMMONS,
        name=f"{first} {last}".strip(),
        first_name=first,
        last_name=last,
        source_id=person_id,
        riding_code=code,
        honorific=plain.get("PersonShortHonorific") or None,
        privy_councillor=bool(plain.get("PersonShortHonorific")),
        party=Wording(party) if all(party.values()) else None,
        since=_day(plain.get("FromDateTime", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
