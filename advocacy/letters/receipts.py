"""Whoever holds a receipt sees what was sent and how it stands, downloads it, or has it erased."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import AlsoWriteTo, CampaignFile
from advocacy.delivery import holds
from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import OFFICE_PAUSED, Actor, MessageMove
from advocacy.delivery.models import Message as OutboxMessage
from advocacy.delivery.states import HANDED_OVER, SETTLED, State
from advocacy.language import Language, Wording, day_of
from advocacy.legislators.directory_snapshot import DirectorySnapshot, has_portfolio
from advocacy.legislators.models import Legislator
from advocacy.letters.confirmation import MAY_HAVE_LEFT, name_of
from advocacy.letters.erasure import confirmations_of, erase_all
from advocacy.letters.holding import CITIZEN_REASONS, REFUSALS
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import (
    Answer,
    AnswerKind,
    Confirmation,
    FollowKind,
    MessageKind,
    StoredLetter,
    SubmissionStatus,
)
from advocacy.letters.outcome_mails import CAME_BACK
from advocacy.messages import Message, message
from advocacy.offices.office_settings import NOTHING_SET, OfficeValues, settings_of
from advocacy.settings import MailMode


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change of a letter's state; `reason` is a short code, "" for most."""

    at: datetime
    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiptLetter:
    """One letter and the changes of its state.

    `letter` is None once its text was erased, `state` and `due_at` where it was not sent because the same person had
    written to the same office on `written_before`, or because they mailed it on paper, on `posted_on`; one that came
    back may have been mailed after that. `paused_until` is the day from which its office takes e-mail again, None where
    it does; `office` is what the office set for itself.
    """

    id: str
    legislator_id: str
    template: str
    language: Language
    letter: Letter | None
    written_before: date | None
    state: State | None
    due_at: datetime | None
    moves: tuple[StateChange, ...]
    posted_on: date | None = None
    paused_until: date | None = None
    office: OfficeValues = NOTHING_SET
    answer: AnswerKind | None = None
    answered_on: date | None = None
    follow_kind: FollowKind | None = None

    @property
    def left_on(self) -> date | None:
        """The day it went to its office, by mail or on paper; None where it did not, or came back."""
        if self.posted_on is not None or self.state not in HANDED_OVER:
            return self.posted_on
        return min((day_of(move.at) for move in self.moves if move.state in MAY_HAVE_LEFT), default=None)

    @property
    def takes_answer(self) -> bool:
        """Whether its citizen can say what became of it: thanks want no answer."""
        return self.left_on is not None and self.letter is not None and self.follow_kind is not FollowKind.THANKS

    @property
    def has_come_back(self) -> bool:
        """Whether it did not reach its office, and was not mailed since."""
        return self.state in CAME_BACK and self.posted_on is None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one confirmation, by its `id`, sent.

    `expires` is when it is erased, `retention` after the last state of its letters, None while something is still to
    come; `paused` tells that nothing leaves just now.
    """

    id: str
    campaign: str
    language: Language
    name: str
    confirmed_at: datetime
    letters: tuple[ReceiptLetter, ...]
    expires: datetime | None
    retention: timedelta
    paused: bool


def receipt(
    session: Session, confirmation_id: str, *, now: datetime, retention: timedelta = timedelta(days=30)
) -> Receipt | None:
    """Return a confirmation's receipt; None for one that waits, or is erased. `retention` is the site's setting."""
    row = find_confirmation(session, confirmation_id)
    if row is None or row.used_at is None:
        return None
    confirmed = [one for one in row.submissions if one.status is SubmissionStatus.CONFIRMED]
    stored = [letter for one in confirmed for letter in one.letters]
    letters = _read_letters(session, stored, now=now)
    retentions = [one.retention(retention) for one in confirmed for _ in one.letters]
    expires = None
    if all(one.state in SETTLED for one in letters if one.state):
        last_moves = [max((move.at for move in one.moves), default=row.used_at) for one in letters]
        ends = (last + time for last, time in zip(last_moves, retentions, strict=True))
        expires = max(ends, default=row.used_at + retention)
        expires = max(expires, now)
    return Receipt(
        row.id,
        row.campaign,
        row.language,
        name_of(row),
        row.used_at,
        letters=letters,
        expires=expires,
        retention=max(retentions, default=retention),
        paused=holds.current(session) is not None,
    )


def delete(session: Session, confirmation_id: str, *, now: datetime) -> bool:
    """Erase all that is stored of a receipt's address in its campaign, for ever; what was not sent yet is not sent.

    What still waits to be confirmed goes too, with the mail that would ask for it.
    """
    row = find_confirmation(session, confirmation_id)
    if row is None:
        return False
    theirs = confirmations_of(session, row.email or "", campaign=row.campaign)
    erase_all(session, theirs, now=now, by=Actor.CITIZEN)
    return True


def find_confirmation(session: Session, confirmation_id: str) -> Confirmation | None:
    """Return a confirmation that has a receipt; None for one that waits, or is erased."""
    which = select(Confirmation).where(Confirmation.id == confirmation_id, Confirmation.used_at.is_not(None))
    return session.scalar(which)


def _read_letters(session: Session, stored: Sequence[StoredLetter], *, now: datetime) -> tuple[ReceiptLetter, ...]:
    """Return stored letters with their messages' states, and what their offices set."""
    of_letters = OutboxMessage.ref.in_([one.id for one in stored])
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MessageKind.LETTER, of_letters))
    messages = {message.ref: message for message in found}
    moves: dict[str, tuple[StateChange, ...]] = defaultdict(tuple)
    of_messages = MessageMove.message_id.in_([message.id for message in messages.values()])
    refs = {message.id: message.ref for message in messages.values()}
    for move in session.scalars(select(MessageMove).where(of_messages).order_by(MessageMove.id)):
        moves[refs[move.message_id]] += (StateChange(move.at, move.state, move.reason),)
    of_answers = Answer.letter_id.in_([one.id for one in stored])
    answers = {answer.letter_id: answer for answer in session.scalars(select(Answer).where(of_answers))}
    letters = []
    for one in stored:
        answer = answers.get(one.id)
        text, message = one.letter, messages.get(one.id)
        office = settings_of(session, one.legislator_id)
        letters.append(
            ReceiptLetter(
                id=one.id,
                legislator_id=one.legislator_id,
                template=one.template,
                language=one.language,
                letter=from_json(text) if text else None,
                written_before=one.written_before,
                state=message.state if message else None,
                due_at=message.due_at if message else None,
                moves=moves[one.id],
                posted_on=one.posted_on,
                paused_until=office.paused_until if office.is_paused(now) else None,
                office=office,
                answer=answer.kind if answer else None,
                answered_on=answer.answered_on if answer else None,
                follow_kind=one.follow_kind,
            )
        )
    return tuple(letters)


