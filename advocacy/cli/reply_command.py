"""`advocacy reply-to-mail`: what the mail server hands one reply to, on standard input."""

import os
import sys
from typing import BinaryIO

import click

from advocacy.cli.site import Site
from advocacy.database import immediate
from advocacy.letters.replies import MAX_HEADERS, put_notice, read_reply

CHUNK = 64 * 1024


@click.command("reply-to-mail")
@click.pass_obj
def reply_to_mail(site: Site) -> None:
    """Take one reply to a question about answers from standard input, and send its writer the notice, once.

    For the mail server's pipe to ADVOCACY_REPLY_ADDRESS: docs/running.md. Nothing of the mail is stored. It ends with 0
    whether or not the mail gets a notice, so that nothing bounces, and with 75 where the mail server is to try again.
    """
    content = _read(sys.stdin.buffer)
    try:
        settings = site.settings
        own_addresses = (settings.from_email, settings.reply_address, settings.test_recipient)
        with immediate(site.sessions) as session:
            put_notice(session, read_reply(content), keys=site.keys, own_addresses=own_addresses, now=site.now())
    except Exception as error:
        # A traceback would show the mail to whoever reads the mail server's log.
        message = error.format_message() if isinstance(error, click.ClickException) else type(error).__name__
        click.echo(f"Error: the mail was not taken and is to be sent again ({message})", err=True)
        raise SystemExit(os.EX_TEMPFAIL) from None


def _read(stream: BinaryIO) -> bytes:
    """Return the beginning of a mail, and read the rest: a pipe that is closed early fails for the mail server."""
    content = stream.read(MAX_HEADERS)
    while stream.read(CHUNK):
        pass
    return content
