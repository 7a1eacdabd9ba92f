"""Home: what waits for whoever signs in, what was sent back to them, what is live and what needs care."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import cast

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.abuse import pressure
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.legislation import STAGE_DAYS
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import day_of
from advocacy.legislators.directory_queries import bounced_entries
from advocacy.legislators.models import DataSet, Legislator, Status
from advocacy.letters import bounce_brake
from advocacy.letters.hold_queue import count_held
from advocacy.offices.office_settings import awaiting_confirmation
from advocacy.staff import reviews
from advocacy.staff.models import Role
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

MAX_COUNTED = 1000
"""Deliveries and facts are counted up to this many, so that the page costs the same whatever is stored."""
OLD_LIST = timedelta(days=90)
"""A list of legislators this old should be brought up to date: by-elections and shuffles are never further apart."""
CLOSING_SOON = timedelta(days=14)


@bp.get("/")
@requires(Role.WRITER)
def home() -> str:
    site, account = services(), current_account()
    today = day_of(site.now())
    with site.sessions() as session:
        waiting, returned = reviews.reviews_for(session, account), reviews.changes_asked_of(session, account)
        revisions = [one.revision_id for one in waiting] + [one.revision_id for one in returned]
        titles = letter_titles(session, revisions)
        statuses, drafts = campaign_statuses(session), unpublished_names(session)
        opened = site.opened.all(session)
        figures = {one.name: campaign_figures(session, one.name) for one in opened}
        care = [*_campaigns_care(session, opened, today=today)]
        if account.role.may(Role.MANAGER):
            care += _site_care(session, today)
        reading = pressure.read(session, now=site.now())
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


def _campaigns_care(session: Session, opened: Sequence[OpenCampaign], *, today: date) -> Iterator[tuple[str, str]]:
    """Return what needs care in what is live, and where: whom its pages cannot name, old stages of bills, problems."""
    for one in opened:
        name, address = one.file.name.in_language(current_language()), url_for("staff.campaign", campaign=one.name)
        if not (one.file.organiser and one.file.privacy_contact):
            settings = url_for("staff.campaign_settings", campaign=one.name)
            yield (_("%(name)s: say who runs the campaign and whom to write to about privacy.", name=name), settings)
        for bill in one.file.bills:
            age = bill.confirmed_days(today)
            if age is None or age > STAGE_DAYS:
                yield (_("%(name)s: confirm the stage of %(bill)s.", name=name, bill=bill.number), address)
        if problems := _count_problems(session, one):
            words = ngettext(
                "%(name)s: %(num)d problem in what is live.", "%(name)s: %(num)d problems in what is live.", problems,
                name=name,
            )  # fmt: skip
            yield (words, address)


def _count_problems(session: Session, campaign: OpenCampaign) -> int:
    """Return how many problems the live revisions of a campaign have."""
    key = f"problems {campaign.name} {campaign.version}"
    count = cast("int | None", cache.get(key))
    if count is None:
        count = len(check_folder(stored_folder(session, campaign.name)))
        cache.set(key, count)
    return count


def _site_care(session: Session, today: date) -> Iterator[tuple[str, str]]:
    """Return what needs a manager's care, and where: deliveries, facts missing in the directory, lists grown old."""
    stuck = select(Message.id).where(Message.state == State.NEEDS_STAFF).limit(MAX_COUNTED).subquery()
    if count := session.scalar(select(func.count()).select_from(stuck)):
        words = ngettext("%(num)d delivery needs a decision.", "%(num)d deliveries need a decision.", count)
        yield (words, url_for("staff.deliveries"))
    if bounce_brake.is_on(session, now=services().now()):
        yield (_("Many confirmation e-mails come back: new ones are held."), url_for("staff.needs_a_look"))
    if count := count_held(session, limit=MAX_COUNTED):
        words = ngettext("%(num)d needs a look before it is sent.", "%(num)d need a look before they are sent.", count)
        yield (words, url_for("staff.needs_a_look"))
    if count := len(bounced_entries(session)):
        words = ngettext(
            "E-mail to %(num)d address of the directory comes back: correct it.",
            "E-mail to %(num)d addresses of the directory comes back: correct them.",
            count,
        )
        yield (words, url_for("staff.bounces"))
    if count := len(awaiting_confirmation(session)):
        words = ngettext(
            "%(num)d office named another address for its letters: confirm it.",
            "%(num)d offices named another address for their letters: confirm them.",
            count,
        )
        yield (words, url_for("staff.directory"))
    missing = (
        select(Legislator.id)
        .where(Legislator.status.not_in((Status.VACANT, Status.LEFT)), Legislator.email.is_(None))
        .limit(MAX_COUNTED)
        .subquery()
    )
    if count := session.scalar(select(func.count()).select_from(missing)):
        words = ngettext(
            "%(num)d person in the directory has no e-mail address.",
            "%(num)d people in the directory have no e-mail address.",
            count,
        )
        yield (words, url_for("staff.directory"))
    old = session.scalar(select(func.count()).select_from(DataSet).where(DataSet.as_of < today - OLD_LIST))
    if old:
        words = ngettext(
            "%(num)d list of the directory is more than %(days)d days old.",
            "%(num)d lists of the directory are more than %(days)d days old.",
            old,
            days=OLD_LIST.days,
        )
        yield (words, url_for("staff.directory"))
