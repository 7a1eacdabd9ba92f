"""What became of a letter, as staff read it: moves, reports and their reasons in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel import gettext, lazy_gettext

from advocacy.delivery.models import By, MessageMove, ProviderEvent
from advocacy.delivery.states import State
from advocacy.letters.kinds import Carried
from advocacy.staff.deliveries import Delivery

DONE, NOW, HOLD = "", "now", "hold"
STATES: Mapping[State, Any] = MappingProxyType(
    {
        State.DELIVERED: lazy_gettext("Delivered"),
        State.ACCEPTED: lazy_gettext("Accepted by the mail service"),
        State.READY: lazy_gettext("Waiting"),
        State.SENDING: lazy_gettext("Being sent"),
        State.UNCERTAIN: lazy_gettext("Uncertain for now"),
        State.BOUNCED: lazy_gettext("Sent back"),
        State.FAILED: lazy_gettext("Refused"),
        State.CANCELLED: lazy_gettext("Cancelled"),
        State.EXPIRED: lazy_gettext("Too late"),
        State.NEEDS_STAFF: lazy_gettext("Needs a decision"),
    }
)
"""The states in the order of the page: what went well, what is to come, what did not, what is to be decided."""
MOVED: Mapping[State, Any] = MappingProxyType(
    {
        State.READY: lazy_gettext("Put back into the queue."),
        State.SENDING: lazy_gettext("Being sent."),
        State.ACCEPTED: lazy_gettext("Accepted by the mail service."),
        State.DELIVERED: lazy_gettext("Delivered to the office’s server."),
        State.BOUNCED: lazy_gettext("Sent back by the office’s server."),
        State.FAILED: lazy_gettext("Refused permanently."),
        State.UNCERTAIN: lazy_gettext("It may have been sent."),
        State.NEEDS_STAFF: lazy_gettext("Waits for a decision."),
        State.CANCELLED: lazy_gettext("Cancelled before it was sent."),
        State.EXPIRED: lazy_gettext("It could not be sent in time."),
    }
)
DECIDED: Mapping[tuple[State, By], Any] = MappingProxyType(
    {
        (State.READY, By.STAFF): lazy_gettext("To be sent again, as the staff decided."),
        (State.ACCEPTED, By.STAFF): lazy_gettext("Marked as sent by the staff."),
        (State.CANCELLED, By.STAFF): lazy_gettext("Cancelled by the staff."),
        (State.CANCELLED, By.CITIZEN): lazy_gettext("Withdrawn by its writer."),
    }
)
REASONS: Mapping[str, Any] = MappingProxyType(
    {
        "lease": lazy_gettext("The worker stopped while sending."),
        "no_proof": lazy_gettext("Sent twice, and nothing proves that it arrived."),
        "connection": lazy_gettext("The connection to the mail service dropped."),
        "answer": lazy_gettext("The mail service’s answer could not be understood."),
        "provider": lazy_gettext("The mail service did not answer as it should."),
        "database": lazy_gettext("The database could not be reached."),
        "gave_up": lazy_gettext("All attempts were used up."),
        "unreadable": lazy_gettext("Its stored copy was changed and cannot be opened; other letters are not affected."),
        "content": lazy_gettext("The e-mail could not be prepared."),
        "address": lazy_gettext("The server refused the office’s address."),
        "too_large": lazy_gettext("It was too large for the server."),
        "erased": lazy_gettext("Its text had been erased."),
        "data_keys": lazy_gettext("A data key is missing on this site."),
        "login": lazy_gettext("The mail service refused the site’s sign-in."),
        "no_key": lazy_gettext("The site’s key for the mail service is missing."),
        "http_429": lazy_gettext("Too many at once for the mail service; this attempt does not count."),
    }
)
REPORTS: Mapping[str, Any] = MappingProxyType(
    {
        "processed": lazy_gettext("%(provider)s reported: it took the letter."),
        "delivered": lazy_gettext("%(provider)s reported: it delivered the letter."),
        "deferred": lazy_gettext("%(provider)s reported: it was asked to try later."),
        "dropped": lazy_gettext("%(provider)s reported: it did not send the letter."),
        "bounce": lazy_gettext("%(provider)s reported: the letter came back."),
        "blocked": lazy_gettext("%(provider)s reported: it was refused temporarily."),
        "spamreport": lazy_gettext("%(provider)s reported: the letter was marked as unwanted."),
    }
)
OTHER_REPORT = lazy_gettext("%(provider)s reported something else.")
PROVIDERS = MappingProxyType({"sendgrid": "SendGrid", "smtp": "SMTP"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: its mark, when it was, and what is said."""

    mark: str
    at: datetime
    first: str
    more: str


def story(delivery: Delivery) -> list[Line]:
    """Return what a message went through, moves and reports in the order they came."""
    moves = [_moved(delivery, place) for place in range(len(delivery.moves))]
    return sorted([*moves, *map(_reported, delivery.events)], key=lambda line: line.at)


def reason(code: str) -> str:
    """Return a reason in words; a code that is not known here is given as it is, "" for none."""
    if not code or code in REASONS:
        return str(REASONS.get(code, ""))
    unknown: str = gettext("Code given: %(code)s.", code=code.replace("_", "\u00a0"))
    return unknown


def _moved(delivery: Delivery, place: int) -> Line:
    move, last = delivery.moves[place], place == len(delivery.moves) - 1
    doubtful = move.state in {State.UNCERTAIN, State.BOUNCED, State.FAILED}
    mark = NOW if last and move.state in {State.READY, State.SENDING, State.NEEDS_STAFF} else HOLD if doubtful else DONE
    if place:
        first = DECIDED.get((move.state, move.by), MOVED[move.state])
    elif delivery.message.kind == Carried.LETTER:
        first = gettext("Confirmed by its writer.")
    else:
        first = gettext("Put into the queue.")
    return Line(mark, move.at, str(first), " ".join(_more(move, last=last)))


def _more(move: MessageMove, *, last: bool) -> Iterator[str]:
    if said := reason(move.reason):
        yield said
    if last and move.state is State.NEEDS_STAFF:
        yield gettext("A report from the mail service may still arrive.")


def _reported(event: ProviderEvent) -> Line:
    first = str(REPORTS.get(event.kind, OTHER_REPORT)) % {"provider": PROVIDERS.get(event.provider, event.provider)}
    return Line(DONE, event.at, first, reason(event.reason))
