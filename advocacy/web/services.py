"""What a view works with: the settings, the database, the clock and the campaigns. A view asks for nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias, cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from advocacy.abuse import pressure
from advocacy.abuse.mail_domains import MailDomains
from advocacy.abuse.pressure import Pressure
from advocacy.campaigns.open_campaigns import OpenCampaign, OpenCampaigns
from advocacy.database import Sessions, reading
from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.provider import EventSource
from advocacy.delivery.states import SETTLED, State
from advocacy.encryption import Keys
from advocacy.legislators.directory_snapshot import DirectoryCache
from advocacy.letters.letter_counts import Figures, figures, last_finished
from advocacy.offices import office_settings
from advocacy.settings import Settings
from advocacy.web.page_cache import CachedPage, PageCache, RecentPages

NAME = "advocacy"
MAX_FIGURES = 16
"""Campaigns and hours whose figures are cached."""
MAX_AGE = timedelta(minutes=1)
"""How old the cached counts of settled messages are at most: to count them takes as long as there are letters."""
PRESSURE_AGE = timedelta(seconds=3)
"""How old the cached reading of the pressure is at most, and it is of no earlier commit of this process."""
PAUSES_AGE = timedelta(seconds=1)
"""The same of the offices that take no e-mail."""
Notify: TypeAlias = Callable[[Session, Iterable[tuple[Message, State]], datetime], None]


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the site that its pages share; `now` is their only clock.

    `directory` is everyone who can be written to, `keys` encrypt what citizens send, `deliver_soon` has a worker look
    into the outbox, `start_job` has one do a job of the staff, `outgoing` is the folder of mail that is not sent.
    `events_source` reads what the provider reports, None when it reports nothing; `notify` informs those whose messages
    moved by it. `mail_domains` asks the DNS, None where it is not to be asked. `recent_pages`, `campaign_pages` and
    `blank_forms` (split where the token is) are the same for everyone.
    """

    settings: Settings
    sessions: Sessions
    now: Callable[[], datetime]
    directory: DirectoryCache
    keys: Keys
    deliver_soon: Callable[[], None]
    start_job: Callable[[int], None]
    outgoing: Path
    events_source: EventSource | None
    mail_domains: MailDomains | None
    notify: Notify
    recent_pages: RecentPages
    opened: OpenCampaigns = field(default_factory=OpenCampaigns)
    campaign_pages: PageCache[CachedPage] = field(default_factory=PageCache)
    blank_forms: PageCache[tuple[str, str]] = field(default_factory=PageCache)
    _figures: dict[tuple[str, date, int], Figures] = field(default_factory=dict)
    _pressure: dict[int, tuple[datetime, Pressure]] = field(default_factory=dict)
    _pauses: dict[int, tuple[datetime, Mapping[str, date]]] = field(default_factory=dict)
    _settled_counts: dict[str | None, tuple[datetime, Mapping[State, int]]] = field(default_factory=dict)

    def campaigns(self) -> Sequence[OpenCampaign]:
        with self.sessions() as session:
            return self.opened.all(session)

    def campaign(self, name: str) -> OpenCampaign | None:
        """Return one campaign by its name in addresses, None when there is none."""
        with reading(self.sessions) as session:
            return self.opened.get(session, name)

    def figures(self, session: Session, campaign: str) -> Figures:
        """Return a campaign's figures, computed once an hour: those of a finished day stay, its outcomes change.

        That there is nothing to show yet is not cached: it is found at once.
        """
        now = self.now()
        key = campaign, last_finished(now), now.astimezone().hour
        if key in self._figures:
            return self._figures[key]
        computed = figures(session, campaign, through=key[1])
        if computed.runs:
            while len(self._figures) >= MAX_FIGURES:
                self._figures.pop(next(iter(self._figures)), None)
            self._figures[key] = computed
        return computed

    def pressure(self) -> Pressure:
        """Return whether more forms come in than is calm, as of some seconds ago at most."""
        now, commits = self.now(), self.sessions.commits
        read_at, found = self._pressure.get(commits, (None, None))
        if found is None or read_at is None or not timedelta() <= now - read_at < PRESSURE_AGE:
            with reading(self.sessions) as session:
                found = pressure.read(session, now=now)
            self._pressure.clear()
            self._pressure[commits] = now, found
        return found

    def paused_offices(self) -> Mapping[str, date]:
        """Return the offices that take no e-mail, each with the day until which, as of a second ago at most."""
        now, commits = self.now(), self.sessions.commits
        read_at, found = self._pauses.get(commits, (None, None))
        if found is None or read_at is None or not timedelta() <= now - read_at < PAUSES_AGE:
            with reading(self.sessions) as session:
                found = office_settings.paused_offices(session, now=now)
            self._pauses.clear()
            self._pauses[commits] = now, found
        return found

    def settled_counts(self, session: Session, kind: str | None = None) -> Mapping[State, int]:
        """Count the messages of every settled state, or those of one kind, as of a minute ago at most."""
        now, cached = self.now(), self._settled_counts.get(kind)
        if cached is None or now - cached[0] >= MAX_AGE:
            cached = self._settled_counts[kind] = (now, outbox.count(session, SETTLED, kind=kind))
        return cached[1]

    def forget_settled_counts(self) -> None:
        """Count settled messages anew: somebody has decided about one."""
        self._settled_counts.clear()


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
