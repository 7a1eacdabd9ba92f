"""A letter under review: as it was composed or edited, whose words it has, and what keeps it from being sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import zip_longest
from typing import Any, TypeAlias

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from advocacy.campaigns.legislation import Bill
from advocacy.exports.mail import mail_link
from advocacy.language import Language, format_date
from advocacy.legislators.forms_of_address import place_of, postage_free, role_of
from advocacy.legislators.recipient import CABINET
from advocacy.letters.edited import (
    MAX_BODY,
    MAX_SUBJECT,
    body_problem,
    editable_body,
    subject_problem,
    with_edits,
    without_idle_source,
)
from advocacy.letters.letter import Letter
from advocacy.letters.provenance import OwnClaim, count_sentences, own_claims, put_back, sentences_on_survey
from advocacy.letters.screening import BlockedSpan, advice, screen_letter, wants_safety_copy
from advocacy.letters.text_cleaning import clean
from advocacy.messages import Message, message
from advocacy.web.public.recipients import VACANT_SEAT, pause_notice
from advocacy.web.public.request import ComposedLetter, LetterRequest
from advocacy.web.public.sheet import Paper, SheetParagraph, on_paper, sheet_paragraphs
from advocacy.web.services import services

Edits: TypeAlias = Mapping[str, tuple[str | None, str | None]]
"""The subject and the body that came for each recipient, by id; None for what did not come."""


class EditForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """The words of one letter that can be edited: `subject-<id>` and `body-<id>`."""

    subject = StringField(_l("Subject"), render_kw={"maxlength": MAX_SUBJECT, "autocomplete": "off"})
    body = TextAreaField(
        _l("Text, with an empty line between paragraphs"),
        render_kw={"maxlength": MAX_BODY, "autocomplete": "off", "rows": 24},
    )

    class Meta:
        """Fields named after the recipient."""

        def bind_field(self, form: "EditForm", unbound_field: Any, options: dict[str, Any]) -> Field:
            """Bind a field under its name and the recipient's id."""
            return unbound_field.bind(form=form, **options | {"name": f"{options['name']}-{form.recipient_id}"})

    def __init__(
        self,
        composed: ComposedLetter,
        edits: tuple[str | None, str | None],
        language: Language,
        *,
        screened: "Screened",
    ) -> None:
        self.recipient_id = composed.recipient.id
        subject, body = edits
        self.letter = with_edits(composed.letter, subject, body)
        self.blocked: tuple[BlockedSpan, ...] = ()
        self.refused: list[str] = []
        self.is_too_long = len(subject or "") > MAX_SUBJECT or len(body or "") > MAX_BODY
        if self.letter != composed.letter and not self.is_too_long:  # what was composed of answers has been screened
            lines, ours = _lines_of(self.letter), frozenset(_lines_of(composed.letter))
            key = lines, ours.intersection(lines)
            if key not in screened:
                screened[key] = screen_letter(lines, composed=ours)
            self.blocked = screened[key]
            self.refused = [one.quoted_from("\n".join(lines)) for one in self.blocked]
        self._is_edited = subject is not None, body is not None
        self._language = language
        shown_subject = self.letter.subject if subject is None else subject
        shown_body = editable_body(self.letter) if body is None else body
        super().__init__(data={"subject": shown_subject, "body": shown_body})
        self.validate()

    def validate_subject(self, subject: Field) -> None:
        """Refuse a subject that came empty or too long."""
        if self._is_edited[0] and (problem := subject_problem(subject.data)):
            raise ValidationError(problem.in_language(self._language))

    def validate_body(self, body: Field) -> None:
        """Refuse a body that came empty or too long, and links wherever they stand."""
        problem: Message | None = body_problem(body.data) if self._is_edited[1] else None
        sentences = [problem.in_language(self._language)] if problem else []
        sentences += [one.in_language(self._language) for one in advice(self.blocked)]
        if sentences:
            raise ValidationError(" ".join(sentences))


