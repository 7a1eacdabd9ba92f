"""Home: what waits for whoever signs in, what was sent back to them, what is live and what needs care."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.bill import STAGE_DAYS
from advocacy.campaigns.campaign import Season, season
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.opened import OpenCampaign
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import day_of, speak_number
from advocacy.legislators.models import DataSet, Legislator, Status
from advocacy.letters.results import Figures
from advocacy.staff import review
from advocacy.staff.roles import Role
from advocacy.staff.status import CampaignStatus, campaign_statuses
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.date_format import format_in_sentence
from advocacy.web.staff.letter_titles import OWN, titles_of, unpublished_names
from advocacy.web.staff.results import cached_figures

MAX_COUNTED = 1000
"""Deliveries and facts are counted up to this many, so that the page costs the same whatever is stored."""
OLD_LIST = timedelta(days=90)
"""A list of legislators this old should be brought up to date: by-elections and shuffles are never further apart."""
CLOSING_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Task:
    """Something sent to a person, or sent back to them: of which document, by whom, when, and what they wrote."""

    title: str
    campaign: str
    address: str
    name: str
    when: str
    words: str
    to_me: bool = False


@dataclass(frozen=True, slots=True)
class LiveCampaign:
    """A campaign that citizens can find: `closes` where it ends soon, `pending` where something newer is not live.

    `confirmed` letters and those of the last seven days are counted as on the page of results; "" where none is shown.
    """

    name: str
    title: str
    letters: int
    season: Season
    opens: date | None
    closes: date | None
    pending: bool
    confirmed: str
    this_week: str


@dataclass(frozen=True, slots=True)
class Care:
    """Something that a person should look at, and where."""

    words: str
    address: str


@bp.get("/")
@requires(Role.WRITER)
def home() -> str:
    """Show what waits for whoever signs in."""
    site, account = services(), current_account()
    today = day_of(site.now())
    with site.sessions() as session:
        waiting, returned = review.waiting_for(session, account), review.sent_back_to(session, account)
        revisions = [one.revision_id for one in waiting] + [one.revision_id for one in returned]
        titles = titles_of(session, revisions, current_language())
        statuses, drafts = campaign_statuses(session), unpublished_names(session, current_language())
        opened = site.opened.all(session)
        made = {one.name: cached_figures(session, one.name) for one in opened}
        care = [*_campaigns_care(session, opened, today=today)]
        if account.role.may(Role.MANAGER):
            care += _site_care(session, today)
    names = {**drafts, **{one.name: one.file.name.spoken(current_language()) for one in opened}}
    return render_template(
        "staff/home.html",
        waiting=[
            _task(one, _review(one), words=one.note, titles=titles, names=names, to_me=one.chosen) for one in waiting
        ],
        returned=[_task(one, _editor(one), words=one.text, titles=titles, names=names) for one in returned],
        live=[_live(one, statuses[one.name], made[one.name], today=today) for one in opened],
        drafts=[name for name in statuses if name not in made],
        care=care,
    )


def _task(
    one: review.Request | review.Answer,
    address: str,
    *,
    words: str,
    titles: Mapping[int, str],
    names: Mapping[str, str],
    to_me: bool = False,
) -> Task:
    title = titles.get(one.revision_id) or str(OWN.get(one.document, one.document))
    at = format_in_sentence(one.at, services().now(), current_language())
    return Task(title, names.get(one.campaign, one.campaign), address, one.name, at, words, to_me)


def _review(one: review.Request) -> str:
    return url_for("staff.review", revision=one.revision_id)


def _editor(one: review.Answer) -> str:
    """Return the address of the page on which a document is edited."""
    endpoint = {"findings": "survey", "campaign": "campaign_settings", "safety": "campaign_settings"}.get(one.document)
    if endpoint is None:
        return url_for("staff.letter", campaign=one.campaign, letter=one.document)
    return url_for(f"staff.{endpoint}", campaign=one.campaign)


def _live(one: OpenCampaign, status: CampaignStatus, made: Figures, *, today: date) -> LiveCampaign:
    closes, (total, week) = one.file.closes, totals(made, today)
    return LiveCampaign(
        one.name,
        one.file.name.spoken(current_language()),
        len(one.letters),
        season(one.file, today),
        one.file.opens,
        closes if closes and closes - today <= CLOSING_SOON else None,
        status.pending is not None,
        total,
        week,
    )


def totals(made: Figures, today: date) -> tuple[str, str]:
    """Return how many letters were confirmed, in all and in the last seven days, as the page of results shows them."""
    language, week = current_language(), made.total - made.total_through(today - timedelta(days=8))
    return speak_number(made.total, language) if made.total else "", speak_number(week, language) if week else ""


def _campaigns_care(session: Session, opened: Sequence[OpenCampaign], *, today: date) -> Iterator[Care]:
    """Return what needs care in what is live: stages of bills too old to be named, and problems in letters."""
    for one in opened:
        name, address = one.file.name.spoken(current_language()), url_for("staff.campaign", campaign=one.name)
        for bill in one.file.bills:
            age = bill.confirmed_days(today)
            if age is None or age > STAGE_DAYS:
                yield Care(_("%(name)s: confirm the stage of %(bill)s.", name=name, bill=bill.number), address)
        if problems := _count_problems(session, one):
            words = ngettext(
                "%(name)s: %(num)d problem in what is live.", "%(name)s: %(num)d problems in what is live.", problems,
                name=name,
            )  # fmt: skip
            yield Care(words, address)


_PROBLEMS: dict[tuple[str, tuple[int, ...]], int] = {}


def _count_problems(session: Session, campaign: OpenCampaign) -> int:
    """Return how many problems the live revisions of a campaign have; checked once, since they never change."""
    key = (campaign.name, tuple(sorted(campaign.revisions.values())))
    if key not in _PROBLEMS:
        if len(_PROBLEMS) > MAX_COUNTED:
            _PROBLEMS.clear()
        _PROBLEMS[key] = len(check_folder(stored_folder(session, campaign.name)))
    return _PROBLEMS[key]


def _site_care(session: Session, today: date) -> Iterator[Care]:
    """Return what needs a manager's care: deliveries to decide, facts missing in the directory, lists grown old."""
    stuck = select(Message.id).where(Message.state == State.NEEDS_STAFF).limit(MAX_COUNTED).subquery()
    if count := session.scalar(select(func.count()).select_from(stuck)):
        words = ngettext("%(num)d delivery needs a decision.", "%(num)d deliveries need a decision.", count)
        yield Care(words, url_for("staff.deliveries"))
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
        yield Care(words, url_for("staff.directory"))
    old = session.scalar(select(func.count()).select_from(DataSet).where(DataSet.as_of < today - OLD_LIST))
    if old:
        words = ngettext(
            "%(num)d list of the directory is more than %(days)d days old.",
            "%(num)d lists of the directory are more than %(days)d days old.",
            old,
            days=OLD_LIST.days,
        )
        yield Care(words, url_for("staff.directory"))
