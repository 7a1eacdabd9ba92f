"""Campaigns that come in as files become revisions of whoever brings them, once nothing in them is to be mended."""

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from advocacy.campaigns.check import check_parts
from advocacy.campaigns.folder import OWN_LIST, CampaignFolder, digest
from advocacy.campaigns.library import Documents, wait_for_turn
from advocacy.campaigns.models import Revision
from advocacy.legislators.directory import riding_names
from advocacy.problems import Problem
from advocacy.staff import audit, own_list, revisions
from advocacy.staff.campaign_files import Held, changed, held
from advocacy.staff.models import Account, Authorship, BroughtArchive

MOST_PROBLEMS, MOST_PARTS = 200, 5
"""When looking for what is to be mended stops: after so many things, or so many letters and the like with any."""


KEPT = timedelta(days=1)
"""How long an archive waits for whoever looks it over."""


class Moved(Exception):
    """What an archive would change is no longer what was looked over."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A revision that nobody published yet, and that what is live would take the place of; "" by no person."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What taking one campaign in would do: the documents that would change, those that would not, those that stay.

    `problems` keep it from being taken in; those of letters that stay are told too, and `unseen` tells that the rest
    was not looked at. `kept` is None for a new campaign, `whole` the campaign as it would be then.
    """

    folder: CampaignFolder
    kept: Held | None
    whole: CampaignFolder
    changed: Documents
    problems: Sequence[Problem]
    unseen: bool
    set_aside: Mapping[str, "SetAside"] = field(default_factory=dict)
    """By their names, documents that would go back to what is live."""

    @property
    def unchanged(self) -> Sequence[str]:
        """The documents that came in as they are already."""
        return sorted(self.folder.documents().keys() - self.changed.keys())

    @property
    def staying(self) -> Sequence[str]:
        """The documents that the files lack: they stay as they are."""
        return sorted(self.kept.documents.keys() - self.folder.documents().keys()) if self.kept else []

    @property
    def before(self) -> CampaignFolder:
        """Give the campaign as it was last written; no files of a new one."""
        return self.kept.newest() if self.kept else CampaignFolder.of(self.folder.name, {})

    def is_new(self, document: str) -> bool:
        """Tell whether there is no such document yet."""
        return self.kept is None or document not in self.kept.documents


def keep(session: Session, archive: bytes, *, by: int, now: datetime) -> None:
    """Keep an archive that was looked over until it is taken or a day is over; the one that waited before goes."""
    session.scalar(select(Account.id).where(Account.id == by).with_for_update())  # a second press waits for the first
    forget(session, now=now)
    drop(session, by=by)
    session.add(BroughtArchive(account_id=by, archive=archive, made_at=now))


def waiting(session: Session, *, by: int, now: datetime) -> bytes | None:
    """Give the archive that an account looked over and did not take yet."""
    brought = session.get(BroughtArchive, by)
    return brought.archive if brought and brought.made_at >= now - KEPT else None


def forget(session: Session, *, now: datetime) -> None:
    """Delete what nobody took in time, whoever brought it."""
    session.execute(delete(BroughtArchive).where(BroughtArchive.made_at < now - KEPT))


def drop(session: Session, *, by: int) -> None:
    """Keep nothing that an account brought."""
    session.execute(delete(BroughtArchive).where(BroughtArchive.account_id == by))


def offered(session: Session, folders: Sequence[CampaignFolder]) -> Sequence[Offer]:
    """Say what taking these campaigns in would do; nothing is changed."""
    known, mending = held(session), _Mending()
    offers = [_offer(folder, known.get(folder.name), mending) for folder in folders]
    writers = _writers(session, [one.id for offer in offers for one in _gone_back(offer).values()])
    return [
        replace(
            offer,
            set_aside={name: SetAside(one.number, writers.get(one.id, "")) for name, one in _gone_back(offer).items()},
        )
        for offer in offers
    ]


def _gone_back(offer: Offer) -> Mapping[str, Revision]:
    """Give, of the documents that come in as they are live, the newer revisions that were saved since."""
    documents = offer.kept.documents if offer.kept else {}
    return {
        name: documents[name].newest
        for name, files in offer.changed.items()
        if name in documents and (live := documents[name].live) is not None and live.digest == digest(files)
    }


def _writers(session: Session, revisions: Collection[int]) -> Mapping[int, str]:
    """Name who saved each of these revisions, in one query."""
    rows = session.execute(
        select(Authorship.revision_id, Account.name)
        .join(Account, Account.id == Authorship.account_id)
        .where(Authorship.revision_id.in_(revisions))
    )
    return dict(rows.all())


def mark(offers: Sequence[Offer]) -> str:
    """Give the number of what these offers would change and what there is before (SHA-256, hexadecimal)."""
    states = [(one.name, digest(dict(one.files))) for offer in offers for one in (offer.before, offer.folder)]
    return hashlib.sha256(repr(states).encode()).hexdigest()


def take(
    session: Session, folders: Sequence[CampaignFolder], *, by: Account, now: datetime, seen: str | None = None
) -> Sequence[Revision]:
    """Save what changes as revisions that nobody meets yet; raises ValueError where something is to be mended.

    A list of people that came along waits under Audience, where its difference is shown before it counts.

    `seen` is the mark of what was looked over; raises Moved where it is no longer what would happen.
    """
    wait_for_turn(session)
    made: list[Revision] = []
    offers = offered(session, folders)
    if seen is not None and not hmac.compare_digest(seen.encode(), mark(offers).encode()):
        raise Moved
    for offer in offers:
        if offer.problems:
            raise ValueError(f"{offer.folder.name} is to be fixed first")
        name = offer.folder.name
        made += [
            revisions.save(session, name, document, files=files, by=by, now=now)
            for document, files in offer.changed.items()
        ]
        people = _people(session, offer.folder)
        if people:
            own_list.keep_waiting(session, name, own_list.written(people), by=by.id, now=now)
        if offer.changed:
            documents = {"documents": sorted(offer.changed)}
            audit.write(session, audit.Act.CAMPAIGN_IMPORTED, f"campaign:{name}", by=by.id, now=now, after=documents)
    return made


def _people(session: Session, folder: CampaignFolder) -> Sequence[own_list.Person]:
    """Return the people of the list that came with a campaign's files; none where it cannot be read."""
    content = folder.content(OWN_LIST)
    try:
        return own_list.read(content, riding_names(session)) if content else []
    except own_list.ListRefused:
        return []


class _Mending:
    """What is to be mended in all that comes in, looked for until there is more of it than anybody mends at once."""

    def __init__(self) -> None:
        self._things = self._parts = 0

    @property
    def enough(self) -> bool:
        return self._things >= MOST_PROBLEMS or self._parts >= MOST_PARTS

    def look(self, folder: CampaignFolder, letters: Collection[str] | None = None) -> Iterator[Problem]:
        parts = check_parts(folder, letters)
        while not self.enough and (found := next(parts, None)) is not None:
            self._things += len(found)
            self._parts += bool(found)
            yield from found


def _offer(folder: CampaignFolder, kept: Held | None, mending: _Mending) -> Offer:
    documents = {**(kept.newest().documents() if kept else {}), **folder.documents()}
    whole = CampaignFolder.of(folder.name, {name: file for files in documents.values() for name, file in files.items()})
    staying = documents.keys() - folder.documents().keys()
    problems = {*mending.look(folder)} | {*mending.look(whole, letters=staying)}
    return Offer(folder, kept, whole, changed(kept, folder), sorted(problems)[:MOST_PROBLEMS], mending.enough)
