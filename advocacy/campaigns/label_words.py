"""What a writer calls the blanks of a letter: short words for each name, and the story of each finding."""

import re
from collections.abc import Mapping

from advocacy.campaigns.acts import WORDINGS
from advocacy.campaigns.campaign import CampaignFile, LetterFile, resolved
from advocacy.campaigns.condition_words import each
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.findings import Finding, Poll, Quote, Survey
from advocacy.language import Language, Wording

LONGEST = 48
"""Characters of a label, at most; more are cut at a word."""
QUOTED = 30
"""Characters of a quote that its label shows."""

CITIZEN: Mapping[str, Wording] = {
    "citizen.name": Wording.of(en="name", fr="nom"),
    "citizen.city": Wording.of(en="municipality", fr="municipalité"),
    "citizen.province": Wording.of(en="province", fr="province"),
    "citizen.postal_code": Wording.of(en="postal code", fr="code postal"),
    "citizen.street": Wording.of(en="street address", fr="adresse"),
    "citizen.email": Wording.of(en="e-mail address", fr="courriel"),
    "citizen.riding": Wording.of(en="riding", fr="circonscription"),
}
OF_THE_LETTER: Mapping[str, Wording] = {
    "recipient.name": Wording.of(en="recipient", fr="destinataire"),
    "recipient.office": Wording.of(en="recipient’s office", fr="fonction de destinataire"),
    "today": Wording.of(en="today’s date", fr="date du jour"),
}
BILL: Mapping[str, Wording] = {
    "bill.number": Wording.of(en="bill number", fr="numéro du projet de loi"),
    "bill.title": Wording.of(en="bill title", fr="titre du projet de loi"),
    "bill.introduced": Wording.of(en="bill’s first day", fr="dépôt du projet de loi"),
}
ACTS: Mapping[str, Wording] = {
    f"act.{name}": Wording.of(en=f"what we ask, wording {number}", fr=f"ce qu’on demande, formule {number}")
    for number, name in enumerate(WORDINGS, start=1)
}
OWN_WORDS = Wording.of(en="own words", fr="ses propres mots")
KNOWN_FIELDS: Mapping[str, Wording] = {"relationship": Wording.of(en="link to the cause", fr="lien avec la cause")}
"""Fields whose label is the beginning of a sentence, and reads as nothing in a bracket."""
QUOTE = Wording.of(en="quote", fr="citation")
ANSWERED = Wording.of(
    en="{question} {percent}: “{wording}”{translated}",
    fr="{question} {percent}\u00a0: «\u00a0{wording}\u00a0»{translated}",
)
SURVEYED = Wording.of(en="{when}. Base: {respondents}.", fr="{when}. Base\u00a0: {respondents}.")
LASTED = Wording.of(en="{started}, over {duration}", fr="{started}, en {duration}")
TRANSLATED = Wording.of(en=" (translated)", fr=" (traduction)")

_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_BRACKETS = str.maketrans("[]{}", "()()")
_MARKS = ' \u00a0«»“”"'
_PROPER = frozenset(
    {
        *("Alberta", "Canada", "Canadian", "Canadians", "English", "French", "I", "Indigenous", "Manitoba", "Nunavut"),
        *("Ontario", "Ottawa", "Parliament", "Quebec", "Québec", "Saskatchewan", "Yukon"),
    }
)
"""Words that are written large wherever they stand; of others, only their letters and the next word can tell."""
_BEFORE_NAMES = frozenset(
    {
        *("a", "an", "my", "our", "the", "your"),
        *("à", "au", "aux", "de", "des", "du", "la", "le", "les", "ma", "mes", "mon", "un", "une", "vos", "votre"),
    }
)


def fit(text: str, most: int = LONGEST) -> str:
    """Make a label of a text: one line, no square brackets or braces, at most `most` characters and an ellipsis."""
    plain = _UNFIT.sub(" ", text).translate(_BRACKETS).strip()
    if len(plain) <= most:
        return plain
    whole = plain[: most + 1].rpartition(" ")[0] or plain[:most]
    return f"{whole.rstrip(' ,;:.')}…"


def field_words(letter: LetterFile, campaign: CampaignFile) -> Mapping[str, Wording]:
    """Say what the letter's own fields are called."""
    fields = resolved(letter, campaign)
    typed = [field for field in fields if field.kind is FieldKind.WORDS]
    return {field.key: _field(field, alone=len(typed) == 1) for field in fields}