SERVER_BUSY = re.compile(r"http_(?:429|5\d\d)|smtp_4\d\d|limit")
"""Reasons by which a server asks for time: 429 and 5xx over HTTP, and what SMTP calls transient (RFC 5321, 4.2.1)."""


class EntryMark(StrEnum):
    """How an entry of the timeline is drawn; the value is its class in the style sheet."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of a timeline: its mark, its sentence, one more, and when it was (None for what is to come)."""

    mark: EntryMark
    text: Message
    more: Message
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendingMode:
    """How the site sends when a receipt is shown: at what moment, whether it is paused, and where its mail goes."""

    now: datetime
    paused: bool = False
    mode: MailMode = MailMode.SEND


CONFIRMED = (EntryMark.DONE, message("You confirmed your address."), message("Nothing is sent without this step."))
CONFIRMED_ON_PAPER = (
    EntryMark.DONE,
    message("You confirmed your address."),
    message("Nothing is sent to the office from here."),
)
NOTHING_DONE = message("The office has received nothing.")
NOTHING_SENT = message("Nothing is sent.")
SAVED_SOON = message("Test site: the letter will be saved to a file.")

Text = tuple[EntryMark, Message, Message]
MOVES: Mapping[State, Text] = {
    State.ACCEPTED: (
        EntryMark.DONE,
        message("Accepted by the mail service."),
        message("It is on its way to the office’s server."),
    ),
    State.DELIVERED: (
        EntryMark.DONE,
        message("Delivered to the office’s server."),
        message("We will not know whether it is read: we do not measure that."),
    ),
    State.BOUNCED: (
        EntryMark.HOLD,
        message("The office’s server sent it back."),
        message("The address may have changed."),
    ),
    State.FAILED: (EntryMark.HOLD, message("It could not be sent."), NOTHING_DONE),
    State.UNCERTAIN: (
        EntryMark.HOLD,
        message("The connection dropped while sending."),
        message("It may have been sent. We check before sending it again."),
    ),
    State.NEEDS_STAFF: (
        EntryMark.HOLD,
        message("Someone on our side is looking into it."),
        message("We do not know whether it has arrived. You have nothing to do."),
    ),
    State.HELD: (
        EntryMark.HOLD,
        message("Someone on our side will read it before it is sent."),
        message("You have nothing to do."),
    ),
    State.DIGEST: (
        EntryMark.DONE,
        message("It goes with the office’s daily e-mail."),
        message("This office takes all letters of a day in one e-mail."),
    ),
    State.CANCELLED: (EntryMark.HOLD, message("It was withdrawn before it was sent."), NOTHING_DONE),
    State.EXPIRED: (EntryMark.HOLD, message("It could not be sent in time."), NOTHING_DONE),
}
NOT_SENT_YET: Text = (
    EntryMark.HOLD,
    message("Someone on our side is looking into it."),
    message("It has not been sent yet. You have nothing to do."),
)
"""Where all attempts are used up: whether it arrived is no question then."""
RELEASED: Text = (EntryMark.DONE, message("Someone on our side has read it."), message("It is sent as you wrote it."))
NO_MAIL_TAKEN: Text = (
    EntryMark.HOLD,
    message("The office did not accept e-mail for weeks, so it was not sent."),
    message("Print the letter and mail it: its text is below."),
)
NOT_READ: Text = (EntryMark.HOLD, message("Nobody on our side could read it in time."), NOTHING_DONE)
REASON_TEXTS: Mapping[tuple[State, str], Text] = {
    (State.NEEDS_STAFF, GAVE_UP): NOT_SENT_YET,
    (State.EXPIRED, OFFICE_PAUSED): NO_MAIL_TAKEN,
}
"""What is said of a move for its reason."""
TEST_MOVES: Mapping[State, Text] = {
    State.ACCEPTED: (
        EntryMark.DONE,
        message("Accepted by the mail service."),
        message("In test mode it goes to the test address: the office receives nothing."),
    ),
    State.DELIVERED: (EntryMark.DONE, message("Delivered to the server of the test address."), NOTHING_DONE),
    State.BOUNCED: (
        EntryMark.HOLD,
        message("The server of the test address sent it back."),
        message("This says nothing about the office’s own address."),
    ),
}
SAVED: Text = (
    EntryMark.DONE,
    message("Test site: the letter was saved to a file."),
    message("Nothing was sent, and the office receives nothing."),
)
TEXTS: Mapping[MailMode, Mapping[State, Text]] = {
    MailMode.SEND: MOVES,
    MailMode.TEST_RECIPIENT: {**MOVES, **TEST_MOVES},
    MailMode.FOLDER: {**MOVES, State.ACCEPTED: SAVED, State.DELIVERED: SAVED},
}
"""What is said of each move."""


