"""The survey: every figure, its wording and its source, read once from one file.

A campaign may have one survey, several, or none: then its file is empty or missing.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from advocacy.language import Language, Wording, format_month, format_number, format_percent
from advocacy.messages import message
from advocacy.problems import Complaint, KeyPath, complaint, invalid
from advocacy.sentences import split_sentences
from advocacy.toml_source import Frozen, parse_toml, read_toml


def parse_share(value: object) -> Decimal:
    """Read a share in percent: from 0 to 100, whole or with one decimal.

    Raises PydanticCustomError, which is a ValueError, for anything else.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100:
        exact = Decimal(str(value))
        if exact == round(exact, 1):
            return exact
    raise invalid("share")


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Count = Annotated[int, Field(ge=1, strict=True)]
Percent = Annotated[Decimal, BeforeValidator(parse_share)]
LANGUAGES = frozenset(Language)
LINK = re.compile(r"https?://[^\s/]+\.[^\s]+")
FACTS = ("source", "title", "started", "duration", "respondents", "method")
"""The facts of a survey that a letter may name, as `survey.<name>`."""
MAX_SUMMARY_WORDS = 14
"""As many as are read at a glance beside a large figure."""


class Statement(Frozen):
    """Words of the survey in every language, and the languages in which they are only our translation."""

    wording: Wording
    translated: frozenset[Language] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _from_table(cls, value: Any) -> Any:
        """Read `fr = "…"`, `en = "…"` and `translated = ["en"]` written side by side."""
        if not isinstance(value, dict) or "wording" in value:
            return value
        texts = {key: text for key, text in value.items() if key in LANGUAGES}
        return {"wording": texts, **{key: other for key, other in value.items() if key not in texts}}

    def in_language(self, language: Language) -> str:
        return self.wording.in_language(language)

    def is_translation(self, language: Language) -> bool:
        """Return whether the words in `language` are ours and must be shown as a translation."""
        return language in self.translated


class Finding(Frozen):
    """One answer to one question, and the share of respondents who gave it; `count` is how many they were.

    `label` and `summary` are ours: short words for a chart, and the sentence that a page puts after the figure.
    """

    key: Key
    percent: Percent
    count: Count | None = None
    wording: Statement
    label: Wording | None = None
    highlight: Statement | None = None
    summary: Wording | None = None

    @model_validator(mode="after")
    def _summary_is_short(self) -> Self:
        for language, text in (self.summary or {}).items():
            words = len(text.split())
            if words > MAX_SUMMARY_WORDS:
                raise invalid("summary-too-long", words=words, language=str(language), limit=MAX_SUMMARY_WORDS)
        return self

    def in_language(self, language: Language) -> str:
        """Return the figure alone: "40 %", "40%"."""
        return format_percent(self.percent, language)

    def is_translation(self, language: Language) -> bool:
        """Return whether the words letters cite it in, its highlight where there is one, are our translation."""
        return (self.highlight or self.wording).is_translation(language)


class Question(Frozen):
    """What respondents were asked, what they read before it, and every answer offered.

    With `several_answers` people could choose more than one, and the shares need not add up to 100.
    """

    key: Key
    number: Count
    several_answers: bool = False
    preamble: tuple[Statement, ...] = ()
    question: Statement
    options: Annotated[tuple[Finding, ...], Field(min_length=1, alias="option")]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.several_answers or adds_up([option.percent for option in self.options])):
            raise invalid("survey-total", total=self.total)
        return self

    @property
    def total(self) -> Decimal:
        return sum((option.percent for option in self.options), Decimal())

    @property
    def has_decimals(self) -> bool:
        return any(option.percent % 1 for option in self.options)

    @property
    def is_rounded(self) -> bool:
        """Whether the shares of one answer each miss 100, as each was rounded by itself."""
        return not self.several_answers and self.total != 100


