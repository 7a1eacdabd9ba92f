"""Which faults a site goes through, how often in each form, and the line that each leaves."""

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

    `needs_reports`: only a site whose provider reports has it.
    """

    name: str
    fault: Fault
    short: int
    elsewhere: int
    long: int
    needs_reports: bool = False

    def times(self, form: Form, place: Place) -> int:
        """Tell how often a site meets it."""
        often: int = getattr(self, form)
        return often if place.sink.reports or not self.needs_reports else 0


PLAN = (
    Planned("1 web killed before the ring", web_dies_before_the_ring, 1, 0, 3, needs_reports=True),
    Planned("2 worker killed before the call", scenarios.worker_dies_before_the_call, 2, 0, 12),
    # Not in the suite: of those killed in full flow, some were killed after they were accepted.
    Planned("3 killed after accept", scenarios.worker_dies_after_accept, 0, 0, 52),
    Planned("3 killed after accept, events", scenarios.worker_dies_and_events_arrive, 2, 0, 52, needs_reports=True),
    Planned("3 killed in full flow", scenarios.worker_dies_in_full_flow, 1, 1, 12),
    Planned("4 answer lost", scenarios.answers_are_lost, 2, 2, 30),
    Planned("4 answer lost, events", scenarios.answers_are_lost_and_events_arrive, 2, 2, 30, needs_reports=True),
    Planned("5 too many requests", scenarios.too_many_requests, 1, 0, 3, needs_reports=True),
    Planned("6 ten minutes of errors", scenarios.ten_minutes_of_errors, 2, 2, 30),
    Planned("9 mail server away for 58 hours", mail_server_is_away, 6, 0, 20),
    Planned("8 a limit or a policy refuses all", scenarios.a_limit_or_a_policy_refuses_all, 12, 12, 12),
    # Not in the suite: two web processes take longer to start than the suite has for this, and there
    # tests/store/test_publishing.py publishes beside threads that send.
    Planned("7 published while forms come in", letters_are_published_meanwhile, 0, 0, 8, needs_reports=True),
    Planned("10 queue emptied every second", scenarios.the_queue_is_emptied, 2, 0, 60),
    Planned("11 first process killed", scenarios.consumer_dies, 1, 0, 6),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one fault left at one site."""

    place: str
    name: str
    times: int
    proof: Proof
    said: str

    def __str__(self) -> str:
        """One line of the table."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.proof.states.items()))
        copies = ", ".join(f"{count} × {number}" for number, count in sorted(self.proof.copies.items()))
        wrong = f"{len(self.proof.wrong)} WRONG" if self.proof.wrong else "holds"
        return f"{self.place:<20} {self.name:<32} {self.times:>6}  {states:<34} {copies:<18} {wrong}"


def go_through(place: Place, form: Form) -> Iterator[Row]:
    """Let a site meet every fault in turn, and look at it after each."""
    for planned in PLAN:
        times = planned.times(form, place)
        if not times:
            continue
        newest = place.newest()
        trial = planned.fault(place, times)
        proof = prove(place, trial, after=newest)
        yield Row(f"{place.database} {place.sink.name}", planned.name, trial.times, proof, trial.said)
