"""Figures for Prometheus, read from the database when they are asked for: no process counts on its own.

Whoever asks from this very machine is answered, and whoever knows the token; to all others the page does not exist.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeAlias

from flask import Blueprint, Response, abort, request
from prometheus_client import Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, Select, column, func, select, table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy import __version__
from advocacy.campaigns.models import Campaign, Document, Publication, Revision, live_revision_ids
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Hold, Message, ProviderEvent
from advocacy.delivery.outages import Outage
from advocacy.delivery.outbox import Status
from advocacy.delivery.states import SETTLED, State
from advocacy.legislators.models import BouncedAddress, DataSet
from advocacy.letters import caps
from advocacy.letters.caps import Limits
from advocacy.letters.models import LetterTally, Submission, SubmissionStatus, Suppression
from advocacy.staff.models import AuditEntry
from advocacy.web.health import unreadable
from advocacy.web.security import operator
from advocacy.web.services import Services

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
        Totals(*session.execute(select(*_total_columns())).one()),
        {(campaign, document): at for campaign, document, at in session.execute(_live())},
        {key: (_begin(as_of), at) for key, as_of, at in session.execute(_lists())},
        caps.reached(session, now=now, limits=limits),
    )


def _since() -> Select[State, datetime]:
    return select(Message.state, func.min(Message.changed_at)).where(Message.state.in_(AGES)).group_by(Message.state)


def _total_columns() -> tuple[ColumnElement[Any], ...]:
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


HOLDERS = (Actor.STAFF, Actor.WORKER)
"""Who may hold the outbox: a person, or the worker whose provider turned it away or whose key is missing."""

Labels: TypeAlias = tuple[str, ...]


def families(measures: Measures, settled: Mapping[State, int], *, now: datetime, provider: str) -> Iterator[Metric]:
    """Return every metric of the site, in an order that stays.

    Messages are no counters: their states change, and what is settled is counted by each process for itself.
    """
    yield InfoMetricFamily("advocacy_build", "The version that runs.", {"version": __version__})
    yield InfoMetricFamily("advocacy_provider", "The provider that sends mail.", {"provider": provider})
    yield _messages({**measures.status.counts, **settled})
    yield from _ages(measures, now)
    yield _paused(measures.status.hold)
    yield _out(measures.status.outage, now)
    yield _caps(measures.caps)
    yield from _totals(measures.totals)
    yield from _moments(measures)


def _messages(counts: Mapping[State, int]) -> Metric:
    text = "Messages of the outbox, letters and other mail, by state; settled ones are counted once a minute."
    return _labelled("messages", text, [((state.value,), counts[state]) for state in State], labels=("state",))


def _ages(measures: Measures, now: datetime) -> Iterator[Metric]:
    since = measures.since
    for name, text, began in (
        ("due", "Age of the oldest due message, since it was due first", measures.status.oldest_due),
        ("claim", "Age of the oldest claim of a worker", since.get(State.SENDING)),
        (
            "needs_staff",
            "Age of the oldest message waiting for a decision",
            since.get(State.NEEDS_STAFF),
        ),
    ):
        age = max((now - began).total_seconds(), 0.0) if began else 0.0
        yield _gauge(f"oldest_{name}_age_seconds", f"{text}; 0 if there is none.", age)


def _paused(held: Hold | None) -> Metric:
    text = "Whether sending is paused, by a person (staff) or by the worker itself."
    values = [((by.value,), float(held is not None and held.by is by)) for by in HOLDERS]
    return _labelled("outbox_paused", text, values, labels=("by",))


def _out(outage: Outage | None, now: datetime) -> Metric:
    text = "For how long the provider has taken no mail, after several failures in a row; 0 if it takes mail."
    age = max((now - outage.since).total_seconds(), 0.0) if outage else 0.0
    return _gauge("provider_outage_age_seconds", text, age)


def _caps(reached: Mapping[str, int]) -> Metric:
    text = "Daily limits (UTC) reached: networks (network) and the site itself (site)."
    return _labelled("caps_reached_today", text, [((cap,), times) for cap, times in reached.items()], labels=("cap",))


def _totals(totals: Totals) -> Iterator[Metric]:
    yield _gauge("submissions_awaiting_confirmation", "Forms not confirmed yet.", totals.awaiting)
    yield CounterMetricFamily("advocacy_letters_confirmed", "Letters confirmed.", totals.confirmed)
    yield _gauge(
        "suppressed_addresses", "Addresses that asked for no more messages, once for each campaign.", totals.suppressed
    )
    yield _gauge("doubtful_recipient_addresses", "Addresses of legislators that sent letters back.", totals.doubtful)
    yield CounterMetricFamily("advocacy_journal_entries", "Entries in the audit log.", totals.audit_entries)
    schema = {"revision": totals.schema}
    yield InfoMetricFamily("advocacy_database_schema", "The version of the database's tables.", schema)
    if totals.reported is not None:
        text = "When the provider last reported."
        yield _gauge("provider_last_report_timestamp_seconds", text, totals.reported.timestamp())


def _moments(measures: Measures) -> Iterator[Metric]:
    yield _labelled(
        "revision_live_since_timestamp_seconds",
        "When the live revision of a document was published.",
        [(document, at.timestamp()) for document, at in measures.live.items()],
        labels=("campaign", "document"),
    )
    for name, text, place in (
        ("as_of", "Date of a list of legislators.", 0),
        ("imported", "When a list of legislators was last imported.", 1),
    ):
        values = [((key,), moments[place].timestamp()) for key, moments in measures.lists.items()]
        yield _labelled(f"directory_{name}_timestamp_seconds", text, values, labels=("list",))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"advocacy_{name}", text, value=value)


def _labelled(name: str, text: str, values: Iterable[tuple[Labels, float]], *, labels: Labels) -> Metric:
    family = GaugeMetricFamily(f"advocacy_{name}", text, labels=labels)
    for of, value in values:
        family.add_metric(of, value)
    return family


HERE = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
"""What this machine calls itself: a page elsewhere whose name was made to lead here asks for its own."""
PASSED_ON = re.compile(r"x-forwarded-.*|forwarded|x-real-ip|via", re.IGNORECASE)
"""Headers that tell of a proxy, believed or not."""


class _Collected(Collector):
    """Metrics already collected, as prometheus-client wants to write them."""

    def __init__(self, collected: Iterable[Metric]) -> None:
        self._collected = collected

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return self._collected


def metrics(services: Services) -> Blueprint:
    """Make the route `/metrics`."""
    routes = Blueprint("metrics", __name__)
    process = ProcessCollector(registry=None)
    limits = Limits(services.settings.network_per_day, services.settings.site_per_day)

    @routes.get("/metrics")
    @operator
    def figures() -> Response:
        if not (_is_direct() or _shows(services.settings.metrics_token.get_secret_value())):
            abort(404)
        now = services.now()
        try:
            with services.sessions() as session:
                measures, done = measure(session, now=now, limits=limits), services.settled_counts(session)
        except SQLAlchemyError:
            return unreadable()
        found = families(measures, done, now=now, provider=services.settings.provider)
        # A counter of this process would jump with every other one that answers.
        collected = [*found, *(metric for metric in process.collect() if metric.type == "gauge")]
        return Response(generate_latest(_Collected(collected)), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes


def _is_direct() -> bool:
    """Whether a program of this machine asks by itself: what a proxy passes on comes from anywhere."""
    passed_on = any(PASSED_ON.fullmatch(name) for name, _ in request.headers)
    return not passed_on and HERE.fullmatch(request.host) is not None and _is_loopback(request.remote_addr or "")


def _is_loopback(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket file has no address
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback


def _shows(token: str) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), token.encode())
