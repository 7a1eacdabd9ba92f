"""A campaign's own list of people to write to: compared with the active one, approved and stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import OWN_LIST, CampaignFolder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.exports.people_csv import Person, read_people_list, write_people_list
from advocacy.language import Wording, day_of
from advocacy.legislators.corrections import lock_directory
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
        return not (self.joining or self.changing or self.leaving)


def current(session: Session, campaign: str) -> OwnList | None:
    """Return a campaign's list with what waits to be looked over; None where there is neither."""
    return session.get(OwnList, campaign)


def difference(session: Session, campaign: str, people: Sequence[Person]) -> Difference:
    """Return what would change if these were a campaign's list."""
    there = {person.key: person for person in stored(session, campaign)}
    new = {person.key: person for person in people}
    return Difference(
        [person.label for key, person in new.items() if key not in there],
        [person.label for key, person in new.items() if key in there and there[key] != person],
        [person.name for key, person in there.items() if key not in new],
        len(new),
    )


def stored(session: Session, campaign: str) -> Sequence[Person]:
    """Return the people of the active list."""
    row = session.get(OwnList, campaign)
    return read_people_list(row.content, riding_names(session)) if row and row.content else []


def with_list(session: Session, folder: CampaignFolder) -> CampaignFolder:
    """Return a campaign's files with the active list among them, if there is one."""
    row = session.get(OwnList, folder.name)
    if row is None or not row.content:
        return folder
    return CampaignFolder.of(folder.name, {**dict(folder.files), OWN_LIST: row.content})


def store_pending(session: Session, campaign: str, content: bytes, *, by: int, now: datetime) -> None:
    """Store a list until somebody has approved what it changes."""
    row = session.get(OwnList, campaign) or OwnList(campaign=campaign, content=b"", rows=0, changed_at=now)
    row.waiting, row.waiting_by = content, by
    session.add(row)


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a list that waits, or of what identifies a person of it, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def may_approve(session: Session, row: OwnList, by: Account) -> bool:
    """Whether this person may make the list that waits the active one.

    Once anything of the campaign is in review or was published, it is for a publisher who did not bring it, unless
    the campaign's rule lets one person do both: citizens' letters go to these addresses at once.
    """
    campaign = session.scalars(select(Campaign).where(Campaign.name == row.campaign)).one()
    in_review = select(Proposal.id).join(Revision, Revision.id == Proposal.revision_id).join(Revision.document)
    in_review = in_review.where(Document.campaign_id == campaign.id, Proposal.answer.is_(None))
    if not was_published(session, campaign) and session.scalar(in_review.limit(1)) is None:
        return True
    return by.role.may(Role.PUBLISHER) and (by.id != row.waiting_by or one_person_rule(session, row.campaign))


def discard_pending(session: Session, campaign: str) -> None:
    """Discard the list that waited; the active one stays."""
    row = session.get(OwnList, campaign)
    if row is not None:
        row.waiting = row.waiting_by = None


def store(session: Session, campaign: str, people: Sequence[Person], *, by: int | None, now: datetime) -> Difference:
    """Make these the active list: whoever is no longer in it cannot be written to from now on."""
    lock_directory(session)
    change = difference(session, campaign, people)
    row = session.get(OwnList, campaign) or OwnList(campaign=campaign)
    row.content, row.rows, row.changed_at = write_people_list(people), len(people), now
    row.waiting = row.waiting_by = None
    session.add(row)
    before = session.scalars(select(Legislator).where(Legislator.campaign == campaign))
    legislators = {one.id: one for one in before}
    wanted = {f"own-{fingerprint(f'{campaign}|{person.key}'.encode())[:24]}": person for person in people}
    for one in legislators.values():
        one.status = Status.LEFT
    for key, person in wanted.items():
        one = legislators.get(key) or Legislator(
            id=key, chamber=OWN_LIST_CHAMBER, office=Office.OFFICIAL, campaign=campaign
        )
        one.status, one.as_of, one.source = Status.SITTING, day_of(now), "own list"
        one.name, one.first_name, one.last_name = person.name, person.first_name, person.last_name or person.name
        one.title, one.email, one.honorific = person.title, person.email or None, person.honorific
        one.gender, one.preferred_language = person.gender, person.language
        one.riding_code, one.district = person.riding or None, Wording.same(person.city) if person.city else None
        session.add(one)
    counts = {"added": len(change.joining), "changed": len(change.changing), "gone": len(change.leaving)}
    audit_log.write(session, audit_log.Act.OWN_LIST_CHANGED, f"campaign:{campaign}", by=by, now=now, after=counts)
    return change
