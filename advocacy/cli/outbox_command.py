"""`advocacy outbox`: what waits, what holds it, and what only a person can decide."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy import dispatch
from advocacy.cli.site import Site, WrongUse, format_moment
from advocacy.delivery import holds
from advocacy.delivery import outbox as queue
from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import Actor, Hold, Message
from advocacy.delivery.outages import REST
from advocacy.delivery.states import State
from advocacy.legislators.models import Legislator
from advocacy.letters.models import MessageKind, StoredLetter
from advocacy.offices.models import OfficeEmail
from advocacy.settings import SettingsError
from advocacy.staff.models import StaffEmail

NAMES: Mapping[str, str] = MappingProxyType(
    {
        MessageKind.LETTER: "a letter",
        MessageKind.DIGEST: "the daily mail to an office",
        MessageKind.CONFIRMATION: "the confirmation e-mail to a citizen",
        MessageKind.UNDERWAY: "the e-mail that tells a citizen their letters are waiting",
        MessageKind.OUTCOME: "the e-mail that tells a citizen the outcome",
        MessageKind.CAME_BACK: "the e-mail that tells a citizen a letter came back",
        MessageKind.REFUSED: "the e-mail that tells a citizen a letter was not sent",
        OfficeEmail.LINK: "the link to its settings to an office",
        OfficeEmail.CHANGED: "the e-mail that tells an office what was changed",
        MessageKind.ANSWER_QUESTION: "the e-mail that asks a citizen whether they got an answer",
        MessageKind.ANSWER_REMINDER: "the e-mail that asks a citizen about an answer once more",
        StaffEmail.INVITATION: "the invitation e-mail to a member of staff",
        StaffEmail.ACCOUNT: "the e-mail about a password or two-step verification to a member of staff",
        StaffEmail.MORNING: "the morning mail to a member of staff",
        StaffEmail.RESULTS: "the weekly results",
        StaffEmail.REVIEW: "the e-mail about a review to a member of staff",
        StaffEmail.TEST_LETTER: "a letter sent to its writer as a test",
    }
)
CONSEQUENCES: Mapping[str, str] = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "The citizen will not get it, and their letters will not be sent unless they fill in "
        "the form again.",
        MessageKind.UNDERWAY: "The citizen may have no other link to their receipt yet.",
        MessageKind.OUTCOME: "The citizen can follow their letters only on the receipt page.",
        MessageKind.CAME_BACK: "The citizen can follow that letter only on the receipt page.",
        MessageKind.REFUSED: "The citizen can see that only on the receipt page.",
        OfficeEmail.LINK: "The office has no link, and can ask for another.",
        MessageKind.DIGEST: "The office will not get these letters, and their citizens are told so.",
        MessageKind.ANSWER_QUESTION: "The citizen is not asked about the answer.",
        MessageKind.ANSWER_REMINDER: "The citizen is not asked about the answer again.",
        StaffEmail.INVITATION: "The invited person has no link: advocacy staff invite prints one.",
        StaffEmail.ACCOUNT: "Who asked for a new password has no link, and can ask for another.",
    }
)
"""What it means for somebody that such a mail is given up."""


def names_of(session: Session, messages: Sequence[Message]) -> Mapping[int, str]:
    """Return in words what each message is, a letter with the office it is to."""
    letters = select(StoredLetter.id, Legislator.name, Legislator.id.label("office")).join(
        Legislator, Legislator.id == StoredLetter.legislator_id
    )
    refs = [message.ref for message in messages if message.kind == MessageKind.LETTER]
    offices = {row.id: row.name or row.office for row in session.execute(letters.where(StoredLetter.id.in_(refs)))}
    return {
        message.id: f"the letter to {offices[message.ref]}"
        if message.kind == MessageKind.LETTER and message.ref in offices
        else NAMES.get(message.kind, message.kind)
        for message in messages
    }


MEANINGS = MappingProxyType(
    {
        State.READY: "are waiting to be sent",
        State.HELD: "are held until a person has read them: see the page Needs a look",
        State.DIGEST: "wait for their office's daily mail",
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
MAX_LISTED, MINUTE = 100, timedelta(minutes=1)
Decision = Callable[..., Message]


@click.group()
def outbox() -> None:
    """See the messages to send, pause sending, and decide on uncertain ones."""


@outbox.command()
@click.pass_obj
def status(site: Site) -> None:
    """Count messages by status, and show whether sending is paused."""
    with site.sessions() as session:
        outbox_status = queue.status(session, now=site.now())
    for state, count in outbox_status.counts.items():
        if count:
            click.echo(f"{count:>7}  {state}: {MEANINGS[state]}")
    if not any(outbox_status.counts.values()):
        click.echo("There is no message in the outbox.")
    if (outage := outbox_status.outage) is not None:
        click.echo(
            f"The mail service takes no mail since {format_moment(outage.since)} ({outage.reason}); nothing is lost, "
            f"and it is tried again every {REST // MINUTE} min at least."
        )
    if outbox_status.oldest_due is not None:
        minutes = (site.now() - outbox_status.oldest_due) // MINUTE
        click.echo(
            f"The oldest has been due for {minutes} min; if that grows, check that a worker runs: advocacy worker"
        )
    click.echo(_pause_text(outbox_status.hold))


@outbox.command("list")
@click.option("--waiting", is_flag=True, help="List waiting messages instead, the first hundred due.")
@click.pass_obj
def list_messages(site: Site, *, waiting: bool) -> None:
    """List the messages that need a decision, and what to do."""
    with site.sessions() as session:
        lines = list(_waiting(session) if waiting else [*_needing_decision(session), *_describe_held(session)])
    for line in lines:
        click.echo(line)


@outbox.command()
@click.pass_obj
def pause(site: Site) -> None:
    """Pause sending. People can still write; their letters wait."""
    with site.sessions.begin() as session:
        ours = holds.hold(session, holds.PAUSED, now=site.now(), by=Actor.STAFF)
        current = holds.current(session)
    click.echo(PAUSED_NOW if ours else _pause_text(current))


@outbox.command()
@click.pass_obj
def resume(site: Site) -> None:
    """Resume sending. Overdue messages to one recipient are sent one after the other."""
    with site.sessions.begin() as session:
        released = holds.release(session)
    click.echo("Sending has resumed, in the order planned." if released else "Sending was not paused.")


@outbox.command()
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def retry(site: Site, message: int) -> None:
    """Send MESSAGE again. If it was already sent, the recipient gets it twice."""
    _, name = _decide(site, message, queue.retry_by_staff)
    click.echo(f"{name} will be sent again; if it was already sent, the recipient gets it twice.")


@outbox.command()
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def cancel(site: Site, message: int) -> None:
    """Cancel MESSAGE: it will not be sent from here. If it was already sent, it cannot be recalled.

    advocacy outbox list --waiting shows the numbers of waiting messages.
    """
    kind, name = _decide(site, message, queue.cancel_by_staff)
    click.echo(f"{name} is cancelled; if it was already sent, it cannot be recalled.")
    if kind in CONSEQUENCES:
        click.echo(CONSEQUENCES[kind])


@outbox.command("mark-sent")
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def mark_sent(site: Site, message: int) -> None:
    """Mark MESSAGE as sent, as the provider's records or the recipient confirm."""
    _, name = _decide(site, message, queue.mark_sent_by_staff)
    click.echo(f"{name} is marked as sent.")


