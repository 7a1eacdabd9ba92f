"""Caps: how many forms a network and the whole site may send in within 24 hours, and how many mails a mailbox gets."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from advocacy.abuse import limiter
from advocacy.abuse.mailboxes import mailbox_of
from advocacy.abuse.networks import network_hash
from advocacy.encryption import Keys, digests

DAY = timedelta(days=1)
MAILS_A_DAY = 3
"""How many mails that ask to confirm one mailbox gets in 24 hours."""
OFFICE_LINKS_A_DAY = 10
"""How many links to offices' settings one network may have mailed in 24 hours."""
ALL_FORMS = "forms"

log = logging.getLogger(__name__)


class Cap(StrEnum):
    """Of what there was too much."""

    NETWORK = "network"
    SITE = "site"
    MAILBOX = "mailbox"


USED_UP = {
    Cap.NETWORK: "a network has used up its share of forms of 24 hours (ADVOCACY_NETWORK_PER_DAY): where a proxy "
    "stands in front and ADVOCACY_PROXY_HOPS is wrong, that is everybody",
    Cap.SITE: "the site has used up its share of forms of 24 hours (ADVOCACY_SITE_PER_DAY)",
}
"""What is logged when a share is used up; whose network it is, nobody is told."""


class TooMany(Exception):
    """More than a share of 24 hours was asked for; `cap` says which."""

    def __init__(self, cap: Cap) -> None:
        self.cap = cap
        super().__init__(f"the {cap} has used up its share of 24 hours")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many forms may come in 24 hours from one network, and to the whole site.

    More than `calm_per_ten_minutes` put the site under pressure (`pressure`); without it nothing does.
    """

    network_per_day: int
    site_per_day: int
    calm_per_ten_minutes: int | None = None


def count_form(session: Session, network: str, *, keys: Keys, now: datetime, limits: Limits) -> None:
    """Count one form from an IP address; raises TooMany, upon which the caller rolls back.

    Whoever counts the next form waits until this transaction ends.
    """
    counted = (
        (Cap.NETWORK, f"forms {network_hash(keys, network)}", limits.network_per_day),
        (Cap.SITE, ALL_FORMS, limits.site_per_day),
    )
    for cap, key, limit in counted:
        used = limiter.count(session, key, window=DAY, now=now)
        if used > limit:
            raise TooMany(cap)
        if used > limit - 1:
            log.warning(USED_UP[cap])


def count_mail(session: Session, address: str, *, keys: Keys, now: datetime) -> None:
    """Count one mail that asks an address to confirm; raises TooMany, upon which the caller rolls back."""
    mailbox = digests(keys, mailbox_of(address), purpose="mails")[0]
    if not limiter.hit(session, f"mails {mailbox}", limit=MAILS_A_DAY, window=DAY, now=now):
        raise TooMany(Cap.MAILBOX)


def allow_office_link(session: Session, network: str, *, keys: Keys, now: datetime) -> bool:
    """Count one link that a network has mailed to an office; False, uncounted, where it had its share of 24 hours."""
    key = f"office links {network_hash(keys, network)}"
    return limiter.hit(session, key, limit=OFFICE_LINKS_A_DAY, window=DAY, now=now)


def forms_counted(session: Session, *, now: datetime) -> float:
    """Return how many forms were counted in the last 24 hours."""
    return limiter.used(session, ALL_FORMS, window=DAY, now=now)
