"""How many letters a campaign has, by day, language, letter, place and outcome, as far as it tells of nobody.

Only tallies are read, which know no person and outlast them; that a survivor or a relative wrote is counted nowhere.
A letter that its writer mailed on paper is none of them: nobody here knows that it left. One that came back and was
sent to another address is counted again, beside the one that came back.
What may be shown is decided by `small_count_masking`: each day is taken in once it is over, and what was shown on an
earlier day is what would be computed for it again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, case, delete, exists, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.database import insert_into, take_turn
from advocacy.delivery.models import Message, MessageMove
from advocacy.delivery.states import State
from advocacy.language import EASTERN, Language, day_of
from advocacy.legislators.models import Legislator, Riding
from advocacy.legislators.recipient import CABINET
from advocacy.letters.models import (
    AUDIENCES,
    MINISTERS,
    OTHERS,
    AlternativeTally,
    AnswerTally,
    ChoiceCount,
    FeatureTally,
    LetterTally,
    MessageKind,
    StoredLetter,
)
from advocacy.letters.small_count_masking import MIN_LETTERS, Table

DAY_CLOSES = timedelta(hours=1)
"""How long after midnight a day is waited for: a letter confirmed just before may be written down just after."""
OUTCOME_DAYS = 3
"""How many days after its confirmation a letter is asked what became of it."""
MAX_LOOK_BACK = timedelta(days=21)
"""Outcomes of days before that are not looked for any more; their letters may be erased."""
ELSEWHERE = ""
"""The province under which letters stand that are not to their writer's own member."""
OUTCOME, UNCONFIRMED = "outcome", "unconfirmed"
DELIVERED, HANDED_OVER, CAME_BACK, NOT_SENT, UNKNOWN = "delivered", "handed_over", "came_back", "not_sent", ""
OUTCOMES = MappingProxyType({State.DELIVERED: DELIVERED, State.ACCEPTED: HANDED_OVER, State.BOUNCED: CAME_BACK})
"""What became of a letter, by its state; in any other state it was not sent."""
Counts = Mapping[str, int]
NONE: Counts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Day:
    """The letters confirmed on one day in Ottawa, by each feature.

    `ridings` also has the audiences of letters that are not to their writer's own member. `outcomes` are None until
    they are recorded.
    """

    day: date
    languages: Counts
    templates: Counts
    ridings: Counts
    outcomes: Counts | None = None

    @property
    def letters(self) -> int:
        return sum(self.ridings.values())


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that are published together: five letters or more."""

    first: date
    last: date
    letters: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def per_day(self) -> float:
        return self.letters / self.days


@dataclass(slots=True)
class Figures:
    """What may be published of one campaign.

    `ridings` has a table for each province that has any letter; under ELSEWHERE it is one of audiences. `outcomes` are
    of the letters confirmed through `outcomes_through`.
    """

    runs: list[Run] = field(default_factory=list)
    languages: Table = field(default_factory=Table)
    templates: Table = field(default_factory=Table)
    provinces: Table = field(default_factory=Table)
    ridings: dict[str, Table] = field(default_factory=dict)
    outcomes: Table = field(default_factory=Table)
    outcomes_through: date | None = None
    unconfirmed: int = 0

    @property
    def total(self) -> int:
        """How many letters the published runs have in all."""
        return sum(run.letters for run in self.runs)

    def total_through(self, day: date) -> int:
        """How many letters the runs have that were over on a day."""
        return sum(run.letters for run in self.runs if run.last <= day)

    def week_before(self, today: date) -> int:
        """How many letters the runs have that were over in the last seven days."""
        return self.total - self.total_through(today - timedelta(days=8))

    def riding(self, code: str, province: str) -> int | None:
        """Return what is shown of one riding; None where nothing is."""
        table = self.ridings.get(province)
        return table.shown.get(code) if table else None


def last_finished(now: datetime) -> date:
    """Return the last day in Ottawa that nothing more is counted for."""
    return day_of(now - DAY_CLOSES) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """A campaign's letters as they are, for managers, who see each of them: on the day, in 7 days with it, in all."""

    today: int = 0
    week: int = 0
    all: int = 0


def counts_by_campaign(session: Session, today: date) -> Mapping[str, LetterCounts]:
    """Return the letters of each campaign that has any, up to a day."""
    letters = LetterTally.letters
    rows = session.execute(
        select(
            LetterTally.campaign,
            func.sum(case((LetterTally.day == today, letters), else_=0)),
            func.sum(case((LetterTally.day > today - timedelta(days=7), letters), else_=0)),
            func.sum(letters),
        )
        .where(LetterTally.day <= today)
        .group_by(LetterTally.campaign)
    )
    return {campaign: LetterCounts(*map(int, counts)) for campaign, *counts in rows}


