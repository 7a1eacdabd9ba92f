"""`advocacy outbox`: what waits, what holds it, and what only a person can decide."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy import dispatch
from advocacy.cli.site import Site, WrongUse
from advocacy.database import immediate
from advocacy.delivery import holds
from advocacy.delivery import outbox as messages
from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import Actor, Hold, Message
from advocacy.delivery.outages import MAX_REST, Outage
from advocacy.delivery.states import State
from advocacy.legislators.models import Legislator
from advocacy.letters.models import MessageKind, StoredLetter
from advocacy.settings import SettingsError
from advocacy.staff.models import StaffEmail

NAMES: Mapping[str, str] = MappingProxyType(
    {
        MessageKind.LETTER: "a letter",
        MessageKind.CONFIRMATION: "the confirmation e-mail to a citizen",
        MessageKind.UNDERWAY: "the e-mail that tells a citizen their letters are waiting",
        MessageKind.OUTCOME: "the e-mail that tells a citizen the outcome",
        MessageKind.CAME_BACK: "the e-mail that tells a citizen a letter came back",
        StaffEmail.INVITATION: "the invitation e-mail to a member of staff",
        StaffEmail.ACCOUNT: "the e-mail about a password or two-step verification to a member of staff",
        StaffEmail.BILL_REMINDER: "the reminder to confirm a bill’s stage",
        StaffEmail.RESULTS: "the weekly results",
        StaffEmail.REVIEW: "the e-mail about a review to a member of staff",
        StaffEmail.TEST_LETTER: "a letter sent to its writer as a test",
    }
)
IN_VAIN: Mapping[str, str] = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "The citizen will not get it, and their letters will not be sent unless they fill in "
        "the form again.",
        MessageKind.UNDERWAY: "The citizen may have no other link to their receipt yet.",
        MessageKind.OUTCOME: "The citizen can follow their letters only on the receipt page.",
        MessageKind.CAME_BACK: "The citizen can follow that letter only on the receipt page.",
        StaffEmail.INVITATION: "The invited person has no link: advocacy staff invite prints one.",
        StaffEmail.ACCOUNT: "Who asked for a new password has no link, and can ask for another.",
    }
)
"""What it means for somebody that such a mail is given up."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A message that was decided on, by its number and in words."""

    number: int
    kind: str
    name: str

    def __str__(self) -> str:
        return f"Message {self.number}, {self.name},"


def names_of(session: Session, some: Sequence[Message]) -> Mapping[int, str]:
    """Say of each message what it is, a letter with the office it is to."""
    letters = select(StoredLetter.id, Legislator.name, Legislator.id.label("office")).join(
        Legislator, Legislator.id == StoredLetter.legislator_id
    )
    refs = [message.ref for message in some if message.kind == MessageKind.LETTER]
    offices = {row.id: row.name or row.office for row in session.execute(letters.where(StoredLetter.id.in_(refs)))}
    return {
        message.id: f"the letter to {offices[message.ref]}"
        if message.kind == MessageKind.LETTER and message.ref in offices
        else NAMES.get(message.kind, message.kind)
        for message in some
    }


MEANINGS = MappingProxyType(
    {
        State.READY: "are waiting to be sent",
        State.SENDING: "are being sent now",
        State.ACCEPTED: "were accepted by the provider",
        State.DELIVERED: "reached the recipient's mail server",
        State.BOUNCED: "were sent back by the recipient's mail server",
        State.FAILED: "were refused for good",
        State.UNCERTAIN: "may have been sent; a report, or half an hour, will settle it",
        State.NEEDS_STAFF: "need a decision: see advocacy outbox list",
        State.CANCELLED: "were cancelled before they were sent",
        State.EXPIRED: "could not be sent in time",
    }
)
PAUSED_NOW = "Sending is paused, except what is already on its way. To resume: advocacy outbox resume"
MOST_LISTED, MINUTE = 100, timedelta(minutes=1)
Decision = Callable[..., Message]


@click.group()
def outbox() -> None:
    """See the messages to send, pause sending, and decide on uncertain ones."""


@outbox.command()
@click.pass_obj
def status(site: Site) -> None:
    """Count messages by status, and show whether sending is paused."""
    with site.sessions() as session:
        standing = messages.status(session, now=site.now())
    for state, count in standing.counts.items():
        if count:
            click.echo(f"{count:>7}  {state}: {MEANINGS[state]}")
    if not any(standing.counts.values()):
        click.echo("There is no message in the outbox.")
    if standing.outage is not None:
        click.echo(_out(standing.outage))
    if standing.oldest_due is not None:
        click.echo(_late(standing.oldest_due, site.now()))
    click.echo(_held(standing.hold))


