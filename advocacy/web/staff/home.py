"""Today: what waits for whoever signs in, with the button that ends it, and the campaigns with their letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, render_template, url_for

from advocacy.abuse import pressure
from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.language import Language, day_of
from advocacy.letters.letter_counts import LetterCounts, counts_by_campaign
from advocacy.messages import Message, message
from advocacy.staff.models import Role
from advocacy.staff.publication_status import CampaignStatus, Status, campaign_statuses
from advocacy.today import newest_folders, waiting_for
from advocacy.web.cache import campaign_figures
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.texts import campaign_name, document_name

STATES: Mapping[Status, Message] = {
    Status.DRAFT: message("Draft"),
    Status.IN_REVIEW: message("Waits for approval"),
    Status.CHANGES_ASKED: message("Changes asked"),
    Status.SCHEDULED: message("Scheduled"),
    Status.LIVE: message("Open"),
    Status.OFFLINE: message("Closed"),
    Status.ARCHIVED: message("Archived"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign on Today. `counts` are shown to those who may see them; `links` are its public addresses."""

    name: str
    title: str
    state: Message
    is_open: bool
    letters: Sequence[tuple[str, str]]
    counts: Sequence[tuple[Message, int]]
    links: Mapping[Language, str]


@bp.get("/")
@requires(Role.WRITER)
def home() -> str:
    site, account, now = services(), current_account(), services().now()
    opened, folders = {campaign.name: campaign for campaign in site.campaigns()}, newest_folders(g.session)
    counted = counts_by_campaign(g.session, day_of(now)) if account.role.may(Role.MANAGER) else {}
    statuses = campaign_statuses(g.session)
    cards = [
        _card(folder, statuses[name], opened=opened.get(name), counts=counted.get(name, LetterCounts()))
        for name, folder in folders.items()
        if name in statuses
    ]
    return render_template(
        "staff/home.html",
        today=day_of(now),
        waiting=waiting_for(g.session, account, campaigns=[*opened.values()], folders=folders, now=now),
        cards=cards,
        archived=[name for name, status in statuses.items() if status.status is Status.ARCHIVED],
        pressure=pressure.read(g.session, now=now, calm=site.settings.calm_per_ten_minutes),
    )


def _card(folder: CampaignFolder, status: CampaignStatus, *, opened: OpenCampaign | None, counts: LetterCounts) -> Card:
    name, today = folder.name, day_of(services().now())
    is_open = opened is not None and opened.is_online and opened.file.season_on(today) is Season.OPEN
    is_over = opened is not None and opened.file.season_on(today) is Season.CLOSED
    return Card(
        name,
        campaign_name(folder),
        STATES[Status.OFFLINE if is_over else status.status],
        is_open,
        [(letter, document_name(folder, letter)) for letter in folder.letters()],
        _shown_counts(name, counts) if opened else (),
        {language: _public_address(name, language) for language in Language} if opened else {},
    )


def _shown_counts(name: str, counts: LetterCounts) -> Sequence[tuple[Message, int]]:
    """Return the letters of a campaign: as they are for managers, as they are published for whoever may publish."""
    role = current_account().role
    if role.may(Role.MANAGER):
        return (
            (message("today"), counts.today),
            (message("in 7 days"), counts.week),
            (message("letters in all"), counts.all),
        )
    if not role.may(Role.PUBLISHER):
        return ()
    published = campaign_figures(g.session, name)
    week = published.week_before(day_of(services().now()))
    return ((message("in 7 days"), week), (message("letters in all"), published.total)) if published.total else ()


def _public_address(name: str, language: Language) -> str:
    return services().settings.base_url + url_for("public.campaign", campaign=name, language=language.value)
