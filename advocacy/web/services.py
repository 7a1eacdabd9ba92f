"""What a view works with: the settings, the database, the clock and the campaigns. A view asks for nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, cast

from flask import current_app, g, request
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse.mail_domains import MailDomains
from advocacy.campaigns.open_campaigns import OpenCampaign, OpenCampaigns
from advocacy.delivery.models import Message
from advocacy.delivery.provider import EventSource
from advocacy.delivery.states import State
from advocacy.encryption import Keys
from advocacy.legislators.directory_snapshot import DirectoryCache
from advocacy.settings import Settings
from advocacy.signed_links import InvalidLink, Purpose, SignedLinks
from advocacy.site_problems import SiteProblem, site_problems

NAME = "advocacy"
Notify: TypeAlias = Callable[[Session, Iterable[tuple[Message, State]], datetime], None]


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the site that its pages share; `now` is their only clock.

    `directory` is everyone who can be written to, `keys` encrypt what citizens send, `links` signs the links in mails,
    `deliver_soon` has a worker look into the outbox, `erase_soon` has one write over what was erased, `start_job` has
    one do a job of the staff.
    `events_source` reads what the provider reports, None when it reports nothing; `notify` informs those whose messages
    moved by it. `mail_domains` asks the DNS, None where it is not to be asked.
    """

    settings: Settings
    sessions: sessionmaker[Session]
    now: Callable[[], datetime]
    directory: DirectoryCache
    keys: Keys
    links: SignedLinks
    deliver_soon: Callable[[], None]
    erase_soon: Callable[[], None]
    start_job: Callable[[int], None]
    events_source: EventSource | None
    mail_domains: MailDomains | None
    notify: Notify
    opened: OpenCampaigns = field(default_factory=OpenCampaigns)

    def linked_id(self, purpose: Purpose, token: str) -> str:
        """Return the id of the row that a link's token names; "", which no row has, for a token that is not one."""
        try:
            return self.links.read(purpose, token)
        except InvalidLink:
            return ""

    def campaigns(self) -> Sequence[OpenCampaign]:
        return self.opened.all(g.session)

    def campaign(self, name: str) -> OpenCampaign | None:
        """Return one campaign by its name in addresses, None when there is none."""
        return self.opened.get(g.session, name)

    def problems(self, session: Session) -> Sequence[SiteProblem]:
        """Return what is wrong with the site now."""
        folder, forms_a_day = self.settings.mail_folder, self.settings.site_per_day
        return list(site_problems(session, self.opened.all(session), folder, forms_a_day=forms_a_day, now=self.now()))


def services() -> Services:
    """Return the services of the application that answers now."""
    return cast(Services, current_app.extensions[NAME])


def current_campaign() -> OpenCampaign | None:
    """Return the campaign named in the address, read once in a request; None where none, or no known one, is named."""
    name = (request.view_args or {}).get("campaign")
    if name is None:
        return None
    if "campaign" not in g:
        g.campaign = services().campaign(name)
    return cast("OpenCampaign | None", g.campaign)
