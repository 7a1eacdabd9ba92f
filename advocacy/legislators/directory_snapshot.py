"""The directory in memory between requests: read again when a list has changed, and once a minute."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import day_of, fold
from advocacy.legislators.directory_queries import ALL_OWN_LISTS, bounce_warnings, bounced_addresses, everyone
from advocacy.legislators.legislatures import MINISTERS, SENATE, legislatures
from advocacy.legislators.models import Correction, DataSet, Legislator, OwnList, sits_for_riding
from advocacy.legislators.recipient import CABINET, Office
from advocacy.legislators.search import Index
from advocacy.messages import Message

Stamp = tuple[Any, ...]
Warnings = Mapping[str, tuple[Message, ...]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom one campaign writes to: the members of `chambers`, some ministers, the people of its own list.

    `portfolios` are offices as their English titles have them, `ministers` ids; `own_list` is the name of the campaign
    whose list it is, "" for none.
    """

    chambers: frozenset[str] = frozenset()
    portfolios: tuple[str, ...] = ()
    ministers: frozenset[str] = frozenset()
    own_list: str = ""

    @property
    def uses_directory(self) -> bool:
        return bool(self.chambers or self.portfolios or self.ministers)

    def includes(self, row: Legislator, ridings: Container[str] = ()) -> bool:
        """Whether letters go to this person or seat; `ridings` are those the citizen may live in.

        A minister whom the campaign does not name is written to only as the citizen's own member.
        """
        if row.campaign:
            return row.campaign == self.own_list
        if row.office not in CABINET:
            return self.includes_chamber(row)
        named = row.id in self.ministers or any(has_portfolio(row, portfolio) for portfolio in self.portfolios)
        return (
            named or MINISTERS in self.chambers or (self.includes_chamber(row) and (row.riding_code or "") in ridings)
        )

    def includes_chamber(self, row: Legislator) -> bool:
        return legislatures().chamber(row.chamber, row.province).slug in self.chambers


def has_portfolio(row: Legislator, portfolio: str) -> bool:
    """Whether the title of someone, in any language, names this portfolio ("Minister of Health")."""
    return row.title is not None and any(names_portfolio(title, portfolio) for title in row.title.values())


def names_portfolio(title: str, portfolio: str) -> bool:
    return f" {portfolio} ".casefold() in f" {title} ".casefold().replace(",", " ")


class DirectorySnapshot:
    """Everyone who can be written to, at one moment. The rows belong to no session and are only read.

    `warnings` are those about the address of a person or seat, by their id; `emails` all addresses, in small letters.
    """

    def __init__(self, rows: Iterable[Legislator], warnings: Warnings = MappingProxyType({})) -> None:
        self._warnings = warnings
        self._rows = {row.id: row for row in rows}
        self.emails = frozenset(row.email.casefold() for row in self._rows.values() if row.email)
        self._own_lists: dict[str, list[Legislator]] = {}
        for row in self._rows.values():
            if row.campaign:
                self._own_lists.setdefault(row.campaign, []).append(row)
        self._own_indexes: dict[str, Index] = {}
        directory = [row for row in self._rows.values() if not row.campaign]
        self._by_riding: dict[str, list[Legislator]] = {}
        for row in self._rows.values():
            if row.riding_code and sits_for_riding(row):
                self._by_riding.setdefault(row.riding_code, []).append(row)
        self._senators: dict[str | None, list[Legislator]] = {}
        for row in sorted(self._rows.values(), key=_by_name):
            if row.chamber == SENATE:
                self._senators.setdefault(row.province, []).append(row)
        self._index = Index(directory)
        self.ministers = sorted(
            (row for row in directory if row.office in CABINET),
            key=lambda row: (row.office is not Office.PRIME_MINISTER, _by_name(row)),
        )

    def row(self, legislator: str) -> Legislator | None:
        """Return one person or seat; None for an id unknown here or of someone who left or is past retirement."""
        return self._rows.get(legislator)

    def warnings(self, row: Legislator) -> tuple[Message, ...]:
        """Return the warnings about someone's address; none for most."""
        return self._warnings.get(row.id, ())

    def members_for(self, ridings: Iterable[str]) -> list[Legislator]:
        """Return those who sit for these ridings, or the vacant seats, in the order of the ridings."""
        return [row for riding in ridings for row in self._by_riding.get(riding, ())]

    def is_riding(self, code: str) -> bool:
        return code in self._by_riding

    def senators_of(self, province: str) -> list[Legislator]:
        """Return the senators of a province, by last name."""
        return self._senators.get(province, [])

    def of_chamber(self, slug: str) -> Sequence[Legislator]:
        """Return everyone who sits in a chamber, by its name in campaign files; vacant seats included."""
        chamber = Audience(chambers=frozenset({slug}))
        return [row for row in self._rows.values() if not row.campaign and chamber.includes_chamber(row)]

    def own_list(self, campaign: str) -> Sequence[Legislator]:
        """Return the people of a campaign's own list, in the order of its file."""
        return self._own_lists.get(campaign, ())

    def search(self, text: str, audience: Audience | None = None) -> list[Legislator]:
        """Return those whom a name, a riding or a province fits, the best first: all of the directory, or an audience.

        The people of an own list come before those of the directory.
        """
        if audience is None:
            return [match.legislator for match in self._index.search(text)]
        found = []
        if audience.own_list in self._own_lists:
            if audience.own_list not in self._own_indexes:
                self._own_indexes[audience.own_list] = Index(self._own_lists[audience.own_list])
            found += [match.legislator for match in self._own_indexes[audience.own_list].search(text)]
        if audience.uses_directory:
            found += [match.legislator for match in self._index.search(text)]
        return found


@dataclass(slots=True)
class DirectoryCache:
    """The newest snapshot, read again once the directory has changed, and each minute."""

    sessions: sessionmaker[Session]
    _snapshot: DirectorySnapshot | None = None
    _stamp: Stamp = ()
    _checked: datetime | None = None

    def current(self, now: datetime) -> DirectorySnapshot:
        """Return the newest snapshot; whether the directory has changed is checked once a second."""
        second = now.replace(microsecond=0)
        if self._snapshot is None or second != self._checked:
            with self.sessions() as session:
                stamp = (now.replace(second=0, microsecond=0), *_stamp(session))
                if self._snapshot is None or stamp != self._stamp:
                    self._snapshot, self._stamp = _read(session, now), stamp
            self._checked = second
        return self._snapshot


def _read(session: Session, now: datetime) -> DirectorySnapshot:
    rows = everyone(session, own_list=ALL_OWN_LISTS, today=day_of(now))
    bounced = bounced_addresses(session)
    warned = [row for row in rows if row.email and row.email.casefold() in bounced]
    snapshot = DirectorySnapshot(rows, {row.id: bounce_warnings(session, row) for row in warned})
    session.expunge_all()
    return snapshot


def _stamp(session: Session) -> Stamp:
    corrected = select(func.coalesce(func.sum(Correction.id), 0)).scalar_subquery()
    newest = select(func.max(Correction.at)).scalar_subquery()
    columns = (DataSet.key, DataSet.as_of, DataSet.digest, DataSet.rows, DataSet.imported_at, corrected, newest)
    lists = session.execute(select(*columns).order_by(DataSet.key))
    own = session.execute(select(func.count(OwnList.campaign), func.max(OwnList.changed_at))).one()
    return (*(tuple(row) for row in lists), tuple(own), *bounced_addresses(session))


def _by_name(row: Legislator) -> tuple[str, str]:
    return fold(row.last_name), fold(row.first_name)