def timeline(letter: ReceiptLetter, confirmed_at: datetime, sending: SendingMode) -> list[TimelineEntry]:
    """Return the entries of a letter's timeline so far, and of what comes next."""
    lines = [TimelineEntry(*text, at=at) for text, at in _past(letter, confirmed_at, TEXTS[sending.mode])]
    if letter.posted_on is not None:
        mailed = message("You mailed it on %(day)s.", day=letter.posted_on)
        return [*lines, TimelineEntry(EntryMark.DONE, mailed, message("A reply often takes some weeks."))]
    ahead = _ahead(letter, sending)
    return [*lines, TimelineEntry(*ahead)] if ahead else lines


def _past(
    letter: ReceiptLetter, confirmed_at: datetime, texts: Mapping[State, Text]
) -> Iterator[tuple[Text, datetime]]:
    """Return a line for each move that a citizen cares about; a run of delays is one."""
    yield CONFIRMED_ON_PAPER if letter.state is None else CONFIRMED, confirmed_at
    delayed = tried = False
    before: State | None = None
    changed_back = max((nth for nth, move in enumerate(letter.moves) if move.state is State.READY), default=-1)
    for nth, move in enumerate(letter.moves):
        if move.state is State.DIGEST and nth < changed_back:  # its office takes one mail a letter since
            continue
        tried = tried or move.state is State.SENDING
        if move.state is State.READY and tried and move.reason != OFFICE_PAUSED:
            if not delayed:
                more = message("We try again. You have nothing to do.")
                if SERVER_BUSY.fullmatch(move.reason):
                    more = message("This happens when a server takes in a lot of e-mail. You have nothing to do.")
                yield (EntryMark.HOLD, message("It could not be sent right away."), more), move.at
            delayed = True
        elif move.state is State.CANCELLED and move.reason in REFUSALS:
            more = message("Why: %(reason)s. You can print it and mail it: its text is below.")
            refused = EntryMark.HOLD, message("We did not send it."), more.with_params(reason=REFUSALS[move.reason])
            yield refused, move.at
        elif before is State.HELD and move.state in {State.READY, State.EXPIRED}:
            yield RELEASED if move.state is State.READY else NOT_READ, move.at
        elif move.state is State.HELD and move.reason in CITIZEN_REASONS:
            held = texts[State.HELD][1] if letter.state is State.HELD else message("It waited to be read.")
            yield (EntryMark.HOLD, held, CITIZEN_REASONS[move.reason]), move.at
        elif move.state in texts:
            yield REASON_TEXTS.get((move.state, move.reason), texts[move.state]), move.at
            delayed = False
        before = move.state


