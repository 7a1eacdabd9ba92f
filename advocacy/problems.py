"""What can be wrong with the files of a campaign: a code that programs look at, and the message for people.

A check yields `complaint("figure-typed", text="40 %")`; the caller that knows the place makes a `Problem` of it. The
sentence of every code is in the table below, in English; its translation is in the `.po` files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from pydantic_core import PydanticCustomError

from advocacy.language import SOURCE, Language, Wording, format_number
from advocacy.messages import Message, Words

N_ = str
"""Marks a text that is translated."""

Key: TypeAlias = str | int
KeyPath: TypeAlias = tuple[Key, ...]
"""The keys that lead to a value of a TOML file."""
Params: TypeAlias = Mapping[str, Any]
"""What a sentence is about. By their names: `text` is a piece of a text, `name` and `names` are names of blanks, `key`
is a key of a TOML file, `file` the name of a file. A parameter may be a `Message`."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file: line and column count from 1; `length` are the characters that it is about, 0 if not known."""

    file: str
    line: int = 1
    column: int = 1
    length: int = field(default=0, compare=False)
    path: KeyPath = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, before its place is known."""

    code: str
    params: Params

    def at(self, place: Place) -> "Problem":
        return Problem(self.code, self.params, place)

    @property
    def message(self) -> Message:
        """The sentence about it."""
        return _message(SENTENCES[self.code], self.params)

    @property
    def sentence(self) -> str:
        """The sentence about it, in English."""
        return self.message.in_language(SOURCE)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.params.items(), key=lambda item: item[0]))))


@dataclass(frozen=True, slots=True)
class Problem(Complaint):
    """One thing wrong in a file that people write, or one piece of advice on it."""

    place: Place

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    @property
    def is_advice(self) -> bool:
        """Whether it would make a letter better and keeps nothing from being published."""
        return self.code in ADVICE

    def message_with(self, labels: Mapping[str, Words]) -> Message:
        """Return the message with the labels by which a page calls the blanks of letters, by their names."""
        params = {key: _labelled(value, labels) if key in BLANKS else value for key, value in self.params.items()}
        return _message(SENTENCES[self.code], params)

    def __str__(self) -> str:
        advice = "advice: " if self.is_advice else ""
        return f"{self.file}:{self.line}:{self.column}: {advice}{self.sentence}"

    def __lt__(self, other: "Problem") -> bool:
        return (self.place, self.code, str(self.params)) < (other.place, other.code, str(other.params))

    def __hash__(self) -> int:
        return hash((Complaint.__hash__(self), self.place))


def complaint(code: str, /, **params: object) -> Complaint:
    """Return what is wrong; the code must be in the table."""
    return Complaint(code, MappingProxyType(params))


def invalid(code: str, /, **params: object) -> PydanticCustomError:
    """Return the error with which a validator of a model complains."""
    return PydanticCustomError(cast(Any, code), cast(Any, code), params)


def problem_data(problem: Problem) -> Mapping[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "params": _params_data(problem.params),
        "place": [place.file, place.line, place.column, place.length, list(place.path)],
    }


def problem_from_data(data: Mapping[str, Any]) -> Problem:
    """Return the problem that `problem_data` made these data of."""
    file, line, column, length, path = data["place"]
    place = Place(file, line=line, column=column, length=length, path=tuple(path))
    return Problem(data["code"], _params_from_data(data["params"]), place)


def _params_data(params: Mapping[str, object]) -> Mapping[str, Any]:
    return {name: _data(value) for name, value in params.items()}


def _params_from_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({name: _from_data(one) for name, one in data.items()})


def _data(value: object) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Message():
            return {"message": [value.msgid, _params_data(value.params), value.plural]}
        case Wording():
            return {"wording": {language.value: value[language] for language in Language}}
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return {"tuple": [_data(one) for one in value]}
        case list():
            return {"list": [_data(one) for one in value]}
        case _:
            return str(value)  # as its sentence shows it


def _from_data(data: Any) -> Any:
    match data:
        case {"message": [msgid, params, plural]}:
            return Message(msgid, _params_from_data(params), plural)
        case {"wording": by_language}:
            return Wording({Language(language): text for language, text in by_language.items()})
        case {"decimal": text}:
            return Decimal(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"tuple": ones}:
            return tuple(_from_data(one) for one in ones)
        case {"list": ones}:
            return [_from_data(one) for one in ones]
        case _:
            return data


BLANKS = frozenset({"name", "names"})
"""The parameters that are names of blanks."""


def _labelled(value: object, labels: Mapping[str, Words]) -> object:
    if isinstance(value, tuple):
        return tuple(_labelled(name, labels) for name in value)
    return labels.get(value, value) if isinstance(value, str) else value


def _message(msgid: str, params: Params) -> Message:
    localized = {name: _localized(value) for name, value in params.items()}
    return Message(msgid, MappingProxyType({**COMMON_PARAMS, **localized}))


def _localized(value: object) -> object:
    """Return a parameter whose numbers are formatted in each language."""
    match value:
        case bool():
            return value
        case int() | float() | Decimal():
            return Wording({language: format_number(value, language) for language in Language})
        case tuple() | list():
            return tuple(map(_localized, value))
        case _:
            return value


COMMON_PARAMS: Mapping[str, object] = MappingProxyType(
    {"guillemets": "« »", "signs": "; ! ?", "english_signs": "; : ! ?", "per_language": '{ en = "…", fr = "…" }'}
)
"""Signs that sentences name."""

SENTENCES: Mapping[str, str] = {
    "braces": N_("“%(text)s” cannot be filled in. Take it out, or insert a label from the list."),
    "blank-unknown": N_("“%(name)s” is not something this text can fill in. Insert a label from the list."),
    "text-missing": N_("This text is still to be written."),
    "only-for-empty": N_("Say for whom this is, or take “only for” away."),
    "section-twice": N_("Two sections are called “%(text)s”. Give one another name."),
    "subject-missing": N_("A letter begins with its subject, which is for every reader. Write one."),
    "subject-colon": N_("The subject has a colon, and is printed after one. Write it without."),
    "subject-dash": N_("The subject has a dash, which clashes with those in names of ridings. Write it without."),
    "figure-typed": N_("The figure “%(text)s” is typed by hand. Insert it from the survey, so that it stays correct."),
    "figure-not-in-survey": N_("The survey has no such figure as “%(text)s”. Insert the figure from the survey."),
    "figure-in-settings": N_("“%(text)s” is a figure of the survey. Write this without it: letters cite the survey."),
    "to-fill-in": N_("“%(text)s” is still to be filled in: nothing is called so."),
    "to-write": N_("“%(text)s” is still to be written."),
    "link": N_("“%(text)s” is a link. Name the page instead: offices distrust links."),
    "word-doubled": N_("“%(text)s” is already part of “%(name)s”, which says “%(says)s”. Remove it here."),
    "bill-typed": N_("The bill “%(text)s” is typed by hand. Insert its number, so that it stays correct."),
    "stage-typed": N_("The stage “%(text)s” may have passed. Say it only in a text for that stage."),
    "blank-may-be-empty": N_(
        "“%(name)s” can be empty, and would leave a gap here. Let it stand as a sentence of its own."
    ),
    "letter-too-long": N_(
        "With its longest texts and own words, the %(language)s letter has about %(words)s words. One page has "
        "room for %(most)s: shorten it."
    ),
    "apostrophe": N_("Write the apostrophe as ’: “%(corrected)s”."),
    "spaces": N_("One space is enough: “%(corrected)s”."),
    "ellipsis": N_("Write an ellipsis as one sign: “%(corrected)s”."),
    "guillemets": N_("Write quotation marks as %(guillemets)s, with no-break spaces inside: “%(corrected)s”."),
    "quotation-marks": N_("Write quotation marks as “ and ”: “%(corrected)s”."),
    "percent-space": N_("A percent sign takes a no-break space before it: “%(corrected)s”."),
    "colon-space": N_("A colon takes a no-break space before it: “%(corrected)s”."),
    "amount-space": N_("A no-break space parts an amount from its sign: “%(corrected)s”."),
    "opening-guillemet": N_("An opening guillemet takes a no-break space after it: “%(corrected)s”."),
    "closing-guillemet": N_("A closing guillemet takes a no-break space before it: “%(corrected)s”."),
    "sign-space": N_("No space goes before %(signs)s in Canadian French: “%(corrected)s”."),
    "no-break-space": N_("Write the common no-break space, which mail keeps: “%(corrected)s”."),
    "percent-space-english": N_("No space goes before a percent sign in English: “%(corrected)s”."),
    "sign-space-english": N_("No space goes before %(english_signs)s in English: “%(corrected)s”."),
    "language-lacks": N_("In the other language, and missing here: %(names)s."),
    "field-reserved": N_("A field cannot be called “%(key)s”. Choose another name."),
    "field-of-form": N_("Every letter asks for “%(key)s” already. Choose another name."),
    "field-twice": N_("“%(key)s” is asked already. Choose another name."),
    "field-unused": N_(
        "The letter asks “%(label)s” and does not use the answer. Use it in the text, or remove the question."
    ),
    "field-quoted": N_(
        "The site fills in “%(key)s” from the first letter: “first_date” is a date, “first_subject” a line of text."
    ),
    "offer-twice": N_("The campaign has another letter for this. Keep one of them."),
    "answer-list-missing": N_("“%(label)s” has no answers yet. Write them."),
    "statement-list-missing": N_("“%(label)s” has no sentences to tick yet. Write them."),
    "file-unknown": N_("This is no file of a campaign. Take it away: the folder of a letter holds only %(file)s."),
    "file-missing": N_("This text is missing."),
    "file-not-utf8": N_("This is not UTF-8 from here on; save the file as UTF-8."),
    "letter-missing": N_("The campaign has no letter yet. Write one."),
    "folder-name": N_("“%(text)s” cannot be in an address. Use small letters, digits and hyphens, %(most)s at most."),
    "campaign-name-taken": N_("The address “%(text)s” is taken. Choose another."),
    "letter-name-taken": N_("The address “%(text)s” is taken. Choose another."),
    "toml-syntax": N_("Not valid TOML: look at the quotes, brackets and “=” here."),
    "toml-key-twice": N_("Not valid TOML: this key is already there; keep one of them."),
    "toml-unfinished": N_(
        "Not valid TOML: something begins here or above and is not closed; look for a quote or bracket."
    ),
    "toml-number-too-long": N_("A number has too many digits here; write it shorter."),
    "toml-too-deep": N_("Lists inside lists go too deep here; write it flatter."),
    "missing": N_("“%(key)s” is missing."),
    "extra-forbidden": N_("“%(key)s” is not known here. Remove it."),
    "value": N_("“%(key)s” cannot have this value."),
    "value-choice": N_("“%(key)s”: write one of %(expected)s."),
    "value-at-least": N_("“%(key)s”: write a number of at least %(least)s."),
    "value-at-most": N_("“%(key)s”: write a number of at most %(most)s."),
    "value-boolean": N_("“%(key)s”: write true or false."),
    "value-date": N_("“%(key)s”: write a date without quotes, such as 2026-11-25."),
    "value-number": N_("“%(key)s”: write a whole number, without quotes."),
    "value-text": N_("“%(key)s”: write a text in quotes."),
    "value-list": N_("“%(key)s”: write a list, in brackets."),
    "value-table": N_("“%(key)s”: write a table, with its keys and their values."),
    "value-form": N_("“%(key)s”: write %(form)s."),
    "value-empty": N_("“%(key)s” is empty; write it."),
    "value-too-long": N_("“%(key)s” is longer than %(most)s characters; shorten it."),
    "list-too-short": N_("“%(key)s” needs at least %(least)s entries, and has %(count)s."),
    "list-too-long": N_("“%(key)s” takes at most %(most)s entries, and has %(count)s."),
    "language-missing": N_("Write “%(key)s” in both languages."),
    "language-unknown": N_("“%(key)s”: not a language offered here: %(languages)s."),
    "wording-table": N_("Write “%(key)s” in both languages."),
    "wording-empty": N_("Write “%(key)s” in both languages."),
    "closes-before-opens": N_("The campaign closes before it opens on %(day)s. Correct one of the two dates."),
    "address-not-https": N_("“%(key)s”: write a whole address, beginning with https://."),
    "answer-twice": N_("Two answers are called “%(answer)s”. Give each a name of its own."),
    "bill-twice": N_("The bill “%(text)s” is listed twice. Keep one of them."),
    "stage-before-bill": N_(
        "The stage was confirmed before the bill was introduced on %(day)s. Correct one of the dates."
    ),
    "also-not-one": N_("Choose one: a minister, a bill, a legislator or the senators of the province."),
    "also-bill-unknown": N_("“%(text)s” is not a bill of this campaign. Add it, or choose another."),
    "also-no-minister": N_("This campaign does not write to a minister. Add one to its audience."),
    "chamber-twice": N_("“%(text)s” is declared twice; change one of them."),
    "audience-missing": N_("Letters would go to nobody. Choose an audience."),
    "minister-twice": N_("Choose a minister by portfolio or by name, not both."),
    "also-not-addressed": N_("This campaign does not write to them. Add them to its audience."),
    "act-missing": N_("Nothing is asked of %(role)s at these stages: %(stages)s. Add a sentence."),
    "support-twice": N_("“%(text)s” is listed twice. Keep one of them."),
    "placeholder": N_("The public would read the words in square brackets. Write what belongs there."),
    "note-missing": N_("Write in the note what is still to be verified."),
    "word-count-order": N_("The smaller number of words comes first: %(most)s, then %(least)s."),
    "answer-list-of-choice": N_("A choice names its list with `choices`, and only a choice does."),
    "prompts-of-words": N_("Prompts and a word count belong to a field of kind “words”."),
    "options-elsewhere": N_("The answers of a choice stand in sentences.toml, under [[choices.…]]."),
    "statement-list-of-statements": N_(
        "A field of kind “statements” names its list with `statements`; only such a field does, or sets `max_ticks`."
    ),
    "statements-elsewhere": N_("The sentences to tick stand in sentences.toml, under [[statements.…]]."),
    "statements-required": N_("Sentences to check help where own words are missing: nobody has to check one."),
    "statements-too-many": N_("A list has at most %(most)s sentences. Take some out."),
    "statement-wordings": N_("“%(key)s” has %(count)s wordings. Write %(least)s to %(most)s."),
    "statement-label-sign": N_("“%(text)s” has a “%(sign)s”. Say it without."),
    "statement-too-long": N_("“%(text)s” is longer than %(most)s characters. Shorten it."),
    "statement-one-line": N_("“%(text)s” is one sentence. Write it on one line."),
    "statement-not-sentence": N_(
        "“%(text)s” is read beside other sentences. Begin it with a capital and end it with a full stop."
    ),
    "statement-alike": N_("“%(text)s” says most of what wording %(number)s says. Write it in other words."),
    "share": N_("Write a share from 0 to 100, whole or with one decimal."),
    "survey-total": N_(
        "The answers add up to %(total)s, not 100. Correct a figure, add the missing answer, or say that people "
        "could choose several."
    ),
    "survey-base": N_("Write once how many people answered."),
    "survey-link": N_("Write the whole address of the page, beginning with https://."),
    "summary-too-long": N_("The summary has %(words)s words. Write at most %(limit)s."),
    "survey-key-twice": N_("The key “%(text)s” is used twice. Give each question, answer and quotation its own."),
    "address-name-unknown": N_("“%(key)s”: %(wrong)s cannot be filled in here; names offered: %(names)s."),
    "address-braces": N_("“%(key)s”: look at the braces, which do not pair."),
    "long-sentence": N_(
        "This sentence has %(words)s words. Cut it in two: sentences of up to %(most)s words are easier to read."
    ),
    "stale": N_("The %(language)s text was not updated since the other one changed."),
    "blank-in-some": N_("Other ways of this section use %(names)s, and this one does not. Use it here too."),
    "section-for-some": N_(
        "This section says nothing to %(whom)s. Write a text for everyone else, or say for whom the whole section is."
    ),
}
"""The sentence of every problem."""

ADVICE = frozenset({"long-sentence", "stale"})
"""What keeps nothing from being published."""
