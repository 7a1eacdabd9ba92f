"""One letter to be read again before it leaves: words as edited, figures, bills, links, how much is the campaign's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.post import postage_free
from advocacy.legislators.recipient import Recipient
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.bills import BillClaim, check_bill
from advocacy.letters.figures import Claim, Verdict, check_figures
from advocacy.letters.letter import Letter
from advocacy.letters.originality import share_from
from advocacy.letters.screening import Blocked, advice, screen_letter, wants_safety_copy
from advocacy.messages import Words, in_language
from advocacy.web.public.edited import body_of, problems, with_edits
from advocacy.web.public.exits import mail_link
from advocacy.web.public.recipients import VACANT_SEAT
from advocacy.web.public.request import ComposedLetter, LetterRequest
from advocacy.web.public.sheet import Laid, laid_out

FIELDS = {
    "subject": Wording.of(en="Subject, {name}", fr="Objet, {name}"),
    "body": Wording.of(en="Letter, {name}", fr="Lettre, {name}"),
}


@dataclass(frozen=True)
class ReviewedLetter:
    """One letter, in the words that every way out shows; `subject` and `body` are what stands in its fields.

    `found` are the links in what was edited, `problems` all that keeps the letter from leaving, by field.
    """

    composed: ComposedLetter
    letter_request: LetterRequest
    letter: Letter
    subject: str
    body: str
    found: tuple[Blocked, ...]
    problems: tuple[tuple[str, Words], ...]
    test_recipient: str

    @property
    def id(self) -> str:
        """The recipient's id."""
        return self.composed.row.id

    @property
    def name(self) -> str:
        """Whom it goes to."""
        return self.composed.row.name or VACANT_SEAT.in_language(self.letter_request.language)

    @property
    def place(self) -> str:
        """What the recipient speaks for."""
        return place_of(self.recipient, self.letter_request.language)

    @property
    def role(self) -> str:
        """The recipient's office."""
        return role_of(self.recipient, self.letter_request.language)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What must be known of the recipient's address before sending."""
        return tuple(
            one.spoken(self.letter_request.language)
            for one in self.letter_request.directory.warnings(self.composed.row)
        )

    @property
    def recipient(self) -> Recipient:
        """The recipient as the letter has it."""
        return self.composed.recipient

    @property
    def language(self) -> Language:
        """The letter's language."""
        return self.composed.language

    @property
    def postage_free(self) -> bool:
        """Tell whether it needs no stamp."""
        return postage_free(self.recipient)

    @property
    def edited(self) -> bool:
        """Tell whether its words are not those that were composed."""
        return self.letter != self.composed.letter

    @property
    def blocked(self) -> tuple[str, ...]:
        """What to do with the links and addresses in it."""
        return tuple(one.in_language(self.letter_request.language) for one in advice(self.found))

    @property
    def told(self) -> bool:
        """Tell whether what to do with found material belongs beside it."""
        return wants_safety_copy(self.found)

    @property
    def errors(self) -> Mapping[str, list[str]]:
        """What is to be mended, by field."""
        return {
            field: [in_language(one, self.letter_request.language) for name, one in self.problems if name == field]
            for field in FIELDS
        }

    @property
    def ready(self) -> bool:
        """Tell whether the letter can leave."""
        return not self.problems

    @property
    def to_mend(self) -> int:
        """How many things are to be mended before it leaves."""
        return len(self.problems) + sum(claim.verdict is Verdict.FALSE for claim in self.claims)

    @property
    def has_doubts(self) -> bool:
        """Whether something in it should be read again."""
        return any(claim.verdict is Verdict.UNCLEAR for claim in self.claims)

    @property
    def claims(self) -> tuple[Claim | BillClaim, ...]:
        """All that it claims; places count in `body`, and go on in the subject after it."""
        return (*self.figures, *self.bill_claims)

    @cached_property
    def figures(self) -> tuple[Claim, ...]:
        """The numbers of the letter beside the survey's, without those of a day that the bill was introduced on."""
        of_bill = [claim.span for claim in self.bill_claims]
        return tuple(
            claim
            for claim in figures_of(self.subject, self.body, self.composed)
            if claim.verdict is not Verdict.NOT_SURVEYS or not any(_lies_in(claim.span, span) for span in of_bill)
        )

    @cached_property
    def bill_claims(self) -> tuple[BillClaim, ...]:
        """What the letter says of the campaign's bills beside what is known of them."""
        return bill_claims_of(self.subject, self.body, self.composed)

    @cached_property
    def alike(self) -> float:
        """How much of the letter, 0 to 1, is the campaign's text."""
        return share_from(self.letter.body, self.composed.shipped.body)

    @cached_property
    def paragraphs(self) -> tuple[Laid, ...]:
        """The paragraphs as a page shows them."""
        return laid_out(self.letter, self.composed.template)

    @cached_property
    def text(self) -> str:
        """The letter as it is copied and taken as a text."""
        return to_text(self.letter)

    @property
    def mailto(self) -> str:
        """A link that opens the citizen's mail program; "" where there is no address, or something to mend."""
        return self._mail[0]

    @property
    def mailto_holds_body(self) -> bool:
        """Tell whether the letter is in the link."""
        return self._mail[1]

    @cached_property
    def _mail(self) -> tuple[str, bool]:
        return mail_link(self.letter, test_recipient=self.test_recipient) if self.ready else ("", False)


