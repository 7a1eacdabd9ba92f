"""What mails are made of, read for several of them together and remembered for as long as the session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from advocacy.campaigns.opened import OpenCampaign, OpenCampaigns
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Wording
from advocacy.legislators.models import Legislator, Riding
from advocacy.letters.kinds import Carried
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission

ROWS, STATUSES, CAMPAIGNS = "rows of mails", "statuses of letters", "campaigns of mails"
TEMPLATES = "templates of letters"


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """The state of the letter to one office, and when it is or was due.

    `name` is that of who holds the office, "" for a vacant seat; `place` is its riding or district, or the title of a
    minister whom the citizen does not write to as their own member. Without a state the letter was not sent, because of
    one `written_before`.
    """

    name: str
    place: Wording | None
    state: State | None
    written_before: date | None
    due_at: datetime | None = None


def read_letters(session: Session, refs: Sequence[str]) -> None:
    """Read stored letters, who wrote them and to whom."""
    found = select(StoredLetter).where(StoredLetter.id.in_(refs)).options(joinedload(StoredLetter.submission))
    letters = session.scalars(found).all()
    offices = select(Legislator).where(Legislator.id.in_({letter.legislator_id for letter in letters}))
    # A session lets go of what nobody else holds.
    session.info[ROWS] = [*session.info.get(ROWS, ()), *letters, *session.scalars(offices)]


def read_confirmations(session: Session, refs: Sequence[str]) -> None:
    """Read confirmations, and the templates of the letters under each."""
    found = select(Confirmation).where(Confirmation.id.in_(refs))
    session.info[ROWS] = [*session.info.get(ROWS, ()), *session.scalars(found)]
    session.info[TEMPLATES] = {**session.info.get(TEMPLATES, {}), **_templates(session, refs)}


def confirmations_of(session: Session) -> Sequence[Confirmation]:
    """Return the confirmations that were read together."""
    return [row for row in session.info.get(ROWS, ()) if isinstance(row, Confirmation)]


def read_outcomes(session: Session, refs: Sequence[str]) -> None:
    """Read confirmations, and the states of the letters under each."""
    read_confirmations(session, refs)
    session.info[STATUSES] = {**session.info.get(STATUSES, {}), **_statuses(session, refs)}


def statuses_of(session: Session, confirmation: str) -> Sequence[LetterStatus]:
    """Return the statuses of the letters under one confirmation, in the order they were written in."""
    read: Mapping[str, Sequence[LetterStatus]] = session.info.get(STATUSES, {})
    return read[confirmation] if confirmation in read else _statuses(session, [confirmation])[confirmation]


def templates_of(session: Session, confirmation: str) -> Sequence[str]:
    """Return the template of each letter under one confirmation, by its name in its campaign."""
    read: Mapping[str, Sequence[str]] = session.info.get(TEMPLATES, {})
    return read[confirmation] if confirmation in read else _templates(session, [confirmation])[confirmation]


def campaign_named(session: Session, opened: OpenCampaigns, name: str) -> OpenCampaign | None:
    """Return one campaign, asked for once in a session."""
    known: dict[str, OpenCampaign | None] = session.info.setdefault(CAMPAIGNS, {})
    if name not in known:
        known[name] = opened.named(session, name)
    return known[name]


def _statuses(session: Session, confirmations: Sequence[str]) -> Mapping[str, Sequence[LetterStatus]]:
    found = session.execute(
        select(Submission.confirmation_id, Legislator.name, Riding.name, Legislator.district, Legislator.title)
        .add_columns(StoredLetter.riding_code, Message.state, StoredLetter.written_before, Message.due_at)
        .select_from(StoredLetter)
        .outerjoin(Message, and_(Message.kind == Carried.LETTER, Message.ref == StoredLetter.id))
        .join(Legislator, StoredLetter.legislator_id == Legislator.id)
        .outerjoin(Riding, Legislator.riding_code == Riding.fed_code)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .where(Submission.confirmation_id.in_(confirmations))
        .where(or_(Message.id.is_not(None), StoredLetter.written_before.is_not(None)))
        .order_by(Submission.created_at, StoredLetter.place)
    )
    statuses: dict[str, list[LetterStatus]] = {confirmation: [] for confirmation in confirmations}
    for confirmation, name, riding, district, title, own_riding, *status in found:
        if confirmation is not None:
            place = title if title and not own_riding else riding or district
            statuses[confirmation].append(LetterStatus(name, place, *status))
    return statuses


def _templates(session: Session, confirmations: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found = session.execute(
        select(Submission.confirmation_id, StoredLetter.template)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .where(Submission.confirmation_id.in_(confirmations), Submission.standing != Standing.ERASED)
    )
    templates: dict[str, list[str]] = {confirmation: [] for confirmation in confirmations}
    for confirmation, template in found:
        if confirmation is not None:
            templates[confirmation].append(template.rpartition("/")[2])
    return templates