def adds_up(shares: Sequence[Decimal]) -> bool:
    """Whether shares may be those of a whole, each rounded by itself.

    A share rounded to a unit (1, or 0.1 where any has a decimal) is off by half a unit at most, so the total of n is
    off by n/2 units at most. On such totals: Mosteller, Youtz and Zahn, "The distribution of sums of rounded
    percentages", Demography 4 (1967), 850-858.
    """
    unit = Decimal("0.1") if any(one % 1 for one in shares) else Decimal(1)
    return abs(sum(shares, Decimal()) - 100) <= len(shares) * unit / 2


class Quote(Frozen):
    """A respondent's own words, with their quotation marks."""

    key: Annotated[str, StringConstraints(pattern=r"^quote_[a-z0-9_]{1,50}$")]
    statement: Statement
    attribution: Wording

    def in_language(self, language: Language) -> str:
        return self.statement.in_language(language)

    def is_translation(self, language: Language) -> bool:
        return self.statement.is_translation(language)


class Poll(Frozen):
    """One survey as it was published, with what it says of how it was made.

    `method` is this in a few words; `{started}` in it becomes the month it began. How many answered is known
    exactly (`respondents`) or as a number they exceed (`respondents_at_least`). `link` leads to where it is published.
    """

    source: Wording
    title: Wording
    link: Wording | None = None
    started: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    months: Count | None = None
    respondents: Count | None = None
    respondents_at_least: Count | None = None
    method: Wording | None = None
    introduction: tuple[Statement, ...] = ()
    questions: Annotated[tuple[Question, ...], Field(min_length=1, alias="question")]
    quotes: Annotated[tuple[Quote, ...], Field(alias="quote")] = ()

    @model_validator(mode="before")
    @classmethod
    def _older_name(cls, value: Any) -> Any:
        """Read `method` under the name it had, `mode`, in surveys that were saved before."""
        if not isinstance(value, dict) or "mode" not in value or "method" in value:
            return value
        return {("method" if key == "mode" else key): other for key, other in value.items()}

    @model_validator(mode="after")
    def _has_one_base(self) -> Self:
        if (self.respondents is None) == (self.respondents_at_least is None):
            raise invalid("survey-base")
        return self

    @model_validator(mode="after")
    def _links_to_the_web(self) -> Self:
        if self.link and not all(LINK.fullmatch(address) for address in self.link.values()):
            raise invalid("survey-link")
        return self

    @property
    def base(self) -> int:
        """How many answered, or the number that they exceed."""
        return self.respondents or self.respondents_at_least or 0

    @property
    def options(self) -> Iterator[Finding]:
        return (option for question in self.questions for option in question.options)

    @property
    def main_question(self) -> Question:
        """The question with the most frequent highlighted answer; the first question where none is highlighted."""
        return max(
            self.questions,
            key=lambda question: max((one.percent for one in question.options if one.highlight), default=0),
        )

    @property
    def other_questions(self) -> list[Question]:
        main = self.main_question
        return [question for question in self.questions if question is not main]

    @property
    def other_highlights(self) -> list[Finding]:
        """The highlighted answers to the other questions, the most frequent first."""
        found = [one for question in self.other_questions for one in question.options if one.highlight]
        return sorted(found, key=lambda one: -one.percent)

    def opening(self, language: Language) -> tuple[str, Statement] | None:
        """Return the first sentence that people read before the first question with such a text, and the text."""
        preamble = next((one.preamble[0] for one in self.questions if one.preamble), None)
        if preamble is None:
            return None
        return split_sentences(preamble.in_language(language))[0], preamble

    @property
    def cited_keys(self) -> frozenset[str]:
        """What a letter cites this survey's figures and quotes by."""
        return frozenset([*(option.key for option in self.options), *(quote.key for quote in self.quotes)])

    def facts(self, language: Language) -> Mapping[str, str]:
        """Return what a letter may say of the survey itself: source, title, start, duration, base and method.

        The duration and the method are "" where the survey names none.
        """
        year, month = (int(part) for part in self.started.split("-"))
        started = format_month(year, month, language)
        number = format_number(self.base, language)
        base = (
            message("%(number)s people", number=number)
            if self.respondents
            else message("more than %(number)s people", number=number)
        )
        return {
            "source": self.source.in_language(language),
            "title": self.title.in_language(language),
            "started": started,
            "duration": message("%(number)s months", number=self.months).in_language(language) if self.months else "",
            "respondents": base.in_language(language),
            "method": (self.method.in_language(language) if self.method else "").replace("{started}", started),
        }


