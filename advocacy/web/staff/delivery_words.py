"""What became of a letter, as staff read it: moves, reports and their reasons in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import HELD, By, MessageMove, ProviderEvent
from advocacy.delivery.states import State

DONE, NOW, HOLD = "", "now", "hold"
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
        (State.CANCELLED, By.CITIZEN): lazy_gettext("Withdrawal by its writer."),
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
        GAVE_UP: lazy_gettext("All attempts were used up; it was not sent."),
        "unreadable": lazy_gettext("Its stored copy was changed and cannot be opened; other letters are not affected."),
        "content": lazy_gettext("The e-mail could not be prepared."),
        "address": lazy_gettext("The server refused the office’s address."),
        "policy": lazy_gettext("The server refused it, but not because of the office’s address."),
        "limit": lazy_gettext("A limit of the mail service was reached; this attempt does not count."),
        "refusals_in_a_row": lazy_gettext("Messages to several recipients were refused in a row."),
        "too_large": lazy_gettext("It was too large for the server."),
        "erased": lazy_gettext("Its text had been erased."),
        "data_keys": lazy_gettext("A data key is missing on this site."),
        "login": lazy_gettext("The mail service refused the site’s sign-in."),
        "no_key": lazy_gettext("The site’s key for the mail service is missing."),
        HELD: lazy_gettext("Its campaign does not say who runs it, or has no privacy contact: see its settings."),
        "put_off": lazy_gettext("The mail service puts every message off."),
        "no_connection": lazy_gettext("The mail service could not be reached."),
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


def state_names(num: int = 1) -> dict[State, str]:
    """Return the states as they are told of `num` letters, in the order of the page.

    What went well comes first, then what is to come, what did not, and what is to be decided.
    """
    return {
        State.DELIVERED: ngettext("Delivered", "Delivered", num),
        State.ACCEPTED: ngettext("Accepted by the mail service", "Accepted by the mail service", num),
        State.READY: gettext("Waiting"),
        State.SENDING: gettext("Being sent"),
        State.UNCERTAIN: ngettext("Uncertain for now", "Uncertain for now", num),
        State.BOUNCED: ngettext("Sent back", "Sent back", num),
        State.FAILED: ngettext("Refused", "Refused", num),
        State.CANCELLED: ngettext("Cancelled", "Cancelled", num),
        State.EXPIRED: ngettext("Too late", "Too late", num),
        State.NEEDS_STAFF: ngettext("Needs a decision", "Need a decision", num),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: its mark, when it was, and what is said."""

    mark: str
    at: datetime
    first: str
    more: str


def story(moves: Sequence[MessageMove], events: Iterable[ProviderEvent], *, is_letter: bool) -> list[Line]:
    """Return what a message went through, moves and reports in the order they came."""
    first = gettext("Confirmed by its writer.") if is_letter else gettext("Put into the queue.")
    lines = [Line(DONE, moves[0].at, first, reason(moves[0].reason))]
    for move in moves[1:]:
        mark = HOLD if move.state in {State.UNCERTAIN, State.BOUNCED, State.FAILED} else DONE
        lines.append(
            Line(mark, move.at, str(DECIDED.get((move.state, move.by), MOVED[move.state])), reason(move.reason))
        )
    if moves[-1].state in {State.READY, State.SENDING, State.NEEDS_STAFF}:
        lines[-1] = replace(lines[-1], mark=NOW)
    if moves[-1].state is State.NEEDS_STAFF and moves[-1].reason != GAVE_UP:
        said = gettext("A report from the mail service may still arrive.")
        lines[-1] = replace(lines[-1], more=f"{lines[-1].more} {said}".strip())
    for event in events:
        said = str(REPORTS.get(event.kind, OTHER_REPORT)) % {"provider": PROVIDERS.get(event.provider, event.provider)}
        lines.append(Line(DONE, event.at, said, reason(event.reason)))
    return sorted(lines, key=lambda line: line.at)


def reason(code: str) -> str:
    """Return a reason in words; a code that is not known here is given as it is, "" for none."""
    if not code or code in REASONS:
        return str(REASONS.get(code, ""))
    unknown: str = gettext("Code given: %(code)s.", code=code.replace("_", "\u00a0"))
    return unknown
