"""Letters out of a form, one to each recipient in its language; in a preview, what is not there yet is a blank."""

from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.program import Choice
from advocacy.language import Language
from advocacy.legislators.directory import to_recipient
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient import Recipient
from advocacy.letters.answers import Answers, AnswersRefused, read_answers
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from advocacy.web.public.choices import Choices
from advocacy.web.public.desk import Desk
from advocacy.web.public.people import VACANT, letter_language
from advocacy.web.public.reading import Form, typed_answers
from advocacy.web.public.recipients import MOST, own_ridings
from advocacy.web.public.sheet import BLANKS, Laid, laid_out, nobody_yet

STAND_INS = {"name": "A", "city": "A", "province": "ON"}
"""What answers are read with while these are missing; none of it is ever shown."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as composed on `today`, and `shipped`: the same without the citizen's own words."""

    row: Legislator
    recipient: Recipient
    language: Language
    template: LetterTemplate
    letter: Letter
    shipped: Letter
    choice: Choice
    today: date


@dataclass(frozen=True, slots=True)
class PreviewedLetter:
    """A letter as the form shows it while it is being filled in."""

    recipient: Recipient
    letter: Letter
    language: Language
    name: str
    paragraphs: tuple[Laid, ...]


def compose_all(form: Form, desk: Desk, choices: Choices) -> list[Composed]:
    """Compose every letter of a form without problems."""
    if form.answers is None:
        return []
    return [_composed(row, form.answers, form, desk=desk, choices=choices) for row in form.recipients[:MOST]]


def previews(form: Form, desk: Desk, choices: Choices) -> list[PreviewedLetter]:
    """Show every letter as far as it goes; one to nobody in particular while nobody is chosen."""
    rows = form.recipients[:MOST] or (None,)
    return [_previewed(row, form, desk=desk, choices=choices) for row in rows]


def _previewed(row: Legislator | None, form: Form, *, desk: Desk, choices: Choices) -> PreviewedLetter:
    language = letter_language(form.draft, row.id if row else "", desk.language)
    answers = _so_far(form, desk, language)
    if row is None:
        answers = answers.of_ridings(frozenset({""}))
    recipient = to_recipient(row) if row else nobody_yet(language)
    letter = compose(
        form.template,
        answers,
        recipient,
        language=language,
        today=desk.today,
        choice=choices.of(form.template, recipient.id, language),
    )
    name = (row.name or VACANT.spoken(desk.language)) if row else ""
    return PreviewedLetter(recipient, letter, language, name, laid_out(letter, form.template))


def _composed(row: Legislator, answers: Answers, form: Form, *, desk: Desk, choices: Choices) -> Composed:
    recipient = to_recipient(row)
    language = letter_language(form.draft, row.id, desk.language)
    choice = choices.of(form.template, recipient.id, language)
    letter, shipped = (
        compose(form.template, said, recipient, language=language, today=desk.today, choice=choice)
        for said in (answers, _without_words(answers, form.template))
    )
    return Composed(row, recipient, language, form.template, letter, shipped, choice, desk.today)


def _without_words(answers: Answers, template: LetterTemplate) -> Answers:
    left = {key: "" if key in template.typed_fields else text for key, text in answers.fields.items()}
    return replace(answers, fields=MappingProxyType(left))


def _so_far(form: Form, desk: Desk, language: Language) -> Answers:
    """Give the answers as far as they can be read, blanks in the letter's language for the rest."""
    answers, missing = (form.answers, frozenset[str]()) if form.answers else _readable(form, desk)
    name, city = (BLANKS[one].spoken(language) if one in missing else "" for one in ("name", "city"))
    blank = BLANKS["words"].spoken(language)
    own = form.template.typed_fields
    fields = {key: text or (blank if key in own else "") for key, text in answers.fields.items()}
    return replace(
        answers,
        name=name or answers.name,
        city=city or answers.city,
        province="" if "province" in missing else answers.province,
        fields=MappingProxyType(fields),
    )


def _readable(form: Form, desk: Desk) -> tuple[Answers, frozenset[str]]:
    """Read what can be read, and name what is missing or refused."""
    typed = dict(typed_answers(form.draft, form.template))
    language = form.draft.words_language(desk.language)
    optional = tuple(field.model_copy(update={"required": False}) for field in form.template.fields)
    template = replace(form.template, fields=optional)
    missing: set[str] = set()
    while True:
        try:
            answers = read_answers(typed, template, language=language, needs_postal_code=False)
        except AnswersRefused as refused:
            missing |= set(refused.reasons)
            typed.update({key: STAND_INS.get(key, "") for key in refused.reasons})
        else:
            return answers.of_ridings(own_ridings(form.draft, desk.listing)), frozenset(missing)
