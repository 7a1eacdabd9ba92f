"""What mails are made of, read for several of them together and remembered for as long as the session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaign, OpenCampaigns
from advocacy.database import table_of
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator, Riding
from advocacy.letters.kinds import Carried
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission

ROWS, STATUSES, CAMPAIGNS = "rows of mails", "statuses of letters", "campaigns of mails"
TEMPLATES, LETTERS = "templates of letters", "stored letters"


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


class LetterRow(NamedTuple):
    """What a stored letter's mail is made of; the last is the office's address in the directory."""

    id: str
    campaign: str
    language: Language
    letter_sealed: bytes | None
    submission_id: str | None
    name_sealed: bytes | None
    email_sealed: bytes | None
    office_email: str | None


def read_letters(session: Session, refs: Sequence[str]) -> None:
    """Read stored letters, who wrote them and to whom."""
    session.info[LETTERS] = {**session.info.get(LETTERS, {}), **_letters(session, refs)}


def writers_of(session: Session, refs: Sequence[str]) -> Mapping[str, str]:
    """Return who wrote stored letters: a keyed hash of their address, or the form's id where that is erased."""
    writer = func.coalesce(Submission.email_hash, Submission.id).label("writer")
    joined = select(StoredLetter.id, writer).join(Submission, StoredLetter.submission_id == Submission.id)
    return {row.id: row.writer for row in session.execute(joined.where(StoredLetter.id.in_(refs)))}


def letter_row(session: Session, ref: str) -> LetterRow | None:
    """Return one stored letter with who wrote it and to whom."""
    read: Mapping[str, LetterRow] = session.info.get(LETTERS, {})
    return read[ref] if ref in read else _letters(session, [ref]).get(ref)


def read_confirmations(session: Session, refs: Sequence[str]) -> None:
    """Read confirmations, and the templates of the letters under each."""
    found = select(Confirmation).where(Confirmation.id.in_(refs))
    # A session lets go of what nobody else holds.
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


def _letters(session: Session, refs: Sequence[str]) -> Mapping[str, LetterRow]:
    session.flush()
    found = session.connection().execute(_reading_letters(), {"refs": refs})
    return {row.id: LetterRow(*row) for row in found}


@cache
def _reading_letters() -> Select[Any]:
    """Build the statement once, over tables: as objects, letters took a tenth of the processor time of sending."""
    letters, submissions, offices = table_of(StoredLetter), table_of(Submission), table_of(Legislator)
    return (
        select(letters.c.id, letters.c.campaign, letters.c.language, letters.c.letter_sealed, submissions.c.id)
        .add_columns(submissions.c.name_sealed, submissions.c.email_sealed, offices.c.email)
        .select_from(letters)
        .outerjoin(submissions, letters.c.submission_id == submissions.c.id)
        .outerjoin(offices, letters.c.legislator_id == offices.c.id)
        .where(letters.c.id.in_(bindparam("refs", expanding=True)))
    )


@cache
def _reading_statuses() -> Select[Any]:
    letters, submissions, messages = table_of(StoredLetter), table_of(Submission), table_of(Message)
    offices, ridings = table_of(Legislator), table_of(Riding)
    return (
        select(submissions.c.confirmation_id, offices.c.name, ridings.c.name, offices.c.district, offices.c.title)
        .add_columns(letters.c.riding_code, messages.c.state, letters.c.written_before, messages.c.due_at)
        .select_from(letters)
        .outerjoin(messages, and_(messages.c.kind == Carried.LETTER, messages.c.ref == letters.c.id))
        .join(offices, letters.c.legislator_id == offices.c.id)
        .outerjoin(ridings, offices.c.riding_code == ridings.c.fed_code)
        .join(submissions, letters.c.submission_id == submissions.c.id)
        .where(submissions.c.confirmation_id.in_(bindparam("confirmations", expanding=True)))
        .where(or_(messages.c.id.is_not(None), letters.c.written_before.is_not(None)))
        .order_by(submissions.c.created_at, letters.c.place)
    )


@cache
def _reading_templates() -> Select[Any]:
    letters, submissions = table_of(StoredLetter), table_of(Submission)
    return (
        select(submissions.c.confirmation_id, letters.c.template)
        .join(letters, letters.c.submission_id == submissions.c.id)
        .where(submissions.c.confirmation_id.in_(bindparam("confirmations", expanding=True)))
        .where(submissions.c.standing != Standing.ERASED)
    )


def _statuses(session: Session, confirmations: Sequence[str]) -> Mapping[str, Sequence[LetterStatus]]:
    session.flush()
    found = session.connection().execute(_reading_statuses(), {"confirmations": confirmations})
    statuses: dict[str, list[LetterStatus]] = {confirmation: [] for confirmation in confirmations}
    for confirmation, name, riding, district, title, own_riding, *status in found:
        if confirmation is not None:
            place = title if title and not own_riding else riding or district
            statuses[confirmation].append(LetterStatus(name, place, *status))
    return statuses


def _templates(session: Session, confirmations: Sequence[str]) -> Mapping[str, Sequence[str]]:
    session.flush()
    found = session.connection().execute(_reading_templates(), {"confirmations": confirmations})
    templates: dict[str, list[str]] = {confirmation: [] for confirmation in confirmations}
    for confirmation, template in found:
        if confirmation is not None:
            templates[confirmation].append(template.rpartition("/")[2])
    return templates