def _decide(site: Site, message_id: int, decision: Decision) -> tuple[str, str]:
    """Carry a decision out, notify whoever put the message, as the worker does, and return its kind and name."""
    try:
        worker = dispatch.make_worker(site.runtime, now=site.now)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    try:
        with site.sessions.begin() as session:
            decided = decision(session, message_id, now=site.now())
            worker.notify(session, decided, decided.state)
            return decided.kind, f"Message {message_id}, {names_of(session, [decided])[message_id]},"
    except queue.DecisionNotPossible as error:
        raise click.ClickException(str(error)) from None
    finally:
        worker.close()


def _needing_decision(session: Session) -> Iterator[str]:
    messages = queue.needing_staff(session, MAX_LISTED)
    if not messages:
        yield "No message needs a decision."
        return
    names = names_of(session, messages)
    for message in messages:
        since = format_moment(message.changed_at)
        what = f"{message.id:>7}  {names[message.id]}, since {since}"
        unsent = message.reason == GAVE_UP
        yield f"{what}, not sent" if unsent else f"{what}, known to the provider as {message.public_id}"
    yield (
        "Look each up with the provider, unless it was not sent, then run advocacy outbox mark-sent, retry or cancel "
        "with the number at the start of its line."
    )


def _describe_held(session: Session) -> Iterator[str]:
    if number := queue.count(session, {State.HELD})[State.HELD]:
        yield f"Held until someone has looked at them: {number}. A manager finds them under Deliveries, Needs a look."


def _waiting(session: Session) -> Iterator[str]:
    found = select(Message).where(Message.state == State.READY).order_by(Message.due_at, Message.id)
    waiting = session.scalars(found.limit(MAX_LISTED)).all()
    names = names_of(session, waiting)
    for message in waiting:
        yield f"{message.id:>7}  {names[message.id]}, due {format_moment(message.due_at)}"
    yield "To cancel one: advocacy outbox cancel, with its number." if waiting else "No message is waiting."


def _pause_text(hold: Hold | None) -> str:
    if hold is None:
        return "Sending is not paused."
    why = holds.OWN_REASONS.get(hold.reason, f"the provider answered {hold.reason}")
    who = "by hand" if hold.by is Actor.STAFF else f"by the {hold.by}: {why}"
    since = f"Sending is paused since {format_moment(hold.since)}, {who}"
    return f"{since}; nothing is lost. To resume: advocacy outbox resume"
