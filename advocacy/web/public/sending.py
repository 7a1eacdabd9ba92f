"""Sending for a citizen: what they agree to, what is missing before it can be, and what is stored once nothing is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from advocacy.campaigns.opened import letter_pins
from advocacy.database import immediate
from advocacy.exports.text import to_text
from advocacy.language import Wording
from advocacy.letters.caps import Limits
from advocacy.letters.choices import fingerprint
from advocacy.letters.compose import Answers
from advocacy.letters.consent import CONSENT, agreed
from advocacy.letters.submit import Submitting, ToSend, submit
from advocacy.settings import MailMode
from advocacy.web.public.request import LetterRequest
from advocacy.web.public.review import ReviewedLetter
from advocacy.web.services import services

TICKED = "yes"
AGE = Wording.of(en="Your age", fr="Votre âge")
CONSENTS = Wording.of(en="Your consent", fr="Votre accord")
EMAIL = Wording.of(en="Your e-mail address", fr="Votre adresse courriel")
SEND_TO = Wording.of(en="Letters to send", fr="Lettres à envoyer")
TOO_YOUNG = Wording.of(
    en="Check the box if you are 14 or older; a parent or guardian can write with anyone younger.",
    fr="Cochez la case si vous avez 14 ans ou plus; avant cet âge, un parent ou un tuteur peut écrire avec vous.",
)
NOT_AGREED = Wording.of(
    en="Check the box to let your information be used to send these letters.",
    fr="Cochez la case pour permettre que vos renseignements servent à envoyer ces lettres.",
)
NO_EMAIL = Wording.of(
    en="Add it to your answers: nothing is sent until you confirm by e-mail.",
    fr="Ajoutez-la à vos réponses\u00a0: rien n’est envoyé sans votre confirmation par courriel.",
)
NO_ADDRESS = Wording.of(
    en="No e-mail address is known for this office: print the letter or download it.",
    fr="On ne connaît aucune adresse courriel pour ce bureau\u00a0: imprimez la lettre ou téléchargez-la.",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something missing before letters can be sent: the field, its label and what to do."""

    field: str
    label: Wording
    sentence: Wording


@dataclass(frozen=True, slots=True)
class SendBox:
    """What the page of review offers and asks: `letters` can be sent, `on_paper` names whom no e-mail reaches.

    `email` is the citizen's, `chosen` whose letter was asked for ("" for all), `consent` the words to agree to.
    `errors` say what is missing, by field. `rehearses` tells that nothing really leaves.
    """

    letters: tuple[ReviewedLetter, ...]
    on_paper: tuple[str, ...]
    email: str
    chosen: str
    consent: str
    errors: Mapping[str, Sequence[str]]
    rehearses: bool
    hours: int


def box(
    letter_request: LetterRequest, letters: Iterable[ReviewedLetter], *, send_to: str, problems: Sequence[Problem] = ()
) -> SendBox:
    """Offer to send these letters; `problems` say what was missing when that was last asked for."""
    reached = [(one, bool(one.recipient.email)) for one in letters]
    settings, language = services().settings, letter_request.language
    sendable = tuple(one for one, by_email in reached if by_email)
    return SendBox(
        sendable,
        tuple(one.name for one, by_email in reached if not by_email),
        email=letter_request.answers.email if letter_request.answers else "",
        chosen=send_to,
        consent=agreed(CONSENT, [one.name for one in sendable], language) or "",
        errors={one.field: [one.sentence.spoken(language)] for one in problems},
        rehearses=rehearsing(),
        hours=settings.unconfirmed_hours,
    )


def rehearsing() -> bool:
    """Tell whether messages are written to a folder and reach nobody."""
    return services().settings.mail_mode is MailMode.FOLDER


def wanted(send_to: str, letters: Iterable[ReviewedLetter]) -> list[ReviewedLetter]:
    """Give the letters asked to be sent, of those that an e-mail reaches."""
    return [one for one in letters if one.recipient.email and send_to in {"", one.id}]


def missing(
    answers: Answers | None, fields: Mapping[str, str], letters: Sequence[ReviewedLetter]
) -> tuple[Problem, ...]:
    """Say what is missing before these letters can be sent, in the order of the page."""
    found = [
        (not letters, Problem("send_to", SEND_TO, NO_ADDRESS)),
        (fields.get("age_ok") != TICKED, Problem("age_ok", AGE, TOO_YOUNG)),
        (fields.get("consent") != TICKED, Problem("consent", CONSENTS, NOT_AGREED)),
        (not (answers and answers.email), Problem("send_email", EMAIL, NO_EMAIL)),
    ]
    return tuple(problem for is_missing, problem in found if is_missing)


def store(letter_request: LetterRequest, letters: Sequence[ReviewedLetter], *, network: str) -> None:
    """Store the letters until their writer confirms, all of them or none; raises TooMany.

    The same letters under the same form are one submission, however often their button is pressed; a letter changed
    after that is another.
    """
    site = services()
    settings = site.settings
    with immediate(site.sessions) as session:
        submit(
            session,
            _submitting(letter_request, letters, network=network),
            keys=site.keys,
            now=site.now(),
            limits=Limits(settings.network_per_day, settings.site_per_day),
            unconfirmed=timedelta(hours=settings.unconfirmed_hours),
        )
    site.ring()


def _submitting(letter_request: LetterRequest, letters: Sequence[ReviewedLetter], *, network: str) -> Submitting:
    answers, campaign = letter_request.answers, letter_request.campaign
    if answers is None:
        raise ValueError("only letters whose answers were read can be sent")
    said = "\f".join([answers.email, *(to_text(one.letter) for one in letters)])
    return Submitting(
        key=f"{letter_request.submission} {sha256(said.encode()).hexdigest()}",
        campaign=campaign.name,
        language=letter_request.language,
        name=answers.name,
        email=answers.email,
        letters=tuple(_to_send(one, answers.ridings, campaign.revisions) for one in letters),
        consent_text=CONSENT,
        network=network,
    )


def _to_send(one: ReviewedLetter, ridings: frozenset[str], revisions: Mapping[str, int]) -> ToSend:
    composed = one.composed
    template, riding = composed.template, composed.row.riding_code
    return ToSend(
        legislator_id=one.id,
        template=template.path,
        pins=letter_pins(revisions, template.path.rpartition("/")[2]),
        letter=one.letter,
        choice=composed.choice,
        fingerprint=fingerprint(template.texts[one.language]),
        riding_code=riding if riding in ridings else None,
        edited=one.edited,
    )
