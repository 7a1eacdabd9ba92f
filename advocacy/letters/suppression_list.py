"""The suppression list: addresses that asked to hear no more, of one campaign or of all, until they ask otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.erasure_ledger import note_suppressed
from advocacy.letters.encrypted_columns import mailbox_hashes
from advocacy.letters.models import ALL_CAMPAIGNS, Confirmation, Suppression
from advocacy.sealed_columns import keys_of


class Scope(StrEnum):
    """How much mail a mailbox wants no more of."""

    CAMPAIGN = "campaign"
    SITE = "site"


def add(session: Session, mailbox: str, *, campaign: str, scope: Scope, now: datetime) -> None:
    """Put the hash of a mailbox on the list, for the campaign or for all of them; what is listed stays as it is."""
    listed = campaign if scope is Scope.CAMPAIGN else ALL_CAMPAIGNS
    row = insert_into(session, Suppression).values(campaign=listed, email_hash=mailbox, since=now)
    # Of two at once, the second waits and finds it listed.
    if session.scalar(row.on_conflict_do_nothing().returning(Suppression.campaign)) is not None:
        note_suppressed(session, listed, mailbox, now=now)


def add_complaints(session: Session, confirmations: Sequence[str], *, now: datetime) -> None:
    """Put the mailboxes of these confirmations on the list for all campaigns: their mail was reported as spam."""
    for mailbox in session.scalars(select(Confirmation.mailbox_hash).where(Confirmation.id.in_(confirmations))):
        if mailbox is not None:
            add(session, mailbox, campaign=ALL_CAMPAIGNS, scope=Scope.SITE, now=now)


def find_suppressed(session: Session, addresses: Mapping[str, tuple[str, str]]) -> Mapping[str, bool]:
    """Return which addresses are on the list; each is a campaign and an address, by a name."""
    hashes = {name: mailbox_hashes(keys_of(session), email) for name, (_, email) in addresses.items()}
    known = select(Suppression.campaign, Suppression.email_hash).where(
        Suppression.campaign.in_({ALL_CAMPAIGNS, *(campaign for campaign, _ in addresses.values())}),
        Suppression.email_hash.in_({each for some in hashes.values() for each in some}),
    )
    found = {(campaign, each) for campaign, each in session.execute(known)}
    return {
        name: any((listed, each) in found for listed in (campaign, ALL_CAMPAIGNS) for each in hashes[name])
        for name, (campaign, _) in addresses.items()
    }


def remove(session: Session, email: str, *, now: datetime, campaign: str | None = None) -> Sequence[str]:
    """Take an address off the list, for one campaign or, with None, for all; return what it was listed for.

    It is known by the keys that are in use: what was asked for under a key that is gone cannot be found. An address
    that is listed for all campaigns stays so when it is taken off for one.
    """
    listed = delete(Suppression).where(Suppression.email_hash.in_(mailbox_hashes(keys_of(session), email)))
    if campaign is not None:
        listed = listed.where(Suppression.campaign == campaign)
    lifted = session.execute(listed.returning(Suppression.campaign, Suppression.email_hash)).all()
    for one in lifted:
        note_suppressed(session, one.campaign, one.email_hash, now=now, lifted=True)
    return sorted({one.campaign for one in lifted})


def is_listed_for_all(session: Session, email: str) -> bool:
    """Whether an address wants no mail of any campaign."""
    listed = select(Suppression.since).where(Suppression.campaign == ALL_CAMPAIGNS)
    hashes = mailbox_hashes(keys_of(session), email)
    return session.scalar(listed.where(Suppression.email_hash.in_(hashes)).limit(1)) is not None