def figures(session: Session, campaign: str, *, through: date) -> Figures:
    """Compute what may be published of a campaign, all days up to `through` taken in."""
    tallies = (LetterTally.campaign == campaign, LetterTally.day <= through)

    def by_day(column: InstrumentedAttribute[str]) -> Mapping[date, Counts]:
        counted = select(LetterTally.day, column, func.sum(LetterTally.letters)).where(*tallies)
        rows = session.execute(counted.group_by(LetterTally.day, column).order_by(LetterTally.day))
        return {
            day: {str(cell): int(letters) for _, cell, letters in same}
            for day, same in groupby(rows, key=lambda row: row[0])
        }

    languages, templates = by_day(LetterTally.language), by_day(LetterTally.template)
    features: dict[str, dict[date, dict[str, int]]] = {OUTCOME: {}, UNCONFIRMED: {}}
    stored = select(FeatureTally).where(FeatureTally.campaign == campaign, FeatureTally.day <= through)
    for row in session.scalars(stored.order_by(FeatureTally.day)):
        features[row.feature].setdefault(row.day, {})[row.cell] = row.letters
    days = (
        Day(day, languages[day], templates[day], ridings, features[OUTCOME].get(day))
        for day, ridings in by_day(LetterTally.riding_code).items()
    )
    provinces = {row.fed_code: row.province for row in session.execute(select(Riding.fed_code, Riding.province))}
    computed = publishable(days, provinces, through=through)
    waiting = 0  # days are added up as far as each step of the sum is of enough letters
    for counts in features[UNCONFIRMED].values():
        waiting += sum(counts.values())
        if waiting >= MIN_LETTERS:
            computed.unconfirmed, waiting = computed.unconfirmed + waiting, 0
    return computed


def publishable(days: Iterable[Day], provinces: Mapping[str, str], *, through: date = date.max) -> Figures:
    """Compute what may be published of these days, in their order; `provinces` are by the codes of ridings."""
    computed, run = Figures(), _GatheredDays()
    for day in days:
        run.add(day)
        if run.letters < MIN_LETTERS:
            continue
        computed.languages.take(run.languages)
        computed.templates.take(run.templates)
        grown: Counter[str] = Counter()
        for code, letters in run.ridings.items():
            province = provinces.get(code, ELSEWHERE)
            grown[province] += letters
            run.waiting[province][code] += letters
        for province in computed.provinces.take(grown):
            computed.ridings.setdefault(province, Table()).take(run.waiting.pop(province))
        if run.outcomes_known and run.days[-1] + timedelta(days=OUTCOME_DAYS) <= through:
            computed.outcomes.take(run.outcomes)
            computed.outcomes_through = run.days[-1]
        else:  # later runs wait too: what was shown stays the same
            run.outcomes_known = False
        computed.runs.append(Run(run.days[0], run.days[-1], run.letters))
        run = _GatheredDays(waiting=run.waiting, outcomes_known=run.outcomes_known)
    return computed


@dataclass(slots=True)
class _GatheredDays:
    """Days that are not published yet, and what ridings have had since their province was last brought up to date."""

    days: list[date] = field(default_factory=list)
    letters: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    templates: Counter[str] = field(default_factory=Counter)
    ridings: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    outcomes_known: bool = True
    waiting: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, day: Day) -> None:
        self.days.append(day.day)
        self.letters += day.letters
        self.languages.update(day.languages)
        self.templates.update(day.templates)
        self.ridings.update(day.ridings)
        self.outcomes.update(day.outcomes or {})
        self.outcomes_known = self.outcomes_known and day.outcomes is not None


def add_to_tally(
    session: Session, tally: type[LetterTally | FeatureTally | AnswerTally], letters: int, **key: Any
) -> None:
    """Add letters to the row of a tally with this key, which is made where there is none."""
    first = insert_into(session, tally).values(letters=letters, **key)
    session.execute(first.on_conflict_do_update(index_elements=list(key), set_={"letters": tally.letters + letters}))


def count_letters(session: Session, letters: Iterable[StoredLetter], *, now: datetime) -> None:
    """Count letters that are to be sent, on the day of `now` in Ottawa."""
    letters = list(letters)
    offices = {one.legislator_id for one in letters if not one.riding_code}  # not to their writer's own member
    rows = session.execute(
        select(Legislator.id, Legislator.office, Legislator.chamber).where(Legislator.id.in_(offices))
    )
    audiences = {row.id: MINISTERS if row.office in CABINET else AUDIENCES.get(row.chamber, OTHERS) for row in rows}
    counts = Counter(
        (one.campaign, one.template, one.language, one.riding_code or audiences[one.legislator_id]) for one in letters
    )
    for (campaign, template, language, counted_for), number in sorted(counts.items()):
        key = {"campaign": campaign, "template": template, "language": language, "riding_code": counted_for}
        add_to_tally(session, LetterTally, number, day=day_of(now), **key)


