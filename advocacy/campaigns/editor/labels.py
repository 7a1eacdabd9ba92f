"""The words in brackets that stand for a letter's blanks and conditions before a writer, and the way back."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import partial

from advocacy.campaigns.campaign_files import CampaignFile, Chamber, LetterFile, resolve_options
from advocacy.campaigns.editor.condition_phrases import (
    IF,
    OR_IF,
    TO,
    Vocabulary,
    conditions_in,
    describe_condition,
    in_every_language,
    joined,
    normalize_condition,
)
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.grammar.allowed_names import OPTIONAL_NAMES, AllowedNames
from advocacy.campaigns.legislation import WORDINGS
from advocacy.findings import Finding, Poll, Quote, Survey
from advocacy.language import Language, Wording, fold
from advocacy.messages import Message, message

MAX_LABEL = 48
"""Characters of a label, at most; more are cut at a word."""
MAX_QUOTE = 30
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


def shorten(text: str, most: int = MAX_LABEL) -> str:
    """Make a label of a text: one line, no square brackets or braces, at most `most` characters and an ellipsis."""
    plain = _UNFIT.sub(" ", text).translate(_BRACKETS).strip()
    if len(plain) <= most:
        return plain
    whole = plain[: most + 1].rpartition(" ")[0] or plain[:most]
    return f"{whole.rstrip(' ,;:.')}…"


def field_labels(letter: LetterFile, campaign: CampaignFile) -> Mapping[str, Wording]:
    """Say what the letter's own fields are called."""
    fields = resolve_options(letter, campaign)
    typed = [field for field in fields if field.kind is FieldKind.WORDS]
    return {field.key: _field(field, alone=len(typed) == 1) for field in fields}


def answer_labels(letter: LetterFile, campaign: CampaignFile) -> Mapping[str, Mapping[str, Wording]]:
    """Say what the answers of the letter's choices are called."""
    return {
        field.key: {option.key: _begun_small(option.label) for option in field.options}
        for field in resolve_options(letter, campaign)
        if field.choices
    }


def fact_labels(campaign: CampaignFile, survey: Survey) -> Mapping[str, Wording]:
    """Say what the survey and the campaign give as they will be printed."""
    spoken = {language: survey.facts(language) for language in Language}
    names = spoken[Language.EN]
    facts = {
        f"survey.{name}": Wording({language: shorten(spoken[language][name]) for language in Language})
        for name, text in names.items()
        if text
    }
    return {**facts, "campaign.name": _shortened(campaign.name)}


def finding_label(cited: Finding | Quote) -> Wording:
    """Say what a finding or a quote is called: “95% · removal required by law”."""
    if isinstance(cited, Quote):
        return in_every_language(
            lambda language: (
                f"{QUOTE.in_language(language)} · {shorten(cited.in_language(language).strip(_MARKS), MAX_QUOTE)}"
            )
        )
    short = cited.label or cited.wording.wording
    return in_every_language(
        lambda language: f"{cited.in_language(language)} · {shorten(_small(short.in_language(language)))}"
    )


def finding_labels(survey: Survey) -> Mapping[str, Wording]:
    """Return what each finding and quote is called; those of other questions that would be called alike tell theirs."""
    called = {key: finding_label(cited) for key, cited in survey.citable.items()}
    questions = {key: survey.question_of(key) for key in survey.findings}
    same: dict[tuple[Language, str], set[int]] = {}
    for key, question in questions.items():
        for language in Language:
            same.setdefault((language, called[key].in_language(language)), set()).add(id(question))
    twins = {key for key in questions if any(len(same[one, called[key].in_language(one)]) > 1 for one in Language)}
    return {key: _with_question(key, words, survey) if key in twins else words for key, words in called.items()}


def _with_question(key: str, words: Wording, survey: Survey) -> Wording:
    question = survey.question_of(key).question
    return in_every_language(
        lambda language: f"{words.in_language(language)} · {shorten(question.in_language(language))}"
    )


def finding_tip(key: str, survey: Survey) -> Wording:
    """Tell of a finding its question and wording, and below them date and base; of a quote its words and whose."""
    cited = survey.citable[key]
    if isinstance(cited, Quote):
        return in_every_language(
            lambda language: f"{cited.in_language(language)} {cited.attribution.in_language(language)}."
        )
    question = survey.question_of(key).question
    poll = survey.polls_of([key])[0]
    return in_every_language(
        lambda language: (
            ANSWERED.in_language(language).format(
                question=question.in_language(language),
                percent=cited.in_language(language),
                wording=cited.wording.in_language(language),
                translated=TRANSLATED.in_language(language) if cited.wording.is_translation(language) else "",
            )
            + f"\n{survey_line(poll, language)}"
        )
    )


def survey_line(poll: Poll, language: Language) -> str:
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


def _shortened(words: Wording) -> Wording:
    return in_every_language(lambda language: shorten(words.in_language(language)))


