"""Mailboxes: the address that many spellings of one are counted as. Mail goes to an address as it was typed.

Without it `name+1@`, `name+2@` … are as many citizens as somebody likes, and as many mails in one mailbox.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

TAG = "+"


@dataclass(frozen=True, slots=True)
class Provider:
    """How one provider leads addresses to a mailbox; `domain` stands for all of its own, "" where each has its own."""

    domain: str = ""
    ignores: str = ""
    tag: str = ""
    has_subdomains: bool = False


def mailbox_of(address: str) -> str:
    """Return the one address that an address in its normal form is counted as: "c.e+x@gmail.com" → "ce@gmail.com".

    What no provider says is not guessed: of a domain of one's own, each name is a mailbox.
    """
    name, at, domain = address.rpartition("@")
    if not name:
        return address
    provider = _providers().get(domain)
    owner, _, parent = domain.partition(".")
    if provider is None and parent in _providers() and _providers()[parent].has_subdomains:
        return mailbox_of(f"{owner}{at}{parent}")
    provider = provider or Provider()
    for sign in (TAG, *provider.tag):
        name = name.partition(sign)[0] or name  # a name that begins with the sign has no tag
    plain = "".join(sign for sign in name if sign not in provider.ignores)
    return f"{plain or name}{at}{provider.domain or domain}"


@cache
def _providers() -> Mapping[str, Provider]:
    """Return the providers that are known, by each of their domains."""
    read: list[dict[str, Any]] = tomllib.loads(
        (files("advocacy.abuse") / "data" / "mailboxes.toml").read_text("utf-8")
    )["providers"]
    found: dict[str, Provider] = {}
    for one in read:
        provider = Provider(
            domain=one["domains"][0] if one.get("is_one_domain") else "",
            ignores=one.get("ignores", ""),
            tag=one.get("tag", ""),
            has_subdomains=one.get("has_subdomains", False),
        )
        found |= dict.fromkeys(one["domains"], provider)
    return found
