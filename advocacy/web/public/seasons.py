"""A campaign is written to between two days: before, its pages say when it opens; after, what remains of it."""

from collections.abc import Iterable, Sequence

from flask import Blueprint, render_template, request
from werkzeug.exceptions import Gone, NotFound

from advocacy.campaigns.opened import OpenCampaign
from advocacy.campaigns.season import Season, season
from advocacy.letters.moments import day_of
from advocacy.web.services import current_campaign, services

READ = "public.campaign"
"""The one page that a closed campaign keeps."""


def keep_seasons(routes: Blueprint) -> None:
    """Answer for a campaign that is not written to today, on all of its pages."""
    routes.before_request(_answer_out_of_season)


def season_of(campaign: OpenCampaign) -> Season:
    """Tell where a campaign stands today, as the day is in Ottawa."""
    return season(campaign.file, day_of(services().now()))


def listed(campaigns: Iterable[OpenCampaign]) -> Sequence[tuple[OpenCampaign, bool]]:
    """Give those that the public may know of, each with whether it is closed; those that are open come first."""
    seasons = [(one, season_of(one)) for one in campaigns]
    known = [(one, when is Season.CLOSED) for one, when in seasons if when is not Season.NOT_YET]
    return sorted(known, key=lambda pair: pair[1])


def _answer_out_of_season() -> tuple[str, int] | None:
    campaign = current_campaign()
    if campaign is None:
        return None
    when = season_of(campaign)
    if when is Season.NOT_YET:
        return render_template("public/not_open.html"), NotFound.code
    if when is Season.CLOSED and request.endpoint != READ:
        return render_template("public/closed.html"), Gone.code
    return None
