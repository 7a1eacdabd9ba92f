"""The labels of a letter's blanks: words in brackets that writers see in their place, "[how to answer me]"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import chain, count

from advocacy.campaigns.campaign_files import FINDING
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.letter_text import BLANK
from advocacy.findings import NO_SURVEY, Finding, Poll, Quote, Survey
from advocacy.language import Language, Wording, fold
from advocacy.messages import Message, Words, message

MAX_LABEL = 48
"""Characters of a label, at most; more are cut at a word."""
MAX_QUOTE = 30
"""Characters of a quote that its label shows."""

ABOUT_CITIZEN: Mapping[str, Message] = {"riding": message("riding"), "city": message("municipality")}
SHARED: Mapping[str, Message] = {
    "why_you": message("why I write to you"),
    "act": message("what I ask of you"),
    "reply": message("how to answer me"),
}
BILL: Mapping[str, Message] = {
    "bill.number": message("bill number"),
    "bill.title": message("bill title"),
    "bill.introduced": message("bill’s first day"),
}
OWN_WORDS, TICKED_SENTENCES = message("own words"), message("ticked sentences")
KNOWN_FIELDS: Mapping[str, Message] = {"relationship": message("who I am")}
"""Fields whose label is the beginning of a sentence, and reads as nothing in a bracket."""

BRACKETS = re.compile(r"\[([^\[\]\n]*)\]")
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_BRACKETS = str.maketrans("[]{}", "()()")
_MARKS = ' \u00a0«»“”"'


class LabelKind(StrEnum):
    """Whose words come in its place: the citizen's, the campaign's, or the survey's and the bill's."""

    MINE = "mine"
    SHARED = "shared"
    FIGURE = "figure"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Label:
    """What a blank is called; `tip` is a finding's question, wording, date and base, "" for others."""

    name: str
    kind: LabelKind
    words: Wording
    tip: Wording | None = None

    def in_brackets(self, language: Language) -> str:
        return f"[{self.words.in_language(language)}]"


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one letter by the names of their blanks, and in each language by their words, also folded."""

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

    def find(self, words: str, language: Language) -> Label | None:
        """Find the label that is called `words`, whatever their case, accents and kind of space."""
        return self.by_words[language].get(words) or self.by_folded[language].get(fold(words))

    def nearest(self, words: str, language: Language) -> Label | None:
        """Find the label most like `words`."""
        near = get_close_matches(fold(words[: 2 * MAX_LABEL]), self.by_folded[language], n=1, cutoff=0.55)
        return self.by_folded[language][near[0]] if near else None

    def show(self, text: str, language: Language) -> str:
        """Write labels for the blanks of a text; a blank that the letter does not offer stays as it is."""
        return BLANK.sub(
            lambda blank: self.by_name[blank[1]].in_brackets(language) if blank[1] in self.by_name else blank[0], text
        )

    def read(self, typed: str, language: Language) -> str:
        """Write blanks for the labels of a text; brackets that are no label stay as they were typed."""

        def blank(brackets: re.Match[str]) -> str:
            label = self.find(brackets[1], language)
            return f"{{{{ {label.name} }}}}" if label else brackets[0]

        return BRACKETS.sub(blank, typed)


def make_labels(fields: Iterable[Field], survey: Survey, *, has_bill: bool) -> Labels:
    """Label all that a letter with these fields may print; the same letter has the same labels."""
    known = {**SHARED, **(BILL if has_bill else {})}
    found = [
        *(Label(name, LabelKind.MINE, words, tip) for name, words, tip in _field_labels([*fields])),
        *(Label(name, LabelKind.MINE, _short(words)) for name, words in ABOUT_CITIZEN.items()),
        *(
            Label(name, LabelKind.SHARED if name in SHARED else LabelKind.FACT, _short(words))
            for name, words in known.items()
        ),
        *(
            Label(f"{FINDING}{key}", LabelKind.FIGURE, words, finding_tip(key, survey))
            for key, words in finding_labels(survey).items()
        ),
        *(Label(name, LabelKind.FACT, words) for name, words in fact_labels(survey).items()),
    ]
    taken: dict[Language, set[str]] = {language: set() for language in Language}
    distinct: dict[str, Label] = {}
    for label in found:
        words = Wording({language: _free(label, language, taken[language]) for language in Language})
        distinct.setdefault(label.name, Label(label.name, label.kind, words, label.tip))
    return Labels.of(distinct.values())


def _free(label: Label, language: Language, taken: set[str]) -> str:
    """Return a label's words, with a number behind them where another label has them already."""
    words = label.words.in_language(language) or label.name.replace("_", " ")
    free = next(one for one in chain([words], (f"{words} ({number})" for number in count(2))) if fold(one) not in taken)
    taken.add(fold(free))
    return free


