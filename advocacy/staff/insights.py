"""How many letters were confirmed, by day, language, template, province and riding, as far as it tells of nobody.

Only `letter_tallies` are read, which know no person and outlast them; that a survivor or a relative wrote is counted
nowhere. What may be shown of them is `suppression`'s to say: each day is taken in once it is over, and all that was
shown on an earlier day is what would be reckoned for it again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from advocacy.language import day_of
from advocacy.legislators.models import Riding
from advocacy.letters.models import LetterTally
from advocacy.staff.suppression import LEAST, Table

SETTLING = timedelta(hours=1)
"""How long after midnight a day is waited for: a letter confirmed just before may be written down just after."""
ELSEWHERE = ""
"""Where a letter is counted that is not to its writer's own member."""
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Day:
    """The letters confirmed on one day in Ottawa, by each feature; in `ridings` "" is nobody's own member."""

    day: date
    languages: Counts
    templates: Counts
    ridings: Counts

    @property
    def letters(self) -> int:
        """How many there are."""
        return sum(self.ridings.values())


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that are published together: five letters or more."""

    first: date
    last: date
    letters: int


@dataclass(slots=True)
class Portrait:
    """What may be published of one campaign. `ridings` has a table for each province that has any letter."""

    runs: list[Run] = field(default_factory=list)
    languages: Table = field(default_factory=Table)
    templates: Table = field(default_factory=Table)
    provinces: Table = field(default_factory=Table)
    ridings: dict[str, Table] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many letters the published runs have in all."""
        return sum(run.letters for run in self.runs)

    def riding(self, code: str, province: str) -> int | None:
        """Give what is shown of one riding; None where nothing is."""
        table = self.ridings.get(province)
        return table.shown.get(code) if table else None


def last_finished(now: datetime) -> date:
    """Give the last day in Ottawa that nothing more is counted for."""
    return day_of(now - SETTLING) - timedelta(days=1)


def portrait(session: Session, campaign: str, *, through: date) -> Portrait:
    """Reckon what may be published of a campaign, all days up to `through` taken in."""
    known = session.execute(select(Riding.fed_code, Riding.province))
    provinces = {row.fed_code: row.province for row in known}
    return painted(_days(session, campaign, through), provinces)


def painted(days: Iterable[Day], provinces: Mapping[str, str]) -> Portrait:
    """Reckon what may be published of these days, in their order; `provinces` are by the codes of ridings."""
    made, gathered = Portrait(), _Gathered()
    for day in days:
        gathered.add(day)
        if gathered.letters >= LEAST:
            _publish(made, gathered, provinces)
            gathered = _Gathered(waiting=gathered.waiting)
    return made


@dataclass(slots=True)
class _Gathered:
    """Days that are not published yet, and what ridings have had since their province was last brought up to date."""

    days: list[date] = field(default_factory=list)
    letters: int = 0
    languages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    templates: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ridings: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    waiting: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, day: Day) -> None:
        """Take one more day in."""
        self.days.append(day.day)
        self.letters += day.letters
        kinds = ((self.languages, day.languages), (self.templates, day.templates), (self.ridings, day.ridings))
        for counts, more in kinds:
            for cell, letters in more.items():
                counts[cell] += letters


def _publish(made: Portrait, run: _Gathered, provinces: Mapping[str, str]) -> None:
    made.runs.append(Run(run.days[0], run.days[-1], run.letters))
    made.languages.take(run.languages)
    made.templates.take(run.templates)
    grown: dict[str, int] = defaultdict(int)
    for code, letters in run.ridings.items():
        province = provinces.get(code, ELSEWHERE)
        grown[province] += letters
        run.waiting[province][code] += letters
    for province in made.provinces.take(grown):
        fresh = run.waiting.pop(province)
        if province != ELSEWHERE:
            made.ridings.setdefault(province, Table()).take(fresh)


def _days(session: Session, campaign: str, through: date) -> Iterator[Day]:
    whose = (LetterTally.campaign == campaign, LetterTally.day <= through)
    languages, templates, ridings = (
        _by_day(session, column, whose)
        for column in (LetterTally.language, LetterTally.template, LetterTally.riding_code)
    )
    for day, counts in ridings.items():
        yield Day(day, languages[day], templates[day], counts)


def _by_day(
    session: Session, column: InstrumentedAttribute[str], whose: tuple[ColumnElement[bool], ...]
) -> Mapping[date, Counts]:
    counted = select(LetterTally.day, column, func.sum(LetterTally.letters)).where(*whose)
    rows = session.execute(counted.group_by(LetterTally.day, column).order_by(LetterTally.day))
    return {
        day: {str(cell): int(letters) for _, cell, letters in same}
        for day, same in groupby(rows, key=lambda row: row[0])
    }
