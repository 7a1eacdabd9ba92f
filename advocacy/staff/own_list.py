"""A campaign's own list of people to write to: compared with the one that counts, and stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import OWN_LIST, CampaignFolder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.exports.people_csv import Person, read_people, write_people
from advocacy.language import Wording, day_of
from advocacy.legislators.directory_queries import riding_names
from advocacy.legislators.models import OWN_LIST_CHAMBER, Legislator, OwnList, Status
from advocacy.legislators.recipient import Office
from advocacy.staff import audit_log
from advocacy.staff.models import Account, Proposal, Role
from advocacy.staff.publication import one_person_rule
from advocacy.staff.visibility import was_published


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new list would change, as names, with addresses of those it has: `total` is how many it names."""

    joining: Sequence[str]
    changing: Sequence[str]
    leaving: Sequence[str]
    total: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.joining or self.changing or self.leaving)


def current(session: Session, campaign: str) -> OwnList | None:
    """Return a campaign's list with what waits to be looked over; None where there is neither."""
    return session.get(OwnList, campaign)


def difference(session: Session, campaign: str, people: Sequence[Person]) -> Difference:
    """Return what would change if these were a campaign's list."""
    there = {person.key: person for person in stored(session, campaign)}
    new = {person.key: person for person in people}
    return Difference(
        [person.called for key, person in new.items() if key not in there],
        [person.called for key, person in new.items() if key in there and there[key] != person],
        [person.name for key, person in there.items() if key not in new],
        len(new),
    )


def stored(session: Session, campaign: str) -> Sequence[Person]:
    """Return the people of the list that counts."""
    kept = session.get(OwnList, campaign)
    return read_people(kept.content, riding_names(session)) if kept and kept.content else []


def with_list(session: Session, folder: CampaignFolder) -> CampaignFolder:
    """Return a campaign's files with the list that counts among them, if there is one."""
    kept = session.get(OwnList, folder.name)
    if kept is None or not kept.content:
        return folder
    return CampaignFolder.of(folder.name, {**dict(folder.files), OWN_LIST: kept.content})


def keep_waiting(session: Session, campaign: str, content: bytes, *, by: int, now: datetime) -> None:
    """Keep a file that was read until somebody has looked over what it changes."""
    kept = session.get(OwnList, campaign) or OwnList(campaign=campaign, content=b"", rows=0, changed_at=now)
    kept.waiting, kept.waiting_by = content, by
    session.add(kept)


def mark(content: bytes) -> str:
    """Return the number of a file that waits (SHA-256, hexadecimal)."""
    return hashlib.sha256(content).hexdigest()


def may_take(session: Session, kept: OwnList, by: Account) -> bool:
    """Whether this person may make the list that waits count.

    Once anything of the campaign is in review or was published, it is for a publisher who did not bring it, unless
    the campaign's rule lets one person do both: citizens' letters go to these addresses at once.
    """
    campaign = session.scalars(select(Campaign).where(Campaign.name == kept.campaign)).one()
    in_review = select(Proposal.id).join(Revision, Revision.id == Proposal.revision_id).join(Revision.document)
    in_review = in_review.where(Document.campaign_id == campaign.id, Proposal.answer.is_(None))
    if not was_published(session, campaign) and session.scalar(in_review.limit(1)) is None:
        return True
    return by.role.may(Role.PUBLISHER) and (by.id != kept.waiting_by or one_person_rule(session, kept.campaign))


def drop_waiting(session: Session, campaign: str) -> None:
    """Forget the file that waited; the list that counts stays."""
    kept = session.get(OwnList, campaign)
    if kept is not None:
        kept.waiting = kept.waiting_by = None


def store(session: Session, campaign: str, people: Sequence[Person], *, by: int | None, now: datetime) -> Difference:
    """Make these the list that counts: whoever is no longer in it cannot be written to from now on."""
    change = difference(session, campaign, people)
    kept = session.get(OwnList, campaign) or OwnList(campaign=campaign)
    kept.content, kept.rows, kept.changed_at = write_people(people), len(people), now
    kept.waiting = kept.waiting_by = None
    session.add(kept)
    rows = {row.id: row for row in session.scalars(select(Legislator).where(Legislator.campaign == campaign))}
    wanted = {_id(campaign, person): person for person in people}
    for row in rows.values():
        row.status = Status.LEFT
    for key, person in wanted.items():
        row = rows.get(key) or Legislator(id=key, chamber=OWN_LIST_CHAMBER, office=Office.OFFICIAL, campaign=campaign)
        row.status, row.as_of, row.source = Status.SITTING, day_of(now), "own list"
        row.name, row.first_name, row.last_name = person.name, person.first_name, person.last_name or person.name
        row.title, row.email, row.honorific = person.title, person.email or None, person.honorific
        row.gender, row.preferred_language = person.gender, person.language
        row.riding_code, row.district = person.riding or None, Wording.same(person.city) if person.city else None
        session.add(row)
    counts = {"added": len(change.joining), "changed": len(change.changing), "gone": len(change.leaving)}
    audit_log.write(session, audit_log.Act.OWN_LIST_CHANGED, f"campaign:{campaign}", by=by, now=now, after=counts)
    return change


def _id(campaign: str, person: Person) -> str:
    return "own-" + hashlib.sha256(f"{campaign}|{person.key}".encode()).hexdigest()[:24]
