"""The suppression list: addresses that asked to hear no more of a campaign, until their owner asks otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from advocacy.encryption import Keys
from advocacy.erasure_ledger import note_suppressed
from advocacy.letters.encrypted_columns import suppression_hashes
from advocacy.letters.models import Suppression


def find_suppressed(session: Session, addresses: Mapping[str, tuple[str, str]], *, keys: Keys) -> Mapping[str, bool]:
    """Return which addresses are on the list; each is a campaign and an address, by a name."""
    hashes = {name: suppression_hashes(keys, email) for name, (_, email) in addresses.items()}
    known = select(Suppression.campaign, Suppression.email_hash).where(
        Suppression.campaign.in_({campaign for campaign, _ in addresses.values()}),
        Suppression.email_hash.in_({each for some in hashes.values() for each in some}),
    )
    found = {(campaign, each) for campaign, each in session.execute(known)}
    return {name: any((campaign, each) in found for each in hashes[name]) for name, (campaign, _) in addresses.items()}


def remove(session: Session, email: str, *, keys: Keys, now: datetime, campaign: str | None = None) -> Sequence[str]:
    """Take an address off the list, for one campaign or, with None, for all; return the campaigns it was listed for.

    It is known by the keys that are in use: what was asked for under a key that is gone cannot be found.
    """
    listed = delete(Suppression).where(Suppression.email_hash.in_(suppression_hashes(keys, email)))
    if campaign is not None:
        listed = listed.where(Suppression.campaign == campaign)
    lifted = session.execute(listed.returning(Suppression.campaign, Suppression.email_hash)).all()
    for one in lifted:
        note_suppressed(session, one.campaign, one.email_hash, now=now, lifted=True)
    return sorted({one.campaign for one in lifted})
