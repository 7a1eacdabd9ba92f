"""The labels of a letter: words in brackets that writers see for its blanks and conditions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import chain, count

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile
from advocacy.campaigns.editor.condition_phrases import (
    IS_CONSTITUENT,
    Vocabulary,
    conditions_in,
    describe_condition,
    normalize_condition,
)
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.grammar.allowed_names import OPTIONAL_NAMES, AllowedNames
from advocacy.campaigns.legislation import WORDINGS
from advocacy.campaigns.letter_template import allowed_names, resolve_options
from advocacy.findings import Finding, Poll, Quote, Survey
from advocacy.language import Language, Wording, fold
from advocacy.legislators.legislatures import MINISTERS, SENATE
from advocacy.messages import Message, Words, message

MAX_LABEL = 48
"""Characters of a label, at most; more are cut at a word."""
MAX_QUOTE = 30
"""Characters of a quote that its label shows."""
MAX_CONDITION = 80
"""Characters of a condition's label."""
MAX_CONDITIONS = 100
"""Conditions of a letter's texts that have labels; a letter has a handful, and a text made to be slow keeps braces."""

CITIZEN: Mapping[str, Message] = {
    "citizen.name": message("name"),
    "citizen.city": message("municipality"),
    "citizen.province": message("province"),
    "citizen.postal_code": message("postal code"),
    "citizen.street": message("street address"),
    "citizen.email": message("e-mail address"),
    "citizen.riding": message("riding"),
}
OF_THE_LETTER: Mapping[str, Message] = {
    "recipient.name": message("recipient"),
    "recipient.office": message("recipient’s office"),
    "today": message("today’s date"),
}
BILL: Mapping[str, Message] = {
    "bill.number": message("bill number"),
    "bill.title": message("bill title"),
    "bill.introduced": message("bill’s first day"),
}
ACTS: Mapping[str, Message] = {
    f"act.{name}": message("what we ask, wording %(number)s", number=number)
    for number, name in enumerate(WORDINGS, start=1)
}
OWN_WORDS, CHECKED_SENTENCES = message("own words"), message("checked sentences")
KNOWN_FIELDS: Mapping[str, Message] = {"relationship": message("link to the cause")}
"""Fields whose label is the beginning of a sentence, and reads as nothing in a bracket."""

_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_BRACKETS = str.maketrans("[]{}", "()()")
_MARKS = ' \u00a0«»“”"'
_PROPER = frozenset(
    {
        *("Alberta", "Canada", "Canadian", "Canadians", "English", "French", "I", "Indigenous", "Manitoba", "Nunavut"),
        *("Ontario", "Ottawa", "Parliament", "Quebec", "Québec", "Saskatchewan", "Yukon"),
    }
)
"""Words with a capital letter anywhere; others are recognized by their letters and the next word."""
_BEFORE_NAMES = frozenset(
    {
        *("a", "an", "my", "our", "the", "your"),
        *("à", "au", "aux", "de", "des", "du", "la", "le", "les", "ma", "mes", "mon", "un", "une", "vos", "votre"),
    }
)

TO_SENATE = 'recipient.office in ("senator", "speaker_senate")'
TO_GOVERNMENT = 'recipient.office in ("minister", "prime_minister")'

OTHERWISE, END = "else", "endif"
EVERYBODY, OTHER = message("Everybody"), message("Other")
WITH, WITHOUT = message("With %(name)s"), message("Without %(name)s")


