"""How many letters were answered, and how soon, as their citizens say: stored answers and the tallies of erased ones.

Of letters that an office passed on, says are not its own, or need not answer, nothing is counted. What is shown is
recorded once a day at most, masked: by chamber a snapshot of counts, of an office a rounded share.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby
from types import MappingProxyType

from sqlalchemy import Select, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from advocacy.database import take_turn
from advocacy.delivery.models import Message, MessageMove
from advocacy.delivery.states import HANDED_OVER
from advocacy.language import Wording, day_of, fold
from advocacy.legislators.models import Legislator, Riding, Status
from advocacy.letters.letter_counts import add_to_tally
from advocacy.letters.models import Answer, AnswerFigure, AnswerKind, AnswerTally, MessageKind, StoredLetter
from advocacy.letters.small_count_masking import REST, snapshot

PERIODS = (14, 30, 60)
"""Days within which an answer is counted."""
LATER = 0
"""What stands for no answer within the longest of them."""
COUNTED = frozenset({AnswerKind.ANSWERED, AnswerKind.ACKNOWLEDGED, AnswerKind.NOTHING_YET})
"""What is said of letters that were for their office to answer."""
MIN_OFFICE_LETTERS = 20
"""Letters told of; of an office with fewer nothing is shown."""
SHARE_STEP = 5
"""Percent to which the share of an office is rounded down."""
OFFICE_INTERVAL = timedelta(days=7)
"""How long the share of an office stays: a step of it tells of no day."""
BY_CHAMBER = ""
"""What stands in the place of an office in the figures by chamber."""
TOLD = "told."
"""Before a period, the cell of how many letters to an office its share is of."""


@dataclass(slots=True)
class OfficeCount:
    """How many letters to an office are told of, by the period of their answer.

    For the share of each period, `told` counts the letters that it is over for, and `answered` those of them that were
    answered in it.
    """

    by_period: Counter[int] = field(default_factory=Counter)
    told: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)

    def add(self, period: int, letters: int, *, age: int) -> None:
        """Add letters handed over `age` days ago."""
        self.by_period[period] += letters
        for one in PERIODS:
            if one <= age:
                self.told[one] += letters
                self.answered[one] += letters if LATER < period <= one else 0


@dataclass(frozen=True, slots=True)
class ChamberAnswers:
    """How many letters to a chamber were told of, and answered within each period; None where it is not shown."""

    chamber: str
    letters: int | None
    within: Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class OfficeAnswers:
    """The share of an office's letters that were answered within each period, in percent, rounded down.

    A period for which too few letters were told of is left out. `place` is the riding or the district.
    """

    legislator_id: str
    name: str
    place: Wording | None
    within: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What may be shown of a campaign's answers: as of `day`, None where nothing is; `letters` are those by chamber."""

    day: date | None = None
    letters: int = 0
    chambers: Sequence[ChamberAnswers] = ()
    offices: Sequence[OfficeAnswers] = ()


def handed_over_days(session: Session, letter_ids: Iterable[str] | Select[str]) -> Mapping[str, date]:
    """Return the day in Ottawa on which each letter was handed over, or mailed by its citizen.

    One of which neither is known counts from the day it was written.
    """
    moved = (
        select(Message.ref, func.min(MessageMove.at).label("at"))
        .join(MessageMove, MessageMove.message_id == Message.id)
        .where(Message.kind == MessageKind.LETTER, Message.ref.in_(letter_ids), MessageMove.state.in_(HANDED_OVER))
        .group_by(Message.ref)
        .subquery()
    )
    rows = session.execute(
        select(StoredLetter.id, StoredLetter.posted_on, moved.c.at, StoredLetter.created_at)
        .outerjoin(moved, moved.c.ref == StoredLetter.id)
        .where(StoredLetter.id.in_(letter_ids))
    )
    return {row.id: row.posted_on or day_of(row.at or row.created_at) for row in rows}


def period_of(kind: AnswerKind, answered_on: date | None, recorded_at: datetime, *, since: date) -> int:
    """Return the period that an answer came in, counted from a day; it came no later than its citizen said so."""
    if kind is not AnswerKind.ANSWERED:
        return LATER
    days = ((answered_on or day_of(recorded_at)) - since).days
    return next((period for period in PERIODS if days <= period), LATER)


def tally_erased(session: Session, letter_ids: Sequence[str]) -> None:
    """Delete what citizens said of letters that are erased, and add it to the tallies."""
    days = handed_over_days(session, letter_ids)
    offices = select(StoredLetter.id, StoredLetter.campaign, StoredLetter.legislator_id)
    rows = {row.id: row for row in session.execute(offices.where(StoredLetter.id.in_(letter_ids)))}
    # What is deleted is what is counted, also where somebody else erases the same letter at this moment.
    gone = delete(Answer).where(Answer.letter_id.in_(letter_ids))
    gone_answers = session.execute(
        gone.returning(Answer.letter_id, Answer.kind, Answer.answered_on, Answer.recorded_at),
        execution_options={"synchronize_session": False},
    )
    counts: Counter[tuple[str, str, AnswerKind, int]] = Counter()
    for letter, kind, answered_on, recorded_at in gone_answers:
        period = period_of(kind, answered_on, recorded_at, since=days[letter])
        counts[rows[letter].campaign, rows[letter].legislator_id, kind, period] += 1
    for (campaign, office, kind, period), letters in sorted(counts.items()):
        key = {"campaign": campaign, "legislator_id": office, "kind": kind, "within_days": period}
        add_to_tally(session, AnswerTally, letters, **key)


