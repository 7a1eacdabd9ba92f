"""An address that mail came back from is doubted aloud, to staff and to the next citizen, until lists bring another."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import Wording
from advocacy.legislators.models import DoubtfulAddress, Legislator, to_recipient
from advocacy.legislators.post import postage_free

CAME_BACK = Wording.of(
    en="Mail to this e-mail address came back: print the letter and mail it instead, no stamp needed within Canada.",
    fr="Un message envoyé à cette adresse courriel est revenu\u00a0: imprimez plutôt la lettre et postez-la; "
    "aucun timbre n’est nécessaire au Canada.",
)
CAME_BACK_STAMPED = Wording.of(
    en="Mail to this e-mail address came back: print the letter and mail it instead.",
    fr="Un message envoyé à cette adresse courriel est revenu\u00a0: imprimez plutôt la lettre et postez-la.",
)


def doubt(session: Session, legislator_id: str, *, now: datetime, reason: str) -> None:
    """Mark the e-mail address that the directory has for someone; the first time it came back is kept."""
    row = session.get(Legislator, legislator_id)
    email = row.email.casefold() if row and row.email else ""
    if email and session.get(DoubtfulAddress, email) is None:
        session.add(DoubtfulAddress(email=email, since=now, reason=reason))
        session.flush()


def trust(session: Session, email: str) -> bool:
    """Take the doubt back; False where there was none."""
    row = session.get(DoubtfulAddress, email.casefold())
    if row is not None:
        session.delete(row)
    return row is not None


def doubted(session: Session) -> Mapping[str, datetime]:
    """Return every address in doubt, in small letters, and since when."""
    rows = session.scalars(select(DoubtfulAddress).order_by(DoubtfulAddress.email))
    return {row.email: row.since for row in rows}


def warning(session: Session, row: Legislator) -> tuple[Wording, ...]:
    """Say what someone must know before writing to an address in doubt; nothing for most."""
    if not row.email or session.get(DoubtfulAddress, row.email.casefold()) is None:
        return ()
    return (CAME_BACK if postage_free(to_recipient(row)) else CAME_BACK_STAMPED,)
