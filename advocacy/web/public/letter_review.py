"""A letter under review: as it was composed or edited, with what the checks found in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from itertools import zip_longest
from typing import Any, TypeAlias

from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from wtforms import Form, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from advocacy.exports.mail import mail_link
from advocacy.language import Language
from advocacy.legislators.forms_of_address import place_of, postage_free, role_of
from advocacy.legislators.recipient import CABINET
from advocacy.letters.bills import BillClaim, check_bill
from advocacy.letters.edited import (
    MAX_BODY,
    MAX_SUBJECT,
    body_problem,
    editable_body,
    share_from,
    subject_problem,
    with_edits,
    without_idle_source,
)
from advocacy.letters.figures import FigureClaim, FigureFault, Verdict, check_figures, too_many_numbers
from advocacy.letters.letter import Letter
from advocacy.letters.office_likeness import Likeness, compare, read_sketches
from advocacy.letters.screening import BlockedSpan, advice, screen_letter, wants_safety_copy
from advocacy.letters.text_cleaning import clean
from advocacy.letters.verification_codes import FileCodes
from advocacy.messages import Message
from advocacy.web.public.recipients import VACANT_SEAT, pause_notice
from advocacy.web.public.request import ComposedLetter, LetterRequest
from advocacy.web.public.sheet import Paper, SheetParagraph, on_paper, sheet_paragraphs
from advocacy.web.services import services

Edits: TypeAlias = Mapping[str, tuple[str | None, str | None]]
"""The subject and the body that came for each recipient, by id; None for what did not come."""


class CheckState(StrEnum):
    """What is left to do before a letter is sent."""

    FIX = "fix"
    CONFIRM = "confirm"
    IN_ORDER = "in-order"


@dataclass(frozen=True, slots=True)
class Checks:
    """How many things the checks found in a letter, and the state that makes: every place that tells it asks here."""

    to_fix: int
    to_confirm: int

    @property
    def state(self) -> CheckState:
        if self.to_fix:
            return CheckState.FIX
        return CheckState.CONFIRM if self.to_confirm else CheckState.IN_ORDER


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
        checker: "Checker",
    ) -> None:
        self.recipient_id = composed.recipient.id
        subject, body = edits
        self.letter = with_edits(composed.letter, subject, body)
        self.blocked: tuple[BlockedSpan, ...] = ()
        self.refused: list[tuple[str, int]] = []
        self.is_too_long = len(subject or "") > MAX_SUBJECT or len(body or "") > MAX_BODY
        if self.letter != composed.letter and not self.is_too_long:  # what was composed of answers has been screened
            self.blocked = checker.screen(self.letter, composed.letter)
            text = "\n".join(_lines_of(self.letter))
            for one in self.blocked:  # the words, and the paragraph that they stand in; 0 is the subject
                self.refused.append((one.quoted_from(text), text.count("\n", 0, one.start)))
        self._is_edited = subject is not None, body is not None
        self._language = language
        shown_subject = self.letter.subject if subject is None else subject
        shown_body = editable_body(self.letter) if body is None else body
        self.found_before = checker.found_before(composed, shown_subject, shown_body)
        super().__init__(data={"subject": shown_subject, "body": shown_body})
        self.validate()

    @property
    def text(self) -> str:
        """The text that is checked: the body, and the subject as a paragraph after it."""
        return checked_text(self.subject.data, self.body.data)

    def validate_subject(self, subject: Field) -> None:
        """Refuse a subject that came empty or too long."""
        if self._is_edited[0] and (problem := subject_problem(subject.data)):
            raise ValidationError(problem.in_language(self._language))

    def validate_body(self, body: Field) -> None:
        """Refuse a body that came empty or too long, and links or too many numbers wherever they stand."""
        problem: Message | None = body_problem(body.data) if self._is_edited[1] else None
        if problem is None and self.found_before is None and not self.is_too_long:
            problem = too_many_numbers(self.text)
        sentences = [problem.in_language(self._language)] if problem else []
        sentences += [one.in_language(self._language) for one in advice(self.blocked)]
        if sentences:
            raise ValidationError(" ".join(sentences))


def checked_text(subject: str, body: str) -> str:
    """Return what is checked of a letter: the body, and the subject as a paragraph after it."""
    return f"{body}\n\n{subject}"


@dataclass(slots=True)
class Checker:
    """The checks of one form: a text is checked once, in however many letters and places it is asked about.

    It is held against what was composed for any of the `letters`, so that one text to ten offices is one check.

    A letter in which nothing false was found carries a signature of its text, `checked-<id>` among the `typed` fields,
    so that it is not checked again when it is sent or taken. `version` names what texts are checked against.
    """

    key: str | bytes
    version: str
    typed: Mapping[str, str]
    letters: Sequence[ComposedLetter]
    _checked: dict[tuple[object, ...], tuple[tuple[FigureClaim, ...], tuple[BillClaim, ...]]] = field(
        default_factory=dict
    )
    _screened: dict[tuple[tuple[str, ...], frozenset[str]], tuple[BlockedSpan, ...]] = field(default_factory=dict)

    def sign(self, one: "ReviewedLetter") -> str:
        """Return the signature of a letter that was checked, "" where something in it is false or not allowed."""
        if not one.ready or one.false_claims:
            return ""
        words = self._digest_of(one.composed, one.form.subject.data, one.form.body.data)
        return str(self._signer.dumps([words, one.cites_survey]))

    def found_before(self, composed: ComposedLetter, subject: str, body: str) -> bool | None:
        """Return whether a letter cites the survey, if it was checked as it is and nothing in it is false, or None."""
        try:
            words, cites = self._signer.loads(self.typed.get(f"checked-{composed.recipient.id}", ""))
        except BadData:
            return None
        return bool(cites) if words == self._digest_of(composed, subject, body) else None

    def confirmed(self, composed: ComposedLetter) -> frozenset[str]:
        """Return the digests of the claims in a letter that its citizen has confirmed: `confirmed-<id>`, or `keep`."""
        digests = self.typed.get(f"confirmed-{composed.recipient.id}", "").split()
        recipient, _, digest = self.typed.get("keep", "").rpartition(":")
        return frozenset([*digests, digest] if recipient == composed.recipient.id else digests)

    @property
    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt="checked letter")

    def _digest_of(self, composed: ComposedLetter, subject: str, body: str) -> str:
        words = (self.version, str(composed.today), _edition(composed), subject, body)
        return sha256("\f".join(words).encode()).hexdigest()

    def check(self, text: str, composed: ComposedLetter) -> tuple[tuple[FigureClaim, ...], tuple[BillClaim, ...]]:
        """Judge every number and all that is said of the campaign's bills.

        Both are held against what was composed without the citizen's own words.
        """
        template, language = composed.template, composed.language
        key = (text, language, template.path)
        if key not in self._checked:
            alike = [one for one in self.letters if (one.language, one.template.path) == key[1:]]
            ours = tuple(dict.fromkeys(paragraph for one in alike for paragraph in _without_typed_words(one)))
            cacheable = frozenset().union(*(one.campaigns_own for one in alike))
            bills = template.campaign.bills
            self._checked[key] = (
                check_figures(text, template.survey, language, composed=ours, cacheable=cacheable),
                check_bill(text, bills, language, today=composed.today, composed=ours, cacheable=cacheable),
            )
        return self._checked[key]

    def screen(self, letter: Letter, composed: Letter) -> tuple[BlockedSpan, ...]:
        """Screen the lines of an edited letter, the subject first, those as composed excepted."""
        lines, ours = _lines_of(letter), frozenset(_lines_of(composed))
        key = lines, ours.intersection(lines)
        if key not in self._screened:
            self._screened[key] = screen_letter(lines, composed=ours)
        return self._screened[key]


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
    checker: Checker

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
        """The letter as it is taken away, without a source note where nothing comes from the survey any longer.

        At the address under it, its office verifies what its writer prints or sends themselves: nothing is stored.
        """
        composed, letter, site = self.composed, self.form.letter, services()
        if self.edited and not self.cites_survey:
            letter = without_idle_source(letter, composed.letter, composed.template)
        if not site.settings.public_base_url:
            return letter
        return FileCodes(site.keys, site.settings.public_base_url).add_to(
            letter,
            template=composed.template.path,
            day=composed.today,
            edited=self.edited,
            match=composed.riding_match,
        )

    @cached_property
    def cites_survey(self) -> bool:
        """Whether a figure of the survey stands in it."""
        before = self.form.found_before
        return any(claim.key for claim in self.figures) if before is None else before

    @property
    def signature(self) -> str:
        """What its page carries, so that the same text is not checked again."""
        return self.checker.sign(self)

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

    @cached_property
    def checks(self) -> Checks:
        """How much is to be fixed and to be confirmed."""
        problems = sum(len(errors) for errors in self.form.errors.values())
        false = sum(claim.verdict is Verdict.FALSE for claim in self.claims)
        return Checks(problems + false, sum(not is_confirmed for *_, is_confirmed in self.unclear))

    @cached_property
    def unclear(self) -> tuple[tuple[FigureClaim | BillClaim, str, bool], ...]:
        """What nobody here can check: each claim with its digest, and whether the citizen confirmed it."""
        confirmed = self.checker.confirmed(self.composed)
        unclear = ((one, claim_digest(one)) for one in self.claims if one.verdict is Verdict.UNCLEAR)
        return tuple((claim, digest, digest in confirmed) for claim, digest in unclear)

    @cached_property
    def claims(self) -> tuple[FigureClaim | BillClaim, ...]:
        """All that it claims; places count in the body, and go on in the subject after it."""
        return (*self.figures, *self.bill_claims)

    @cached_property
    def false_claims(self) -> tuple[FigureClaim | BillClaim, ...]:
        """What it says that is not so."""
        if self.form.found_before is not None:
            return ()
        return tuple(claim for claim in self.claims if claim.verdict is Verdict.FALSE)

    @property
    def false_digest(self) -> str:
        """What tells its false claims from any others, "" without any."""
        return digest_of([self])

    @cached_property
    def figures(self) -> tuple[FigureClaim, ...]:
        """The numbers of the letter beside the survey's, without those of a day that the bill was introduced on."""
        if self.form.is_too_long:
            return ()
        figures, bill_claims = self.checker.check(self.form.text, self.composed)
        of_bill = [claim.span for claim in bill_claims]
        return tuple(
            claim
            for claim in figures
            if claim.fault is not FigureFault.TOO_MANY
            and (
                claim.verdict is not Verdict.NOT_FROM_SURVEY
                or not any(start <= claim.span[0] and claim.span[1] <= end for start, end in of_bill)
            )
        )

    @cached_property
    def bill_claims(self) -> tuple[BillClaim, ...]:
        """What the letter says of the campaign's bills beside what is known of them."""
        return () if self.form.is_too_long else self.checker.check(self.form.text, self.composed)[1]

    @cached_property
    def alike(self) -> float:
        """How much of the letter, 0 to 1, is the campaign's text."""
        return share_from(self.letter.body, self.composed.shipped.body)

    @cached_property
    def likeness(self) -> Likeness | None:
        """How alike it is to the letters that its office already got, None while those are few."""
        site = services()
        with site.sessions() as session:
            others = read_sketches(session, self.id)
        composed = self.composed
        return compare(self.letter, composed.shipped, others, keys=site.keys, sensitive=composed.sensitive_texts)

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