@outbox.command("list")
@click.option("--waiting", is_flag=True, help="List waiting messages instead, the first hundred due.")
@click.pass_obj
def list_messages(site: Site, *, waiting: bool) -> None:
    """List the messages that need a decision, and what to do."""
    with site.sessions() as session:
        if waiting:
            lines = list(_ready(session))
        else:
            lines = list(_listing(session, messages.needing_staff(session, MOST_LISTED)))
    for line in lines:
        click.echo(line)


@outbox.command()
@click.pass_obj
def pause(site: Site) -> None:
    """Pause sending. People can still write; their letters wait."""
    with site.sessions.begin() as session:
        ours = holds.hold(session, holds.PAUSED, now=site.now(), by=Actor.STAFF)
        held = holds.current(session)
    click.echo(PAUSED_NOW if ours else _held(held))


@outbox.command()
@click.pass_obj
def resume(site: Site) -> None:
    """Resume sending. Overdue messages to one recipient are sent one after the other."""
    with site.sessions.begin() as session:
        released = holds.release(session, now=site.now(), per_hour=site.settings.recipient_per_hour)
    click.echo("Sending has resumed, in the order planned." if released else "Sending was not paused.")


@outbox.command()
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def retry(site: Site, message: int) -> None:
    """Send MESSAGE again. If it was already sent, the recipient gets it twice."""
    what = _decide(site, message, messages.retry_by_staff)
    click.echo(f"{what} will be sent again; if it was already sent, the recipient gets it twice.")


@outbox.command()
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def cancel(site: Site, message: int) -> None:
    """Cancel MESSAGE: it will not be sent from here. If it was already sent, it cannot be recalled.

    advocacy outbox list --waiting shows the numbers of waiting messages.
    """
    what = _decide(site, message, messages.cancel_by_staff)
    click.echo(f"{what} is cancelled; if it was already sent, it cannot be recalled.")
    if what.kind in IN_VAIN:
        click.echo(IN_VAIN[what.kind])


@outbox.command("mark-sent")
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def mark_sent(site: Site, message: int) -> None:
    """Mark MESSAGE as sent, as the provider's records or the recipient confirm."""
    what = _decide(site, message, messages.mark_sent_by_staff)
    click.echo(f"{what} is marked as sent.")


def _decide(site: Site, message_id: int, decision: Decision) -> Decided:
    """Carry a decision out, tell whoever put the message, as the worker does, and say which it was."""
    try:
        worker = dispatch.make_worker(site.runtime, now=site.now)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    try:
        with immediate(site.sessions) as session:
            decided = decision(session, message_id, now=site.now())
            worker.notify(session, decided, decided.state)
            return Decided(message_id, decided.kind, names_of(session, [decided])[message_id])
    except messages.DecisionNotPossible as told:
        raise click.ClickException(str(told)) from None
    finally:
        worker.close()


def _listing(session: Session, waiting: Sequence[Message]) -> Iterator[str]:
    if not waiting:
        yield "No message needs a decision."
        return
    names = names_of(session, waiting)
    for message in waiting:
        since = _moment(message.changed_at)
        what = f"{message.id:>7}  {names[message.id]}, since {since}"
        unsent = message.reason == GAVE_UP
        yield f"{what}, not sent" if unsent else f"{what}, known to the provider as {message.public_id}"
    yield (
        "Look each up with the provider, unless it was not sent, then run advocacy outbox mark-sent, retry or cancel "
        "with the number at the start of its line."
    )


def _ready(session: Session) -> Iterator[str]:
    found = select(Message).where(Message.state == State.READY).order_by(Message.due_at, Message.id)
    waiting = session.scalars(found.limit(MOST_LISTED)).all()
    names = names_of(session, waiting)
    for message in waiting:
        yield f"{message.id:>7}  {names[message.id]}, due {_moment(message.due_at)}"
    yield "To cancel one: advocacy outbox cancel, with its number." if waiting else "No message is waiting."


def _late(oldest: datetime, now: datetime) -> str:
    minutes = int((now - oldest).total_seconds() // 60)
    return f"The oldest has been due for {minutes} min; if that grows, check that a worker runs: advocacy worker"


def _out(outage: Outage) -> str:
    since = f"The mail service takes no mail since {_moment(outage.since)} ({outage.reason})"
    return f"{since}; nothing is lost, and it is tried again every {MAX_REST // MINUTE} min at least."


def _held(hold: Hold | None) -> str:
    if hold is None:
        return "Sending is not paused."
    why = holds.OWN_REASONS.get(hold.reason, f"the provider answered {hold.reason}")
    who = "by hand" if hold.by is Actor.STAFF else f"by the {hold.by}: {why}"
    return f"Sending is paused since {_moment(hold.since)}, {who}; nothing is lost. To resume: advocacy outbox resume"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
