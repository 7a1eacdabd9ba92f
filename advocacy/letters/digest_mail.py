"""A digest as a mail: all letters of a day to one office, whole, those with own words first, duplicates together.

It is made when it is sent from what is stored then: what was erased meanwhile is left out.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaign, OpenCampaigns
from advocacy.delivery.models import NO_CONTACT, OFFICE_PAUSED
from advocacy.delivery.models import Message as OutboxMessage
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend, TryLater
from advocacy.delivery.states import State
from advocacy.encryption import Keys
from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator
from advocacy.letters.letter import VERIFICATION, Letter, RenderedParagraph, from_json, own_word_count
from advocacy.letters.mail_pages import LEGEND, MailPages, Text, safe_name
from advocacy.letters.models import Digest, DigestLetter, MessageKind, RidingMatch, StoredLetter, Submission
from advocacy.messages import Message, message, nmessage
from advocacy.offices.office_links import page_name
from advocacy.offices.office_settings import own_address, pause_end, settings_of

RETRY_WITHOUT_CONTACT = timedelta(hours=6)
"""How long a digest waits once a campaign does not say who answers for it."""
MAX_EXCERPT = 160
"""Characters of somebody's own words in the contents."""
MAX_HEADER = 900
"""Characters of a header's value; RFC 5322, 2.1.1, allows a line 998."""
RIDINGS: Mapping[RidingMatch, Message] = {
    RidingMatch.LIES_IN: message("postal code in your riding"),
    RidingMatch.MAY_LIE_IN: message("postal code perhaps in your riding"),
    RidingMatch.ELSEWHERE: message("postal code in another riding"),
    RidingMatch.NOT_GIVEN: message("no postal code given"),
}
"""What an office is told of the postal code that a writer gave."""
CHANGED = message("campaign’s text changed")


