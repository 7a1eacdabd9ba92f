"""`advocacy outbox`: what waits, what holds it, and what only a person can decide."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from types import MappingProxyType

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy import dispatch
from advocacy.cli.message_names import IN_VAIN, Decided, names_of
from advocacy.cli.site import Site, WrongUse
from advocacy.database import immediate
from advocacy.delivery import deciding, holds
from advocacy.delivery import outbox as messages
from advocacy.delivery.models import By, Hold, Message
from advocacy.delivery.states import State
from advocacy.settings import SettingsError

MEANINGS = MappingProxyType(
    {
        State.READY: "wait for their time",
        State.SENDING: "are being handed over now",
        State.ACCEPTED: "were taken by the provider",
        State.DELIVERED: "reached the recipient's mail server",
        State.BOUNCED: "were sent back by the recipient's mail server",
        State.FAILED: "were refused for good",
        State.UNCERTAIN: "may have left or not; a report or half an hour will tell",
        State.NEEDS_STAFF: "may have left or not, and nothing will tell: see advocacy outbox list",
        State.CANCELLED: "were given up before they left",
        State.EXPIRED: "came too late to be sent",
    }
)
PAUSED_NOW = "Nothing leaves any more but what is being handed over now; letters wait for: advocacy outbox resume"
MOST_LISTED = 100
Decision = Callable[..., Message]


@click.group()
def outbox() -> None:
    """See what waits to be sent, pause it, and decide what only a person can."""


@outbox.command()
@click.pass_obj
def status(site: Site) -> None:
    """Say how many messages stand where, and whether sending is paused."""
    with site.sessions() as session:
        standing = messages.status(session, now=site.now())
    for state, count in standing.counts.items():
        if count:
            click.echo(f"{count:>7}  {state}: {MEANINGS[state]}")
    if not any(standing.counts.values()):
        click.echo("There is no message in the outbox.")
    if standing.oldest_due is not None:
        click.echo(_late(standing.oldest_due, site.now()))
    click.echo(_held(standing.held))


@outbox.command("list")
@click.option("--waiting", is_flag=True, help="List those that wait for their time instead, the first hundred due.")
@click.pass_obj
def list_messages(site: Site, *, waiting: bool) -> None:
    """List the messages that need a person, with what to do about each."""
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
    """Let nothing leave until it is resumed. Citizens can still write; their letters wait."""
    with site.sessions.begin() as session:
        ours = holds.hold(session, holds.PAUSED, now=site.now(), by=By.STAFF)
        held = holds.held(session)
    click.echo(PAUSED_NOW if ours else _held(held))


@outbox.command()
@click.pass_obj
def resume(site: Site) -> None:
    """Let messages leave again; those overdue for one recipient leave one after the other."""
    with site.sessions.begin() as session:
        released = holds.release(session, now=site.now(), per_hour=site.settings.recipient_per_hour)
    click.echo("Messages leave again, in the order they were due." if released else "Sending was not paused.")


@outbox.command()
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def retry(site: Site, message: int) -> None:
    """Send MESSAGE once more. If it had left after all, its recipient gets it twice."""
    what = _decide(site, message, deciding.retry)
    click.echo(f"{what} is sent once more; if it had left after all, its recipient gets it twice.")


@outbox.command()
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def cancel(site: Site, message: int) -> None:
    """Give MESSAGE up: it is never sent again from here. One that had left already is not called back.

    The numbers of messages that wait for their time are listed by advocacy outbox list --waiting.
    """
    what = _decide(site, message, deciding.cancel)
    click.echo(f"{what} is given up; if it had left already, it is not called back.")
    if what.kind in IN_VAIN:
        click.echo(IN_VAIN[what.kind])


@outbox.command("mark-sent")
@click.argument("message", type=click.IntRange(1))
@click.pass_obj
def mark_sent(site: Site, message: int) -> None:
    """Note that MESSAGE was sent, as the provider's own records or the recipient say."""
    what = _decide(site, message, deciding.mark_sent)
    click.echo(f"{what} counts as sent.")


def _decide(site: Site, message_id: int, decision: Decision) -> Decided:
    """Carry a decision out, tell whoever put the message, as the worker does, and say which it was."""
    try:
        worker = dispatch.make_worker(site.parts, now=site.now)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    try:
        with immediate(site.sessions) as session:
            decided = decision(session, message_id, now=site.now())
            worker.tell(session, decided, decided.state)
            return Decided(message_id, decided.kind, names_of(session, [decided])[message_id])
    except deciding.NotPossible as told:
        raise click.ClickException(str(told)) from None
    finally:
        worker.close()


def _listing(session: Session, waiting: Sequence[Message]) -> Iterator[str]:
    if not waiting:
        yield "No message needs a person."
        return
    names = names_of(session, waiting)
    for message in waiting:
        since = _moment(message.changed_at)
        yield f"{message.id:>7}  {names[message.id]}, since {since}, known to the provider as {message.public_id}"
    yield (
        "Look each up with the provider, then decide: advocacy outbox mark-sent, retry or cancel, with the number "
        "in front."
    )


def _ready(session: Session) -> Iterator[str]:
    found = select(Message).where(Message.state == State.READY).order_by(Message.due_at, Message.id)
    waiting = session.scalars(found.limit(MOST_LISTED)).all()
    names = names_of(session, waiting)
    for message in waiting:
        yield f"{message.id:>7}  {names[message.id]}, due {_moment(message.due_at)}"
    yield "To give one up: advocacy outbox cancel, with the number in front." if waiting else "No message waits."


def _late(oldest: datetime, now: datetime) -> str:
    minutes = int((now - oldest).total_seconds() // 60)
    return f"The oldest has been due for {minutes} min; should that grow, see whether a worker runs: advocacy worker"


def _held(hold: Hold | None) -> str:
    if hold is None:
        return "Sending is not paused."
    why = holds.OURS.get(hold.reason, f"the provider answered {hold.reason}")
    who = "by hand" if hold.by is By.STAFF else f"by the {hold.by}, as {why}"
    return f"Sending is paused since {_moment(hold.since)}, {who}; nothing is lost. To go on: advocacy outbox resume"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
