"""The words in brackets that stand for a letter's blanks and conditions before a writer, and the way back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import partial

from advocacy.campaigns.blanks import OFTEN_EMPTY, may_be_empty
from advocacy.campaigns.campaign import CampaignFile, Chamber, LetterFile, resolved
from advocacy.campaigns.condition_words import IF, OR_IF, TO, Words, clause, each, joined, respelled, tests_in
from advocacy.campaigns.label_words import (
    ACTS,
    BILL,
    CITIZEN,
    OF_THE_LETTER,
    answers,
    cited_story,
    fact_words,
    field_words,
    finding_words,
    fit,
)
from advocacy.campaigns.names import Names
from advocacy.findings import Survey
from advocacy.language import Language, Wording, fold
from advocacy.messages import Message, message

LONGEST_CONDITION = 80
MOST_ASKED = 100
"""Conditions of a letter's texts that have labels; a letter has a handful, and a text made to be slow stays braces."""

IS_CONSTITUENT = "citizen.is_constituent"
TO_SENATE = 'recipient.office in ("senator", "speaker_senate")'
TO_GOVERNMENT = 'recipient.office in ("minister", "prime_minister")'

OTHERWISE, END = "else", "endif"
EVERYBODY = Wording.of(en="Everybody", fr="Tout le monde")
OTHER = Wording.of(en="Other", fr="Autre")
WITH, WITHOUT = Wording.of(en="With {}", fr="Avec {}"), Wording.of(en="Without {}", fr="Sans {}")


class Sort(StrEnum):
    """What a label stands for: what a citizen fills in (always, or perhaps), what the survey says, or a condition."""

    FIELD = "field"
    OPTIONAL = "optional"
    FINDING = "finding"
    FACT = "fact"
    CONDITION = "condition"
    OTHERWISE = "otherwise"
    END = "end"


PRINTED = frozenset({Sort.FIELD, Sort.OPTIONAL, Sort.FINDING, Sort.FACT})
"""What becomes words of the letter; the others are tags."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label: `name` is what stands in the source ("finding.removal_required", "if reason"), `tip` its story.

    `tip` is a finding's question, wording, date and base; None where there is nothing to tell. `head` is what stands
    on the box of a condition: "Only if own words given".
    """

    name: str
    sort: Sort
    words: Wording
    tip: Wording | None = None
    head: Wording | None = None

    @property
    def source(self) -> str:
        """What the label is in the letter's language, with its braces."""
        return f"{{{{ {self.name} }}}}" if self.sort in PRINTED else f"{{% {self.name} %}}"

    @property
    def turn(self) -> str:
        """What it does to a condition's box: "if" opens it, "elif" and "else" go on, "end" ends it; "" for none."""
        if self.sort is Sort.CONDITION:
            return self.name.split()[0]
        return {Sort.OTHERWISE: "else", Sort.END: "end"}.get(self.sort, "")


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one letter, each known by its name, and in each language by its words, as shown and as folded."""

    by_name: Mapping[str, Label]
    by_words: Mapping[Language, Mapping[str, Label]]
    by_folded: Mapping[Language, Mapping[str, Label]]


def ready(campaign: CampaignFile) -> Sequence[str]:
    """Return the conditions that every letter of a campaign is offered, beside one for each blank that may be empty."""
    senate = [TO_SENATE] if Chamber.SENATE in campaign.chambers else []
    government = [TO_GOVERNMENT] if campaign.ministers or Chamber.MINISTERS in campaign.chambers else []
    return [IS_CONSTITUENT, *senate, *government]


def make(campaign: CampaignFile, survey: Survey, letter: LetterFile, *, texts: Mapping[Language, str]) -> Labels:
    """Label all that a letter may print and all that its `texts` ask; the same letter has the same labels."""
    blanks = [*_blanks(campaign, survey, letter)]
    optional = [label.name for label in blanks if label.sort is Sort.OPTIONAL]
    asked = dict.fromkeys(test for text in texts.values() for test in tests_in(text))
    tests = [*ready(campaign), *optional, *[*asked][:MOST_ASKED]]
    names = Names.offered(
        has_bill=bool(campaign.bills),
        has_acts=bool(campaign.acts),
        fields=[field.key for field in letter.fields],
        findings=survey.citable,
        choices={
            field.key: frozenset(option.key for option in field.options)
            for field in resolved(letter, campaign)
            if field.choices
        },
    )
    words = Words({label.name: label.words for label in blanks}, answers(letter, campaign))
    turns = [
        Label(OTHERWISE, Sort.OTHERWISE, Wording.of(en="otherwise", fr="sinon"), head=_head(message("Otherwise"))),
        Label(END, Sort.END, Wording.of(en="end", fr="fin")),
    ]
    return _labels([*turns, *blanks, *_conditions(dict.fromkeys(tests), names, words)])


def find(labels: Labels, words: str, language: Language) -> Label | None:
    """Find the label that is called `words`, whatever their case, accents and kind of space; None for no label."""
    return labels.by_words[language].get(words) or labels.by_folded[language].get(fold(words))


def nearest(labels: Labels, words: str, language: Language) -> str:
    """Return the words of the label most like `words`, "" where none is like them."""
    if len(words) > 2 * LONGEST_CONDITION:
        return ""
    near = get_close_matches(fold(words), labels.by_folded[language], n=1, cutoff=0.55)
    return labels.by_folded[language][near[0]].words.in_language(language) if near else ""


def shown(label: Label, language: Language) -> str:
    """Write a label as it stands in a text: "[riding]"."""
    return f"[{label.words.in_language(language)}]"


def tab(labels: Labels, test: str, language: Language) -> str:
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
        yield Label(name, Sort.OPTIONAL if name in OFTEN_EMPTY else Sort.FIELD, words)
    own = field_words(letter, campaign)
    for field in resolved(letter, campaign):
        yield Label(field.key, Sort.OPTIONAL if may_be_empty(field) else Sort.FIELD, own[field.key], field.label)
    for name, words in OF_THE_LETTER.items():
        yield Label(name, Sort.FIELD, words)
    for name, words in BILL.items() if campaign.bills else ():
        yield Label(name, Sort.OPTIONAL if name in OFTEN_EMPTY else Sort.FIELD, words)
    for name, words in ACTS.items() if campaign.acts else ():
        yield Label(name, Sort.FIELD, words)
    for key, words in finding_words(survey).items():
        yield Label(f"finding.{key}", Sort.FINDING, words, cited_story(key, survey))
    for name, words in fact_words(campaign, survey).items():
        yield Label(name, Sort.FACT, words)


def _conditions(tests: Iterable[str], names: Names, words: Words) -> Iterator[Label]:
    for test in tests:
        said = clause(test, names, words)
        if said is None or respelled(test) != test:
            continue
        of_recipient = said.in_language(Language.EN).startswith(TO.in_language(Language.EN))
        if of_recipient:
            heads = {"if": message("Only %(condition)s"), "elif": message("Or only %(condition)s")}
        else:
            heads = {"if": message("Only if %(condition)s"), "elif": message("Or only if %(condition)s")}
        for word, lead in (("if", IF), ("elif", OR_IF)):
            fitted = each(partial(_fitted, joined([lead, said], Wording.same(""))))
            yield Label(f"{word} {test}", Sort.CONDITION, fitted, head=_head(heads[word], said))


def _head(words: Message, condition: Wording | None = None) -> Wording:
    """Render what stands on a condition's box."""
    return each(replace(words, params={"condition": condition}).in_language)


def _fitted(words: Wording, language: Language) -> str:
    return fit(words.in_language(language), LONGEST_CONDITION)


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