@dataclass(frozen=True)
class ReviewedLetter:
    """One letter, in the words that every way out shows."""

    composed: ComposedLetter
    form: EditForm
    reader: Language
    doubts: tuple[str, ...]
    """What must be known of the recipient's address before sending."""
    paused_until: date | None
    """The day until which the office takes no e-mail, None where it does."""

    @property
    def id(self) -> str:
        return self.composed.row.id

    @property
    def name(self) -> str:
        """Whom it goes to."""
        return self.composed.row.name or VACANT_SEAT.in_language(self.reader)

    @property
    def office(self) -> str:
        """What the recipient is written to as: a minister's title, else the place they speak for."""
        recipient = self.composed.recipient
        if recipient.office in CABINET and recipient.title:
            return role_of(recipient, self.reader)
        return place_of(recipient, self.reader)

    @property
    def language(self) -> Language:
        return self.composed.language

    @property
    def has_email(self) -> bool:
        return bool(self.composed.recipient.email)

    @property
    def takes_email(self) -> bool:
        """Whether the site can send it now."""
        return self.has_email and self.paused_until is None

    @property
    def postage_free(self) -> bool:
        return postage_free(self.composed.recipient)

    @cached_property
    def letter(self) -> Letter:
        """The letter as it is taken away, without a source note where nothing comes from the survey any longer."""
        return without_idle_source(self.form.letter, self.composed.letter, self.composed.template)

    @property
    def edited(self) -> bool:
        """Whether its words are not those that were composed."""
        return self.form.letter != self.composed.letter

    @property
    def edition(self) -> str:
        """What an edited text was edited from."""
        return _edition(self.composed)

    @property
    def wants_safety_copy(self) -> bool:
        """Whether what to do with found material belongs beside it."""
        return wants_safety_copy(self.form.blocked)

    @property
    def ready(self) -> bool:
        """Whether the letter can be sent or taken at all."""
        return not self.form.errors

    @property
    def to_fix(self) -> int:
        """How many things keep it from being sent or taken."""
        return sum(len(errors) for errors in self.form.errors.values())

    @cached_property
    def claims(self) -> Sequence[OwnClaim]:
        """The sentences that its citizen is asked about."""
        if self.form.is_too_long:
            return ()
        return own_claims(self.letter, self.composed.letter, self.composed.template)

    @cached_property
    def sentences(self) -> tuple[int, int]:
        """How many sentences are the campaign's, and how many the citizen's own."""
        return count_sentences(self.letter)

    @property
    def own_passages(self) -> Sequence[tuple[int, str]]:
        """What stands in it in own words, by the number of its paragraph, from 1; 0 is the subject."""
        numbered = enumerate(self.letter.paragraphs, start=1)
        own = [(number, piece.text) for number, part in numbered for piece in part.pieces if self.letter.is_own(piece)]
        return [(0, self.letter.subject), *own] if self.letter.subject != self.composed.letter.subject else own

    @cached_property
    def paragraphs(self) -> tuple[SheetParagraph, ...]:
        return sheet_paragraphs(self.letter, self.composed.template)

    @cached_property
    def paper(self) -> Paper:
        """How it prints."""
        return on_paper(self.letter)

    @cached_property
    def mail_link(self) -> tuple[str, bool]:
        """A link that opens the citizen's mail program, and whether the letter is in it; "" where none can be."""
        if not self.ready or self.paused_until is not None:
            return "", False
        return mail_link(self.letter, test_recipient=services().settings.test_recipient)


