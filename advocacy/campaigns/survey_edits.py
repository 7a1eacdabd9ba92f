"""The survey as its form has it: read from the file, and put back into it.

A form's data is of texts alone. Questions, answers and quotes are identified by their keys, which are made of their
words when they are new and stay when these change.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, TypeAlias

from babel.numbers import get_decimal_symbol

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.pasted_answers import PastedAnswer, read_count, read_share
from advocacy.findings import Poll, Question, Statement, Survey
from advocacy.language import LOCALES, Language, Wording, fold, printable

Data: TypeAlias = dict[str, Any]
EXACTLY, MORE_THAN = "exactly", "more"
MAX_KEY = 50


def form_data(survey: Survey, language: Language) -> Data:
    """Return a survey as the form of a page in `language` holds it."""
    return {"surveys": [_poll_data(poll, language) for poll in survey.polls]}


def _poll_data(poll: Poll, language: Language) -> Data:
    return {
        "source": _texts(poll.source),
        "title": _texts(poll.title),
        "started": poll.started,
        "months": str(poll.months or ""),
        "respondents": str(poll.base),
        "base": EXACTLY if poll.respondents else MORE_THAN,
        "method": _texts(poll.method),
        "link": _texts(poll.link),
        "introduction": [_statement_data(one) for one in poll.introduction],
        "questions": [_question_data(one, language) for one in poll.questions],
        "quotes": [
            {"key": one.key, "statement": _statement_data(one.statement), "attribution": _texts(one.attribution)}
            for one in poll.quotes
        ],
    }


def _question_data(question: Question, language: Language) -> Data:
    return {
        "key": question.key,
        "question": _statement_data(question.question),
        "several_answers": question.several_answers,
        "preamble": [_statement_data(one) for one in question.preamble],
        "answers": [
            {
                "key": one.key,
                "share": share_text(one.percent, language),
                "count": str(one.count or ""),
                "wording": _statement_data(one.wording),
                "label": _texts(one.label),
                "highlight": _statement_data(one.highlight),
                "summary": _texts(one.summary),
            }
            for one in question.options
        ],
    }


def share_text(share: object, language: Language) -> str:
    """Write a share as it is typed in a language: "61,5" in French, "61.5" in English."""
    return str(share).replace(".", get_decimal_symbol(LOCALES[language]))


def add_answers(poll: Data, answers: Iterable[PastedAnswer], *, into: str, language: Language) -> int:
    """Add answers to the question at a place, or to a new one for each that they name; return the first's place."""
    questions = poll["questions"]
    target = questions[int(into)] if into in map(str, range(len(questions))) else None
    first = int(into) if target is not None else len(questions)
    last_question: object = None
    for row in answers:
        if target is None or (row.question and row.question != last_question):
            target = {"question": {"text": dict(row.question)}, "answers": [], "several_answers": False}
            questions.append(target)
        last_question = row.question or last_question
        share = share_text(row.share, language)
        target["answers"].append({"wording": {"text": dict(row.answer)}, "share": share, "count": str(row.count or "")})
    return min(first, len(questions) - 1)


def _texts(wording: Wording | None) -> Data:
    return {language.value: wording[language] if wording else "" for language in Language}


def _statement_data(statement: Statement | None) -> Data:
    translated = " ".join(sorted(statement.translated)) if statement else ""
    return {"text": _texts(statement.wording if statement else None), "translated": translated}


# --- back into the file


def file_values(data: Data) -> Data:
    """Return the values of a survey's file; raise ValueError for data that the form's checks would refuse."""
    polls = [_poll_values(poll) for poll in data["surveys"]]
    return {**polls[0], **({"survey": polls[1:]} if polls[1:] else {})} if polls else {}


