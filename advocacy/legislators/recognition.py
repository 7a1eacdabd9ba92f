"""Who a record is about: the same person across lists, whatever a list leaves out."""

from collections import Counter
from collections.abc import Sequence

from advocacy.language import fold
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.records import Record, seat_id


class Recognition:
    """Recognises by number, by seat and name or e-mail, or by a name that only one person bears."""

    def __init__(self, rows: Sequence[Legislator], records: Sequence[Record]) -> None:
        self._rows = {row.id: row for row in rows}
        self._by_source_id = {row.source_id: row for row in rows if row.source_id}
        people = [row for row in rows if row.name]
        self._by_seat = {(_seat(row), fold(row.name)): row for row in people}
        self._by_email = {(_seat(row), row.email.casefold()): row for row in people if row.email}
        self._by_name = {fold(row.name): row for row in people}
        self._namesakes = Counter(fold(row.name) for row in people)
        self._namesakes |= Counter(fold(record.name) for record in records)

    def find(self, record: Record) -> Legislator | None:
        """Return the row of the record's person or seat; None for someone new."""
        row = self._find(record)
        return None if row is not None and _are_two_people(row, record) else row

    def _find(self, record: Record) -> Legislator | None:
        if record.status is Status.VACANT:
            return self._rows.get(seat_id(record.riding_code or ""))
        if record.source_id in self._by_source_id:
            return self._by_source_id[record.source_id]
        name, seat = fold(record.name), _seat(record)
        found = self._by_seat.get((seat, name)) or self._by_email.get((seat, (record.email or "").casefold()))
        return found or (self._by_name.get(name) if self._namesakes[name] == 1 else None)


def _are_two_people(row: Legislator, record: Record) -> bool:
    return bool(row.source_id and record.source_id and row.source_id != record.source_id)


def _seat(of: Legislator | Record) -> str:
    if of.riding_code:
        return of.riding_code
    return fold(next(iter(of.district.values()))) if of.district else of.province or ""
