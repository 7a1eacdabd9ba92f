"""Home: what waits for whoever signs in, what was sent back to them, what is live and what needs care."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import cast

from flask import g, render_template, url_for

from advocacy.abuse import pressure
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.language import day_of
from advocacy.messages import Words, nmessage
from advocacy.staff import reviews
from advocacy.staff.models import Account, Role
from advocacy.staff.publication_status import campaign_statuses
from advocacy.web.cache import cache, campaign_figures
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.texts import (
    DOCUMENT_NAMES,
    DOCUMENT_PAGES,
    format_in_sentence,
    letter_titles,
    unpublished_names,
)

MAX_CHECKED = 1000
"""Campaigns whose problems are remembered."""
CLOSING_SOON = timedelta(days=14)


@bp.get("/")
@requires(Role.WRITER)
def home() -> str:
    site, account = services(), current_account()
    today = day_of(site.now())
    waiting, returned = reviews.reviews_for(g.session, account), reviews.changes_asked_of(g.session, account)
    revisions = [one.revision_id for one in waiting] + [one.revision_id for one in returned]
    titles = letter_titles(g.session, revisions)
    statuses, drafts = campaign_statuses(g.session), unpublished_names(g.session)
    opened = site.opened.all(g.session)
    figures = {one.name: campaign_figures(g.session, one.name) for one in opened}
    care = [*_care(opened, account)]
    reading = pressure.read(g.session, now=site.now(), calm=site.settings.calm_per_ten_minutes)
    names = {**drafts, **{one.name: one.file.name.in_language(current_language()) for one in opened}}
    return render_template(
        "staff/home.html",
        waiting=waiting,
        returned=returned,
        titles=titles,
        own=DOCUMENT_NAMES,
        names=names,
        pages=DOCUMENT_PAGES,
        when=format_in_sentence,
        live=opened,
        seasons={one.name: one.file.season_on(today) for one in opened},
        soon=today + CLOSING_SOON,
        figures=figures,
        this_week={name: made.week_before(today) for name, made in figures.items()},
        statuses=statuses,
        care=care,
        pressure=reading,
    )


def _care(opened: Sequence[OpenCampaign], account: Account) -> Iterator[tuple[Words, str]]:
    """Yield what needs care, and where: what this account may put right, and problems in what is live."""
    for problem in services().problems(g.session):
        if problem.page and (problem.campaign or account.role.may(Role.MANAGER)):
            yield problem.advice, url_for(f"staff.{problem.page}", campaign=problem.campaign or None)
    for campaign in opened:
        if count := _count_problems(campaign):
            words = nmessage(
                "%(name)s: %(num)d problem in what is live.",
                "%(name)s: %(num)d problems in what is live.",
                count,
                name=campaign.file.name,
            )
            yield words, url_for("staff.campaign", campaign=campaign.name)


def _count_problems(campaign: OpenCampaign) -> int:
    """Return how many problems the live revisions of a campaign have."""
    key = f"problems {campaign.name} {campaign.version}"
    count = cast("int | None", cache.get(key))
    if count is None:
        count = len(check_folder(stored_folder(g.session, campaign.name)))
        cache.set(key, count)
    return count