def _ahead(letter: ReceiptLetter, sending: SendingMode) -> Text | None:
    """Return what comes next, None where nothing does or nothing is known."""
    folder = sending.mode is MailMode.FOLDER
    match letter.state:
        case State.HELD:
            more = message("If it can’t be sent, we will write to you and say why. You have nothing to do.")
            return EntryMark.NEXT, SAVED_SOON if folder else message("Then it will be sent."), more
        case State.READY | State.DIGEST if sending.paused:
            more = message("Nothing is lost: it will be sent when sending resumes. You have nothing to do.")
            return EntryMark.HOLD, message("Sending is paused on our side."), more
        case State.READY | State.DIGEST if letter.paused_until is not None:
            said = message("This office does not accept e-mail until %(day)s.", day=letter.paused_until)
            more = message("Then your letter is sent. If it can’t wait, print it and mail it: its text is below.")
            return EntryMark.HOLD, said, NOTHING_SENT if folder else more
        case State.READY | State.DIGEST if letter.due_at and letter.due_at > sending.now:
            due = letter.due_at
            if folder:
                return EntryMark.NOW, SAVED_SOON, message("Nothing is sent. Not before %(moment)s.", moment=due)
            return EntryMark.NOW, message("It will be sent next."), message("Not before %(moment)s.", moment=due)
        case State.READY | State.DIGEST | State.SENDING if folder:
            return EntryMark.NOW, SAVED_SOON, NOTHING_SENT
        case State.READY | State.DIGEST:
            return EntryMark.NOW, message("It will be sent soon."), message("It waits its turn.")
        case State.SENDING:
            return EntryMark.NOW, message("It is being sent."), message("Right now.")
        case State.ACCEPTED | State.DELIVERED if sending.mode is MailMode.SEND:
            more = message("A reply would come to your own e-mail address, often after some weeks.")
            return EntryMark.NEXT, message("The rest is up to the office."), more
    return None


UNDERWAY = frozenset({State.READY, State.DIGEST, State.SENDING, State.ACCEPTED})
HEADLINES: Mapping[State, Message] = {
    **dict.fromkeys(UNDERWAY, message("Your letter is on its way to %(name)s")),
    State.ACCEPTED: message("Your letter to %(name)s was sent"),
    State.DELIVERED: message("Your letter to %(name)s was delivered to the office’s mail server"),
    State.HELD: message("We will check your letter to %(name)s before sending it"),
    State.DIGEST: message("Your letter goes to %(name)s with the office’s daily e-mail"),
    State.BOUNCED: message("Your letter to %(name)s came back"),
    State.FAILED: message("Your letter to %(name)s could not be sent"),
    **dict.fromkeys((State.CANCELLED, State.EXPIRED), message("Your letter to %(name)s was not sent")),
    **dict.fromkeys((State.UNCERTAIN, State.NEEDS_STAFF), message("We are checking your letter to %(name)s")),
}
TEST_HEADLINES: Mapping[MailMode, Mapping[State, Message]] = {
    MailMode.SEND: {},
    MailMode.TEST_RECIPIENT: {
        **dict.fromkeys(UNDERWAY, message("Test: your letter to %(name)s goes to the test address")),
        State.DELIVERED: message("Test: your letter to %(name)s was delivered to the test address"),
        State.BOUNCED: message("Test: your letter to %(name)s came back from the test address"),
    },
    MailMode.FOLDER: dict.fromkeys(
        UNDERWAY | {State.DELIVERED}, message("Test: your letter to %(name)s is not really sent")
    ),
}
"""What is different where no letter reaches an office."""


