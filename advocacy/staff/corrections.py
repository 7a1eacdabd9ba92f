"""One entry of the directory is corrected, and the audit log tells what was said before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.legislators.corrected import FACTS, Written, correct, corrections_of
from advocacy.legislators.models import Chamber, Legislator, Status
from advocacy.legislators.recipient import Office
from advocacy.staff import audit

OFFICES: Mapping[Chamber, tuple[Office, ...]] = MappingProxyType(
    {
        Chamber.COMMONS: (Office.MEMBER, Office.MINISTER, Office.PRIME_MINISTER, Office.SPEAKER_COMMONS),
        Chamber.SENATE: (Office.SENATOR, Office.SPEAKER_SENATE),
        Chamber.ASSEMBLY: (Office.PROVINCIAL_MEMBER, Office.PROVINCIAL_MINISTER, Office.PREMIER),
        Chamber.COUNCIL: (Office.MAYOR,),
    }
)
"""The offices that members of each chamber can hold."""
STANDINGS = (Status.SITTING, Status.DEPARTURE_ANNOUNCED, Status.LEFT)
"""What staff can say of a person's standing; the rest is for lists."""
TITLED = frozenset({Office.MINISTER, Office.PRIME_MINISTER})
OF_A_SEAT = ("email", "telephone")
"""What a seat that nobody holds has."""


def fields_for(row: Legislator) -> tuple[str, ...]:
    """Name what can be corrected of a person, or of a vacant seat."""
    if row.vacant or not row.name:
        return OF_A_SEAT
    # Federal ministers sit in the Commons; other people introduce bills, but answer for none.
    return tuple(field for field in FACTS if field != "responsible_for" or row.chamber is Chamber.COMMONS)


def standings_for(row: Legislator) -> tuple[Status, ...]:
    """Give what can be said of somebody's standing, what is said now included."""
    return STANDINGS if row.status in STANDINGS else (row.status, *STANDINGS)


def facts_of(row: Legislator) -> Mapping[str, Written]:
    """Give what the directory says of somebody now, as far as it can be corrected."""
    return {field: FACTS[field].get(row) for field in fields_for(row)}


def fingerprint(row: Legislator) -> str:
    """Give a number that is another one when any of it is (SHA-256, hexadecimal)."""
    return hashlib.sha256(json.dumps(facts_of(row), sort_keys=True).encode()).hexdigest()


def save(
    session: Session, row: Legislator, facts: Mapping[str, Written], *, by: int, now: datetime, source: str = ""
) -> bool:
    """Correct somebody and write it into the audit log, with its source; False where nothing changes."""
    before = facts_of(row)
    news = {field: value for field, value in facts.items() if value != before[field]}
    if not news:
        return False
    correct(session, row, news, by=by, now=now)
    was = {field: before[field] for field in news}
    after = {**news, **({"source": source} if source else {})}
    audit.write(
        session, audit.Act.LEGISLATOR_CORRECTED, f"legislator:{row.id}", by=by, now=now, before=was, after=after
    )
    return True


def return_to_source(session: Session, row: Legislator, *, by: int, now: datetime) -> bool:
    """Let somebody's list speak again in everything; False where it did already."""
    held = corrections_of(session, row.id)
    if not held:
        return False
    before = {field: correction.value for field, correction in held.items()}
    after = {field: correction.source_value for field, correction in held.items()}
    correct(session, row, after, by=by, now=now)
    audit.write(
        session, audit.Act.LEGISLATOR_CORRECTED, f"legislator:{row.id}", by=by, now=now, before=before, after=after
    )
    return True


def is_taken(session: Session, email: str, row: Legislator) -> bool:
    """Whether somebody else in office has an e-mail address."""
    others = select(Legislator.id).where(
        func.lower(Legislator.email) == email.lower(), Legislator.id != row.id, Legislator.status != Status.LEFT
    )
    return session.scalar(others.limit(1)) is not None
