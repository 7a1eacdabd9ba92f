"""Addresses that no mail is sent to which asks to confirm: of functions, of those who are written to, throw-away ones.

The mail would reach somebody who did not ask for it, or nobody who answers for a letter.
"""

import tomllib
from collections.abc import Collection
from functools import cache, lru_cache
from importlib.resources import files

from advocacy.abuse.mail_domains import MailDomains
from advocacy.abuse.mailboxes import mailbox_of
from advocacy.messages import Message, message

ROLE = message("%(name)s@ is an address of an organisation or a program. Enter an address that is yours alone.")
RECIPIENT = message("This address belongs to someone who is written to here. Enter your own.")
THROW_AWAY = message("Offices reply to your address: enter one that you keep, not one from a throw-away service.")
NO_MAIL = message("%(domain)s receives no e-mail. Check the spelling, or enter another address.")


def refusal(address: str, *, recipients: frozenset[str], domains: MailDomains | None) -> Message | None:
    """Return why no mail goes to an address in its normal form, None where one may.

    `recipients` are the addresses that letters go to, in small letters. The DNS is asked by `domains`, where given.
    """
    mailbox = mailbox_of(address)
    name, _, domain = mailbox.rpartition("@")
    if name.casefold() in _role_names():
        return ROLE.with_params(name=name)
    if mailbox in _mailboxes(recipients):
        return RECIPIENT
    if is_throw_away(domain):
        return THROW_AWAY
    if domains is not None and not domains.take_mail(address.rpartition("@")[2]):
        return NO_MAIL.with_params(domain=address.rpartition("@")[2])
    return None


def is_throw_away(domain: str) -> bool:
    """Whether a domain, or one that it is part of, gives out addresses for minutes."""
    parts = domain.split(".")
    return any(".".join(parts[start:]) in _throw_away_domains() for start in range(len(parts) - 1))


@cache
def _role_names() -> frozenset[str]:
    read = tomllib.loads((files("advocacy.abuse") / "data" / "role_names.toml").read_text("utf-8"))
    return frozenset(name for group in read["names"] for name in group["names"])


@cache
def _throw_away_domains() -> Collection[str]:
    from disposable_email_domains import blocklist  # noqa: PLC0415 - 40 ms that only whoever sends needs

    return frozenset(blocklist)


@lru_cache(maxsize=2)
def _mailboxes(addresses: frozenset[str]) -> frozenset[str]:
    return frozenset(mailbox_of(address) for address in addresses)
