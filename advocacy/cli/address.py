"""An e-mail address is read from standard input: what is typed behind a command is kept by shells, seen by others."""

import sys

import click
from email_validator import EmailNotValidError, validate_email

from advocacy.cli.site import WrongUse

STDIN = "-"


def read_address(where: str) -> str:
    """Read one address, asked for where somebody types; WrongUse, saying `where` it belongs, for what is none."""
    typed: str = click.prompt("E-mail address", err=True) if sys.stdin.isatty() else sys.stdin.read()
    return refuse_unreadable(typed, where)


def refuse_unreadable(email: str, where: str) -> str:
    """Return an address without what surrounds it; WrongUse for what is none, which is not repeated."""
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise WrongUse(f"enter one e-mail address {where}, like someone@example.ca") from None
    return email.strip()
