"""Metrics for Prometheus, read from the database when they are asked for: no process counts on its own.

Whoever asks from this very machine is answered, and whoever knows the token; to all others the page does not exist. No
number of letters is split by campaign, language or place: read every minute, small counts would tell what
`small_count_masking` holds back. The statements are as many however much is stored.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from flask import Blueprint, Response, abort
from prometheus_client import Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import column, func, select, table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy import __version__
from advocacy.abuse import caps, pressure
from advocacy.campaigns.models import Campaign, Document, Publication, Revision, live_revision_ids
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message, ProviderEvent
from advocacy.delivery.states import SETTLED, State
from advocacy.language import day_of
from advocacy.legislators.models import BouncedAddress, DataSet
from advocacy.letters import bounce_brake, digest_delivery
from advocacy.letters.models import LetterTally, Submission, SubmissionStatus, Suppression
from advocacy.staff.models import AuditEntry
from advocacy.web.cache import settled_counts
from advocacy.web.health import disk_space, unreadable
from advocacy.web.operators import is_operator
from advocacy.web.request_metrics import request_metrics
from advocacy.web.security import operator
from advocacy.web.services import Services, services

SCHEMA = table("alembic_version", column("version_num"))

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@operator
def metrics() -> Response:
    site = services()
    if not is_operator():
        abort(404)
    try:
        with site.sessions() as session:
            found = list(_read_metrics(session, site, site.now()))
    except SQLAlchemyError:
        return unreadable()
    found += [*_disk(site.outgoing), *request_metrics()]
    # A counter of this process would jump with every other one that answers.
    found += [metric for metric in ProcessCollector(registry=None).collect() if metric.type == "gauge"]
    return Response(generate_latest(_Collected(found)), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Collected(Collector):
    """Metrics already collected, as prometheus-client wants to write them."""

    def __init__(self, collected: Sequence[Metric]) -> None:
        self._collected = collected

    def collect(self) -> Iterable[Metric]:
        return self._collected


def _read_metrics(session: Session, site: Services, now: datetime) -> Iterator[Metric]:
    """Yield every metric of the site, in an order that stays: names with base units, each with what it counts.

    Messages are no counters: their states change. Those that are settled are not counted at each request, which takes
    as long as there are letters.
    """
    yield InfoMetricFamily("advocacy_build", "The version that runs.", {"version": __version__})
    yield InfoMetricFamily("advocacy_provider", "The provider that sends mail.", {"provider": site.settings.provider})
    yield from _outbox_metrics(session, now)
    text = "Of the confirmation mails of the last hour, the share that came back."
    yield _gauge("confirmations_came_back_ratio", text, bounce_brake.measure(session, now=now).share)
    text = "Whether new confirmation mails are held, as many come back."
    yield _gauge("confirmations_held", text, float(bounce_brake.is_on(session, now=now)))
    text = "Shares of 24 hours used up in the last 24: networks (network) and the site itself (site)."
    reached = caps.reached(session, now=now)
    yield _labelled("caps_reached_today", text, [((cap,), times) for cap, times in reached.items()], labels=("cap",))
    yield from _pressure_metrics(session, now)
    yield from _totals(session)
    yield from _dates(session)
    yield _bills(session, site, now)


def _outbox_metrics(session: Session, now: datetime) -> Iterator[Metric]:
    status = outbox.status(session, now=now, states=frozenset(State) - SETTLED)
    counts = {**status.counts, **settled_counts(session)}
    text = "Messages of the outbox, letters and other mail, by state; settled ones are counted once a minute."
    yield _labelled("messages", text, [((state.value,), counts[state]) for state in State], labels=("state",))
    # In these states it matters for how long a message has been: few are, and somebody has to act.
    since = select(Message.state, func.min(Message.changed_at)).group_by(Message.state)
    found = session.execute(since.where(Message.state.in_([State.SENDING, State.NEEDS_STAFF, State.HELD])))
    began = {row[0]: row[1] for row in found}
    for name, text, at in (
        ("due", "Age of the oldest due message, since it was due first", status.oldest_due),
        ("claim", "Age of the oldest claim of a worker", began.get(State.SENDING)),
        ("needs_staff", "Age of the oldest message waiting for a decision", began.get(State.NEEDS_STAFF)),
        ("held", "Age of the oldest message waiting to be read before it is sent", began.get(State.HELD)),
    ):
        yield _gauge(f"oldest_{name}_age_seconds", f"{text}; 0 if there is none.", _age(at, now))
    text = "Offices whose daily mail was to be made by now, and is not."
    yield _gauge("digests_late", text, float(len(digest_delivery.offices_due(session, now=now))))
    text = "Whether sending is paused, by a person (staff) or by the worker itself."
    # The worker pauses where its provider turned it away or its key is missing.
    values = [
        ((by.value,), float(status.hold is not None and status.hold.by is by)) for by in (Actor.STAFF, Actor.WORKER)
    ]
    yield _labelled("outbox_paused", text, values, labels=("by",))
    text = "For how long the provider has taken no mail, after several failures in a row; 0 if it takes mail."
    yield _gauge("provider_outage_age_seconds", text, _age(status.outage.since if status.outage else None, now))


def _pressure_metrics(session: Session, now: datetime) -> Iterator[Metric]:
    found = pressure.read(session, now=now)
    text = "Whether more forms come in than is calm, so that browsers are asked for a proof of work."
    yield _gauge("pressure", text, float(found.is_on))
    yield _gauge("forms_in_ten_minutes", "Forms sent in within the last ten minutes, about.", found.forms)


def _totals(session: Session) -> Iterator[Metric]:
    awaiting = select(func.count()).select_from(Submission).where(Submission.status == SubmissionStatus.AWAITING)
    reported = select(ProviderEvent.received_at).order_by(ProviderEvent.id.desc()).limit(1)
    totals = session.execute(
        select(
            awaiting.scalar_subquery().label("awaiting"),
            select(func.coalesce(func.sum(LetterTally.letters), 0)).scalar_subquery().label("confirmed"),
            select(func.count()).select_from(Suppression).scalar_subquery().label("suppressed"),
            select(func.count()).select_from(BouncedAddress).scalar_subquery().label("bounced"),
            select(func.coalesce(func.max(AuditEntry.id), 0)).scalar_subquery().label("audit_entries"),
            reported.scalar_subquery().label("reported"),
            select(func.max(SCHEMA.c.version_num)).scalar_subquery().label("schema"),
        )
    ).one()
    yield _gauge("submissions_awaiting_confirmation", "Forms not confirmed yet.", totals.awaiting)
    yield CounterMetricFamily("advocacy_letters_confirmed", "Letters confirmed.", totals.confirmed)
    text = "Addresses that asked for no more messages, once for each campaign."
    yield _gauge("suppressed_addresses", text, totals.suppressed)
    yield _gauge("doubtful_recipient_addresses", "Addresses of legislators that sent letters back.", totals.bounced)
    yield CounterMetricFamily("advocacy_journal_entries", "Entries in the audit log.", totals.audit_entries)
    schema = {"revision": totals.schema}
    yield InfoMetricFamily("advocacy_database_schema", "The version of the database's tables.", schema)
    if totals.reported is not None:
        text = "When the provider last reported."
        yield _gauge("provider_last_report_timestamp_seconds", text, totals.reported.timestamp())


def _dates(session: Session) -> Iterator[Metric]:
    live = session.execute(
        select(Campaign.name, Document.name, func.max(Publication.at))  # a revision published anew counts from then
        .join(Document, Document.campaign_id == Campaign.id)
        .join(Revision, Revision.document_id == Document.id)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Revision.id.in_(live_revision_ids()))
        .group_by(Campaign.name, Document.name)
        .order_by(Campaign.name, Document.name)
    )
    yield _labelled(
        "revision_live_since_timestamp_seconds",
        "When the live revision of a document was published.",
        [((campaign, document), at.timestamp()) for campaign, document, at in live],
        labels=("campaign", "document"),
    )
    lists = session.execute(select(DataSet.key, DataSet.as_of, DataSet.imported_at).order_by(DataSet.key)).all()
    dates = [((key,), datetime.combine(as_of, time(), UTC).timestamp()) for key, as_of, _ in lists]
    yield _labelled("directory_as_of_timestamp_seconds", "Date of a list of legislators.", dates, labels=("list",))
    imported = [((key,), at.timestamp()) for key, _, at in lists]
    text = "When a list of legislators was last imported."
    yield _labelled("directory_imported_timestamp_seconds", text, imported, labels=("list",))


def _bills(session: Session, site: Services, now: datetime) -> Metric:
    day = day_of(now)
    bills = [(one.name, bill) for one in site.opened.all(session) for bill in one.file.bills]
    text = "Days for which letters still name the stage of a bill, of those whose stage was ever confirmed."
    left = [((name, bill.number), bill.stage_days_left(day)) for name, bill in bills if bill.confirmed]
    return _labelled("bill_stage_days_left", text, left, labels=("campaign", "bill"))


def _disk(path: Path) -> Iterator[Metric]:
    size, free = disk_space(path)
    yield _gauge("disk_size_bytes", "The size of the disk that the site writes to on the machine that answers.", size)
    yield _gauge("disk_free_bytes", "What is free of it.", free)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"advocacy_{name}", text, value=value)


def _labelled(
    name: str, text: str, values: Iterable[tuple[tuple[str, ...], float]], *, labels: tuple[str, ...]
) -> Metric:
    family = GaugeMetricFamily(f"advocacy_{name}", text, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family
