"""The survey: every figure, its wording and its source, read once from one file and spoken in the reader's language."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path as FilePath
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from advocacy.language import Language, Wording, speak_month, speak_number, speak_percent
from advocacy.toml_source import Frozen, Path, read

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Count = Annotated[int, Field(ge=1, strict=True)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
LANGUAGES = frozenset(Language)
MAX_SUMMARY_WORDS = 14
"""What one reads at a glance beside a large figure."""
MORE_THAN = Wording.of(en="more than {number} people", fr="plus de {number} personnes")
MONTHS = Wording.of(en="{number} months", fr="{number} mois")


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

    def spoken(self, language: Language) -> str:
        """Give the words in `language`."""
        return self.wording.spoken(language)

    def is_translation(self, language: Language) -> bool:
        """Tell whether the words in `language` are ours and must be shown as a translation."""
        return language in self.translated


class Finding(Frozen):
    """One answer to one question, and the share of respondents who gave it.

    `label` and `summary` are ours: short words for a chart, and the sentence that a page puts after the figure.
    """

    key: Key
    percent: Percent
    wording: Statement
    label: Wording | None = None
    highlight: Statement | None = None
    summary: Wording | None = None

    @model_validator(mode="after")
    def _summary_is_short(self) -> Self:
        for language, text in (self.summary or {}).items():
            words = len(text.split())
            if words > MAX_SUMMARY_WORDS:
                sentence = "the summary has {words} words in “{language}”; say it in at most {limit}"
                values = {"words": words, "language": str(language), "limit": MAX_SUMMARY_WORDS}
                raise PydanticCustomError("summary", sentence, values)
        return self

    def spoken(self, language: Language) -> str:
        """Speak the figure alone: "95 %", "95%"."""
        return speak_percent(self.percent, language)

    def is_translation(self, language: Language) -> bool:
        """Tell whether the words letters cite it in, its highlight where there is one, are our translation."""
        return (self.highlight or self.wording).is_translation(language)


class Question(Frozen):
    """What respondents were asked, what they read before it, and every answer offered."""

    key: Key
    number: Count
    preamble: tuple[Statement, ...] = ()
    question: Statement
    options: Annotated[tuple[Finding, ...], Field(min_length=1, alias="option")]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(option.percent for option in self.options)
        if total != 100:
            sentence = "the options sum to {total}, not 100; fix a figure or add the missing option"
            raise PydanticCustomError("sum", sentence, {"total": total})
        return self


class Quote(Frozen):
    """A respondent's own words, with their quotation marks."""

    key: Annotated[str, StringConstraints(pattern=r"^quote_[a-z0-9_]{1,50}$")]
    statement: Statement
    attribution: Wording

    def spoken(self, language: Language) -> str:
        """Give the quoted words in `language`."""
        return self.statement.spoken(language)

    def is_translation(self, language: Language) -> bool:
        """Tell whether the quoted words in `language` are our translation."""
        return self.statement.is_translation(language)


class Survey(Frozen):
    """A survey as it was published. Its figures enter letters and pages only through this value.

    `method` tells in a few words how it was made; `{started}` in it stands for the month it began.
    """

    source: Wording
    title: Wording
    started: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    months: Count
    respondents_at_least: Count
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

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Every answer of every question, by its key."""
        return {option.key: option for question in self.questions for option in question.options}

    @cached_property
    def citable(self) -> Mapping[str, Finding | Quote]:
        """All that a letter may cite as `finding.<key>`: figures and quotes."""
        return {**self.findings, **{quote.key: quote for quote in self.quotes}}

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Every number the survey gives: shares, respondents, months."""
        return frozenset(
            {option.percent for option in self.findings.values()} | {self.respondents_at_least, self.months}
        )

    def finding(self, key: str) -> Finding:
        """Give one answer; KeyError for a key the survey does not have."""
        return self.findings[key]

    def question_of(self, key: str) -> Question:
        """Give the question that the finding `key` answers; KeyError for an unknown key."""
        return self._questions_by_finding[key]

    def facts(self, language: Language) -> Mapping[str, str]:
        """Return what a letter may say of the survey itself: source, title, start, duration, base and method.

        The method is "" where the survey names none.
        """
        year, month = (int(part) for part in self.started.split("-"))
        base = speak_number(self.respondents_at_least, language)
        method = self.method.spoken(language) if self.method else ""
        started = speak_month(year, month, language)
        return {
            "source": self.source.spoken(language),
            "title": self.title.spoken(language),
            "started": started,
            "duration": MONTHS.spoken(language).format(number=self.months),
            "respondents": MORE_THAN.spoken(language).format(number=base),
            "method": method.replace("{started}", started),
        }

    @cached_property
    def _questions_by_finding(self) -> Mapping[str, Question]:
        return {option.key: question for question in self.questions for option in question.options}


def load(path: FilePath) -> Survey:
    """Read `findings.toml`; raise TomlProblems with file and line for whatever keeps a figure from being trusted."""
    return read_survey(path.read_text(encoding="utf-8"), file=str(path))


def read_survey(text: str, *, file: str) -> Survey:
    """Read a survey from the text of its file; `file` is the name that complaints show."""
    return read(text, Survey, file=file, also=_repeated_keys)


def _repeated_keys(survey: Survey) -> Iterator[tuple[Path, str]]:
    """A key names one thing only, or a letter could cite another figure than it means."""
    seen: Counter[str] = Counter()
    for path, key in _keys(survey):
        seen[key] += 1
        if seen[key] > 1:
            yield (
                (*path, "key"),
                f"the key “{key}” is used twice; give each question, option and quote its own",
            )


def _keys(survey: Survey) -> Iterator[tuple[Path, str]]:
    for number, question in enumerate(survey.questions):
        yield ("question", number), question.key
        for place, option in enumerate(question.options):
            yield ("question", number, "option", place), option.key
    for number, quote in enumerate(survey.quotes):
        yield ("quote", number), quote.key
