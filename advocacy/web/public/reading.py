"""A draft read as a form: what keeps it from being letters is said field by field, whatever was typed staying there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from advocacy.campaigns.campaign import Length, LetterTemplate
from advocacy.campaigns.fields import citizen_fields
from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator
from advocacy.legislators.postal import MISSING
from advocacy.letters.answers import Answers, AnswersRefused, read_answers
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import OF_ONE, RECIPIENT, Draft, read_language
from advocacy.web.public.forms import ABOUT, WHO, WORDS, step_of
from advocacy.web.public.recipients import MOST, chosen, own_ridings

COLON = Wording.of(en="{}: {}", fr="{}\u00a0: {}")
WHO_FIELD = Wording.of(en="Your letter will go to", fr="Votre lettre ira à")
WHAT_FIELD = Wording.of(en="What you ask", fr="Ce que vous demandez")
LENGTH_FIELD = Wording.of(en="How long", fr="Longueur")
UNKNOWN_LENGTH = Wording.of(
    en="A letter is full or short: choose one.", fr="Une lettre est complète ou courte\u00a0: choisissez."
)
LANGUAGE_FIELD = Wording.of(en="Language of the letter", fr="Langue de la lettre")
NOBODY = Wording.of(en="Choose at least one person to write to.", fr="Choisissez au moins une personne à qui écrire.")
TOO_MANY = Wording.of(en=f"Choose at most {MOST} people.", fr=f"Choisissez au plus {MOST} personnes.")
UNKNOWN_PERSON = Wording.of(
    en="You can no longer write here to someone you chose: choose again.",
    fr="On ne peut plus écrire ici à une personne choisie\u00a0: choisissez de nouveau.",
)
NO_LETTER = Wording.of(en="Choose what you ask.", fr="Choisissez ce que vous demandez.")
UNKNOWN_LETTER = Wording.of(
    en="This letter is not available, or no longer: choose another.",
    fr="Cette lettre n’est pas offerte, ou ne l’est plus\u00a0: choisissez-en une autre.",
)
UNKNOWN_LANGUAGE = Wording.of(
    en="A letter can be in English or in French: choose one.",
    fr="Une lettre peut être en français ou en anglais\u00a0: choisissez.",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the field, its label and what to do. `strange` is of no form's making."""

    field: str
    label: Wording
    sentence: Wording
    strange: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A draft that was read: `answers` is None while there are problems with them."""

    draft: Draft
    template: LetterTemplate
    recipients: tuple[Legislator, ...]
    answers: Answers | None
    problems: tuple[Problem, ...]
    unsafe: frozenset[str] = frozenset()
    """The fields in which a link or an address stands."""

    def chosen_name(self, desk: Desk) -> str:
        """Return the name of the letter that is chosen."""
        return next(name for name, template in desk.campaign.letters.items() if template is self.template)


def read_form(draft: Draft, desk: Desk) -> Form:
    """Read the whole form, all problems at once and in the order of the page."""
    template = desk.letter_for(draft)
    recipients, unknown = chosen(draft, desk)
    answers, reasons, unsafe = _answers(draft, template, desk)
    problems = [
        *_refused(reasons, template, WHO),
        *_about_recipients(draft, recipients, unknown, located="postal_code" not in reasons),
        *_about_languages(draft),
        *_about_template(draft, desk),
        *_refused(reasons, template, ABOUT),
        *_refused(reasons, template, WORDS),
    ]
    return Form(draft, template, tuple(recipients), answers, tuple(problems), unsafe)


def typed_answers(draft: Draft, template: LetterTemplate) -> Mapping[str, str]:
    """Give what was typed into the fields of the letter."""
    return {field.key: draft.text(field.key) for field in (*citizen_fields(), *template.fields)}


def _answers(
    draft: Draft, template: LetterTemplate, desk: Desk
) -> tuple[Answers | None, Mapping[str, Wording], frozenset[str]]:
    language = draft.words_language(desk.language)
    typed = typed_answers(draft, template)
    # Who was found by name, without a postal code, can be written to all the same.
    located = bool(draft.recipients) or bool(draft.text("riding"))
    try:
        answers = read_answers(typed, template, language=language, needs_postal_code=not located)
    except AnswersRefused as refused:
        reasons = dict(refused.reasons)
        if "postal_code" in reasons and not typed["postal_code"].strip():
            reasons["postal_code"] = MISSING
        return None, reasons, refused.links
    return answers.of_ridings(own_ridings(draft, desk.listing)), {}, frozenset()


def _refused(reasons: Mapping[str, Wording], template: LetterTemplate, step: str) -> Iterator[Problem]:
    for field in (*citizen_fields(), *template.fields):
        if field.key in reasons and step_of(field) == step:
            yield Problem(field.key, field.label, reasons[field.key])


def _about_recipients(draft: Draft, known: list[Legislator], unknown: list[str], *, located: bool) -> Iterator[Problem]:
    """Say what is wrong with whom it goes to; without a postal code nobody can be chosen, which is one mistake."""
    if unknown:
        yield Problem(RECIPIENT, WHO_FIELD, UNKNOWN_PERSON, strange=True)
    elif not known and located:
        yield Problem(RECIPIENT, WHO_FIELD, NOBODY)
    if len(draft.recipients) > MOST:
        yield Problem(RECIPIENT, WHO_FIELD, TOO_MANY)


def _about_languages(draft: Draft) -> Iterator[Problem]:
    for name in ("language", *(f"{OF_ONE[0]}-{one}" for one in draft.recipients)):
        if draft.text(name) and read_language(draft.text(name)) is None:
            yield Problem(name, LANGUAGE_FIELD, UNKNOWN_LANGUAGE, strange=True)


def _about_template(draft: Draft, desk: Desk) -> Iterator[Problem]:
    if draft.text("length") not in {"", *Length}:
        yield Problem("length", LENGTH_FIELD, UNKNOWN_LENGTH, strange=True)
    if not draft.text("template"):
        if desk.letter_for(draft) is desk.short_letter:
            return
        yield Problem("template", WHAT_FIELD, NO_LETTER)
    elif desk.letter_named(draft.text("template")) is None:
        yield Problem("template", WHAT_FIELD, UNKNOWN_LETTER, strange=True)


def summary(problems: Iterable[Problem], language: Language) -> list[tuple[str, str]]:
    """List the problems for the top of a page: the field to go to, and a sentence."""
    said = COLON.spoken(language)
    return [(one.field, said.format(one.label.spoken(language), one.sentence.spoken(language))) for one in problems]


def by_field(problems: Iterable[Problem]) -> dict[str, list[Wording]]:
    """Group what there is to say by the field it belongs beside."""
    grouped: dict[str, list[Wording]] = {}
    for one in problems:
        grouped.setdefault(one.field, []).append(one.sentence)
    return grouped