def counts_by_office(session: Session, *, today: date) -> Mapping[str, Mapping[str, OfficeCount]]:
    """Return how many letters are told of, by campaign and office: those stored and those erased."""
    counts: dict[str, dict[str, OfficeCount]] = defaultdict(lambda: defaultdict(OfficeCount))
    for tally in session.scalars(select(AnswerTally).where(AnswerTally.kind.in_(COUNTED))):
        counts[tally.campaign][tally.legislator_id].add(tally.within_days, tally.letters, age=PERIODS[-1])
    days = handed_over_days(session, select(Answer.letter_id))
    stored = (
        select(StoredLetter.campaign, StoredLetter.legislator_id, Answer)
        .join(Answer, Answer.letter_id == StoredLetter.id)
        .where(Answer.kind.in_(COUNTED))
    )
    for campaign, office, answer in session.execute(stored):
        since = days[answer.letter_id]
        period = period_of(answer.kind, answer.answered_on, answer.recorded_at, since=since)
        counts[campaign][office].add(period, 1, age=(today - since).days)
    return counts


def record(session: Session, *, now: datetime) -> None:
    """Record what may be shown from today on: by chamber once a day, and of an office once a week, at most."""
    take_turn(session, "results")
    today = day_of(now)
    chambers = {row.id: row.chamber for row in session.execute(select(Legislator.id, Legislator.chamber))}
    for campaign, offices in counts_by_office(session, today=today).items():
        shown: dict[str, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        stored = select(AnswerFigure).where(AnswerFigure.campaign == campaign).order_by(AnswerFigure.day)
        for row in session.scalars(stored):
            shown[row.legislator_id][row.day][row.cell] = row.letters
        totals: Counter[str] = Counter()
        for office, count in offices.items():
            for period in (*PERIODS, LATER):
                totals[cell_of(chambers[office], period)] += count.by_period[period]
            if any(today < day + OFFICE_INTERVAL for day in shown[office]):
                continue
            session.execute(delete(AnswerFigure).filter_by(campaign=campaign, legislator_id=office))
            for one in PERIODS:
                if count.told[one] >= MIN_OFFICE_LETTERS:
                    key = {"campaign": campaign, "legislator_id": office, "day": today}
                    told = {**key, "cell": f"{TOLD}{one}", "letters": count.told[one]}
                    answered = {**key, "cell": str(one), "letters": count.answered[one]}
                    session.execute(insert(AnswerFigure), [told, answered])
        earlier = shown[BY_CHAMBER]
        if today in earlier:
            continue
        made = snapshot(totals, list(earlier.values()))
        if made and made != next(reversed(earlier.values()), None):
            key = {"campaign": campaign, "legislator_id": BY_CHAMBER, "day": today}
            rows = [{**key, "cell": cell, "letters": letters} for cell, letters in made.items()]
            session.execute(insert(AnswerFigure), rows)


def cell_of(chamber: str, period: int) -> str:
    return f"{chamber}.{period}"


def figures(session: Session, campaign: str, *, through: date = date.max) -> AnswerFigures:
    """Return what may be shown of a campaign's answers, as it was recorded last, up to a day."""
    by_chamber = and_(AnswerFigure.campaign == campaign, AnswerFigure.legislator_id == BY_CHAMBER)
    newest = select(func.max(AnswerFigure.day)).where(by_chamber, AnswerFigure.day <= through).scalar_subquery()
    rows = session.scalars(select(AnswerFigure).where(by_chamber, AnswerFigure.day == newest)).all()
    cells = {row.cell: row.letters for row in rows}
    names = dict.fromkeys(cell.rpartition(".")[0] for cell in sorted(cells) if cell != REST)
    chambers = tuple(one for name in names if (one := _chamber_answers(name, cells)).within[PERIODS[0]] is not None)
    day = rows[0].day if rows else None
    return AnswerFigures(day, sum(cells.values()), chambers, office_answers(session, campaign))


def _chamber_answers(chamber: str, cells: Mapping[str, int]) -> ChamberAnswers:
    """Add up the cells of a chamber as far as each of them is shown."""
    each = [cells.get(cell_of(chamber, period)) for period in (*PERIODS, LATER)]
    sums = list(accumulate(each, lambda sum_, more: None if sum_ is None or more is None else sum_ + more))
    return ChamberAnswers(chamber, sums[-1], MappingProxyType(dict(zip(PERIODS, sums, strict=False))))


def office_answers(session: Session, campaign: str) -> Sequence[OfficeAnswers]:
    """Return the shares of the offices with enough letters, by last names; a vacant one and whoever left have none."""
    sits = and_(Legislator.id == AnswerFigure.legislator_id, Legislator.status == Status.SITTING)
    found = (
        select(Legislator, Riding.name, AnswerFigure.cell, AnswerFigure.letters)
        .join(AnswerFigure, sits)
        .outerjoin(Riding, Riding.fed_code == Legislator.riding_code)
        .where(AnswerFigure.campaign == campaign)
        .order_by(Legislator.id)
    )
    shares = []
    for (office, riding), rows in groupby(session.execute(found), key=lambda row: (row[0], row[1])):
        cells = {row.cell: row.letters for row in rows}
        within = {
            one: 100 * cells[str(one)] // cells[f"{TOLD}{one}"] // SHARE_STEP * SHARE_STEP
            for one in PERIODS
            if str(one) in cells
        }
        share = OfficeAnswers(office.id, office.name, riding or office.district, MappingProxyType(within))
        shares.append((fold(office.last_name), fold(office.name), share))
    return tuple(share for *_names, share in sorted(shares, key=lambda one: one[:2]))
