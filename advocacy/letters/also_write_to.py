"""Whom else to write to once a letter is on its way: the campaign's own list, looked up in today's directory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from advocacy.campaigns.campaign import AlsoWriteTo, CampaignFile
from advocacy.language import Language, Wording
from advocacy.legislators.listing import Listing, is_written_to
from advocacy.legislators.models import Legislator


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: the people it is about (several only for `senators_of_province`), and the campaign's reason."""

    people: tuple[Legislator, ...]
    reason: Wording
    source: str
    senators_of_province: bool = False


def also_write_to(
    campaign: CampaignFile, listing: Listing, *, province: str = "", written: Collection[str] = ()
) -> list[Suggestion]:
    """Return the campaign's suggestions in the order of its file, each person once.

    `province` is the citizen's ("ON"), without which no senators are suggested; `written` are the ids of those who have
    a letter already. A suggestion that fits nobody whom the campaign writes to today is left out.
    """
    suggested: set[str] = set(written)
    found = []
    for also in campaign.also:
        people = tuple(
            row
            for row in _people(also, listing, province)
            if row.id not in suggested and not row.vacant and is_written_to(row, campaign.chambers)
        )
        suggested.update(row.id for row in people)
        if people:
            found.append(Suggestion(people, also.reason, also.source, also.senators_of_province))
    return found


def _people(also: AlsoWriteTo, listing: Listing, province: str) -> Iterator[Legislator]:
    if also.senators_of_province:
        yield from listing.senators_of(province) if province else ()
    elif also.legislator:
        row = listing.row(also.legislator)
        yield from [row] if row else ()
    else:
        yield from (row for row in listing.ministers if _answers_for(row, also))


def _answers_for(row: Legislator, also: AlsoWriteTo) -> bool:
    if also.bill:
        return also.bill in row.responsible_for.split()
    title = row.title.spoken(Language.EN).casefold() if row.title else ""
    return f" {also.minister} ".casefold() in f" {title} ".replace(",", " ")
