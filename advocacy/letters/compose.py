"""One letter from a template, a citizen's answers and a recipient. Pure: the same arguments give the same letter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from advocacy.campaigns.campaign_files import CampaignFile
from advocacy.campaigns.legislation import Role
from advocacy.campaigns.letter_template import LetterTemplate, translation_note
from advocacy.campaigns.letter_text import (
    SUBJECT,
    Choice,
    RenderedParagraph,
    Values,
    fill,
    fill_line,
    read_text,
)
from advocacy.campaigns.only_for import Reader
from advocacy.campaigns.sentences_file import SHARED
from advocacy.language import SOURCE, Language, format_date
from advocacy.legislators.forms_of_address import date_line, form_of_address
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.letter import Letter, Sender
from advocacy.letters.sentence_wordings import NO_WORDINGS, Wordings, as_prose, ticked_statements

OTHER_ROLES = {
    Office.PRIME_MINISTER: Role.PRIME_MINISTER,
    Office.SENATOR: Role.SENATOR,
    Office.SPEAKER_COMMONS: Role.SPEAKER,
    Office.SPEAKER_SENATE: Role.SPEAKER,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a citizen answered, cleaned and checked. Nothing stores it; it lives as long as the letter is made.

    `province` is its two letters, `postal_code` "K1A 0A6" or "", `ridings` those the citizen is a constituent of,
    `fields` the letter's own fields (a choice by its key, statements by theirs with “;” between), `language` the one
    the citizen writes in.
    """

    name: str
    city: str
    province: str
    postal_code: str
    street: str
    email: str
    ridings: frozenset[str]
    fields: Mapping[str, str]
    language: Language

    def of_ridings(self, ridings: frozenset[str]) -> "Answers":
        """Return the same answers from a constituent of these ridings."""
        return replace(self, ridings=ridings)


def compose(
    template: LetterTemplate,
    answers: Answers,
    recipient: Recipient,
    *,
    language: Language,
    today: date,
    choice: Choice | None = None,
    wordings: Wordings = NO_WORDINGS,
) -> Letter:
    """Make the letter in `language`, whatever language the citizen writes in; their own words stay as typed.

    `choice` names one alternative for each section, `wordings` one wording for each shared sentence and each statement
    that was ticked (the first of each when left out). The citizen is a constituent when the recipient's riding is one
    of theirs; otherwise no riding is named anywhere. A constituent's riding stands behind the subject.
    """
    reader = reader_of(template, answers, recipient, today=today)
    values = _values(template, answers, recipient, language=language, wordings=wordings)
    values.update(_shared(template, reader, values, language=language, wordings=wordings))
    subject, paragraphs = _text(template, reader, values, language=language, choice=choice)
    blanks = {piece.blank for paragraph in paragraphs for piece in paragraph.pieces}
    note = template.notes[language]
    if quoted := template.translated_quotes[language] & blanks:
        note = f"{note} {translation_note(template.survey, quoted, language)}"
    form = form_of_address(recipient, language)
    sender = Sender(answers.name, answers.street, answers.city, answers.province, answers.postal_code, answers.email)
    return Letter(
        language,
        answers.language,
        recipient,
        date_line(answers.city, today, language),
        form.block,
        f"{subject} ({values['riding']})" if values["riding"] else subject,
        form.appel,
        paragraphs,
        form.closing,
        sender,
        note,
        template.typed_fields,
    )


def reader_of(template: LetterTemplate, answers: Answers, recipient: Recipient, *, today: date) -> Reader:
    """Return what decides for whom the sentences of a letter are."""
    campaign = template.campaign
    is_constituent = recipient.riding_code in answers.ridings
    given = {
        "email": answers.email,
        "street": answers.street,
        "city": answers.city,
        "riding": "yes" if is_constituent else "",
        **{field.key: _sentence(template, field.key, answers, language=SOURCE) for field in template.fields},
    }
    return Reader(
        role_of(recipient, campaign, is_constituent=is_constituent),
        campaign.stage_on(today),
        recipient.title.in_language(SOURCE) if recipient.title else "",
        frozenset(name for name, value in given.items() if value),
    )


def role_of(recipient: Recipient, campaign: CampaignFile, *, is_constituent: bool) -> Role:
    """Return what this recipient can do about the campaign's bill."""
    if recipient.vacant:
        return Role.VACANT_SEAT
    if recipient.office is Office.MINISTER:
        answers_for_it = any(bill.number in recipient.responsible_for for bill in campaign.bills)
        return Role.RESPONSIBLE_MINISTER if answers_for_it else Role.MINISTER
    if recipient.office is Office.MEMBER:
        return Role.OWN_MEMBER if is_constituent else Role.OTHER_MEMBER
    return OTHER_ROLES.get(recipient.office, Role.OTHER)


def _text(
    template: LetterTemplate, reader: Reader, values: Values, *, language: Language, choice: Choice | None
) -> tuple[str, tuple[RenderedParagraph, ...]]:
    """Return the subject and the paragraphs: of each section the alternative chosen, or the first that fits."""
    subject = ""
    paragraphs: list[RenderedParagraph] = []
    for place, section in enumerate(template.letter.sections):
        fitting = section.fitting(reader)
        if not fitting:
            continue
        chosen = choice[place] if choice and choice[place] in fitting else fitting[0]
        filled = [
            rendered
            for paragraph in read_text(section.alternatives[chosen].texts[language])
            for rendered in fill(paragraph, values)
        ]
        if section.key == SUBJECT:
            subject = " ".join(paragraph.text for paragraph in filled)
        else:
            paragraphs += filled
    return subject, tuple(paragraphs)


def _values(
    template: LetterTemplate, answers: Answers, recipient: Recipient, *, language: Language, wordings: Wordings
) -> dict[str, str]:
    """Return every blank with its text in the letter's language, but for the shared sentences."""
    riding = recipient.riding if recipient.riding_code in answers.ridings else None
    ticked = ticked_statements(template, answers.fields, language)
    return {
        **template.constants[language],
        "riding": riding.in_language(language) if riding is not None else "",
        "city": answers.city,
        **{
            field.key: as_prose(ticked.get(field.key, ()), wordings)
            if field.statements
            else _sentence(template, field.key, answers, language=language)
            for field in template.fields
        },
    }


def _sentence(template: LetterTemplate, key: str, answers: Answers, *, language: Language) -> str:
    """Return what an answer becomes in a letter: the sentence of a choice, a date in words, all else as it is."""
    given = answers.fields.get(key, "")
    if key in template.answers[language]:
        return template.answers[language][key].get(given, "")
    if given and key in template.dates:
        return format_date(date.fromisoformat(given), language)
    return given


def _shared(
    template: LetterTemplate, reader: Reader, values: Values, *, language: Language, wordings: Wordings
) -> dict[str, str]:
    """Return the shared sentences of a letter, each in its wording, "" where there is none for this reader."""
    found = template.shared_for(reader, language)
    return {
        blank: fill_line(found[blank].wordings[wordings.get(found[blank].fingerprint, 0)], values)
        if blank in found
        else ""
        for blank in SHARED
    }