def _begun_small(words: Wording) -> Wording:
    return in_every_language(lambda language: shorten(_small(words.in_language(language))))


def _small(text: str) -> str:
    """Begin small, as within a sentence, unless an abbreviation or a name begins it: “RCMP”, “New Brunswick”."""
    first, second = (*text.split(maxsplit=2), "", "")[:2]
    is_name = first.split("’")[0] in _PROPER or (second[:1].isupper() and first.lower() not in _BEFORE_NAMES)
    is_abbreviation = sum(map(str.isupper, first)) > 1
    return text if is_name or is_abbreviation else text[:1].lower() + text[1:]


MAX_CONDITION = 80
MAX_CONDITIONS = 100
"""Conditions of a letter's texts that have labels; a letter has a handful, and a text made to be slow stays braces."""

IS_CONSTITUENT = "citizen.is_constituent"
TO_SENATE = 'recipient.office in ("senator", "speaker_senate")'
TO_GOVERNMENT = 'recipient.office in ("minister", "prime_minister")'

OTHERWISE, END = "else", "endif"
EVERYBODY = Wording.of(en="Everybody", fr="Tout le monde")
OTHER = Wording.of(en="Other", fr="Autre")
WITH, WITHOUT = Wording.of(en="With {}", fr="Avec {}"), Wording.of(en="Without {}", fr="Sans {}")


class LabelKind(StrEnum):
    """What a label stands for: what a citizen fills in (always, or perhaps), what the survey says, or a condition."""

    FIELD = "field"
    OPTIONAL = "optional"
    FINDING = "finding"
    FACT = "fact"
    CONDITION = "condition"
    OTHERWISE = "otherwise"
    END = "end"