class Survey(Poll):
    """A campaign's file of findings: one survey, or the first of several with the `others`, or nothing.

    Figures enter letters and pages only through this value.
    """

    others: Annotated[tuple[Poll, ...], Field(alias="survey")] = ()

    def __hash__(self) -> int:
        return self._hash_of_fields

    @cached_property
    def _hash_of_fields(self) -> int:
        """The hash of the whole survey, computed once: surveys are keys of caches."""
        return hash(tuple(getattr(self, name) for name in type(self).model_fields))

    @property
    def polls(self) -> Sequence[Poll]:
        """The surveys, in the order of the file; none for a campaign without one."""
        return (self, *self.others) if self.questions else ()

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        return {option.key: option for poll in self.polls for option in poll.options}

    @cached_property
    def citable(self) -> Mapping[str, Finding | Quote]:
        """All that a letter may cite as `finding.<key>`: figures and quotes."""
        return {**self.findings, **{quote.key: quote for quote in self.every_quote}}

    @cached_property
    def every_question(self) -> Sequence[Question]:
        return [question for poll in self.polls for question in poll.questions]

    @cached_property
    def every_quote(self) -> Sequence[Quote]:
        return [quote for poll in self.polls for quote in poll.quotes]

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Every number the surveys give: shares, counts, respondents, months."""
        numbers = [number for option in self.findings.values() for number in (option.percent, option.count)]
        numbers += [number for poll in self.polls for number in (poll.base, poll.months)]
        return frozenset(Decimal(number) for number in numbers if number is not None)

    def question_of(self, key: str) -> Question:
        """Return the question that the finding `key` answers; KeyError for an unknown key."""
        return self._questions_by_finding[key]

    def polls_of(self, keys: Collection[str]) -> Sequence[Poll]:
        """Return the surveys that any of these figures and quotes come from; the first one where they name none."""
        return [poll for poll in self.polls if not poll.cited_keys.isdisjoint(keys)] or self.polls[:1]

    def facts(self, language: Language) -> Mapping[str, str]:
        """Return what a letter may say of the first survey; every fact is "" where there is none."""
        facts = super().facts(language) if self.polls else {}
        return {name: facts.get(name, "") for name in FACTS}

    @cached_property
    def _questions_by_finding(self) -> Mapping[str, Question]:
        return {option.key: question for question in self.every_question for option in question.options}


NO_SURVEY = Survey.model_construct(
    source=Wording.same(""), title=Wording.same(""), started="", respondents=None, questions=(), quotes=(), others=()
)
"""What a campaign without a survey has."""


def read_survey(text: str, *, file: str) -> Survey:
    """Read a survey from the text of its file, NO_SURVEY where it is empty; `file` is the name that problems show."""
    if not parse_toml(text, file=file):
        return NO_SURVEY
    return read_toml(text, Survey, file=file, also=_repeated_keys)


def _repeated_keys(survey: Survey) -> Iterator[tuple[KeyPath, Complaint]]:
    """Find keys that are used twice: a letter could cite another figure than it means."""
    found: set[str] = set()
    for path, key in _keys(survey):
        if key in found:
            yield (*path, "key"), complaint("survey-key-twice", text=key)
        found.add(key)


def _keys(survey: Survey) -> Iterator[tuple[KeyPath, str]]:
    places: list[KeyPath] = [(), *(("survey", number) for number in range(len(survey.others)))]
    for place, poll in zip(places, survey.polls, strict=True):
        for number, question in enumerate(poll.questions):
            yield (*place, "question", number), question.key
            for option_number, option in enumerate(question.options):
                yield (*place, "question", number, "option", option_number), option.key
        for number, quote in enumerate(poll.quotes):
            yield (*place, "quote", number), quote.key
