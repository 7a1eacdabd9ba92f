"""How the site stands, in Prometheus' words: names with base units, each with a sentence that says what it counts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

from advocacy import __version__
from advocacy.delivery.models import By, Hold
from advocacy.delivery.outages import Outage
from advocacy.delivery.states import State
from advocacy.web.measures import Measures, Totals

HOLDERS = (By.STAFF, By.WORKER)
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
    yield _paused(measures.status.held)
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