@dataclass(frozen=True, slots=True)
class DayLetter:
    """One letter of a digest, and its writer's name and address.

    `template` is the path of the text it was made of; `own_words` is how many words are its writer's.
    """

    campaign: str
    template: str
    letter: Letter
    own_words: int
    edited: bool
    riding_match: RidingMatch | None
    name: str
    email: str

    @property
    def title(self) -> str:
        """Who wrote it, and from where."""
        return ", ".join(filter(None, (self.name, self.letter.sender.place(self.letter.language))))

    @property
    def mail_link(self) -> str:
        """A link that begins an answer."""
        return f"mailto:{quote(self.email, safe='@+.-_')}?subject={quote(f'Re: {self.letter.subject}', safe='')}"

    @property
    def verification_line(self) -> Message:
        """How the letter is verified; the letter's own line is in its own language."""
        return VERIFICATION.with_params(address=self.letter.verification.partition("://")[2])

    @property
    def excerpt(self) -> str:
        """How its writer's own words begin."""
        letter = self.letter
        pieces = ("".join(one.text for one in part.pieces if letter.is_own(one)) for part in letter.paragraphs)
        return shorten(" ".join(filter(None, pieces)), MAX_EXCERPT, placeholder=" …")

    def facts(self) -> Iterator[Message]:
        """Return what is said of it in short."""
        if self.edited and self.own_words:
            yield CHANGED
        if self.riding_match is not None:
            yield RIDINGS[self.riding_match]


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a digest under its number: a letter, or one that several people sent as the campaign has it.

    `name` is the campaign's title of the text, `variants` are the paragraphs by which others' letters differ from the
    first's.
    """

    place: int
    letters: Sequence[DayLetter]
    name: Text

    @property
    def first(self) -> DayLetter:
        return self.letters[0]

    @property
    def variants(self) -> Sequence[tuple[DayLetter, Sequence[RenderedParagraph]]]:
        found = ((one, _differing(one.letter, self.first.letter)) for one in self.letters[1:])
        return [(one, paragraphs) for one, paragraphs in found if paragraphs]

    @property
    def title(self) -> Text:
        if len(self.letters) > 1:
            sent = message(
                "%(num)s people sent “%(name)s” without words of their own, in %(language)s", num=len(self.letters)
            )
            return sent.with_params(name=self.name, language=self.first.letter.language.names)
        if self.first.own_words:
            words = nmessage("%(num)d own word", "%(num)d own words", self.first.own_words)
        else:
            words = CHANGED if self.first.edited else message("campaign’s text, no own words")
        return message("%(writer)s: %(words)s", writer=self.first.title, words=words)

    @property
    def contents_line(self) -> Text:
        """The title, and what is known of the postal code of one letter that may not come from the riding."""
        match = self.first.riding_match
        if len(self.letters) > 1 or match is None or match is RidingMatch.LIES_IN:
            return self.title
        return message("%(title)s, %(riding)s", title=self.title, riding=RIDINGS[match])


@dataclass(frozen=True, slots=True)
class Section:
    """The letters of one campaign: its name, its numbers in words, and its texts."""

    name: Text
    summary: Sequence[Message]
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class DigestMails:
    """What a worker asks for the contents of digests; see `Mails` for the settings."""

    keys: Keys
    base_url: str
    sender: Mailbox
    site: str
    test_recipient: str
    opened: OpenCampaigns
    pages: MailPages
    now: Callable[[], datetime]
    test_mode: bool = False
    needs_contact: bool = False
    abuse_contact: str = ""

    def digest(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail with the letters of a digest; raises NothingToSend where none is left."""
        digest = session.get(Digest, ref)
        letters = list(self._letters(session, ref))
        if digest is None or not letters:
            raise NothingToSend
        office = session.get_one(Legislator, digest.legislator_id)
        chosen, now = settings_of(session, digest.legislator_id), self.now()
        if chosen.paused_until is not None and chosen.is_paused(now):
            raise TryLater(OFFICE_PAUSED, after=pause_end(chosen.paused_until) - now, counts=False)
        directory = office.email or letters[-1].letter.recipient.email
        address = own_address(session, office.id, now) or directory
        if not address:
            raise NothingToSend
        campaigns = {one.campaign: self._campaign(session, one.campaign) for one in letters}
        usual = Counter(one.letter.language for one in letters).most_common(1)[0][0]
        language = chosen.language or usual
        subject, text, html = self.pages.digest(self._words(digest, letters, campaigns), language)
        return Envelope(
            id=public_id,
            sender=Mailbox(self.sender.name or self.site, self.sender.address),
            to=Mailbox("", self.test_recipient) if self.test_recipient else Mailbox(office.name, address),
            reply_to=None,
            subject=subject,
            text=text,
            html=html,
            language=language,
            automatic=True,
            headers=self._headers(sorted(campaigns)),
        )

    def _letters(self, session: Session, digest_id: str) -> Iterator[DayLetter]:
        """Return those letters of a digest that wait for it still and are not erased."""
        waits = and_(OutboxMessage.kind == MessageKind.LETTER, OutboxMessage.ref == StoredLetter.id)
        rows = (
            select(StoredLetter, Submission)
            .join(DigestLetter, DigestLetter.letter_id == StoredLetter.id)
            .join(Submission, Submission.id == StoredLetter.submission_id)
            .join(OutboxMessage, waits)
            .where(DigestLetter.digest_id == digest_id, OutboxMessage.state == State.DIGEST)
            .order_by(OutboxMessage.id)
        )
        for stored, submission in session.execute(rows):
            text = stored.letter
            email = submission.email
            if text is None or email is None:
                continue
            letter = from_json(text)
            yield DayLetter(
                campaign=stored.campaign,
                template=stored.template,
                letter=letter,
                own_words=own_word_count(letter),
                edited=stored.edited,
                riding_match=stored.riding_match,
                name=safe_name(submission.name or ""),
                email=email,
            )

    def _campaign(self, session: Session, name: str) -> OpenCampaign | None:
        """Return a campaign; raises TryLater where nobody is named who answers for it."""
        campaign = self.opened.get(session, name)
        is_named = campaign is None or bool(campaign.file.organiser and campaign.file.privacy_contact)
        if self.needs_contact and not is_named:
            raise TryLater(NO_CONTACT, after=RETRY_WITHOUT_CONTACT, counts=False)
        return campaign

    def _words(
        self,
        digest: Digest,
        letters: Sequence[DayLetter],
        campaigns: Mapping[str, OpenCampaign | None],
    ) -> Mapping[str, Any]:
        """Return what the templates of a digest need."""
        heading = nmessage("%(num)d letter from a citizen", "%(num)d letters from citizens", len(letters))
        subject = message("%(letters)s, %(day)s", letters=heading, day=digest.day)
        if digest.part > 1:
            params = {"letters": heading, "day": digest.day, "part": digest.part}
            subject = message("%(letters)s, %(day)s (part %(part)s)", **params)
        about = [
            message("Each writer confirmed their mailbox on %(site)s before their letter was sent.", site=self.site),
            message("To answer someone, use the address beside their letter. A reply to this message reaches nobody."),
        ]
        if self.test_mode:
            about.insert(0, message("Test site: nothing is really sent."))
        page = Wording.for_each(lambda language: f"{self.base_url}/{language}/{page_name(language)}")
        footer = [message("Your office chose one e-mail a day. To change that: %(link)s", link=page)]
        if self.abuse_contact:
            footer.append(message("To report misuse of this site: %(contact)s", contact=self.abuse_contact))
        return {
            "subject": subject,
            "heading": heading,
            "about": about,
            "contents": message("Contents"),
            "sections": _sections(letters, campaigns),
            "legend": LEGEND if any(one.own_words for one in letters) else "",
            "answer": message("Answer:"),
            "one_text": message(
                "The campaign’s wording varies. One letter is here whole; the differences in the others follow the "
                "names."
            ),
            "who": message("Who sent it"),
            "other_words": message("Differences"),
            "footer": footer,
        }

    def _headers(self, campaigns: Sequence[str]) -> Mapping[str, str]:
        """Return the headers by which an office sorts digests: their campaigns, and a list's id (RFC 2919).

        A digest of one campaign is sorted as its letters are.
        """
        name = campaigns[0] if len(campaigns) == 1 else "digest"
        value = campaigns[0]
        for other in campaigns[1:]:
            if len(value) + len(other) < MAX_HEADER:
                value += f", {other}"
        return {"X-Campaign": value, "List-Id": f"<{name}.{urlsplit(self.base_url).hostname}>"}


