"""Check the directory for what is old, missing, doubtful or wrong."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.legislators.directory_queries import bounced_addresses, data_sets, everyone, status_on
from advocacy.legislators.legislatures import legislatures
from advocacy.legislators.models import DataSet, Legislator, Origin, Riding, Status, data_set_key, sits_for_riding
from advocacy.legislators.recipient import CABINET, Office

OLD_AFTER_DAYS = 90
NOTABLE_STATUSES = {
    Status.VACANT: "vacant seats",
    Status.ELECTED_SINCE: "elected since the list was made",
    Status.DEPARTURE_ANNOUNCED: "with a departure announced",
    Status.PAST_RETIREMENT: "past mandatory retirement, no longer written to",
}
MISSING: dict[str, Callable[[Legislator], object]] = {
    "without an e-mail address": lambda row: row.email,
    "without a known gender (addressed neutrally)": lambda row: row.gender,
    "without a known preferred language": lambda row: row.preferred_language,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know; `broken` when a rule is not kept and someone must act."""

    sentence: str
    broken: bool = False

    def __str__(self) -> str:
        return f"{'broken' if self.broken else 'note'}: {self.sentence}"


def check(session: Session, *, today: date) -> list[Remark]:
    """Go through the whole directory; what is broken comes first."""
    rows, lists = sorted(everyone(session), key=lambda row: row.id), data_sets(session)
    ridings = list(session.scalars(select(Riding)))
    remarks = [
        *_broken(rows, ridings),
        *_ages(lists, today),
        *_elections(lists, today),
        *_bounced(rows, bounced_addresses(session)),
        *_statuses(rows, today),
        *_gaps(rows),
    ]
    return sorted(remarks, key=lambda remark: not remark.broken)


def _broken(rows: Sequence[Legislator], ridings: Sequence[Riding]) -> Iterator[Remark]:
    if not ridings:
        yield Remark("there are no ridings; run advocacy serve once on this database to fill it", broken=True)
    emails = Counter(row.email.casefold() for row in rows if row.email)
    for email in _repeated(emails):
        yield Remark(f"{email} is the address of more than one person; correct one of them", broken=True)
    seats = Counter(row.riding_code for row in rows if sits_for_riding(row))
    for code in _repeated(seats):
        yield Remark(f"riding {code} has more than one member; import a newer list", broken=True)
    for riding in ridings:
        if not seats[riding.fed_code]:
            yield Remark(f"riding {riding.fed_code} has neither member nor vacant seat; import a list", broken=True)
    for row in rows:
        if row.office in CABINET and row.title is None:
            yield Remark(f"{row.id} is a minister without a title; give the whole title", broken=True)


def _ages(lists: Iterable[DataSet], today: date) -> Iterator[Remark]:
    for one in lists:
        days = (today - one.as_of).days
        if days >= 0:
            described = f"{one.key}: {one.rows} rows, as of {one.as_of}, {one.source} ({one.origin})"
            yield Remark(f"{described}; {days} days old, refresh it" if days > OLD_AFTER_DAYS else described)
            continue
        later = f"{one.key}: as of {one.as_of}, which is after today, {today};"
        if one.origin is Origin.SHIPPED:  # its date is right, so the clock is wrong
            yield Remark(f"{later} set the clock of this machine")
        else:
            yield Remark(f"{later} import it again with its date", broken=True)


def _elections(lists: Iterable[DataSet], today: date) -> Iterator[Remark]:
    days = {one.key: one.as_of for one in lists}
    for chamber in legislatures().chambers:
        key, election = data_set_key((chamber.key, chamber.province)), chamber.next_election
        if election and days.get(key, today) < election.by <= today:
            yield Remark(f"{key}: an election was due by {election.by} ({election.source}); import a new list")


def _bounced(rows: Iterable[Legislator], bounced: Mapping[str, datetime]) -> Iterator[Remark]:
    for row in rows:
        if since := bounced.get((row.email or "").casefold()):
            yield Remark(
                f"{row.id}: mail to {row.email} came back on {since.date()}; print and mail the letters, and import a "
                "list with another address"
            )


def _statuses(rows: Iterable[Legislator], today: date) -> Iterator[Remark]:
    by_status: dict[Status, list[Legislator]] = {}
    for row in rows:
        by_status.setdefault(status_on(row, today), []).append(row)
    for status, words in NOTABLE_STATUSES.items():
        if found := by_status.get(status):
            yield Remark(f"{len(found)} {words}: {', '.join(row.id for row in found)}")


def _gaps(rows: Iterable[Legislator]) -> Iterator[Remark]:
    people = [row for row in rows if not row.vacant]
    for words, fact in MISSING.items():
        counts = Counter(row.chamber for row in people if fact(row) is None)
        total = Counter(row.chamber for row in people)
        for chamber, count in sorted(counts.items()):
            yield Remark(f"{chamber}: {count} of {total[chamber]} {words}")
    for office in (Office.SPEAKER_COMMONS, Office.SPEAKER_SENATE):
        if not any(row.office is office for row in people):
            yield Remark(f"no one is marked as {office}; import a list whose role says who is")


def _repeated(counts: Counter[str] | Counter[str | None]) -> list[str]:
    return sorted(value for value, count in counts.items() if value and count > 1)
