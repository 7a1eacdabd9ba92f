"""The mails about letters, each made when it is sent from what is then stored: what was erased is not sent."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery import outbox
from advocacy.delivery.models import NO_CONTACT, OFFICE_PAUSED
from advocacy.delivery.models import Message as OutboxMessage
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend, TryLater
from advocacy.delivery.states import HANDED_OVER, State
from advocacy.encryption import Keys
from advocacy.language import Language, Wording, day_of
from advocacy.legislators.forms_of_address import postage_free
from advocacy.legislators.models import BouncedAddress, Legislator, Riding, to_recipient
from advocacy.letters import encrypted_columns
from advocacy.letters.answers import describe
from advocacy.letters.holding import CITIZEN_REASONS, NOT_READ, REFUSALS, HoldReason
from advocacy.letters.letter import Letter, from_json, own_word_count
from advocacy.letters.mail_pages import MailPages, Notice, Text, safe_name
from advocacy.letters.models import (
    Answer,
    AnswerKind,
    Confirmation,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
)
from advocacy.letters.outcome_mails import CAME_BACK
from advocacy.letters.stop_links import StopLink, stop_token
from advocacy.letters.suppression_list import find_suppressed
from advocacy.messages import Message, message, nmessage
from advocacy.offices.models import OfficeSettings
from advocacy.offices.office_settings import is_paused, letter_address, other_address, pause_end
from advocacy.signed_links import Purpose, SignedLinks


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """The state of the letter to one office, and when it is or was due.

    `name` is that of who holds the office, "" for a vacant seat; `place` is its riding or district, or the title of a
    minister whom the citizen does not write to as their own member. Without a state the letter was not sent, because of
    one `written_before`, or because its writer mailed it on paper, on `posted_on`. `reason` is the short code of its
    last move. What its citizen says of the answer is read for the mails alone that ask about it.
    """

    name: str
    place: Wording | None
    state: State | None
    written_before: date | None
    due_at: datetime | None = None
    reason: str = ""
    posted_on: date | None = None
    legislator_id: str = ""
    answer: AnswerKind | None = None
    answered_on: date | None = None

    @property
    def has_left(self) -> bool:
        """Whether it is with its office, as far as anybody knows: handed over and not come back, or mailed on paper."""
        return self.posted_on is not None or self.state in HANDED_OVER

    @property
    def is_open(self) -> bool:
        """Whether an answer to it may still come, as far as its citizen said."""
        return self.has_left and self.answer in {None, AnswerKind.NOTHING_YET}

    @property
    def refusal(self) -> Message | None:
        """Why a person, or the lack of one, or its office kept it from being sent."""
        if self.state is State.CANCELLED:
            return REFUSALS.get(self.reason)
        if self.state is State.EXPIRED and self.reason == OFFICE_PAUSED:
            return NO_MAIL_TAKEN
        return NOT_READ if self.state is State.EXPIRED and self.reason in set(HoldReason) else None


class LetterRow(NamedTuple):
    """What a stored letter's mail is made of.

    `office_email` is the office's address in the directory; the rest is what the office set for itself, without an
    address that mail came back from.
    """

    stored: StoredLetter
    submission: Submission | None
    office_email: str | None
    own_email: str | None
    own_email_from: datetime | None
    paused_until: date | None


class UsedTemplate(NamedTuple):
    """The template of a stored letter, by its name in its campaign, and whether its writer mailed it on paper."""

    name: str
    is_posted: bool


def _letter(session: Session, ref: str) -> LetterRow | None:
    """Return a stored letter, who wrote it and to whom."""
    own_email = case((BouncedAddress.email.is_(None), OfficeSettings.email), else_=None)
    found = (
        select(StoredLetter, Submission, Legislator.email)
        .add_columns(own_email, OfficeSettings.email_from, OfficeSettings.paused_until)
        .select_from(StoredLetter)
        .outerjoin(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Legislator, StoredLetter.legislator_id == Legislator.id)
        .outerjoin(OfficeSettings, StoredLetter.legislator_id == OfficeSettings.legislator_id)
        .outerjoin(BouncedAddress, BouncedAddress.email == func.lower(OfficeSettings.email))
        .where(StoredLetter.id == ref)
    )
    row = session.execute(found).first()
    return LetterRow(*row) if row is not None else None


def _statuses(session: Session, confirmation: str) -> Sequence[LetterStatus]:
    """Return the statuses of the letters under one confirmation, in the order they were written in."""
    has_status = (OutboxMessage.id, StoredLetter.written_before, StoredLetter.posted_on)
    found = _reading_statuses(confirmation).where(or_(*(column.is_not(None) for column in has_status)))
    return _read_statuses(session, found)


def _answers(session: Session, confirmation: str) -> Sequence[LetterStatus]:
    """Return the same of the letters that their citizen wants to be asked about, with the answers."""
    found = (
        _reading_statuses(confirmation)
        .add_columns(Answer.kind, Answer.answered_on)
        .outerjoin(Answer, Answer.letter_id == StoredLetter.id)
        .where(Submission.asks_for_answers, StoredLetter.letter_sealed.is_not(None))
    )
    return _read_statuses(session, found)


def _reading_statuses(confirmation: str) -> Select[Any]:
    return (
        select(Legislator.name, Riding.name, Legislator.district, Legislator.title, StoredLetter.riding_code)
        .add_columns(OutboxMessage.state, StoredLetter.written_before, OutboxMessage.due_at, OutboxMessage.reason)
        .add_columns(StoredLetter.posted_on, StoredLetter.legislator_id)
        .select_from(StoredLetter)
        .outerjoin(OutboxMessage, and_(OutboxMessage.kind == MessageKind.LETTER, OutboxMessage.ref == StoredLetter.id))
        .join(Legislator, StoredLetter.legislator_id == Legislator.id)
        .outerjoin(Riding, Legislator.riding_code == Riding.fed_code)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .where(Submission.confirmation_id == confirmation)
        .order_by(Submission.created_at, StoredLetter.place)
    )


def _read_statuses(session: Session, found: Select[Any]) -> Sequence[LetterStatus]:
    return [
        LetterStatus(name, title if title and not own_riding else riding or district, *status)
        for name, riding, district, title, own_riding, *status in session.execute(found)
    ]


def _templates(session: Session, confirmation: str) -> Sequence[UsedTemplate]:
    """Return the template of each letter under one confirmation."""
    found = (
        select(StoredLetter.template, StoredLetter.posted_on)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .where(Submission.confirmation_id == confirmation, Submission.status != SubmissionStatus.ERASED)
    )
    return [
        UsedTemplate(template.rpartition("/")[2], posted_on is not None)
        for template, posted_on in session.execute(found)
    ]


NO_MAIL_TAKEN = message("the office did not accept e-mail for weeks")
VACANT = message("Office of the seat")
WHAT_TO_DO = message(
    "What you can do: the page has the text of each letter, to print and mail; you can also write again."
)
NO_STAMPS = message("No stamp is needed within Canada.")
STAMPS = message("Put a stamp on the envelope.")
SOME_STAMPS = message("The page to mail it with says whether a stamp is needed.")
IF_MISTAKEN = message("If you think we are mistaken, write to us: our address is at the end of this message.")
ABOUT_THE_RECEIPT = message(
    "The page shows what was sent, to whom and when. You can also print it, download your data or delete it there."
)
SOME_NOT_DELIVERED = message("Not all of your letters could be delivered:")
STATES: Mapping[State, Message] = {
    State.READY: message("waiting to be sent"),
    State.HELD: message("waiting to be read by us before it is sent"),
    State.DIGEST: message("waiting for the office’s daily e-mail"),
    State.SENDING: message("being sent"),
    State.ACCEPTED: message("sent"),
    State.DELIVERED: message("received by the office’s mail service"),
    State.BOUNCED: message("came back"),
    State.FAILED: message("could not be sent"),
    State.UNCERTAIN: message("being checked"),
    State.NEEDS_STAFF: message("being checked"),
    State.CANCELLED: message("not sent"),
    State.EXPIRED: message("not sent"),
}


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """The words of one mail: its subject, what is before its items, the items, and what comes after them.

    `button` is that of the link to the receipt where it is not to follow letters, `anchor` the place on that page.
    """

    subject: Message
    before: Message
    items: tuple[Message, ...]
    after: tuple[Message, ...]
    button: Message | None = None
    anchor: str = ""


def about_waiting(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Render that letters wait, and when the last one is due; raises NothingToSend once none waits.

    What is held has no time yet, and is what is told first.
    """
    if any(one.state is State.HELD for one in letters):
        return about_held(letters)
    due = [one.due_at for one in letters if one.state in {State.READY, State.DIGEST} and one.due_at is not None]
    if not due:
        raise NothingToSend
    before = nmessage(
        "Confirmed. The letter should be sent on %(moment)s.",
        "Confirmed. The letters are sent one after another; the last should be sent on %(moment)s.",
        len(due),
        moment=max(due),
    )
    after = message(
        "The page shows what was sent. You can also delete everything there: a letter that was not sent by then will "
        "not be. We will write again at the end."
    )
    paused = tuple(
        message(
            "%(name)s does not accept e-mail until then. If it can’t wait, print your letter from the page and "
            "mail it.",
            name=one.name or VACANT,
        )
        for one in letters
        if one.state in {State.READY, State.DIGEST} and one.reason == OFFICE_PAUSED
    )
    return OutcomeText(
        nmessage("Your letter is confirmed", "Your letters are confirmed", len(letters)), before, (), (*paused, after)
    )


