"""One letter from a template, a citizen's answers and a recipient. Pure: the same arguments give the same letter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from advocacy.campaigns.campaign_files import CampaignFile
from advocacy.campaigns.grammar.program import Choice, choice_key
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.letter_template import ActKey, LetterTemplate
from advocacy.language import Language, format_date
from advocacy.legislators.forms_of_address import date_line, form_of_address, province_name
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.letter import Letter, Sender
from advocacy.letters.statement_wordings import NO_WORDINGS, Wordings, as_prose, ticked_statements

NO_ACTS: Mapping[str, str] = {}
OTHER_ROLES = {Office.PRIME_MINISTER: Role.PRIME_MINISTER, Office.SENATOR: Role.SENATOR}


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

    `choice` names one alternative for each group of the text, `wordings` one wording for each statement that was ticked
    (the first of each when left out). The citizen is a constituent when the recipient's riding is one of theirs;
    otherwise no riding is named anywhere.
    """
    program = template.texts[language]
    form = form_of_address(recipient, language)
    values = _values(template, answers, recipient, language=language, today=today, wordings=wordings)
    subject, paragraphs = program.render(values, choice or program.first_choice)
    sender = Sender(answers.name, answers.street, answers.city, answers.province, answers.postal_code, answers.email)
    return Letter(
        language,
        answers.language,
        recipient,
        date_line(answers.city, today, language),
        form.block,
        subject,
        form.appel,
        paragraphs,
        form.closing,
        sender,
        template.notes[language],
        template.typed_fields,
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


def _values(
    template: LetterTemplate,
    answers: Answers,
    recipient: Recipient,
    *,
    language: Language,
    today: date,
    wordings: Wordings,
) -> dict[str, str]:
    """Return every offered name with its text in the letter's language."""
    riding = recipient.riding if recipient.riding_code in answers.ridings else None
    is_reachable = bool(answers.email or answers.street)
    campaign = template.campaign
    stage = campaign.bills[0].stage_on(today) if campaign.bills else Stage.UNKNOWN
    role = role_of(recipient, campaign, is_constituent=riding is not None)
    values = {
        **template.constants[language],
        "citizen.name": answers.name,
        "citizen.city": answers.city,
        "citizen.province": province_name(answers.province, language) if answers.province else "",
        "citizen.postal_code": answers.postal_code,
        "citizen.street": answers.street,
        "citizen.email": answers.email,
        "citizen.riding": riding.in_language(language) if riding is not None else "",
        "citizen.is_constituent": "yes" if riding is not None else "",
        "citizen.is_reachable": "yes" if is_reachable else "",
        "bill.stage": stage,
        "recipient.role": role,
        **template.acts[language].get(ActKey(role, stage, is_reachable), NO_ACTS),
        "recipient.name": recipient.name,
        "recipient.office": recipient.office,
        "today": format_date(today, language),
    }
    fields, sentences = answers.fields, template.sentences[language]
    ticked = ticked_statements(template, fields, language)
    for field in template.fields:
        key = field.key
        given = fields.get(key, "")
        if key in template.dates:
            given = field.text_in_letter(given, language)
        elif key in sentences:
            values[choice_key(key)] = given
            given = sentences[key].get(given, "")
        elif field.statements:
            given = as_prose(ticked.get(key, ()), wordings)
        values[key] = given
    return values