def review_letters(letter_request: LetterRequest, edits: Edits, checker: Checker) -> list[ReviewedLetter]:
    """Look over every letter of a request with the edits that came for it."""
    language, paused, reviewed = letter_request.language, letter_request.paused_offices, []
    for one in letter_request.compose():
        warnings, until = list(letter_request.directory.warnings(one.row)), paused.get(one.row.id)
        if until is not None and one.recipient.email:
            warnings.append(pause_notice(one.row, until))
        reviewed.append(
            ReviewedLetter(
                one,
                EditForm(one, edits.get(one.recipient.id, (None, None)), language, checker=checker),
                language,
                tuple(warning.in_language(language) for warning in warnings),
                until,
                checker,
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


def with_fix(edits: Edits, letters: Iterable[ComposedLetter], fix: str, *, checker: Checker) -> Edits:
    """Put what is known in place of a false claim: `fix` is "<recipient>:<place of the claim>", as its button says."""
    recipient, _, start = fix.rpartition(":")
    for composed in letters:
        if composed.recipient.id != recipient:
            continue
        subject, body = edits.get(recipient, (None, None))
        subject = composed.letter.subject if subject is None else subject
        body = editable_body(composed.letter) if body is None else body
        text = checked_text(subject, body)
        figures, bill_claims = checker.check(text, composed)
        claims: tuple[FigureClaim | BillClaim, ...] = (*figures, *bill_claims)
        for claim in claims:
            if str(claim.span[0]) == start and claim.verdict is Verdict.FALSE and claim.suggestion is not None:
                fixed = f"{text[: claim.span[0]]}{claim.suggestion}{text[claim.span[1] :]}"
                if claim.span[0] < len(body):
                    body = fixed[: len(fixed) - len(checked_text(subject, ""))]
                else:
                    subject = fixed[len(checked_text("", body)) :]
                return {**edits, recipient: (subject, body)}
    return edits


def digest_of(letters: Sequence[ReviewedLetter]) -> str:
    """Return what tells the false claims of these letters from any others; "" where there is none."""
    claims = [f"{one.id}\f{claim.as_typed}\f{claim.sentence}" for one in letters for claim in one.false_claims]
    return sha256("\v".join(claims).encode()).hexdigest()[:32] if claims else ""


def claim_digest(claim: FigureClaim | BillClaim) -> str:
    """Return what tells a claim, in its sentence, from every other."""
    return sha256(" ".join(f"{claim.as_typed}\f{claim.sentence}".split()).encode()).hexdigest()[:16]


def _lines_of(letter: Letter) -> tuple[str, ...]:
    return (letter.subject, *(one.text for one in letter.paragraphs))


def _without_typed_words(composed: ComposedLetter) -> Iterator[str]:
    """Return the paragraphs of a letter and its subject, as composed and without the citizen's own words."""
    for one in composed.letter.paragraphs:
        if text := "".join(piece.text for piece in one.pieces if not piece.typed_in):
            yield text
    if composed.letter.subject:
        yield composed.letter.subject


def _edition(composed: ComposedLetter) -> str:
    """Return the letter, its language, and the subject and body as composed."""
    letter = composed.letter
    return f"{_made_of(composed)} {_digest(letter.subject)}-{_digest(editable_body(letter))}"


def _made_of(composed: ComposedLetter) -> str:
    return f"{composed.template.path} {composed.language}"


def _digest(text: str) -> str:
    return sha256(clean(text, lines=True).encode()).hexdigest()[:16]
