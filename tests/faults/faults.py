"""Which faults a site goes through, how often in each form, and the line that each leaves."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.faults import scenarios
from tests.faults.outages import mail_server_is_away
from tests.faults.place import Fault, Place
from tests.faults.proof import Proof, prove
from tests.faults.publishing import letters_are_published_meanwhile
from tests.faults.web_dies import web_dies_before_the_ring

Form = Literal["short", "elsewhere", "long"]
"""The suite's own on SQLite through SendGrid, its form on another database or by mail, and that of `make faults`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault: how often in each form (0: never).

    `seconds` are about how long the long form takes: the longest begins first. `needs_reports`: only a site whose
    provider reports has it. `long_elsewhere`: how often in the long form on all sites but the first.
    """

    name: str
    fault: Fault
    short: int
    elsewhere: int
    long: int
    seconds: int
    needs_reports: bool = False
    long_elsewhere: int | None = None

    def times(self, form: Form, *, reports: bool, is_first: bool = True) -> int:
        """Return how often a site meets it."""
        often: int = getattr(self, form)
        if form == "long" and not is_first and self.long_elsewhere is not None:
            often = self.long_elsewhere
        return often if reports or not self.needs_reports else 0


PLAN = (
    # Not in the suite: two sites take longer to start than all else here.
    Planned("1 web killed before the ring", web_dies_before_the_ring, 0, 0, 3, 45, needs_reports=True),
    Planned("2 worker killed before the call", scenarios.worker_dies_before_the_call, 2, 0, 12, 15),
    # Not in the suite: of those killed in full flow, some were killed after they were accepted.
    Planned("3 killed after accept", scenarios.worker_dies_after_accept, 0, 0, 52, 60),
    Planned("3 killed after accept, events", scenarios.worker_dies_and_events_arrive, 2, 0, 52, 60, needs_reports=True),
    Planned("3 killed in full flow", scenarios.worker_dies_in_full_flow, 0, 1, 12, 45),
    # Not in the suite: tests/store/test_answers.py ends a worker at each of its steps.
    Planned("12 killed while asking", scenarios.worker_dies_while_asking, 0, 0, 6, 40),
    Planned("4 answer lost", scenarios.answers_are_lost, 2, 2, 30, 10),
    Planned("4 answer lost, events", scenarios.answers_are_lost_and_events_arrive, 2, 2, 30, 5, needs_reports=True),
    Planned("5 too many requests", scenarios.too_many_requests, 1, 0, 3, 5, needs_reports=True),
    Planned("6 ten minutes of errors", scenarios.ten_minutes_of_errors, 2, 2, 30, 5),
    # Not in the suite: tests/store/test_outages.py tells what an outage costs.
    Planned("9 mail server away for 58 hours", mail_server_is_away, 0, 0, 20, 20),
    Planned("8 a limit or a policy refuses all", scenarios.a_limit_or_a_policy_refuses_all, 0, 12, 12, 5),
    # Not in the suite: two web processes take longer to start than the suite has for this, and there
    # tests/store/test_publishing.py publishes beside threads that send.
    Planned("7 published while forms come in", letters_are_published_meanwhile, 0, 0, 8, 40, needs_reports=True),
    # Not in the suite: tests/faults/test_consumer.py delivers beside a queue that says nothing.
    Planned("10 queue emptied every second", scenarios.the_queue_is_emptied, 0, 0, 60, 70, long_elsewhere=15),
)


HEAD = (
    f"{'site':<20} {'fault':<33} {'times':>5} {'letters':>8} {'once':>5} {'twice':>6} {'lost':>5} {'seconds':>8}  "
    "in the end"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one fault left at one site."""

    place: str
    name: str
    times: int
    proof: Proof
    said: str
    seconds: float

    def __str__(self) -> str:
        """One line of the table, and one for each figure of its own and each thing that is wrong."""
        copies, wrong = self.proof.copies, self.proof.wrong
        counts = f"{copies.total():>8} {copies[1]:>5} {copies[2]:>6} {copies[0]:>5}"
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.proof.states.items()))
        verdict = f"{len(wrong)} WRONG" if wrong else "holds"
        line = f"{self.place:<20} {self.name:<33} {self.times:>5} {counts} {self.seconds:>8.0f}  {verdict}"
        more = [self.said] if self.said else []
        return "\n    ".join([f"{line}: {states}" if states else line, *more, *wrong[:10]])


def meet(place: Place, planned: Planned, times: int) -> Row:
    """Let a site meet one fault so many times, and look at what it left."""
    newest, began = place.newest(), time.monotonic()
    trial = planned.fault(place, times)
    proof = prove(place, trial, after=newest)
    site, took = f"{place.database} {place.sink.name}", time.monotonic() - began
    return Row(site, planned.name, trial.times, proof, trial.said, took)


def go_through(place: Place, form: Form) -> Iterator[Row]:
    """Let a site meet every fault in turn, and look at it after each."""
    for planned in PLAN:
        if times := planned.times(form, reports=place.sink.reports):
            yield meet(place, planned, times)