def about_held(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Render that someone reads letters before they are sent, and why."""
    held = [one for one in letters if one.state is State.HELD]
    before = nmessage(
        "Confirmed. Someone on our side will read your letter before it is sent.",
        "Confirmed. Someone on our side will read %(num)d of your letters before they are sent.",
        len(held),
    )
    reasons = dict.fromkeys(CITIZEN_REASONS[one.reason] for one in held if one.reason in CITIZEN_REASONS)
    after = message(
        "You have nothing to do. If it can’t be sent, we will write to you and say why. The page shows how it stands, "
        "and you can delete everything there."
    )
    subject = nmessage("Your letter is confirmed", "Your letters are confirmed", len(letters))
    return OutcomeText(subject, before, (), (*reasons, after))


def about_refused(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Render which letters were not sent after someone looked at them, why, and what one can do."""
    refused = [one for one in letters if one.refusal is not None]
    if not refused:
        raise NothingToSend
    subject = nmessage("A letter was not sent", "%(num)d letters were not sent", len(refused))
    before = nmessage("This letter was not sent:", "These letters were not sent:", len(refused))
    return OutcomeText(subject, before, _items(refused, test_mode=False), (WHAT_TO_DO, IF_MISTAKEN))


def about_what_came_back(letters: Sequence[LetterStatus], ways: Sequence[Message]) -> OutcomeText:
    """Render which offices a letter did not reach, and the `ways` to reach them."""
    back = [one for one in letters if one.state in CAME_BACK]
    before = _none_delivered(len(letters)) if len(back) == len(letters) else SOME_NOT_DELIVERED
    return OutcomeText(
        nmessage("A letter came back", "%(num)d letters came back", len(back)),
        before,
        _items(back, test_mode=False),
        tuple(ways),
    )


def about_the_end(
    letters: Sequence[LetterStatus], *, mailed_before: bool, test_mode: bool, ways: Sequence[Message] = ()
) -> OutcomeText:
    """Render how all letters ended; `mailed_before` where another mail was about one that came back.

    `ways` are those to reach the offices that one did not.

    Those that their writer mailed on paper are told after the others.
    """
    posted = [one for one in letters if one.state is None and one.posted_on is not None]
    if posted and len(posted) == len(letters):
        return about_posted(posted)
    letters = [one for one in letters if one not in posted]
    number, states = len(letters), [one.state for one in letters]
    rest = set(states) - CAME_BACK if mailed_before else set(states)
    subject = nmessage("News about your letter", "News about your letters", number)
    if rest and HANDED_OVER.issuperset(rest):
        if test_mode:
            before = nmessage(
                "If this were not a test, your letter would have been sent.",
                "If this were not a test, your letters would have been sent.",
                number,
            )
        elif HANDED_OVER.issuperset(states):
            subject = nmessage("Your letter was sent", "Your letters were sent", number)
            before = nmessage("Your letter was sent.", "All your letters were sent.", number)
        else:
            before = message("Your other letters were sent.")
    else:
        before = _not_all_sent(states)
    is_refused = any(one.refusal is not None for one in letters)
    if is_refused and HANDED_OVER.isdisjoint(states):
        subject = nmessage("Your letter was not sent", "Your letters were not sent", number)
    advice: tuple[Message, ...] = () if mailed_before else (*ways, WHAT_TO_DO) if is_refused else tuple(ways)
    if advice and any(one.refusal not in {None, NOT_READ} for one in letters):
        advice += (IF_MISTAKEN,)
    items = _items([*letters, *posted], test_mode=test_mode)
    return OutcomeText(subject, before, items, (*advice, ABOUT_THE_RECEIPT))


def about_posted(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Render that letters were mailed on paper, and what follows."""
    number = len(letters)
    return OutcomeText(
        nmessage("We will ask you about your letter", "We will ask you about your letters", number),
        nmessage(
            "Confirmed. In two weeks we will ask you whether your letter got an answer:",
            "Confirmed. In two weeks we will ask you whether your letters got an answer:",
            number,
        ),
        _items(letters, test_mode=False),
        (message("The page shows your letter. You can also download your data or delete it there."),),
    )


NOBODY_READS_REPLIES = message(
    "Nobody reads replies to this e-mail: to tell us whether you got an answer, press the button."
)


def about_answers(letters: Sequence[LetterStatus], *, confirmed_on: date, is_last: bool) -> OutcomeText:
    """Render the question whether offices answered; raises NothingToSend where there is none left to ask about."""
    if not any(one.is_open for one in letters):
        raise NothingToSend
    left = sum(one.has_left for one in letters)
    if is_last:
        subject = message("Last question: did you get an answer?")
        before = nmessage(
            "We asked you about the letter you sent on %(day)s. Have you had an answer since?",
            "We asked you about the %(num)d letters you sent on %(day)s. Have you had an answer since?",
            left,
            day=confirmed_on,
        )
        after = message("This is the last time we ask, and you can leave it at that.")
    else:
        subject = message("Did you get an answer?")
        before = nmessage(
            "On %(day)s, you sent a letter and wanted us to ask: did you get an answer?",
            "On %(day)s, you sent %(num)d letters and wanted us to ask: did you get an answer?",
            left,
            day=confirmed_on,
        )
        after = message(
            "Offices often take some weeks. It is fine to ignore this message: we will ask once more in a week, and "
            "then no more."
        )
    items = tuple(
        _item(one, describe(one.answer, one.answered_on) if one.has_left else _status(one)) for one in letters
    )
    return OutcomeText(
        subject, before, items, (after, NOBODY_READS_REPLIES), button=message("Tell us"), anchor="#answers"
    )


def _not_all_sent(states: Collection[State | None]) -> Message:
    """Return one sentence on how letters ended of which one at least was not sent."""
    if CAME_BACK.issuperset(states):
        return _none_delivered(len(states))
    if not CAME_BACK.isdisjoint(states):
        return SOME_NOT_DELIVERED
    if set(states) == {None}:
        return message("Nothing was sent this time: you had written already, and once is enough.")
    if HANDED_OVER.isdisjoint(states):
        return nmessage("Your letter was not sent:", "Your letters were not sent:", len(states))
    return message("Not all of your letters were sent:")


def _none_delivered(number: int) -> Message:
    return nmessage("Your letter could not be delivered:", "None of your letters could be delivered:", number)


def _items(letters: Iterable[LetterStatus], *, test_mode: bool) -> tuple[Message, ...]:
    return tuple(_item(one, _status(one, test_mode=test_mode)) for one in letters)


def _item(letter: LetterStatus, status: Message) -> Message:
    name = letter.name or VACANT
    office = message("%(name)s (%(place)s)", name=name, place=letter.place) if letter.place else name
    return message("%(office)s: %(status)s", office=office, status=status)


def _status(letter: LetterStatus, *, test_mode: bool = False) -> Message:
    if letter.state is None and letter.posted_on:
        return message("mailed by you on %(day)s", day=letter.posted_on)
    if letter.state is None and letter.written_before:
        return message("not sent, since you wrote to this office on %(day)s", day=letter.written_before)
    if letter.state is None:
        return STATES[State.CANCELLED]
    if letter.refusal is not None:
        return message("not sent, because %(reason)s", reason=letter.refusal)
    if test_mode and letter.state in HANDED_OVER:
        return message("not sent, since this is a test")
    return STATES[letter.state]


def letter_headers(letter: Letter, campaign: str) -> Mapping[str, str]:
    """Return the headers by which an office sorts letters: campaign, own words, and a list's id where it has one.

    A campaign's letters are a list by its name at the site's host (RFC 2919).
    """
    headers = {"X-Campaign": campaign, "X-Own-Words": str(own_word_count(letter))}
    if letter.verification:
        headers["List-Id"] = f"<{campaign}.{urlsplit(letter.verification).hostname}>"
    return headers


RETRY_WITHOUT_CONTACT = timedelta(hours=6)
"""How long such mail waits at most once its campaign is complete; a publication from the staff's pages ends it."""


@dataclass(frozen=True, slots=True)
class Mails:
    """What a worker asks for the contents of messages; each raises NothingToSend for what was erased.

    `sender` is the site's own mailbox and `site` its name; with a `test_recipient`, which may be "", all mail goes
    there. `now` is the clock, and `unconfirmed` how long there is to confirm once a mail has left, however late it
    leaves. `test_mode`: no letter reaches an office, and every mail to a citizen says so. `needs_contact`: mail of a
    campaign that does not say who answers for it waits. `abuse_contact` is whom misuse of the site is reported to, ""
    where it is each campaign's privacy contact.
    """

    keys: Keys
    links: SignedLinks
    base_url: str
    sender: Mailbox
    site: str
    test_recipient: str
    opened: OpenCampaigns
    pages: MailPages
    now: Callable[[], datetime]
    unconfirmed: timedelta
    test_mode: bool = False
    needs_contact: bool = False
    abuse_contact: str = ""

    def confirmation(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail that asks for a confirmation, naming the campaign and what is asked, and nothing else."""
        row = session.get(Confirmation, ref)
        email = row.email if row else None
        if row is None or row.used_at is not None or email is None or self._is_suppressed(session, row, email):
            raise NothingToSend
        self._hold_without_contact(session, row.campaign)
        # What is stored is moved when the mail is known to have left, and is never earlier than what is said here.
        until = self.now() + self.unconfirmed
        posted = sum(one.is_posted for one in _templates(session, row.id))
        to_send = len(_templates(session, row.id)) - posted
        before = []
        if to_send:
            before.append(
                nmessage(
                    "This address was given on our site to confirm a letter. Nothing is sent until you confirm.",
                    "This address was given on our site to confirm %(num)d letters. Nothing is sent until you confirm.",
                    to_send,
                )
            )
        if posted:
            before.append(
                nmessage(
                    "This address was given on our site to ask about the answer to a letter mailed on paper. We ask "
                    "only if you confirm; nothing is sent to the office.",
                    "This address was given on our site to ask about the answers to %(num)d letters mailed on paper. "
                    "We ask only if you confirm; nothing is sent to the offices.",
                    posted,
                )
            )
        subject = nmessage("Confirm your letter", "Confirm your letters", to_send)
        if not to_send:
            subject = message("Confirm your address")
        notice = Notice(
            language=row.language,
            subject=subject,
            before=tuple(before),
            about=self._about(session, row),
            button=message("Read and confirm"),
            link=f"{self.base_url}/{row.language}/confirm/{self.links.make(Purpose.CONFIRMATION, row.id)}",
            after=(
                message("This link works once, and until %(moment)s.", moment=until),
                message(
                    "If this wasn’t you, the same link lets you delete everything at once. If you do nothing, "
                    "everything is deleted after that time."
                ),
            ),
            footer=self._footer(session, row),
        )
        return self._to_citizen(session, row, notice, public_id=public_id)

    def underway(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail that letters were confirmed and wait their turn, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        return self._with_outcome(session, row, about_waiting(_statuses(session, ref)), public_id=public_id)

    def outcome(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail on how the letters of a confirmation ended, as it is now, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        statuses, mailed_before = _statuses(session, ref), False
        if not CAME_BACK.isdisjoint(one.state for one in statuses):
            mailed_before = outbox.find(session, MessageKind.CAME_BACK, ref) is not None
        ways = self._other_ways(session, statuses)
        text = about_the_end(statuses, mailed_before=mailed_before, test_mode=self.test_mode, ways=ways)
        return self._with_outcome(session, row, text, public_id=public_id)

    def came_back(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail on which letters of a confirmation came back, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        statuses = _statuses(session, ref)
        text = about_what_came_back(statuses, self._other_ways(session, statuses))
        return self._with_outcome(session, row, text, public_id=public_id)

    def refused(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail on which letters of a confirmation staff did not have sent, while others are still to end."""
        row = self._with_receipt(session, ref)
        return self._with_outcome(session, row, about_refused(_statuses(session, ref)), public_id=public_id)

    def answer_question(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail that asks whether the offices answered, with the link to the receipt."""
        return self._about_answers(session, MessageKind.ANSWER_QUESTION, ref, public_id=public_id)

    def answer_reminder(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail that asks once more, and for the last time."""
        return self._about_answers(session, MessageKind.ANSWER_REMINDER, ref, public_id=public_id)

    def letter(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return a letter as its citizen confirmed it; answers go to them, and it goes to one address alone."""
        row = _letter(session, ref)
        if row is None or row.submission is None:
            raise NothingToSend
        stored, plain, email, name = row.stored, row.stored.letter, row.submission.email, row.submission.name
        if plain is None or email is None:
            raise NothingToSend
        now = self.now()
        if row.paused_until is not None and is_paused(row.paused_until, now):
            raise TryLater(OFFICE_PAUSED, after=pause_end(row.paused_until) - now, counts=False)
        letter, writer = from_json(plain), Mailbox(safe_name(name or ""), email)
        # The directory, or the office itself, may name a better address by now than when the letter was written.
        directory = row.office_email or letter.recipient.email
        address = letter_address(directory, row.own_email, row.own_email_from, now=now)
        if not address:
            raise NothingToSend
        self._hold_without_contact(session, stored.campaign)
        text, html = self.pages.letter(letter, footer=self._letter_footer(session, stored))
        site = self._sender_name(session, stored.campaign, stored.language)
        return Envelope(
            id=public_id,
            sender=Mailbox(f"{writer.name} via {site}" if writer.name else site, self.sender.address),
            to=self._to(Mailbox(letter.recipient.name, address)),
            reply_to=writer,
            subject=letter.subject,
            text=text,
            html=html,
            language=letter.language,
            automatic=False,
            headers=letter_headers(letter, stored.campaign),
        )

    def _other_ways(self, session: Session, letters: Sequence[LetterStatus]) -> tuple[Message, ...]:
        """Return the ways to reach the offices that letters came back from: paper, telephone, another address.

        In test mode an address says nothing of the office's own.
        """
        back = [one for one in letters if one.state in CAME_BACK]
        if not back:
            return ()
        offices = [(one, session.get_one(Legislator, one.legislator_id)) for one in back]
        free = [postage_free(to_recipient(office)) for _, office in offices]
        stamps = NO_STAMPS if all(free) else SOME_STAMPS if any(free) else STAMPS
        paper = nmessage(
            "The page has your letter as a PDF, with a page to mail it with: print it, sign it and mail it. %(stamps)s",
            "The page has each letter as a PDF, with a page to mail it with: print it, sign it and mail it. %(stamps)s",
            len(back),
            stamps=stamps,
        )
        ways = [paper]
        for one, office in offices:
            name = one.name or VACANT
            if telephone := next((address.telephone for address in office.addresses if address.telephone), ""):
                ways.append(message("%(name)s, by telephone: %(telephone)s", name=name, telephone=telephone))
            # The address that it came back from is in doubt since then.
            is_in_doubt = one.state is State.BOUNCED and not self.test_mode
            if is_in_doubt and other_address(session, office, "", now=self.now()):
                another = message(
                    "The directory has another e-mail address for %(name)s by now: the page sends your letter there.",
                    name=name,
                )
                ways.append(another)
        return tuple(ways)

    def _about_answers(self, session: Session, kind: MessageKind, ref: str, *, public_id: str) -> Envelope:
        row, put = self._with_receipt(session, ref), outbox.find(session, kind, ref)
        # One that may have been sent is not sent again: nobody is to be asked twice.
        if row.used_at is None or (put is not None and put.resent):
            raise NothingToSend
        text = about_answers(
            _answers(session, ref),
            confirmed_on=day_of(row.used_at),
            is_last=kind is MessageKind.ANSWER_REMINDER,
        )
        return self._with_outcome(session, row, text, public_id=public_id)

    def _with_receipt(self, session: Session, ref: str) -> Confirmation:
        """Return what was confirmed and a mail may be about: not erased, its address not on the suppression list."""
        row = session.get(Confirmation, ref)
        email = row.email if row else None
        if row is None or row.used_at is None or email is None or self._is_suppressed(session, row, email):
            raise NothingToSend
        self._hold_without_contact(session, row.campaign)
        return row

    def _hold_without_contact(self, session: Session, name: str) -> None:
        """Raise TryLater where nobody is named who answers for a campaign: nothing is sent in nobody's name."""
        campaign = self.opened.get(session, name) if self.needs_contact else None
        if campaign is not None and not (campaign.file.organiser and campaign.file.privacy_contact):
            raise TryLater(NO_CONTACT, after=RETRY_WITHOUT_CONTACT, counts=False)

    def _is_suppressed(self, session: Session, row: Confirmation, email: str) -> bool:
        """Whether an address wants no more mail."""
        return find_suppressed(session, {row.id: (row.campaign, email)})[row.id]

    def _with_outcome(self, session: Session, row: Confirmation, text: OutcomeText, *, public_id: str) -> Envelope:
        token = self.links.make(Purpose.RECEIPT, row.id)
        notice = Notice(
            language=row.language,
            subject=text.subject,
            before=(text.before,),
            items=text.items,
            about=self._about(session, row),
            button=text.button
            or nmessage("Follow your letter", "Follow your letters", len(_templates(session, row.id))),
            link=f"{self.base_url}/{row.language}/receipt/{token}{text.anchor}",
            after=text.after,
            footer=self._footer(session, row),
        )
        return self._to_citizen(session, row, notice, public_id=public_id)

    def _to_citizen(self, session: Session, row: Confirmation, notice: Notice, *, public_id: str) -> Envelope:
        address = row.email
        if address is None:
            raise NothingToSend
        if self.test_mode:
            notice = replace(notice, before=(message("Test site: nothing is really sent."), *notice.before))
        campaign = self.opened.get(session, row.campaign)
        is_discreet = campaign is not None and campaign.file.discreet
        sender = self.site if is_discreet else self._sender_name(session, row.campaign, row.language)
        subject, text, html = self.pages.notice(notice)
        mailbox = encrypted_columns.mailbox_hashes(self.keys, address)[0]
        stop = stop_token(StopLink(row.campaign, mailbox), keys=self.keys)
        return Envelope(
            id=public_id,
            sender=Mailbox(sender, self.sender.address),
            to=self._to(Mailbox("", address)),
            reply_to=None,
            subject=subject,
            text=text,
            html=html,
            language=notice.language,
            automatic=True,
            stop_link=f"{self.base_url}/{row.language}/stop/{stop}",
        )

    def _sender_name(self, session: Session, name: str, language: Language) -> str:
        """Return the site's own name, else the campaign's."""
        campaign = self.opened.get(session, name)
        return self.sender.name or (campaign.file.name.in_language(language) if campaign else "")

    def _to(self, mailbox: Mailbox) -> Mailbox:
        return Mailbox("", self.test_recipient) if self.test_recipient else mailbox

    def _about(self, session: Session, row: Confirmation) -> tuple[Text, ...]:
        """Name the campaign and what its letters ask, or what it asks where they ask different things.

        A discreet campaign is not named: the mailbox may be read by others.
        """
        campaign = self.opened.get(session, row.campaign)
        if campaign is None:
            return ()
        if campaign.file.discreet:
            return (self.site,)
        names = {one.name for one in _templates(session, row.id)}
        templates = [campaign.letters.get(name) for name in sorted(names)]
        ask: Text = campaign.file.ask
        if len(templates) == 1 and templates[0] is not None:
            ask = message("Request: %(ask)s", ask=templates[0].letter.ask)
        return (message("Campaign: %(name)s", name=campaign.file.name), ask)

    def _footer(self, session: Session, row: Confirmation) -> tuple[Text, ...]:
        """Return who answers for the campaign, as the law asks under every mail, and where misuse is reported.

        A discreet campaign is not named: the site stands alone.
        """
        campaign = self.opened.get(session, row.campaign)
        report: Text | None = None
        if self.abuse_contact:
            report = message("To report misuse of this site: %(contact)s", contact=self.abuse_contact)
        if campaign is None or campaign.file.discreet:
            return tuple(line for line in (self.site, self.base_url, report) if line) if campaign else ()
        privacy: Text | None = campaign.file.privacy_contact
        if privacy and not report:
            privacy = message("For questions, or to report misuse: %(contact)s", contact=privacy)
        return tuple(line for line in (campaign.file.organiser, privacy, report) if line)

    def _letter_footer(self, session: Session, stored: StoredLetter) -> str:
        """Return what stands under a letter, outside its text: where it comes from, and where misuse is reported."""
        campaign = self.opened.get(session, stored.campaign)
        contact = self.abuse_contact or (campaign.file.privacy_contact if campaign else None)
        line = message("Sent through %(site)s at the writer’s request.", site=self.site)
        if contact:
            line = message(
                "Sent through %(site)s at the writer’s request. To report misuse: %(contact)s",
                site=self.site,
                contact=contact,
            )
        return line.in_language(stored.language)
