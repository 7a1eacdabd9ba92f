"""The directory held in memory between requests: read anew when a list has changed, and once a minute besides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Wording, fold
from advocacy.legislators.directory import everyone
from advocacy.legislators.doubtful import doubted, warning
from advocacy.legislators.models import Chamber, Correction, DataSet, Legislator
from advocacy.legislators.recipient import CABINET, Office
from advocacy.legislators.search import Index

Stamp = tuple[Any, ...]
Warnings = Mapping[str, tuple[Wording, ...]]
CHAMBERS: Mapping[str, frozenset[Chamber]] = {
    "house-of-commons": frozenset({Chamber.COMMONS}),
    "senate": frozenset({Chamber.SENATE}),
    "assemblies": frozenset({Chamber.ASSEMBLY}),
    "councils": frozenset({Chamber.COUNCIL}),
}
"""Whom a campaign writes to, by the names its file uses; ministers are known by their office."""
MINISTERS = "ministers"


class Listing:
    """Everyone who can be written to, at one moment. The rows belong to no session and are only read.

    `warnings` say, by the id of a person or seat, what is in doubt about their address.
    """

    def __init__(self, rows: Iterable[Legislator], warnings: Warnings = MappingProxyType({})) -> None:
        self._warnings = warnings
        self._rows = {row.id: row for row in rows}
        self._by_riding: dict[str, list[Legislator]] = {}
        for row in self._rows.values():
            if row.chamber is Chamber.COMMONS and row.riding_code:
                self._by_riding.setdefault(row.riding_code, []).append(row)
        self._senators: dict[str | None, list[Legislator]] = {}
        for row in sorted(self._rows.values(), key=_by_name):
            if row.chamber is Chamber.SENATE:
                self._senators.setdefault(row.province, []).append(row)
        self._index = Index(self._rows.values())
        self.ministers = sorted((row for row in self._rows.values() if row.office in CABINET), key=_cabinet_rank)

    def row(self, legislator: str) -> Legislator | None:
        """Return one person or seat; None for an id unknown here or of someone who left."""
        return self._rows.get(legislator)

    def warnings(self, row: Legislator) -> tuple[Wording, ...]:
        """Return what is in doubt about someone's address; nothing for most."""
        return self._warnings.get(row.id, ())

    def members_for(self, ridings: Iterable[str]) -> list[Legislator]:
        """Return those who sit for these ridings, or the vacant seats, in the order of the ridings."""
        return [row for riding in ridings for row in self._by_riding.get(riding, ())]

    def is_riding(self, code: str) -> bool:
        """Whether this is the code of a riding."""
        return code in self._by_riding

    def senators_of(self, province: str) -> list[Legislator]:
        """Return the senators of a province, by last name."""
        return self._senators.get(province, [])

    def search(self, text: str) -> list[Legislator]:
        """Return those whom a name, a riding or a province fits, the best first."""
        return [match.legislator for match in self._index.search(text)]


def is_written_to(row: Legislator, chambers: Sequence[str]) -> bool:
    """Whether a campaign that writes to these chambers writes to this person."""
    if MINISTERS in chambers and row.office in CABINET:
        return True
    return any(row.chamber in CHAMBERS.get(chamber, ()) for chamber in chambers)


@dataclass(slots=True)
class DirectoryCache:
    """The newest listing. One request of a process reads it anew, the others wait for that."""

    sessions: sessionmaker[Session]
    _stamp: Stamp = ()
    _checked: datetime | None = None
    _listing: Listing | None = None
    _reading: Lock = field(default_factory=Lock)

    def current(self, now: datetime) -> Listing:
        """Return the listing, read anew when it may have changed; whether it has is asked once a second."""
        second = now.replace(microsecond=0)
        if self._listing is not None and second == self._checked:
            return self._listing
        with self._reading:
            return self._newest(now, second)

    def _newest(self, now: datetime, second: datetime) -> Listing:
        listing = self._listing
        if listing is not None and second == self._checked:
            return listing
        with self.sessions() as session:
            stamp = (now.replace(second=0, microsecond=0), *_stamp(session))
            if listing is None or stamp != self._stamp:
                rows = everyone(session)
                listing = Listing(rows, _warnings(session, rows))
                session.expunge_all()
                self._listing, self._stamp = listing, stamp
        self._checked = second
        return listing


def _stamp(session: Session) -> Stamp:
    corrected = select(func.coalesce(func.sum(Correction.id), 0)).scalar_subquery()
    newest = select(func.max(Correction.at)).scalar_subquery()
    columns = (DataSet.key, DataSet.as_of, DataSet.digest, DataSet.rows, DataSet.imported_at, corrected, newest)
    lists = session.execute(select(*columns).order_by(DataSet.key))
    return (*(tuple(row) for row in lists), *doubted(session))


def _warnings(session: Session, rows: Iterable[Legislator]) -> Warnings:
    in_doubt = doubted(session)
    return {row.id: warning(session, row) for row in rows if row.email and row.email.casefold() in in_doubt}


def _cabinet_rank(row: Legislator) -> tuple[bool, str, str]:
    return row.office is not Office.PRIME_MINISTER, *_by_name(row)


def _by_name(row: Legislator) -> tuple[str, str]:
    return fold(row.last_name), fold(row.first_name)
