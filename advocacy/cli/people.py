"""People found are shown in full when they are few, and one a line under their offices when they are many."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from types import MappingProxyType

from advocacy.cli.site import OPERATOR_LANGUAGE
from advocacy.legislators import directory_queries
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient import Office
from advocacy.legislators.search import BY_OFFICE

MOST_IN_FULL = 20
HEADINGS = {
    Office.PRIME_MINISTER: "Prime Minister",
    Office.MINISTER: "Ministers",
    Office.SPEAKER_COMMONS: "Speaker of the House of Commons",
    Office.MEMBER: "Members of the House of Commons",
    Office.SPEAKER_SENATE: "Speaker of the Senate",
    Office.SENATOR: "Senators",
    Office.PREMIER: "Premiers",
    Office.PROVINCIAL_MINISTER: "Provincial ministers",
    Office.PROVINCIAL_MEMBER: "Provincial members",
    Office.MAYOR: "Mayors",
    Office.OFFICIAL: "People of a campaign’s own list",
}
NARROW = (
    "{count} people: add a name, an office or a province to see fewer, as in “Ontario senators” or “minister of "
    f"health”; up to {MOST_IN_FULL} are shown in full, with their e-mail addresses"
)


def listing(
    found: Sequence[Legislator], today: date, towns: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Iterator[str]:
    """Return the lines that show everyone found, and where the facts about them come from.

    `towns` are some of each riding's, where one has to choose among ridings.
    """
    if len(found) <= MOST_IN_FULL:
        for row in found:
            yield from _in_full(row, today, towns.get(row.riding_code or "", ()))
    else:
        yield from _under_offices(found, today)
    for line in dict.fromkeys(directory_queries.provenance(row).in_language(OPERATOR_LANGUAGE) for row in found):
        yield f"Source: {line}"
    if len(found) > MOST_IN_FULL:
        yield NARROW.format(count=len(found))


def _under_offices(found: Sequence[Legislator], today: date) -> Iterator[str]:
    by_office = sorted(found, key=lambda row: BY_OFFICE.index(row.office))
    for office, people in groupby(by_office, key=lambda row: row.office):
        rows = list(people)
        yield f"{HEADINGS[office]} ({len(rows)})"
        yield from (f"  {_in_brief(row, today)}" for row in rows)


def _in_brief(row: Legislator, today: date) -> str:
    title = row.title.in_language(OPERATOR_LANGUAGE) if row.title else ""
    notices = " ".join(notice.in_language(OPERATOR_LANGUAGE) for notice in directory_queries.status_notices(row, today))
    facts = ", ".join(part for part in (row.name or "vacant seat", title, _place(row)) if part)
    return f"{row.id}  {facts}" + (f" – {notices}" if notices else "")


def _in_full(row: Legislator, today: date, towns: Sequence[str]) -> Iterator[str]:
    role = row.title.in_language(OPERATOR_LANGUAGE) if row.title else row.office.replace("_", " ")
    yield f"{row.id}  {row.name or 'vacant seat'}, {role}"
    yield f"    {_place(row)}"
    if towns:
        yield f"    towns: {', '.join(towns)}"
    yield f"    {row.email or 'no e-mail: print and mail'}"
    for notice in directory_queries.status_notices(row, today):
        yield f"    {notice.in_language(OPERATOR_LANGUAGE)}"


def _place(row: Legislator) -> str:
    place = " / ".join(dict.fromkeys(row.place.values())) if row.place else ""
    where = ", ".join(part for part in (row.riding_code, row.province) if part)
    return f"{place} ({where})" if place else where
