"""E-mail addresses as the library `email_validator` reads them, which looks at each domain once."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

PLAIN = re.compile(r"[a-z0-9]{1,24}(?:[._+-][a-z0-9]{1,24})?")
"""A name before the @ that no rule changes or forbids: short, in small letters and figures."""


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """One address in its normal form, and in ASCII where it can be written so."""

    normalized: str
    ascii: str | None


def read_email_address(typed: str, *, test_environment: bool = False) -> EmailAddress:
    """Read an address without looking anything up; raises EmailNotValidError.

    `test_environment` lets the names kept for tests through. Where the name before the @ is plain the domain alone is
    read, whose result is remembered: to read an address took a twentieth of the processor time of a mail.
    """
    name, _, domain = typed.partition("@")
    if PLAIN.fullmatch(name):
        with suppress(EmailNotValidError):  # whatever is wrong is said of the whole address
            normalized, in_ascii = _domain(domain, test_environment)
            return EmailAddress(f"{name}@{normalized}", f"{name}@{in_ascii}")
    found = validate_email(typed, check_deliverability=False, test_environment=test_environment)
    return EmailAddress(found.normalized, found.ascii_email)


@lru_cache(maxsize=256)
def _domain(domain: str, test_environment: bool) -> tuple[str | None, str | None]:
    """Read a domain that the longest of the plain names fits before."""
    longest = "a" * 49
    found = validate_email(f"{longest}@{domain}", check_deliverability=False, test_environment=test_environment)
    return found.domain, found.ascii_domain