class LabelKind(StrEnum):
    """What a label is for: what a citizen fills in (always, or perhaps), a result of the survey, or a condition."""

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
    """A label: `name` is what it is in the source, without braces ("finding.removal_required", "if reason").

    `tip` is a finding's question, wording, date and base; None for others. `box_title` is the title
    of a condition's box: "Only if own words given"; `case_title` that of a case under it: "Own words given".
    """

    name: str
    kind: LabelKind
    words: Words
    tip: Wording | None = None
    box_title: Wording | None = None
    case_title: Wording | None = None

    @property
    def source(self) -> str:
        return f"{{{{ {self.name} }}}}" if self.kind in PRINTED else f"{{% {self.name} %}}"

    @property
    def turn(self) -> str:
        """What it does to a condition's box: "if" opens it, "elif" and "else" go on, "end" ends it; "" for none."""
        if self.kind is LabelKind.CONDITION:
            return self.name.split()[0]
        return {LabelKind.OTHERWISE: "else", LabelKind.END: "end"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one letter by their names, and in each language by their words, exactly and folded."""

    by_name: Mapping[str, Label]
    by_words: Mapping[Language, Mapping[str, Label]]
    by_folded: Mapping[Language, Mapping[str, Label]]

    @classmethod
    def of(cls, labels: Iterable[Label]) -> "Labels":
        """Index labels, no two of which are called alike in a language."""
        found = [*labels]
        by_words = {language: {label.words.in_language(language): label for label in found} for language in Language}
        by_folded = {one: {fold(words): label for words, label in of.items()} for one, of in by_words.items()}
        return cls({label.name: label for label in found}, by_words, by_folded)


def offered_conditions(campaign: CampaignFile) -> Sequence[str]:
    """Return the conditions that every letter of a campaign is offered, beside one for each blank that may be empty."""
    senate = [TO_SENATE] if SENATE in campaign.chambers else []
    government = [TO_GOVERNMENT] if campaign.ministers or MINISTERS in campaign.chambers else []
    return [IS_CONSTITUENT, *senate, *government]


def make_labels(campaign: CampaignFile, survey: Survey, letter: LetterFile, *, texts: Mapping[Language, str]) -> Labels:
    """Label all that a letter may print and all that its `texts` ask; the same letter has the same labels."""
    blanks = [*_blanks(campaign, survey, letter)]
    optional = [label.name for label in blanks if label.kind is LabelKind.OPTIONAL]
    in_texts = [*dict.fromkeys(test for text in texts.values() for test in conditions_in(text))]
    tests = [*offered_conditions(campaign), *optional, *in_texts[:MAX_CONDITIONS]]
    findings = {f"finding.{key}": "" for key in survey.citable}
    with_all = letter.model_copy(update={"findings": tuple(survey.citable)})
    names = allowed_names(with_all, campaign, fixed=findings)
    vocabulary = Vocabulary({label.name: label.words for label in blanks}, answer_labels(letter, campaign))
    otherwise = Wording.for_each(message("Otherwise").in_language)
    turns = [
        Label(OTHERWISE, LabelKind.OTHERWISE, message("otherwise"), box_title=otherwise),
        Label(END, LabelKind.END, message("end")),
    ]
    return _distinct_labels([*turns, *blanks, *_conditions(dict.fromkeys(tests), names, vocabulary)])


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
    """Return a label as it is in a text: "[riding]"."""
    return f"[{label.words.in_language(language)}]"


def case_title(labels: Labels, test: str, language: Language) -> str:
    """Return whom a case is for: "Own riding", "Senate"; "Other" for "else", "Everybody" for ""."""
    if not test or test == OTHERWISE:
        return (OTHER if test else EVERYBODY).in_language(language)
    for lead, title in (("", WITH), ("not ", WITHOUT)):
        blank = labels.by_name.get(test.removeprefix(lead)) if test.startswith(lead) else None
        if blank is not None:
            return title.with_params(name=blank.words).in_language(language)
    label = labels.by_name.get(f"if {test}")
    return label.case_title.in_language(language) if label and label.case_title else test


def _blanks(campaign: CampaignFile, survey: Survey, letter: LetterFile) -> Iterator[Label]:
    own = field_labels(letter, campaign)
    for name, words in CITIZEN.items():
        yield Label(name, _field_kind(may_be_empty=name in OPTIONAL_NAMES), words)
    for field in resolve_options(letter, campaign):
        yield Label(field.key, _field_kind(may_be_empty=field.may_be_empty), own[field.key], field.label)
    bill = {**(BILL if campaign.bills else {}), **(ACTS if campaign.acts else {})}
    for name, words in {**OF_THE_LETTER, **bill}.items():
        yield Label(name, _field_kind(may_be_empty=name in OPTIONAL_NAMES), words)
    for key, label in finding_labels(survey).items():
        yield Label(f"finding.{key}", LabelKind.FINDING, label, finding_tip(key, survey))
    for name, label in fact_labels(campaign, survey).items():
        yield Label(name, LabelKind.FACT, label)


def _field_kind(*, may_be_empty: bool) -> LabelKind:
    return LabelKind.OPTIONAL if may_be_empty else LabelKind.FIELD


def _conditions(tests: Iterable[str], names: AllowedNames, vocabulary: Vocabulary) -> Iterator[Label]:
    for test in tests:
        phrase = describe_condition(test, names, vocabulary)
        if phrase is None or normalize_condition(test) != test:
            continue
        words = phrase.words
        if phrase.begins_with_recipient:
            titles = message("Only %(condition)s", condition=words), message("Or only %(condition)s", condition=words)
        else:
            titles = (
                message("Only if %(condition)s", condition=words),
                message("Or only if %(condition)s", condition=words),
            )
        names_in_text = message("if %(condition)s", condition=words), message("or if %(condition)s", condition=words)
        for keyword, text, title in zip(("if", "elif"), names_in_text, titles, strict=True):
            yield Label(
                f"{keyword} {test}",
                LabelKind.CONDITION,
                _short(text, MAX_CONDITION),
                box_title=Wording.for_each(title.in_language),
                case_title=_short(phrase.title, MAX_CONDITION),
            )


def _distinct_labels(found: Iterable[Label]) -> Labels:
    """Number labels that would be called alike in one of the languages; turns come last, but are named first."""
    taken: dict[Language, set[str]] = {language: set() for language in Language}
    by_name: dict[str, Label] = {}
    for label in found:
        words = Wording.for_each(lambda language, label=label: _free(label, language, taken[language]))  # type: ignore[misc]
        by_name.setdefault(label.name, replace(label, words=words))
    turns = [by_name.pop(name) for name in (OTHERWISE, END)]
    return Labels.of([*by_name.values(), *turns])


def _free(label: Label, language: Language, taken: set[str]) -> str:
    """Return a label's words, with a number behind them where another label has them already."""
    words = label.words.in_language(language) or label.name.replace("_", " ")
    free = next(one for one in chain([words], (f"{words} ({number})" for number in count(2))) if fold(one) not in taken)
    taken.add(fold(free))
    return free


def shorten(text: str, most: int = MAX_LABEL) -> str:
    """Make a label of a text: one line, no square brackets or braces, at most `most` characters and an ellipsis."""
    plain = _UNFIT.sub(" ", text).translate(_BRACKETS).strip()
    if len(plain) <= most:
        return plain
    whole = plain[: most + 1].rpartition(" ")[0] or plain[:most]
    return f"{whole.rstrip(' ,;:.')}…"


def field_labels(letter: LetterFile, campaign: CampaignFile) -> Mapping[str, Words]:
    fields = resolve_options(letter, campaign)
    labels: dict[str, Words] = {
        field.key: _short(KNOWN_FIELDS.get(field.key, field.label), within_sentence=True) for field in fields
    }
    for kind, label in ((FieldKind.WORDS, OWN_WORDS), (FieldKind.STATEMENTS, CHECKED_SENTENCES)):
        of_kind = [field.key for field in fields if field.kind is kind]
        if len(of_kind) == 1:
            labels[of_kind[0]] = label
    return labels


def answer_labels(letter: LetterFile, campaign: CampaignFile) -> Mapping[str, Mapping[str, Wording]]:
    return {
        field.key: {option.key: _short(option.label, within_sentence=True) for option in field.options}
        for field in resolve_options(letter, campaign)
        if field.choices
    }


def fact_labels(campaign: CampaignFile, survey: Survey) -> Mapping[str, Wording]:
    """Return what the survey and the campaign give, as it will be printed."""
    facts = {language: survey.facts(language) for language in Language}
    names = [name for name in next(iter(facts.values())) if all(texts[name] for texts in facts.values())]
    labels = {f"survey.{name}": Wording({language: facts[language][name] for language in Language}) for name in names}
    return {name: _short(text) for name, text in {**labels, "campaign.name": campaign.name}.items()}


def finding_label(cited: Finding | Quote) -> Wording:
    """Return what a finding or a quote is called: “40% · yes, by law”."""
    if isinstance(cited, Quote):
        quoted = Wording.for_each(lambda language: shorten(cited.in_language(language).strip(_MARKS), MAX_QUOTE))
        return Wording.for_each(message("quote · %(words)s", words=quoted).in_language)
    short = _short(cited.label or cited.wording.wording, within_sentence=True)
    return Wording.for_each(lambda language: f"{cited.in_language(language)} · {short[language]}")


def finding_labels(survey: Survey) -> Mapping[str, Wording]:
    """Return what each finding and quote is called, with its question where another question's has the same words."""
    called = {key: finding_label(cited) for key, cited in survey.citable.items()}
    questions: dict[tuple[Language, str], set[int]] = {}
    for key in survey.findings:
        for language, words in called[key].items():
            questions.setdefault((language, words), set()).add(id(survey.question_of(key)))
    for key in survey.findings:
        if any(len(questions[one]) > 1 for one in called[key].items()):
            label, question = called[key], _short(survey.question_of(key).question.wording)
            called[key] = Wording({language: f"{label[language]} · {question[language]}" for language in Language})
    return called


def finding_tip(key: str, survey: Survey) -> Wording:
    """Return a finding's question and wording, and below them date and base; a quote's words and whose they are."""
    cited = survey.citable[key]
    if isinstance(cited, Quote):
        return Wording.for_each(
            lambda language: f"{cited.in_language(language)} {cited.attribution.in_language(language)}."
        )
    question, poll = survey.question_of(key).question, survey.polls_of([key])[0]

    def tip(language: Language) -> str:
        answered = message("%(question)s %(percent)s: “%(wording)s”")
        if cited.wording.is_translation(language):
            answered = message("%(question)s %(percent)s: “%(wording)s” (translated)")
        words = answered.with_params(
            question=question.wording, percent=cited.in_language(language), wording=cited.wording.wording
        )
        return f"{words.in_language(language)}\n{survey_line(poll, language)}"

    return Wording.for_each(tip)


def survey_line(poll: Poll, language: Language) -> str:
    """Return when the survey was made and how many answered."""
    facts = poll.facts(language)
    when: Message | str = facts["started"][:1].upper() + facts["started"][1:]
    if facts["duration"]:
        when = message("%(started)s, over %(duration)s", started=when, duration=facts["duration"])
    return message("%(when)s. Base: %(respondents)s.", when=when, respondents=facts["respondents"]).in_language(
        language
    )


def _short(words: Words, most: int = MAX_LABEL, *, within_sentence: bool = False) -> Wording:
    begin = _small if within_sentence else str
    return Wording.for_each(lambda language: shorten(begin(words.in_language(language)), most))


def _small(text: str) -> str:
    """Begin small, as within a sentence, unless an abbreviation or a name begins it: “RCMP”, “New Brunswick”."""
    first, second = (*text.split(maxsplit=2), "", "")[:2]
    is_name = first.split("’")[0] in _PROPER or (second[:1].isupper() and first.lower() not in _BEFORE_NAMES)
    is_abbreviation = sum(map(str.isupper, first)) > 1
    return text if is_name or is_abbreviation else text[:1].lower() + text[1:]