def _sections(letters: Sequence[DayLetter], campaigns: Mapping[str, OpenCampaign | None]) -> Sequence[Section]:
    """Return the letters by campaign, where most came for first."""
    by_campaign: dict[str, list[DayLetter]] = {}
    for one in letters:
        by_campaign.setdefault(one.campaign, []).append(one)
    sections, place = list[Section](), 1
    for name, its in sorted(by_campaign.items(), key=lambda item: (-len(item[1]), item[0])):
        campaign = campaigns[name]
        texts = {one.path: one.letter.title for one in campaign.letters.values()} if campaign else {}
        entries = [
            Entry(place + nth, of, texts.get(of[0].template, of[0].template)) for nth, of in enumerate(_grouped(its))
        ]
        sections.append(Section(campaign.file.name if campaign else name, list(_summary(its)), entries))
        place += len(entries)
    return sections


def _grouped(letters: Sequence[DayLetter]) -> Iterator[Sequence[DayLetter]]:
    """Return each letter with own words alone, most words first, then those edited, then the campaign's texts.

    Those of one text and language are together: as the site varies its wording, hardly two would be the same else.
    """
    own = [one for one in letters if one.own_words or one.edited]
    yield from ([one] for one in sorted(own, key=lambda one: -one.own_words))
    unchanged: dict[tuple[str, Language], list[DayLetter]] = {}
    for one in letters:
        if not one.own_words and not one.edited:
            unchanged.setdefault((one.template, one.letter.language), []).append(one)
    yield from sorted(unchanged.values(), key=len, reverse=True)


def _summary(letters: Sequence[DayLetter]) -> Iterator[Message]:
    yield nmessage("%(num)d letter", "%(num)d letters", len(letters))
    yield message("%(num)s with own words", num=sum(one.own_words > 0 for one in letters))
    matches = Counter(one.riding_match for one in letters)
    if matches[RidingMatch.LIES_IN]:
        yield message("%(num)s from your riding", num=matches[RidingMatch.LIES_IN])
    if matches[RidingMatch.MAY_LIE_IN]:
        yield message("%(num)s perhaps from your riding", num=matches[RidingMatch.MAY_LIE_IN])
    if matches[RidingMatch.ELSEWHERE]:
        yield message("%(num)s from another riding", num=matches[RidingMatch.ELSEWHERE])


def _differing(letter: Letter, shown: Letter) -> Sequence[RenderedParagraph]:
    """Return the paragraphs of a letter that another of the same text does not have."""
    there = {paragraph.text for paragraph in shown.paragraphs}
    return [paragraph for paragraph in letter.paragraphs if paragraph.text not in there]