PRINTED = frozenset({LabelKind.FIELD, LabelKind.OPTIONAL, LabelKind.FINDING, LabelKind.FACT})
"""What becomes words of the letter; the others are tags."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label: `name` is what stands in the source ("finding.removal_required", "if reason"), `tip` its story.

    `tip` is a finding's question, wording, date and base; None where there is nothing to tell. `box_title` is the title
    of a condition's box: "Only if own words given".
    """

    name: str
    kind: LabelKind
    words: Wording
    tip: Wording | None = None
    box_title: Wording | None = None

    @property
    def source(self) -> str:
        """What the label is in the letter's language, with its braces."""
        return f"{{{{ {self.name} }}}}" if self.kind in PRINTED else f"{{% {self.name} %}}"

    @property
    def turn(self) -> str:
        """What it does to a condition's box: "if" opens it, "elif" and "else" go on, "end" ends it; "" for none."""
        if self.kind is LabelKind.CONDITION:
            return self.name.split()[0]
        return {LabelKind.OTHERWISE: "else", LabelKind.END: "end"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one letter, each known by its name, and in each language by its words, as shown and as folded."""

    by_name: Mapping[str, Label]
    by_words: Mapping[Language, Mapping[str, Label]]
    by_folded: Mapping[Language, Mapping[str, Label]]


def offered_conditions(campaign: CampaignFile) -> Sequence[str]:
    """Return the conditions that every letter of a campaign is offered, beside one for each blank that may be empty."""
    senate = [TO_SENATE] if Chamber.SENATE in campaign.chambers else []
    government = [TO_GOVERNMENT] if campaign.ministers or Chamber.MINISTERS in campaign.chambers else []
    return [IS_CONSTITUENT, *senate, *government]


def make_labels(campaign: CampaignFile, survey: Survey, letter: LetterFile, *, texts: Mapping[Language, str]) -> Labels:
    """Label all that a letter may print and all that its `texts` ask; the same letter has the same labels."""
    blanks = [*_blanks(campaign, survey, letter)]
    optional = [label.name for label in blanks if label.kind is LabelKind.OPTIONAL]
    asked = dict.fromkeys(test for text in texts.values() for test in conditions_in(text))
    tests = [*offered_conditions(campaign), *optional, *[*asked][:MAX_CONDITIONS]]
    names = AllowedNames.offered(
        has_bill=bool(campaign.bills),
        has_acts=bool(campaign.acts),
        fields=[field.key for field in letter.fields],
        findings=survey.citable,
        choices={
            field.key: frozenset(option.key for option in field.options)
            for field in resolve_options(letter, campaign)
            if field.choices
        },
    )
    words = Vocabulary({label.name: label.words for label in blanks}, answer_labels(letter, campaign))
    turns = [
        Label(
            OTHERWISE,
            LabelKind.OTHERWISE,
            Wording.of(en="otherwise", fr="sinon"),
            box_title=_box_title(message("Otherwise")),
        ),
        Label(END, LabelKind.END, Wording.of(en="end", fr="fin")),
    ]
    return _labels([*turns, *blanks, *_conditions(dict.fromkeys(tests), names, words)])


def find_label(labels: Labels, words: str, language: Language) -> Label | None:
    """Find the label that is called `words`, whatever their case, accents and kind of space; None for no label."""
    return labels.by_words[language].get(words) or labels.by_folded[language].get(fold(words))


def nearest_label(labels: Labels, words: str, language: Language) -> str:
    """Return the words of the label most like `words`, "" where none is like them."""
    if len(words) > 2 * MAX_CONDITION:
        return ""
    near = get_close_matches(fold(words), labels.by_folded[language], n=1, cutoff=0.55)
    return labels.by_folded[language][near[0]].words.in_language(language) if near else ""


def in_brackets(label: Label, language: Language) -> str:
    """Write a label as it stands in a text: "[riding]"."""
    return f"[{label.words.in_language(language)}]"


def case_title(labels: Labels, test: str, language: Language) -> str:
    """Say whom a case is for, on its tab: "Own riding", "Senate"; "Other" for "else", "Everybody" for ""."""
    if not test or test == OTHERWISE:
        return (OTHER if test else EVERYBODY).in_language(language)
    for lead, said in (("", WITH), ("not ", WITHOUT)):
        blank = labels.by_name.get(test.removeprefix(lead)) if test.startswith(lead) else None
        if blank is not None:
            return said.in_language(language).format(blank.words.in_language(language))
    label = labels.by_name.get(f"if {test}")
    if label is None:
        return test
    words = label.words.in_language(language).removeprefix(IF.in_language(language))
    for lead in ("to: ", "pour\u00a0: ", "c’est "):
        words = words.removeprefix(lead)
    return words[:1].upper() + words[1:]


def _blanks(campaign: CampaignFile, survey: Survey, letter: LetterFile) -> Iterator[Label]:
    for name, words in CITIZEN.items():
        yield Label(name, LabelKind.OPTIONAL if name in OPTIONAL_NAMES else LabelKind.FIELD, words)
    own = field_labels(letter, campaign)
    for field in resolve_options(letter, campaign):
        yield Label(
            field.key, LabelKind.OPTIONAL if field.may_be_empty else LabelKind.FIELD, own[field.key], field.label
        )
    for name, words in OF_THE_LETTER.items():
        yield Label(name, LabelKind.FIELD, words)
    for name, words in BILL.items() if campaign.bills else ():
        yield Label(name, LabelKind.OPTIONAL if name in OPTIONAL_NAMES else LabelKind.FIELD, words)
    for name, words in ACTS.items() if campaign.acts else ():
        yield Label(name, LabelKind.FIELD, words)
    for key, words in finding_labels(survey).items():
        yield Label(f"finding.{key}", LabelKind.FINDING, words, finding_tip(key, survey))
    for name, words in fact_labels(campaign, survey).items():
        yield Label(name, LabelKind.FACT, words)


def _conditions(tests: Iterable[str], names: AllowedNames, words: Vocabulary) -> Iterator[Label]:
    for test in tests:
        said = describe_condition(test, names, words)
        if said is None or normalize_condition(test) != test:
            continue
        of_recipient = said.in_language(Language.EN).startswith(TO.in_language(Language.EN))
        if of_recipient:
            heads = {"if": message("Only %(condition)s"), "elif": message("Or only %(condition)s")}
        else:
            heads = {"if": message("Only if %(condition)s"), "elif": message("Or only if %(condition)s")}
        for word, lead in (("if", IF), ("elif", OR_IF)):
            fitted = in_every_language(partial(_fitted, joined([lead, said], Wording.same(""))))
            yield Label(f"{word} {test}", LabelKind.CONDITION, fitted, box_title=_box_title(heads[word], said))


def _box_title(words: Message, condition: Wording | None = None) -> Wording:
    """Render what stands on a condition's box."""
    return in_every_language(replace(words, params={"condition": condition}).in_language)


def _fitted(words: Wording, language: Language) -> str:
    return shorten(words.in_language(language), MAX_CONDITION)


def _labels(found: Iterable[Label]) -> Labels:
    """Tell labels apart that would be called alike in one of the languages; turns stand last, but are named first."""
    taken: dict[Language, set[str]] = {language: set() for language in Language}
    by_name: dict[str, Label] = {}
    for label in found:
        words = Wording({language: _free(label, language, taken[language]) for language in Language})
        by_name.setdefault(label.name, replace(label, words=words))
    ordered = {name: label for name, label in by_name.items() if name not in (OTHERWISE, END)}
    ordered |= {name: by_name[name] for name in (OTHERWISE, END)}
    called = {
        language: [(label.words.in_language(language), label) for label in ordered.values()] for language in Language
    }
    by_folded = {language: {fold(words): label for words, label in pairs} for language, pairs in called.items()}
    return Labels(ordered, {language: dict(pairs) for language, pairs in called.items()}, by_folded)


def _free(label: Label, language: Language, taken: set[str]) -> str:
    """Return a label's words, with a number behind them where another label has them already."""
    words = label.words.in_language(language) or label.name.replace("_", " ")
    free, number = words, 1
    while fold(free) in taken:
        number += 1
        free = f"{words} ({number})"
    taken.add(fold(free))
    return free