def review(
    composed: ComposedLetter,
    edits: tuple[str | None, str | None],
    letter_request: LetterRequest,
    *,
    test_recipient: str,
) -> ReviewedLetter:
    """Look over one letter with the subject and the body that came for it, None for what did not."""
    subject, body = edits
    letter = with_edits(composed.letter, subject, body)
    found = _links(letter, composed)
    return ReviewedLetter(
        composed,
        letter_request,
        letter,
        subject=letter.subject if subject is None else subject,
        body=body_of(letter) if body is None else body,
        found=found,
        problems=(*problems(subject, body), *(("body", one) for one in advice(found))),
        test_recipient=test_recipient,
    )


def claims_of(subject: str, body: str, composed: ComposedLetter) -> tuple[Claim | BillClaim, ...]:
    """Return all that a letter claims of the survey and of bills; see `whole`."""
    return (*figures_of(subject, body, composed), *bill_claims_of(subject, body, composed))


def figures_of(subject: str, body: str, composed: ComposedLetter) -> tuple[Claim, ...]:
    """Judge every number, held against what was composed without the citizen's own words."""
    return check_figures(whole(subject, body), composed.template.survey, composed.language, ours=_ours(composed))


def bill_claims_of(subject: str, body: str, composed: ComposedLetter) -> tuple[BillClaim, ...]:
    """Judge what is said of the campaign's bills, held against what was composed."""
    bills = composed.template.campaign.bills
    text = whole(subject, body)
    return check_bill(text, bills, composed.language, today=composed.today, ours=_ours(composed))


def _ours(composed: ComposedLetter) -> list[str]:
    """Return the paragraphs and the subject as composed, without the citizen's own words."""
    paragraphs = composed.letter.paragraphs
    ours = ["".join(piece.text for piece in one.pieces if not piece.typed_in) for one in paragraphs]
    return [one for one in (*ours, composed.letter.subject) if one]


def _lies_in(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def whole(subject: str, body: str) -> str:
    """Give the text that is judged: the body, and the subject as a paragraph after it."""
    return f"{body}\n\n{subject}"


def _links(letter: Letter, composed: ComposedLetter) -> tuple[Blocked, ...]:
    """Screen what was edited; what came out of composing has been screened."""
    if letter == composed.letter:
        return ()
    ours = {composed.letter.subject} | {one.text for one in composed.letter.paragraphs}
    return screen_letter([letter.subject, *(one.text for one in letter.paragraphs)], ours=frozenset(ours))
