"""How the site stands, in Prometheus' words: names with base units, each with a sentence that says what it counts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

from advocacy import __version__
from advocacy.delivery.models import By, Hold
from advocacy.delivery.states import State
from advocacy.staff.measures import Kept, Measures

HOLDERS = (By.STAFF, By.WORKER)
"""Who may hold the outbox: a person, or the worker whose provider turned it away or whose key is missing."""

Labels: TypeAlias = tuple[str, ...]


def families(measures: Measures, settled: Mapping[State, int], *, now: datetime, provider: str) -> Iterator[Metric]:
    """Give every metric of the site, in an order that stays.

    Messages are no counters: their states change, and what is settled is counted by each process for itself.
    """
    yield InfoMetricFamily("advocacy_build", "The version that answers.", {"version": __version__})
    yield InfoMetricFamily("advocacy_provider", "How mail leaves: the provider that is set.", {"provider": provider})
    yield _messages({**measures.status.counts, **settled})
    yield from _ages(measures, now)
    yield _paused(measures.status.held)
    yield _caps(measures.caps)
    yield from _kept(measures.kept)
    yield from _moments(measures)


def _messages(counts: Mapping[State, int]) -> Metric:
    told = "Messages of the outbox, letters and other mail, by state; of settled ones as a minute ago at most."
    return _labelled("messages", told, [((state.value,), counts[state]) for state in State], labels=("state",))


def _ages(measures: Measures, now: datetime) -> Iterator[Metric]:
    since = measures.since
    for name, told, began in (
        ("due", "For how long the message longest due has been due", measures.status.oldest_due),
        ("claim", "For how long a worker has had the message it has had longest", since.get(State.SENDING)),
        (
            "needs_staff",
            "For how long the message has waited that needs a person longest",
            since.get(State.NEEDS_STAFF),
        ),
    ):
        age = max((now - began).total_seconds(), 0.0) if began else 0.0
        yield _gauge(f"oldest_{name}_age_seconds", f"{told}; 0 where there is none.", age)


def _paused(held: Hold | None) -> Metric:
    told = "Whether sending is paused, by a person (staff) or by the worker itself."
    values = [((by.value,), float(held is not None and held.by is by)) for by in HOLDERS]
    return _labelled("outbox_paused", told, values, labels=("by",))


def _caps(reached: Mapping[str, int]) -> Metric:
    told = "Networks (network), and the site itself (site), whose share of forms for today (UTC) is used up."
    return _labelled("caps_reached_today", told, [((cap,), times) for cap, times in reached.items()], labels=("cap",))


def _kept(kept: Kept) -> Iterator[Metric]:
    yield _gauge("submissions_awaiting_confirmation", "Forms their citizens have not confirmed yet.", kept.awaiting)
    yield CounterMetricFamily("advocacy_letters_confirmed", "Letters their citizens confirmed.", kept.confirmed)
    yield _gauge(
        "suppressed_addresses", "Addresses that asked to hear no more, once for each campaign.", kept.suppressed
    )
    yield _gauge("doubtful_recipient_addresses", "Addresses of legislators that sent letters back.", kept.doubtful)
    yield CounterMetricFamily("advocacy_journal_entries", "Entries in the journal of what staff did.", kept.journal)
    schema = {"revision": kept.schema}
    yield InfoMetricFamily("advocacy_database_schema", "The version of the database's tables.", schema)
    if kept.reported is not None:
        told = "When the provider's last report came in."
        yield _gauge("provider_last_report_timestamp_seconds", told, kept.reported.timestamp())


def _moments(measures: Measures) -> Iterator[Metric]:
    yield _labelled(
        "revision_live_since_timestamp_seconds",
        "When the revision of a document that citizens meet was published.",
        [(document, at.timestamp()) for document, at in measures.live.items()],
        labels=("campaign", "document"),
    )
    for name, told, place in (
        ("as_of", "The day that a list of legislators is of.", 0),
        ("imported", "When a list of legislators last came in.", 1),
    ):
        values = [((key,), moments[place].timestamp()) for key, moments in measures.lists.items()]
        yield _labelled(f"directory_{name}_timestamp_seconds", told, values, labels=("list",))


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"advocacy_{name}", told, value=value)


def _labelled(name: str, told: str, values: Iterable[tuple[Labels, float]], *, labels: Labels) -> Metric:
    family = GaugeMetricFamily(f"advocacy_{name}", told, labels=labels)
    for of, value in values:
        family.add_metric(of, value)
    return family