def _field_labels(fields: list[Field]) -> Iterable[tuple[str, Wording, Wording]]:
    """Yield what each field is called: the one for own words so, the others by their labels."""
    for field in fields:
        words: Words = KNOWN_FIELDS.get(field.key, field.label)
        for kind, label in ((FieldKind.WORDS, OWN_WORDS), (FieldKind.STATEMENTS, TICKED_SENTENCES)):
            if field.kind is kind and sum(other.kind is kind for other in fields) == 1:
                words = label
        yield field.key, _short(words), field.label


def shorten(text: str, most: int = MAX_LABEL) -> str:
    """Make a label of a text: one line, no square brackets or braces, at most `most` characters and an ellipsis."""
    plain = _UNFIT.sub(" ", text).translate(_BRACKETS).strip()
    if len(plain) <= most:
        return plain
    whole = plain[: most + 1].rpartition(" ")[0] or plain[:most]
    return f"{whole.rstrip(' ,;:.')}…"


def fact_labels(survey: Survey) -> Mapping[str, Wording]:
    """Return what the survey says of itself, as it will be printed."""
    facts = {language: survey.facts(language) for language in Language}
    names = [name for name in next(iter(facts.values())) if all(texts[name] for texts in facts.values())]
    return {
        f"survey.{name}": Wording({language: shorten(facts[language][name]) for language in Language}) for name in names
    }


def finding_label(cited: Finding | Quote) -> Wording:
    """Return what a finding or a quote is called: “40% · Yes, by law”."""
    if isinstance(cited, Quote):
        quoted = Wording.for_each(lambda language: shorten(cited.in_language(language).strip(_MARKS), MAX_QUOTE))
        return Wording.for_each(message("quote · %(words)s", words=quoted).in_language)
    return Wording.for_each(lambda language: f"{cited.in_language(language)} · {_answer(cited)[language]}")


def finding_labels(survey: Survey) -> Mapping[str, Wording]:
    """Return what each finding and quote is called, with its question where another question has the same answer."""
    called = {key: finding_label(cited) for key, cited in survey.citable.items()}
    answers = {key: _answer(finding) for key, finding in survey.findings.items()}
    for key, finding in survey.findings.items():
        question, answer = survey.question_of(key), answers[key]
        if any(survey.question_of(other) != question for other in answers if answers[other] == answer):
            asked = _short(question.question.wording, MAX_QUOTE)
            called[key] = Wording.for_each(
                lambda language, one=finding, asked=asked, answer=answer: (  # type: ignore[misc]
                    f"{one.in_language(language)} · {asked[language]} {answer[language]}"
                )
            )
    return called


def _answer(finding: Finding) -> Wording:
    return _short(finding.label or finding.wording.wording)


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


def _short(words: Words, most: int = MAX_LABEL) -> Wording:
    return Wording.for_each(lambda language: shorten(words.in_language(language), most))


SHARED_LABELS = make_labels((), NO_SURVEY, has_bill=True)
"""The labels of what the sentences of a campaign may print."""