def record(session: Session, campaigns: Sequence[OpenCampaign], *, now: datetime) -> bool:
    """Record what became of the letters of each day that is over for long enough; False where there is nothing new.

    It reads the outbox once for each such day, which takes as long as there are letters: pages read what is recorded.
    """
    take_turn(session, "results")
    through = last_finished(now) - timedelta(days=OUTCOME_DAYS - 1)
    recorded = (
        select(FeatureTally.day)
        .where(
            FeatureTally.campaign == LetterTally.campaign,
            FeatureTally.day == LetterTally.day,
            FeatureTally.feature == OUTCOME,
        )
        .exists()
    )
    missing = session.execute(
        select(LetterTally.day, LetterTally.campaign, func.sum(LetterTally.letters))
        .where(LetterTally.day <= through, ~recorded)
        .group_by(LetterTally.day, LetterTally.campaign)
        .order_by(LetterTally.day)
    ).all()
    for day, same in groupby(missing, key=lambda row: row[0]):
        found = _outcomes_of(session, day) if day > through - MAX_LOOK_BACK else {}
        for _, campaign, letters in same:
            _record_day(session, campaign, day, found=found.get(campaign, NONE), letters=int(letters))
    if missing:
        for one in campaigns:
            _record_alternatives(session, one)
    return bool(missing)


def _outcomes_of(session: Session, day: date) -> Mapping[str, Counts]:
    """Count what became of the letters of a day, by campaign; what was held and never released is none."""
    begin = datetime(day.year, day.month, day.day, tzinfo=EASTERN)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=EASTERN)
    to_send = MessageMove.state.in_((State.READY, State.DIGEST))
    ready = exists().where(MessageMove.message_id == Message.id, to_send)
    rows = session.execute(
        select(StoredLetter.campaign, Message.state, func.count())
        .join(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .where(Message.created_at >= begin, Message.created_at < end, ready)
        .group_by(StoredLetter.campaign, Message.state)
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for campaign, state, letters in rows:
        found[campaign][OUTCOMES.get(state, NOT_SENT)] += letters
    return found


def _record_day(session: Session, campaign: str, day: date, *, found: Counts, letters: int) -> None:
    """Write a day down so that its cells add up to its letters: whatever is not known is one cell too."""
    rest = letters - sum(found.values())
    cells = {**found, **({UNKNOWN: rest} if rest else {})} if rest >= 0 else {UNKNOWN: letters}
    key = {"campaign": campaign, "day": day, "feature": OUTCOME}
    if cells:
        rows = [{**key, "cell": cell, "letters": number} for cell, number in cells.items()]
        session.execute(insert(FeatureTally), rows)


def _record_alternatives(session: Session, campaign: OpenCampaign) -> None:
    """Count how often each alternative was said; a text's counts change only by five or more each, or by none."""
    texts = {
        (one.path, language): (one.fingerprints[language], one.sizes)
        for one in campaign.letters.values()
        for language in Language
    }
    wanted = [printed for printed, _ in texts.values()]
    chosen: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for printed, choice, number in session.execute(
        select(ChoiceCount.fingerprint, ChoiceCount.choice, func.sum(ChoiceCount.count))
        .where(ChoiceCount.fingerprint.in_(wanted))
        .group_by(ChoiceCount.fingerprint, ChoiceCount.choice)
    ):
        chosen[printed].append((choice, int(number)))
    before: dict[tuple[str, str], dict[tuple[int, int], AlternativeTally]] = defaultdict(dict)
    for row in session.scalars(select(AlternativeTally).where(AlternativeTally.campaign == campaign.name)):
        before[row.template, row.language][row.place, row.alternative] = row
    for (path, language), (printed, groups) in texts.items():
        counts = {(place, each): 0 for place, size in enumerate(groups) for each in range(size)}
        for choice, number in chosen[printed]:
            for place, each in enumerate(map(int, choice.split("."))):
                counts[place, each] += number
        shown = {cell: row.letters for cell, row in before[path, language].items() if row.fingerprint == printed}
        grown = [number - shown.get(cell, 0) for cell, number in counts.items()]
        if not any(grown) or any(0 < more < MIN_LETTERS for more in grown):
            continue
        key = {"campaign": campaign.name, "template": path, "language": language}
        session.execute(delete(AlternativeTally).filter_by(**key))
        rows = [
            {**key, "place": place, "alternative": each, "fingerprint": printed, "letters": number}
            for (place, each), number in counts.items()
        ]
        session.execute(insert(AlternativeTally), rows)


def alternatives(session: Session, campaign: str) -> Mapping[tuple[str, str], Sequence[Sequence[int]]]:
    """Return how often each alternative was said, by letter and language, place by place."""
    found: dict[tuple[str, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = select(AlternativeTally).where(AlternativeTally.campaign == campaign)
    for row in session.scalars(rows.order_by(AlternativeTally.place, AlternativeTally.alternative)):
        found[row.template, row.language][row.place].append(row.letters)
    return {letter: list(places.values()) for letter, places in found.items()}
