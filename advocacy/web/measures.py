"""How the site stands at one moment, for whoever keeps it running: numbers and moments, and nothing of anyone.

No number of letters is parted by campaign, language or place: read every minute, small counts would tell what
`small_count_masking` holds back. The statements are as many however much is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, select, table
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign, Document, Publication, Revision, live_revision_ids
from advocacy.delivery import outbox
from advocacy.delivery.models import Message, ProviderEvent
from advocacy.delivery.outbox import Status
from advocacy.delivery.states import SETTLED, State
from advocacy.legislators.models import BouncedAddress, DataSet
from advocacy.letters import caps
from advocacy.letters.models import LetterTally, Submission, SubmissionStatus, Suppression
from advocacy.staff.models import AuditEntry

SCHEMA = table("alembic_version", column("version_num"))
OPEN = frozenset(State) - SETTLED
AGES = (State.SENDING, State.NEEDS_STAFF)
"""States in which it matters for how long a message has stood: few stand there, and somebody has to act."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What is kept, in numbers.

    `awaiting` forms wait for their citizen, `confirmed` letters were confirmed in all. `suppressed` addresses asked to
    hear no more, counted once for each campaign; `doubtful` ones of legislators sent letters back. `reported` is when
    the provider's last report came in, `schema` the tables' version.
    """

    awaiting: int
    confirmed: int
    suppressed: int
    doubtful: int
    audit_entries: int
    reported: datetime | None
    schema: str


@dataclass(frozen=True, slots=True)
class Measures:
    """The site at one moment.

    `status` counts what is not settled; `since` says when the message came to its state that has stood there longest.
    `live` says when what citizens meet was published, by campaign and document; `lists` of which day each list of
    legislators is, and when it came in. `caps` says how many networks have used up their share of today's forms, and
    whether the site has, by the cap's name.
    """

    status: Status
    since: Mapping[State, datetime]
    totals: Totals
    live: Mapping[tuple[str, str], datetime]
    lists: Mapping[str, tuple[datetime, datetime]]
    caps: Mapping[str, int]


def measure(session: Session, *, now: datetime, limits: caps.Limits) -> Measures:
    """Read how the site stands; settled messages are left out: to count them takes as long as there are letters."""
    return Measures(
        outbox.status(session, now=now, states=OPEN),
        {row[0]: row[1] for row in session.execute(_since())},
        Totals(*session.execute(select(*_totals())).one()),
        {(campaign, document): at for campaign, document, at in session.execute(_live())},
        {key: (_begin(as_of), at) for key, as_of, at in session.execute(_lists())},
        caps.reached(session, now=now, limits=limits),
    )


def _since() -> Select[State, datetime]:
    return select(Message.state, func.min(Message.changed_at)).where(Message.state.in_(AGES)).group_by(Message.state)


def _totals() -> tuple[ColumnElement[Any], ...]:
    awaiting = select(func.count()).select_from(Submission).where(Submission.status == SubmissionStatus.AWAITING)
    reported = select(ProviderEvent.received_at).order_by(ProviderEvent.id.desc()).limit(1)
    return (
        awaiting.scalar_subquery(),
        select(func.coalesce(func.sum(LetterTally.letters), 0)).scalar_subquery(),
        select(func.count()).select_from(Suppression).scalar_subquery(),
        select(func.count()).select_from(BouncedAddress).scalar_subquery(),
        select(func.coalesce(func.max(AuditEntry.id), 0)).scalar_subquery(),
        reported.scalar_subquery(),
        select(func.max(SCHEMA.c.version_num)).scalar_subquery(),
    )


def _live() -> Select[str, str, datetime]:
    at = func.max(Publication.at)  # a revision published anew counts from then
    return (
        select(Campaign.name, Document.name, at)
        .join(Document, Document.campaign_id == Campaign.id)
        .join(Revision, Revision.document_id == Document.id)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Revision.id.in_(live_revision_ids()))
        .group_by(Campaign.name, Document.name)
        .order_by(Campaign.name, Document.name)
    )


def _lists() -> Select[str, date, datetime]:
    return select(DataSet.key, DataSet.as_of, DataSet.imported_at).order_by(DataSet.key)


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