Screened: TypeAlias = dict[tuple[tuple[str, ...], frozenset[str]], tuple[BlockedSpan, ...]]
"""What was found in the lines of a form's letters: one text to ten offices is screened once."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the letters of a form say in its citizen's own words, to be confirmed once for all of them.

    `on_survey` and `on_bill` are what the campaign says; `confirmed` are the keys of the claims that were confirmed.
    """

    claims: Sequence[OwnClaim]
    on_survey: Sequence[str]
    on_bill: Sequence[str]
    confirmed: frozenset[str]

    @classmethod
    def of(cls, letters: Sequence[ReviewedLetter], sure: str) -> "Question":
        """Return the question of some letters; `sure` is what its box, or its button, sends."""
        claims = tuple({claim.key: claim for letter in letters for claim in letter.claims}.values())
        survey: list[str] = []
        if any(claim.on_survey for claim in claims):
            for letter in letters:
                survey += sentences_on_survey(letter.composed.letter)
        bills: list[str] = []
        if any(claim.on_bill for claim in claims):
            campaign, reader = letters[0].composed.template.campaign, letters[0].reader
            bills = [describe_bill(bill, reader) for bill in campaign.bills]
        shown = {claim.original for claim in claims}
        beside = tuple(sentence for sentence in dict.fromkeys(survey) if sentence not in shown)
        return cls(claims, beside, bills, frozenset(sure.split()))

    @property
    def sure(self) -> str:
        """What says yes to exactly these claims."""
        return " ".join(claim.key for claim in self.claims)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be confirmed."""
        return not self.confirmed.issuperset(claim.key for claim in self.claims)


BILL_KNOWN = message("Bill %(number)s was introduced on %(day)s. %(covers)s")


def describe_bill(bill: Bill, language: Language) -> str:
    """Return what the campaign knows of a bill."""
    day, covers = format_date(bill.introduced, language), bill.covers.in_language(language)
    return BILL_KNOWN.with_params(number=bill.number, day=day, covers=covers).in_language(language)


def review_letters(letter_request: LetterRequest, edits: Edits) -> list[ReviewedLetter]:
    """Look over every letter of a request with the edits that came for it."""
    language, paused, reviewed = letter_request.language, letter_request.paused_offices, []
    screened: Screened = {}
    for one in letter_request.compose():
        warnings, until = list(letter_request.directory.warnings(one.row)), paused.get(one.row.id)
        if until is not None and one.recipient.email:
            warnings.append(pause_notice(one.row, until))
        reviewed.append(
            ReviewedLetter(
                one,
                EditForm(one, edits.get(one.recipient.id, (None, None)), language, screened=screened),
                language,
                tuple(warning.in_language(language) for warning in warnings),
                until,
            )
        )
    return reviewed


def read_edits(typed: Mapping[str, str], letters: Iterable[ComposedLetter]) -> Edits:
    """Return the edits that came; none for a letter in another language than it was edited in, or another letter.

    A text that came back as it was shown is no edit, whatever is composed by now: an answer given since, or a figure
    that was corrected, changes it. `original` names the recipient whose letter is to be as it was composed.
    """
    edits = {}
    for one in letters:
        recipient = one.recipient.id
        shown = typed.get(f"edited-{recipient}", "")
        if typed.get("original") == recipient or shown.rpartition(" ")[0] not in {"", _made_of(one)}:
            continue
        texts = typed.get(f"subject-{recipient}"), typed.get(f"body-{recipient}")
        digests = shown.rpartition(" ")[2].split("-")
        subject, body = (
            None if text is None or _digest(text) == digest else text
            for text, digest in zip_longest(texts, digests[:2], fillvalue="")
        )
        edits[recipient] = subject, body
    return edits


def with_sentence_put_back(edits: Edits, letters: Sequence[ReviewedLetter], key: str) -> Edits:
    """Put the campaign's sentence back in place of the citizen's, in each letter that has it, and change nothing else.

    `key` is that of the claim, as its button says.
    """
    changed = dict(edits)
    for letter in letters:
        for claim in letter.claims:
            if claim.key == key and claim.original:
                restored = put_back(letter.form.letter, claim)
                changed[letter.id] = restored.subject, editable_body(restored)
    return changed


def _lines_of(letter: Letter) -> tuple[str, ...]:
    return (letter.subject, *(one.text for one in letter.paragraphs))


def _edition(composed: ComposedLetter) -> str:
    """Return the letter, its language, and the subject and body as composed."""
    letter = composed.letter
    return f"{_made_of(composed)} {_digest(letter.subject)}-{_digest(editable_body(letter))}"


def _made_of(composed: ComposedLetter) -> str:
    return f"{composed.template.path} {composed.language}"


def _digest(text: str) -> str:
    return sha256(clean(text, lines=True).encode()).hexdigest()[:16]