FOLLOW_LETTERS = message("Follow your letters")


def headline(letters: Sequence[ReceiptLetter], names: Sequence[str], sending: SendingMode) -> Message:
    """Return how it stands with the letters to these people, as a title: no more than is known."""
    states = {one.state for one in letters}
    if len(letters) > 1 and all(one.posted_on for one in letters):
        return message("You mailed your letters")
    if len(letters) > 1 and any(one.posted_on for one in letters):
        return FOLLOW_LETTERS
    if len(letters) > 1:
        is_paused = any(one.state in {State.READY, State.DIGEST} and one.paused_until is not None for one in letters)
        return _headline_of_several(states, replace(sending, paused=True) if is_paused else sending)
    (state,), (name,), [letter] = states, names, letters
    if letter.posted_on is not None:
        return message("You mailed your letter to %(name)s", name=name)
    if state is None:
        return message("You already wrote to %(name)s", name=name)
    is_waiting = sending.paused or letter.paused_until is not None
    if is_waiting and state in {State.READY, State.DIGEST} and sending.mode is not MailMode.FOLDER:
        return message("Your letter to %(name)s is waiting to be sent", name=name)
    return replace(TEST_HEADLINES[sending.mode].get(state, HEADLINES[state]), params={"name": name})


def _headline_of_several(states: Set[State | None], sending: SendingMode) -> Message:
    """Return what is true of all letters of these states; where nothing is, what the page is for."""
    waits = sending.paused and not states.isdisjoint({State.READY, State.DIGEST})
    match sending.mode:
        case _ if states == {None}:
            return message("You already wrote to these offices")
        case MailMode.FOLDER if states <= UNDERWAY | {State.DELIVERED}:
            return message("Test: your letters are not really sent")
        case MailMode.TEST_RECIPIENT if states == {State.DELIVERED}:
            return message("Test: your letters were delivered to the test address")
        case MailMode.TEST_RECIPIENT if states <= UNDERWAY and not waits:
            return message("Test: your letters go to the test address")
        case MailMode.SEND if states == {State.DELIVERED}:
            return message("Your letters were delivered to the offices’ mail servers")
        case MailMode.SEND if states <= HANDED_OVER:
            return message("Your letters were sent")
        case MailMode.SEND if states <= UNDERWAY and not waits:
            return message("Your letters are on their way")
    return FOLLOW_LETTERS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: the people it is about (several only for `senators_of_province`), and the campaign's reason."""

    people: tuple[Legislator, ...]
    reason: Wording
    source: str
    senators_of_province: bool = False


def also_write_to(
    campaign: CampaignFile, listing: DirectorySnapshot, *, province: str = "", written: Collection[str] = ()
) -> list[Suggestion]:
    """Return the campaign's suggestions in the order of its file, each person once.

    `province` is the citizen's ("ON"), without which no senators are suggested; `written` are the ids of those who have
    a letter already. A suggestion that fits nobody whom the campaign writes to today is left out.
    """
    suggested: set[str] = set(written)
    audience = campaign.audience("")
    found = []
    for also in campaign.also:
        people = tuple(
            row
            for row in _people(also, listing, province)
            if row.id not in suggested and not row.vacant and audience.includes(row)
        )
        suggested.update(row.id for row in people)
        if people:
            found.append(Suggestion(people, also.reason, also.source, also.senators_of_province))
    return found


def _people(also: AlsoWriteTo, listing: DirectorySnapshot, province: str) -> Iterator[Legislator]:
    if also.senators_of_province:
        yield from listing.senators_of(province) if province else ()
    elif also.legislator:
        row = listing.row(also.legislator)
        yield from [row] if row else ()
    elif also.bill:
        yield from (row for row in listing.ministers if also.bill in row.responsible_for.split())
    else:
        yield from (row for row in listing.ministers if has_portfolio(row, also.minister or ""))
