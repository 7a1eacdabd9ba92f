"""Metrics for Prometheus, read from the database when they are asked for: no process counts on its own.

Whoever asks from this very machine is answered, and whoever knows the token; to all others the page does not exist. No
number of letters is split by campaign, language or place: read every minute, small counts would tell what
`small_count_masking` holds back. The statements are as many however much is stored.
"""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, g
from prometheus_client import Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advocacy import __version__
from advocacy.abuse import caps, pressure
from advocacy.delivery import outbox
from advocacy.delivery.models import ProviderEvent
from advocacy.delivery.states import SETTLED, State
from advocacy.letters.models import LetterTally, Submission, SubmissionStatus
from advocacy.staff.models import AuditEntry
from advocacy.web.cache import settled_counts
from advocacy.web.health import unreadable
from advocacy.web.operators import is_operator
from advocacy.web.request_metrics import request_metrics
from advocacy.web.security import operator
from advocacy.web.services import Services, services

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@operator
def metrics() -> Response:
    site = services()
    if not is_operator():
        abort(404)
    try:
        text = generate_latest(SiteCollector(site, g.session))
    except SQLAlchemyError:
        return unreadable()
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class SiteCollector(Collector):
    """Every metric of the site, in an order that stays."""

    def __init__(self, site: Services, session: Session) -> None:
        self.site, self.session, self.now = site, session, site.now()

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield InfoMetricFamily("advocacy_build", "The version that runs.", {"version": __version__})
        found = {((problem.code, problem.level), 1.0) for problem in self.site.problems(self.session)}
        text = "What is wrong with the site, each 1; note: work of the staff, warn: look by tomorrow, fail: look now."
        yield _gauges("advocacy_problem", text, sorted(found), labels=("code", "level"))
        yield from self._messages()
        yield from self._forms()
        entries = self.session.scalar(select(func.max(AuditEntry.id))) or 0
        yield CounterMetricFamily("advocacy_journal_entries", "Entries in the audit log.", entries)
        yield from request_metrics()
        # A counter of this process would jump with every other one that answers.
        yield from (metric for metric in ProcessCollector(registry=None).collect() if metric.type == "gauge")

    def _messages(self) -> Iterator[Metric]:
        """Yield what the outbox holds; messages are no counters, since their states change.

        Those that are settled are not counted at each request, which takes as long as there are letters.
        """
        open_counts = outbox.count(self.session, frozenset(State) - SETTLED)
        counts = {**open_counts, **settled_counts(self.session)}
        text = "Messages of the outbox, letters and other mail, by state; settled ones are counted once a minute."
        yield _gauges(
            "advocacy_messages", text, [((state.value,), counts[state]) for state in State], labels=("state",)
        )
        oldest = outbox.oldest_due(self.session, now=self.now)
        age = (self.now - oldest).total_seconds() if oldest else 0
        text = "Age of the oldest due message, since it was due first; 0 if there is none."
        yield GaugeMetricFamily("advocacy_oldest_due_age_seconds", text, age)
        reported = select(ProviderEvent.received_at).order_by(ProviderEvent.id.desc()).limit(1)
        if reported_at := self.session.scalar(reported):
            text = "When the provider last reported."
            yield GaugeMetricFamily("advocacy_provider_last_report_timestamp_seconds", text, reported_at.timestamp())

    def _forms(self) -> Iterator[Metric]:
        reading = pressure.read(self.session, now=self.now, calm=self.site.settings.calm_per_ten_minutes)
        text = "Whether more forms come in than is calm, so that browsers are asked for a proof of work."
        yield GaugeMetricFamily("advocacy_pressure", text, reading.is_on)
        text = "Forms sent in within the last ten minutes, about."
        yield GaugeMetricFamily("advocacy_forms_in_ten_minutes", text, reading.forms)
        text = "Of the forms that may come in within 24 hours, the share that did."
        share = caps.forms_counted(self.session, now=self.now) / self.site.settings.site_per_day
        yield GaugeMetricFamily("advocacy_forms_share_ratio", text, share)
        awaiting = select(func.count()).where(Submission.status == SubmissionStatus.AWAITING)
        text = "Forms not confirmed yet."
        yield GaugeMetricFamily("advocacy_submissions_awaiting_confirmation", text, self.session.scalar(awaiting) or 0)
        confirmed = self.session.scalar(select(func.sum(LetterTally.letters))) or 0
        yield CounterMetricFamily("advocacy_letters_confirmed", "Letters confirmed.", confirmed)


def _gauges(
    name: str, text: str, values: Iterable[tuple[tuple[str, ...], float]], *, labels: tuple[str, ...]
) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family
