"""`advocacy staff` and `audit`: the people of a site and the log of what they did, from the machine it runs on."""

from collections.abc import Iterator
from datetime import datetime

import click
from sqlalchemy import func, select

from advocacy.cli.site import OPERATOR_LANGUAGE, Site, WrongUse, format_moment
from advocacy.runtime import Runtime
from advocacy.secret_keys import signing_key
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import accounts, audit_log, invitations, second_factors
from advocacy.staff.models import AuditEntry, Invitation, Role

MAX_BROKEN_NAMED = 20
ACTORS_WITHOUT_ACCOUNT = {audit_log.Act.SIGN_IN_FAILED.value: "somebody"}
"""Who did what no account did, where it was not the command line."""


@click.group()
def audit() -> None:
    """Read the audit log of what staff did, and verify it."""


@audit.command()
@click.option("--expect", default="", metavar="LAST", help="The hash that an earlier check printed.")
@click.pass_obj
def check(site: Site, expect: str) -> None:
    """Verify that no entry is missing or changed; exit 1 otherwise.

    The hash that it prints is the log's end: keep it elsewhere. With --expect LAST, a later check notices when the
    entries up to it were cut off or made anew.
    """
    with site.sessions() as session:
        broken, entries = list(audit_log.find_breaks(session)), session.scalar(select(func.count(AuditEntry.id)))
        is_signed, last = audit_log.is_signed(session), audit_log.last_hash(session)
        expected = session.scalar(select(AuditEntry.id).where(AuditEntry.hash == expect))
    for number, sentence in broken[:MAX_BROKEN_NAMED]:
        click.echo(f"entry {number}: {sentence}", err=True)
    if broken:
        raise click.ClickException(
            f"the audit log is damaged: {len(broken)} of its {entries} entries, the first is {broken[0][0]}"
        )
    if expect and expected is None:
        raise click.ClickException("the audit log is damaged: the entry that it ended with at that check is gone")
    if entries and not is_signed:
        raise click.ClickException(
            "the audit log is not signed: its last entry was not made with this site's keys; after an update from an "
            "older version, sign in to the staff pages once and check again"
        )
    click.echo(f"The audit log is intact: {entries} entries. It ends with {last}")


@audit.command("list")
@click.pass_obj
def list_entries(site: Site) -> None:
    """List the last entries, newest first."""
    with site.sessions() as session:
        entries, more = audit_log.entries(session)
        for entry in entries:
            who = (
                f"account:{entry.account_id}"
                if entry.account_id
                else ACTORS_WITHOUT_ACCOUNT.get(entry.act, "the command line")
            )
            words = audit_log.act_text(entry.act, OPERATOR_LANGUAGE)
            click.echo(f"{entry.id:>6}  {format_moment(entry.at)}  {who} {words}  {entry.subject}")
    if not entries:
        click.echo("The audit log is empty.")
    elif more:
        click.echo("Older entries are on the staff page “Audit log”.")


@click.group()
def staff() -> None:
    """Invite people to the staff pages, list them, and help people who are locked out."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.WRITER.value, show_default=True)
@click.pass_obj
def invite(site: Site, email: str, role: str) -> None:
    """Print a link for EMAIL to join; it works once, for seven days.

    With an account, EMAIL chooses a new password, and keeps the same role and two-step verification.
    """
    address = invitations.read_address(email)
    if address is None:
        raise WrongUse("enter one e-mail address, like someone@example.ca")
    with site.sessions.begin() as session:
        account = invitations.by_email(session, address)
        if account is not None and not account.active:
            raise click.ClickException("this account is closed; a manager opens it again on the page People")
        made = invitations.invite(session, address, Role(role), by=None, now=site.now())
    what = "chooses a new password" if account else f"joins as a {made.role}"
    click.echo(f"With this link, {address} {what}. It works once, until {format_moment(made.expires_at)}:")
    click.echo(_link(site.runtime, made))


@staff.command("list")
@click.pass_obj
def list_people(site: Site) -> None:
    """List staff and open invitations."""
    with site.sessions() as session:
        lines = []
        for account in accounts.all_accounts(session):
            steps = "two-step verification on" if account.has_second_factor else "two-step verification off"
            signed_in_at = account.signed_in_at
            last_sign_in = f"last sign-in {format_moment(signed_in_at)}" if signed_in_at else "never signed in"
            closed = "" if account.active else ", closed"
            lines.append(f"{account.email}  {account.role}{closed}, {steps}, {last_sign_in}")
        lines += [
            f"{one.email or 'the first manager'}  {one.role}, invited until {format_moment(one.expires_at)}"
            for one in invitations.open_invitations(session, now=site.now())
        ]
    for line in lines or ["There is nobody yet; to invite someone: advocacy staff invite"]:
        click.echo(line)


@staff.command()
@click.argument("email")
@click.pass_obj
def reset(site: Site, email: str) -> None:
    """Reset the two-step verification of EMAIL and sign them out; they set it up again when they sign in."""
    with site.sessions.begin() as session:
        account = invitations.by_email(session, email)
        if account is None:
            raise click.ClickException("nobody has this address; see advocacy staff list")
        second_factors.reset(session, second_factors.locked(session, account.id), by=None, now=site.now())
    click.echo("Two-step verification reset. They are signed out, and set it up again when they sign in.")


def first_manager_line(runtime: Runtime, *, now: datetime) -> Iterator[str]:
    """Yield the line that lets whoever runs a site become its first manager, while it has none; older links end."""
    with runtime.sessions.begin() as session:
        invitation = invitations.invite_first_manager(session, now=now)
    if invitation is not None:
        yield f"Become its first manager, within 24 hours, at {_link(runtime, invitation)}"


def _link(runtime: Runtime, invitation: Invitation) -> str:
    token = SignedLinks(signing_key(runtime.settings)).make(Purpose.INVITATION, invitation.id)
    return f"{runtime.settings.base_url}/staff/join/{token}"
