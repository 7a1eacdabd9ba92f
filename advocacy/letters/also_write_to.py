"""Whom else to write to once a letter is on its way: the campaign's own list, looked up in today's directory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from advocacy.campaigns.campaign_files import AlsoWriteTo, CampaignFile
from advocacy.language import Wording
from advocacy.legislators.directory_snapshot import Audience, DirectorySnapshot, has_portfolio
from advocacy.legislators.models import Legislator


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: the people it is about (several only for `senators_of_province`), and the campaign's reason."""

    people: tuple[Legislator, ...]
    reason: Wording
    source: str
    senators_of_province: bool = False


def audience_of(name: str, campaign: CampaignFile) -> Audience:
    """Return whom a campaign writes to; `name` is the one in its address."""
    return Audience(
        chambers=frozenset(map(str, campaign.chambers)),
        portfolios=tuple(one.portfolio for one in campaign.ministers if one.portfolio),
        ministers=frozenset(one.legislator for one in campaign.ministers if one.legislator),
        own_list=name if campaign.own_list else "",
    )


def also_write_to(
    campaign: CampaignFile, listing: DirectorySnapshot, *, province: str = "", written: Collection[str] = ()
) -> list[Suggestion]:
    """Return the campaign's suggestions in the order of its file, each person once.

    `province` is the citizen's ("ON"), without which no senators are suggested; `written` are the ids of those who have
    a letter already. A suggestion that fits nobody whom the campaign writes to today is left out.
    """
    suggested: set[str] = set(written)
    audience = audience_of("", campaign)
    found = []
    for also in campaign.also:
        people = tuple(
            row
            for row in _people(also, listing, province)
            if row.id not in suggested and not row.vacant and audience.includes(row)
        )
        suggested.update(row.id for row in people)
        if people:
            found.append(Suggestion(people, also.reason, also.source, also.senators_of_province))
    return found


def _people(also: AlsoWriteTo, listing: DirectorySnapshot, province: str) -> Iterator[Legislator]:
    if also.senators_of_province:
        yield from listing.senators_of(province) if province else ()
    elif also.legislator:
        row = listing.row(also.legislator)
        yield from [row] if row else ()
    else:
        yield from (row for row in listing.ministers if _answers_for(row, also))


def _answers_for(row: Legislator, also: AlsoWriteTo) -> bool:
    return also.bill in row.responsible_for.split() if also.bill else has_portfolio(row, also.minister or "")