def answers(letter: LetterFile, campaign: CampaignFile) -> Mapping[str, Mapping[str, Wording]]:
    """Say what the answers of the letter's choices are called."""
    return {
        field.key: {option.key: _begun_small(option.label) for option in field.options}
        for field in resolved(letter, campaign)
        if field.choices
    }


def fact_words(campaign: CampaignFile, survey: Survey) -> Mapping[str, Wording]:
    """Say what the survey and the campaign give as they will be printed."""
    spoken = {language: survey.facts(language) for language in Language}
    names = spoken[Language.EN]
    facts = {
        f"survey.{name}": Wording({language: fit(spoken[language][name]) for language in Language})
        for name, text in names.items()
        if text
    }
    return {**facts, "campaign.name": _fitted(campaign.name)}


def cited_words(cited: Finding | Quote) -> Wording:
    """Say what a finding or a quote is called: “95% · removal required by law”."""
    if isinstance(cited, Quote):
        return each(
            lambda language: f"{QUOTE.in_language(language)} · {fit(cited.in_language(language).strip(_MARKS), QUOTED)}"
        )
    short = cited.label or cited.wording.wording
    return each(lambda language: f"{cited.in_language(language)} · {fit(_small(short.in_language(language)))}")


def finding_words(survey: Survey) -> Mapping[str, Wording]:
    """Return what each finding and quote is called; those of other questions that would be called alike tell theirs."""
    called = {key: cited_words(cited) for key, cited in survey.citable.items()}
    questions = {key: survey.question_of(key) for key in survey.findings}
    same: dict[tuple[Language, str], set[int]] = {}
    for key, question in questions.items():
        for language in Language:
            same.setdefault((language, called[key].in_language(language)), set()).add(id(question))
    twins = {key for key in questions if any(len(same[one, called[key].in_language(one)]) > 1 for one in Language)}
    return {key: _with_question(key, words, survey) if key in twins else words for key, words in called.items()}


def _with_question(key: str, words: Wording, survey: Survey) -> Wording:
    question = survey.question_of(key).question
    return each(lambda language: f"{words.in_language(language)} · {fit(question.in_language(language))}")


def cited_story(key: str, survey: Survey) -> Wording:
    """Tell of a finding its question and wording, and below them date and base; of a quote its words and whose."""
    cited = survey.citable[key]
    if isinstance(cited, Quote):
        return each(lambda language: f"{cited.in_language(language)} {cited.attribution.in_language(language)}.")
    question = survey.question_of(key).question
    poll = survey.polls_of([key])[0]
    return each(
        lambda language: (
            ANSWERED.in_language(language).format(
                question=question.in_language(language),
                percent=cited.in_language(language),
                wording=cited.wording.in_language(language),
                translated=TRANSLATED.in_language(language) if cited.wording.is_translation(language) else "",
            )
            + f"\n{surveyed(poll, language)}"
        )
    )


def surveyed(poll: Poll, language: Language) -> str:
    """Say when the survey was made and how many answered."""
    facts = poll.facts(language)
    started = facts["started"][:1].upper() + facts["started"][1:]
    lasted = LASTED.in_language(language).format(started=started, duration=facts["duration"])
    return SURVEYED.in_language(language).format(
        when=lasted if facts["duration"] else started, respondents=facts["respondents"]
    )


def _field(field: Field, *, alone: bool) -> Wording:
    if alone and field.kind is FieldKind.WORDS:
        return OWN_WORDS
    return _begun_small(KNOWN_FIELDS.get(field.key, field.label))


def _fitted(words: Wording) -> Wording:
    return each(lambda language: fit(words.in_language(language)))


def _begun_small(words: Wording) -> Wording:
    return each(lambda language: fit(_small(words.in_language(language))))


def _small(text: str) -> str:
    """Begin small, as within a sentence, unless an abbreviation or a name begins it: “RCMP”, “New Brunswick”."""
    first, second = (*text.split(maxsplit=2), "", "")[:2]
    is_name = first.split("’")[0] in _PROPER or (second[:1].isupper() and first.lower() not in _BEFORE_NAMES)
    is_abbreviation = sum(map(str.isupper, first)) > 1
    return text if is_name or is_abbreviation else text[:1].lower() + text[1:]