def _poll_values(poll: Data) -> Data:
    base = "respondents" if poll["base"] == EXACTLY else "respondents_at_least"
    return _filled(
        source=_wording(poll["source"]),
        title=_wording(poll["title"]),
        link=_wording(poll["link"]),
        started=poll["started"].strip(),
        months=_number(poll["months"]),
        **{base: _number(poll["respondents"])},
        method=_wording(poll["method"]),
        introduction=_statements(poll["introduction"]),
        question=[_question_values(one, number) for number, one in enumerate(poll["questions"], start=1)],
        quote=[
            {"key": one["key"], "statement": _statement(one["statement"]), "attribution": _wording(one["attribution"])}
            for one in poll["quotes"]
        ],
    )


def _question_values(question: Data, number: int) -> Data:
    return _filled(
        key=question["key"],
        number=number,
        several_answers=bool(question["several_answers"]),
        preamble=_statements(question["preamble"]),
        question=_statement(question["question"]),
        option=[
            _filled(
                key=one["key"],
                percent=read_share(one["share"]),
                count=_number(one["count"]),
                label=_wording(one["label"]),
                wording=_statement(one["wording"]),
                highlight=_statement(one["highlight"]),
                summary=_wording(one["summary"]),
            )
            for one in question["answers"]
        ],
    )


def _filled(**values: Any) -> Data:
    """Leave out what is empty; a share of 0 is not."""
    return {name: value for name, value in values.items() if value not in (None, "", [], False) or name == "percent"}


def _wording(texts: Data) -> Data | None:
    read = {language.value: one_line(texts[language.value]) for language in Language}
    return read if any(read.values()) else None


def one_line(text: str | None) -> str:
    """Return a text as one line, without invisible characters."""
    return " ".join(printable(text or "").split("\n")).strip(" ")


def _statement(statement: Data) -> Data | None:
    read = _wording(statement["text"])
    return {**read, **_filled(translated=statement["translated"].split())} if read else None


def _statements(statements: Iterable[Data]) -> list[Data]:
    return [read for one in statements if (read := _statement(one))]


def _number(text: str) -> int | None:
    return read_count(text) if text and text.strip() else None


# --- keys


def add_keys(data: Data) -> None:
    """Add a key to every question, answer and quote that is new."""
    taken = {row["key"] for row in keyed_rows(data) if row["key"]}
    for poll in data["surveys"]:
        for question in poll["questions"]:
            _add_key(question, question["question"]["text"], taken, prefix="", otherwise="question")
            for answer in question["answers"]:
                short = answer["label"] if _first_text(answer["label"]) else answer["wording"]["text"]
                _add_key(answer, short, taken, prefix=f"{question['key'][:25]}_", otherwise="answer")
        for quote in poll["quotes"]:
            _add_key(quote, quote["statement"]["text"], taken, prefix="quote_", otherwise="one")


def keyed_rows(data: Data) -> Iterator[Data]:
    for poll in data["surveys"]:
        for question in poll["questions"]:
            yield question
            yield from question["answers"]
        yield from poll["quotes"]


def _add_key(row: Data, texts: Data, taken: set[str], *, prefix: str, otherwise: str) -> None:
    if row["key"]:
        return
    words = re.findall(r"[a-z0-9]+", fold(_first_text(texts)))
    key = (prefix + "_".join(words[:4] or [otherwise]))[:MAX_KEY].strip("_")
    key = key if key[0].isalpha() else f"{otherwise}_{key}"
    row["key"] = next(one for one in (key, *(f"{key}_{number}" for number in range(2, 999))) if one not in taken)
    taken.add(row["key"])


def _first_text(texts: Data) -> str:
    return next((texts[language.value] for language in Language if texts[language.value]), "")


# --- letters that cite


def letters_citing(folder: CampaignFolder, keys: Set[str]) -> Mapping[str, list[Wording]]:
    """Return the titles of the letters that cite each of these figures and quotes; nothing for what no letter cites."""
    found: dict[str, list[Wording]] = {}
    for letter in folder.readable_letters().values():
        for key in dict.fromkeys(letter.findings):
            if key in keys:
                found.setdefault(key, []).append(letter.title)
    return found
