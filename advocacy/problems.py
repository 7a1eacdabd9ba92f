"""What can be wrong with the files of a campaign: a code that programs look at, and the message for people.

A check yields `complaint("figure-typed", text="40 %")`; the caller that knows the place makes a `Problem` of it. The
messages of every code are in the tables below, in English; their translations are in the `.po` files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from pydantic_core import PydanticCustomError

from advocacy.language import SOURCE, Language, Wording, format_number
from advocacy.messages import Message, Words, message

N_ = str
"""Marks a text that is translated."""

Key: TypeAlias = str | int
KeyPath: TypeAlias = tuple[Key, ...]
"""The keys that lead to a value of a TOML file."""
Params: TypeAlias = Mapping[str, Any]
"""What a sentence is about. By their names: `text` is a piece of a source, `name` and `names` are names of the letter's
language, `key` is a key of a TOML file, `file` the name of a file. A parameter may be a `Message`."""


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
        """The message for people who edit files."""
        return _message(FOR_FILES[self.code], self.params)

    @property
    def sentence(self) -> str:
        """The message for people who edit files, in English."""
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

    def editor_message(self, names: Mapping[str, Words] | None = None) -> Message:
        """Return the message for people who edit by the site's pages, and see neither braces nor keys.

        `names` are what the page calls the names and tags of the letter's language, keys and files.
        """
        return _message(IN_EDITOR.get(self.code, FOR_FILES[self.code]), rename_params(self.params, names or {}))

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


def rename_params(params: Params, names: Mapping[str, Words]) -> Params:
    """Return the parameters with names, tags, keys and files replaced by what a page calls them."""
    return {name: _renamed(value, names) if name in RENAMED_PARAMS else value for name, value in params.items()}


RENAMED_PARAMS = frozenset({"text", "tag", "name", "names", "key", "keys", "file", "files", "role", "stage", "stages"})
"""The parameters whose values a page may call otherwise."""


def _renamed(value: object, names: Mapping[str, Words]) -> object:
    if isinstance(value, tuple):
        return tuple(_renamed(f"[{one}]", names) if _renamed(one, names) is not one else one for one in value)
    if not isinstance(value, str):
        return value
    tag = TAG.match(value)
    plain = tag[1] if tag else value.strip("[]")
    for name in (plain, f"finding.{plain}", f"citizen.{plain}"):
        if name in names:
            return names[name] if plain == value else in_brackets(names[name])
    return value


TAG = re.compile(r"^(?:\{\{|\{%) *(.*?) *(?:\}\}|%\})$")


def in_brackets(words: Words) -> Wording:
    """Return words in brackets, as labels stand in a text."""
    return Wording({language: f"[{words.in_language(language)}]" for language in Language})


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
    {
        "allowed": message(
            "allowed are text, {{ name }}, {%% if %%} with and, or, not, ==, in, "
            "and {%% choose %%} … {%% or %%} … {%% endchoose %%}"
        ),
        "shapes": message("a letter has paragraphs, “- ” lists, “> ” quotations and one “# ” subject, nothing else"),
        "condition": message(
            "a condition is names with and, or, not and brackets, %(equals)s, or %(listed)s",
            equals='name == "word"',
            listed='name in ("word", "word")',
        ),
        "guillemets": "« »",
        "signs": "; ! ?",
        "english_signs": "; : ! ?",
        "per_language": '{ en = "…", fr = "…" }',
    }
)
"""Advice that many sentences end with."""

SHAPES: Mapping[str, Message] = {
    "heading": message("starts a heading"),
    "quotation": message("starts a quotation"),
    "bullet": message("starts a list"),
    "number": message("starts a numbered list"),
    "rule": message("draws a rule"),
    "fence": message("starts code"),
}
"""What a line does that a letter has no use for."""

FOR_FILES: Mapping[str, str] = {
    # --- signs and braces of a letter's text
    "text-too-long": N_("“%(text)s” goes beyond %(most)s characters; a letter is one page, make it shorter"),
    "comment": N_("“%(text)s” is not allowed in a letter; %(allowed)s"),
    "braces-with-sign": N_("“%(text)s”: write the braces without - or +; %(allowed)s"),
    "sign-forbidden": N_("“%(text)s” is not allowed in a letter’s text; %(shapes)s"),
    "bracket-open": N_("“%(text)s” is not allowed in a letter’s text; %(shapes)s"),
    "sign-invisible": N_("the sign “%(text)s” is not allowed in a letter’s text; %(shapes)s"),
    "quotation-not-closed": N_("the quotation “%(text)s” never ends; close it"),
    "sign-stray": N_("“%(text)s” cannot stand here; %(allowed)s"),
    "tag-not-closed": N_("“%(text)s” does not close on its line; write “%(closing)s”"),
    "tag-unknown": N_("“%(text)s” is not allowed; %(allowed)s"),
    "tag-empty": N_("“%(text)s” is empty; write a name such as {{ citizen.name }}; %(allowed)s"),
    "tag-with-more": N_("“%(text)s” cannot stand in “%(tag)s”; %(allowed)s"),
    "too-many-words-in-tags": N_(
        "“%(text)s” is one too many: at most %(most)s words and signs inside braces; make the letter simpler"
    ),
    "inside-braces": N_("“%(text)s” is not allowed inside braces; %(allowed)s"),
    "blank-with-more": N_("“%(text)s” cannot stand here; double braces hold one name; %(allowed)s"),
    "blank-unfinished": N_("“%(text)s” cannot stand last; %(allowed)s"),
    "forbidden": N_("“%(text)s” is not allowed here; %(allowed)s"),
    # --- conditions and alternatives
    "condition-not-closed": N_("“%(text)s” is never closed; write “%(closing)s”"),
    "end-without-condition": N_("“%(word)s” has no open “%(opener)s” before it; %(allowed)s"),
    "tag-not-alone": N_("“%(word)s” must stand on a line of its own; its “%(opener)s” does"),
    "after-else": N_("“%(word)s” comes after “else”; an if ends with one else at most"),
    "condition-empty": N_("“%(text)s” asks nothing; %(condition)s"),
    "condition-unfinished": N_("“%(text)s” cannot stand last; %(condition)s"),
    "condition-word": N_("“%(text)s” cannot stand after “%(before)s”; %(condition)s"),
    "condition-syntax": N_("“%(text)s” cannot stand here; %(condition)s"),
    "condition-unknown": N_("“%(text)s” is no condition; %(condition)s"),
    "condition-over-lines": N_(
        "this “if” stands inside a paragraph; end it on the same line; "
        "to choose whole paragraphs, give its tags lines of their own"
    ),
    "bracket-not-closed": N_("“(” is never closed; write “)”"),
    "brackets-too-deep": N_("“%(text)s” is nested too deep; %(most)s brackets may stand in each other"),
    "tags-too-deep": N_("“%(text)s” is nested too deep; %(most)s tags may stand in each other"),
    "nested-too-deep": N_("“%(text)s” starts what is nested too deep; %(allowed)s"),
    "comparison": N_("“%(text)s” cannot be compared so; %(condition)s"),
    "comparison-of-flag": N_("“%(name)s” answers yes or no; ask for it alone, without a comparison"),
    "comparison-missing": N_("“%(name)s” is compared with a word, such as %(words)s"),
    "answer-unknown": N_("“%(text)s” is never what “%(name)s” is; it can be %(answers)s"),
    "answers-missing": N_("“%(text)s” is never what “%(name)s” is; campaign.toml lists nothing for it"),
    "choose-in-paragraph": N_("“choose” offers whole paragraphs; give its tags lines of their own"),
    "choose-in-choose": N_("“choose” stands inside another; an alternative holds paragraphs and ifs"),
    "alternative-single": N_(
        "this “choose” offers one alternative only; add {%% or %%} and another, or take choose away"
    ),
    "alternative-empty": N_("the alternative after “%(text)s” is empty; write it or take it away"),
    "alternatives-too-many": N_("this “choose” offers %(count)s alternatives; at most %(most)s are allowed"),
    "choose-too-many": N_("this “choose” is one too many; a letter has at most %(most)s"),
    "combinations-too-many": N_(
        "up to here the alternatives combine to %(count)s letters; at most %(most)s are allowed, take some away"
    ),
    "shape-in-condition": N_(
        "“%(text)s” starts no paragraph inside an “if”; give the tags of the if lines of their own"
    ),
    # --- names
    "flag-printed": N_("“%(name)s” answers yes or no; use it in an if"),
    "name-not-printed": N_("“%(name)s” is not for print; compare it in an if"),
    "name-unknown": N_("“%(name)s” is not a name a letter can print; offered are %(names)s"),
    "condition-name-unknown": N_("“%(name)s” is not a name a letter can ask for; offered are %(names)s"),
    "finding-not-offered": N_(
        "“%(name)s” is not a name a letter can use; offered are %(names)s; letter.toml lists the findings"
    ),
    # --- paragraphs and the subject
    "subject-too-many": N_(
        "“%(text)s” can come out as a subject too many; a letter has exactly one “# ” heading, whatever is chosen"
    ),
    "subject-missing": N_(
        "“%(text)s” leaves a letter without a subject; a letter has exactly one “# ” heading, whatever is chosen"
    ),
    "subject-not-taken": N_("“%(text)s” can come out as a subject too many; this text takes no “# ” heading"),
    "subject-empty": N_(
        "the subject “%(text)s” can come out empty; write words of its own, outside any if; %(shapes)s"
    ),
    "subject-colon": N_("“%(text)s” has a colon, and every subject is printed after one; say it without"),
    "subject-dash": N_(
        "“%(text)s” has a dash between spaces, which clashes with those in names of ridings; say it without"
    ),
    "shape": N_("“%(text)s” %(starts)s with “%(sign)s”; %(shapes)s"),
    "shape-in-list": N_("“%(text)s” %(starts)s inside a list; %(shapes)s"),
    "shape-in-quotation": N_("“%(text)s” %(starts)s inside a quotation; %(shapes)s"),
    "code-by-four-spaces": N_("“%(text)s” is code, for the four spaces before it; %(shapes)s"),
    "code-by-spaces": N_("“%(text)s” is code, for the spaces before it; %(shapes)s"),
    "underlined": N_("“%(text)s” makes a heading of the line above it; %(shapes)s"),
    "line-break": N_("“%(text)s” ends with two spaces, a forced break; %(shapes)s"),
    "item-of-two-paragraphs": N_("“%(text)s” is a second paragraph in one item of a list; %(shapes)s"),
    "item-empty": N_("“%(text)s” is an empty item; %(shapes)s"),
    # --- words
    "figure-typed": N_("“%(text)s” is a figure typed by hand; cite {{ finding.… }} or {{ survey.… }} instead"),
    "figure-not-in-survey": N_(
        "“%(text)s” is a figure that the survey does not have; cite {{ finding.… }} or {{ survey.… }} instead"
    ),
    "figure-in-settings": N_(
        "“%(text)s” is a figure typed by hand; say it without the figure, which letters cite from findings.toml"
    ),
    "to-fill-in": N_("“%(text)s” is still to be filled in"),
    "to-write": N_("“%(text)s” is still to be written"),
    "label-unknown": N_("“%(text)s” is still to be filled in"),
    "link": N_("“%(text)s” is a link; a letter names things, since offices distrust links"),
    "word-doubled": N_("“%(text)s” is part of {{ %(name)s }}, which says “%(says)s”; take it out here"),
    "tag-in-settings": N_(
        "“%(text)s” is not filled in here; blanks are for texts and the source note; write the words themselves"
    ),
    "bill-typed": N_("“%(text)s” is a bill typed by hand; write {{ bill.number }}, which campaign.toml gives"),
    "stage-typed": N_(
        "“%(text)s” is a stage typed by hand; put it under {%% if bill.stage == … %%}, "
        "which holds only while the stage is confirmed"
    ),
    "blank-may-be-empty": N_(
        "“%(name)s” can be empty and leave a gap; put it inside {%% if %(name)s %%} … {%% endif %%}"
    ),
    "letter-too-long": N_(
        "with its longest alternatives and own words the letter has about %(words)s words; "
        "one page holds %(most)s, so shorten the longest"
    ),
    # --- signs, as each language sets them
    "apostrophe": N_("write the apostrophe as ’: “%(corrected)s”"),
    "spaces": N_("one space is enough: “%(corrected)s”"),
    "ellipsis": N_("write an ellipsis as one sign: “%(corrected)s”"),
    "guillemets": N_("write quotation marks as %(guillemets)s, with no-break spaces inside: “%(corrected)s”"),
    "quotation-marks": N_("write quotation marks as “ and ”: “%(corrected)s”"),
    "percent-space": N_("a percent sign takes a no-break space before it: “%(corrected)s”"),
    "colon-space": N_("a colon takes a no-break space before it: “%(corrected)s”"),
    "amount-space": N_("a no-break space parts an amount from its sign: “%(corrected)s”"),
    "opening-guillemet": N_("an opening guillemet takes a no-break space after it: “%(corrected)s”"),
    "closing-guillemet": N_("a closing guillemet takes a no-break space before it: “%(corrected)s”"),
    "sign-space": N_("no space goes before %(signs)s in Canadian French: “%(corrected)s”"),
    "no-break-space": N_("write the common no-break space, which mail keeps: “%(corrected)s”"),
    "percent-space-english": N_("no space goes before a percent sign in English: “%(corrected)s”"),
    "sign-space-english": N_("no space goes before %(english_signs)s in English: “%(corrected)s”"),
    # --- the two languages side by side
    "languages-part": N_(
        "line %(line)s of %(file)s is %(there)s, where here is %(here)s; give both languages the same paragraphs"
    ),
    "language-ends": N_("%(file)s has nothing more, where here is %(here)s; give both languages the same paragraphs"),
    "language-lacks": N_("this paragraph lacks “%(names)s”, which line %(line)s of %(file)s has"),
    # --- what a letter declares
    "finding-not-declared": N_("“%(key)s” is cited but not declared; add it to findings in letter.toml"),
    "finding-twice": N_("“%(key)s” is declared twice; once is enough"),
    "finding-not-cited": N_("“%(key)s” is declared but %(file)s does not cite it; cite it or remove it here"),
    "finding-unknown": N_("the survey has no “%(key)s”; it has %(keys)s"),
    "field-reserved": N_("“%(key)s” is a word of the letter’s language; give the field another key"),
    "field-of-form": N_("“%(key)s” is asked by the site’s form already; give the field another key"),
    "field-twice": N_("“%(key)s” is asked already, here or by every letter; give the field another key"),
    "field-unused": N_("“%(key)s” is asked but never used in %(file)s; use it or remove the field"),
    "field-quoted": N_("the site fills in “%(key)s” from the first letter; make it a field of kind “%(expected)s”"),
    "offer-twice": N_("another letter of the campaign has offer = “%(text)s”; keep one of them"),
    "answer-list-missing": N_("the campaign has no list “%(key)s”; add [[choices.%(key)s]] to campaign.toml"),
    "statement-list-missing": N_("the campaign has no list “%(key)s”; add [[statements.%(key)s]] to campaign.toml"),
    # --- files
    "file-unknown": N_("this is no file of a campaign; take it away or rename it: a letter’s folder holds %(files)s"),
    "file-missing": N_("this file is missing; add it"),
    "file-not-utf8": N_("this is not UTF-8 from here on; save the file as UTF-8"),
    "letter-missing": N_("the campaign has no letter; add a folder with a letter.toml"),
    "folder-name": N_(
        "“%(text)s” cannot be a folder’s name here; take small letters, digits and hyphens, %(most)s at most"
    ),
    "campaign-name-taken": N_("“%(text)s” is taken; give the campaign’s folder another name"),
    "letter-name-taken": N_("“%(text)s” is taken; give the letter’s folder another name"),
    # --- TOML
    "toml-syntax": N_("not valid TOML: look at the quotes, brackets and “=” here"),
    "toml-key-twice": N_("not valid TOML: this key is already there; keep one of them"),
    "toml-unfinished": N_(
        "not valid TOML: something begins here or above and is not closed; look for a quote or bracket"
    ),
    "toml-number-too-long": N_("a number has too many digits here; write it shorter"),
    "toml-too-deep": N_("lists inside lists go too deep here; write it flatter"),
    "missing": N_("“%(key)s” is missing here; add it"),
    "extra-forbidden": N_("“%(key)s” is not a key known here; remove it or fix its spelling"),
    "value": N_("“%(key)s” cannot have this value"),
    "value-choice": N_("“%(key)s”: write one of %(expected)s"),
    "value-at-least": N_("“%(key)s”: write a number of at least %(least)s"),
    "value-at-most": N_("“%(key)s”: write a number of at most %(most)s"),
    "value-boolean": N_("“%(key)s”: write true or false"),
    "value-date": N_("“%(key)s”: write a date without quotes, such as 2026-11-25"),
    "value-number": N_("“%(key)s”: write a whole number, without quotes"),
    "value-text": N_("“%(key)s”: write a text in quotes"),
    "value-list": N_("“%(key)s”: write a list, in brackets"),
    "value-table": N_("“%(key)s”: write a table, with its keys and their values"),
    "value-form": N_("“%(key)s”: write %(form)s"),
    "value-empty": N_("“%(key)s” is empty; write it"),
    "value-too-long": N_("“%(key)s” is longer than %(most)s characters; shorten it"),
    "list-too-short": N_("“%(key)s” needs at least %(least)s entries, and has %(count)s"),
    "list-too-long": N_("“%(key)s” takes at most %(most)s entries, and has %(count)s"),
    "language-missing": N_("“%(key)s”: the text is missing in: %(languages)s"),
    "language-unknown": N_("“%(key)s”: not a language offered here: %(languages)s"),
    "wording-table": N_("“%(key)s”: write one text per language, as %(per_language)s"),
    "wording-empty": N_("“%(key)s”: a text is empty; write it in every language"),
    # --- the campaign
    "closes-before-opens": N_("the campaign would close before it opens on %(day)s; correct one of the two dates"),
    "address-not-https": N_("“%(key)s”: write a whole address, beginning with https://"),
    "answer-twice": N_("two answers of this list are called “%(answer)s”; give each a key of its own"),
    "bill-twice": N_("“%(text)s” is listed twice; keep one of them"),
    "stage-before-bill": N_("the stage was confirmed before the bill was introduced on %(day)s"),
    "also-not-one": N_("“%(key)s”: name one of minister, bill, legislator or senators_of_province = true"),
    "also-bill-unknown": N_("“%(text)s” is none of this campaign’s bills; add a [[bill]]"),
    "also-no-minister": N_("this campaign writes to no minister; add a [[minister]]"),
    "chamber-twice": N_("“%(text)s” is declared twice; change one of them"),
    "audience-missing": N_("letters would go to nobody; name a chamber, a minister or a list of the campaign’s own"),
    "minister-twice": N_("“%(key)s”: name a minister by portfolio or by legislator, not both"),
    "also-not-addressed": N_("this campaign does not write to them; add “%(text)s” to chambers"),
    "act-twice": N_("two acts are for “%(role)s” at the stage “%(stage)s”; keep one of them"),
    "act-missing": N_("no act is for “%(role)s” at the stages %(stages)s; add one"),
    "support-twice": N_("“%(text)s” is listed twice; give each line a key of its own"),
    "placeholder": N_("citizens would read a [placeholder]; write what belongs there"),
    "note-missing": N_("say in `note` what is still to be verified"),
    "word-count-order": N_("a word count goes from least to most, not from %(least)s to %(most)s"),
    "answer-list-of-choice": N_("a choice names its list with `choices`, and only a choice does"),
    "prompts-of-words": N_("prompts and a word count belong to a field of kind “words”"),
    "options-elsewhere": N_("the options of a choice are in campaign.toml, under [[choices.…]]"),
    "statement-list-of-statements": N_(
        "a field of kind “statements” names its list with `statements`; only such a field does, or sets `max_ticks`"
    ),
    "statements-elsewhere": N_("the statements of a field are in campaign.toml, under [[statements.…]]"),
    "statements-required": N_("statements help where own words are missing; take “required” away"),
    "statements-too-many": N_("a list has at most %(most)s statements; take some out"),
    "statement-wordings": N_("“%(key)s” has %(count)s wordings; write %(least)s to %(most)s, each in every language"),
    "statement-label-sign": N_("“%(text)s” has a “%(sign)s”, which parts statements in a sheet; say it without"),
    "statement-too-long": N_("“%(text)s” is longer than %(most)s characters; shorten it"),
    "statement-one-line": N_("“%(text)s” is one sentence on one line; take out line breaks and spaces around it"),
    "statement-not-sentence": N_(
        "“%(text)s” is read beside other sentences; begin it with a capital and end it with a full stop"
    ),
    "statement-alike": N_("“%(text)s” says most of what wording %(number)s says; write it in other words"),
    # --- the survey
    "share": N_("“%(key)s”: write a number from 0 to 100, whole or with one decimal, without quotation marks"),
    "survey-total": N_(
        "the options sum to %(total)s, more than rounding explains away from 100; fix a figure, add the missing "
        "option, or write several_answers = true where people could choose several"
    ),
    "survey-base": N_("write how many answered once: respondents = …, or respondents_at_least = … where more did"),
    "survey-link": N_("write the whole address of the page in “link”, from https:// on"),
    "survey-missing": N_("the survey has no “%(key)s”: the campaign has no survey; add one, or remove this"),
    "summary-too-long": N_("the summary has %(words)s words in “%(language)s”; say it in at most %(limit)s"),
    "survey-key-twice": N_("the key “%(text)s” is used twice; give each question, option and quote its own"),
    # --- forms of address
    "address-name-unknown": N_("“%(key)s”: %(wrong)s cannot be filled in here; names offered: %(names)s"),
    "address-braces": N_("“%(key)s”: look at the braces, which do not pair"),
    # --- advice
    "long-sentence": N_(
        "This sentence has %(words)s words. Cut it in two: sentences of up to %(most)s words are easier to read."
    ),
    "high-grade": N_(
        "Letters with this paragraph are hard to read: grade %(figure)s (%(scale)s); aim for %(target)s or less. "
        "Begin here: it is their hardest paragraph."
    ),
    "low-ease": N_(
        "Letters with this paragraph are hard to read: %(figure)s out of 100 (%(scale)s); aim for %(target)s or more. "
        "Begin here: it is their hardest paragraph."
    ),
}
"""The message of every problem for people who edit files."""

ADVICE = frozenset({"long-sentence", "high-grade", "low-ease"})

IN_EDITOR: Mapping[str, str] = {
    "text-too-long": N_("This text is longer than %(most)s characters. Shorten it: a letter is one page."),
    "comment": N_("“%(text)s” cannot be in a letter. Remove it."),
    "braces-with-sign": N_("“%(text)s” cannot be in a letter. Remove it."),
    "sign-forbidden": N_("“%(text)s” cannot be in a letter. Remove it, or write it in words."),
    "bracket-open": N_("This bracket is not closed: write “]” after the label, or remove “[”."),
    "label-unknown": N_("No label is called “%(text)s”."),
    "sign-invisible": N_("There is an invisible sign here (%(text)s). Delete it and type the words again."),
    "quotation-not-closed": N_("The quotation “%(text)s” does not end. Close it."),
    "sign-stray": N_("“%(text)s” cannot be here. Remove it."),
    "tag-not-closed": N_("“%(text)s” is not complete. Delete it and insert it again."),
    "tag-unknown": N_("“%(text)s” cannot be in a letter. Remove it."),
    "tag-empty": N_("A blank is empty here. Remove it, or insert one from the list."),
    "tag-with-more": N_("“%(text)s” cannot be in “%(tag)s”. Remove it."),
    "too-many-words-in-tags": N_("The letter has too many blanks and conditions. Make it simpler."),
    "inside-braces": N_("“%(text)s” is not something a letter can fill in. Insert a blank from the list."),
    "blank-with-more": N_("“%(text)s” is not something a letter can fill in. Insert a blank from the list."),
    "blank-unfinished": N_("This blank is not complete. Delete it and insert it again."),
    "forbidden": N_("“%(text)s” cannot be here. Remove it."),
    "condition-not-closed": N_("This condition does not end. Add its end after the last word it is about."),
    "end-without-condition": N_("This ends a condition that was not begun. Remove it."),
    "tag-not-alone": N_("This belongs to a condition around whole paragraphs. Move it out of the paragraph."),
    "after-else": N_("A condition has one “otherwise”, at its end. Remove this one."),
    "condition-empty": N_("This condition asks nothing. Choose what it asks."),
    "condition-unfinished": N_("This condition is not complete. Choose what it asks."),
    "condition-word": N_("This condition is not complete. Choose what it asks."),
    "condition-syntax": N_("This condition cannot be read. Choose what it asks."),
    "condition-unknown": N_("This condition cannot be read. Choose what it asks."),
    "condition-over-lines": N_("A condition inside a paragraph ends on the same line. Join the lines."),
    "bracket-not-closed": N_("A bracket is not closed here. Write “)”."),
    "brackets-too-deep": N_("This condition is too complicated. Make it simpler."),
    "tags-too-deep": N_("There are too many conditions inside each other here. Make it simpler."),
    "nested-too-deep": N_("There are too many conditions inside each other here. Make it simpler."),
    "comparison": N_("This condition cannot be read. Choose what it asks."),
    "comparison-of-flag": N_("“%(name)s” is yes or no. Ask for it without an answer."),
    "comparison-missing": N_("“%(name)s” needs an answer to compare with. Choose one."),
    "answer-unknown": N_("“%(text)s” is not an answer to “%(name)s”. Choose another."),
    "answers-missing": N_("“%(name)s” has no answers yet. Add them in the campaign’s settings."),
    "choose-in-paragraph": N_("Variants are whole paragraphs. Put them outside the paragraph."),
    "choose-in-choose": N_("A variant cannot have variants inside it."),
    "alternative-single": N_("There is only one variant here. Add another, or keep it as an ordinary paragraph."),
    "alternative-empty": N_("This variant is empty. Write it, or remove it."),
    "alternatives-too-many": N_("There are %(count)s variants here. Keep at most %(most)s."),
    "choose-too-many": N_("This is one choice of variants too many. A letter has at most %(most)s."),
    "combinations-too-many": N_(
        "The variants up to here combine to %(count)s different letters, and at most %(most)s are allowed. "
        "Remove some variants."
    ),
    "shape-in-condition": N_(
        "A list, quotation or subject cannot begin inside a condition. Put the condition around it."
    ),
    "flag-printed": N_("“%(name)s” is yes or no, so it cannot be printed. Use it as a condition."),
    "name-not-printed": N_("“%(name)s” cannot be printed. Use it as a condition."),
    "name-unknown": N_("“%(name)s” is not something this letter can fill in. Insert a blank from the list."),
    "condition-name-unknown": N_("“%(name)s” is not something this letter can ask about. Choose another condition."),
    "finding-not-offered": N_("“%(name)s” is not a finding of the survey. Choose another."),
    "subject-too-many": N_("A letter has one subject. Write this as a paragraph."),
    "subject-missing": N_("A letter needs a subject, whatever is chosen. Write one."),
    "subject-not-taken": N_("This text has no subject. Write this as a paragraph."),
    "subject-empty": N_("The subject can be empty. Write words that do not depend on a condition."),
    "subject-colon": N_("The subject has a colon, and is printed after one. Write it without."),
    "subject-dash": N_("The subject has a dash, which clashes with those in names of ridings. Write it without."),
    "shape": N_("“%(sign)s” cannot begin a line in a letter. Remove it."),
    "shape-in-list": N_("A list has only lines of text. Remove the sign at the beginning of “%(text)s”."),
    "shape-in-quotation": N_("A quotation has only text. Remove the sign at the beginning of “%(text)s”."),
    "code-by-four-spaces": N_("There are too many spaces before “%(text)s”. Remove them."),
    "code-by-spaces": N_("There are too many spaces before “%(text)s”. Remove them."),
    "underlined": N_("“%(text)s” cannot be under a line of text. Remove it."),
    "line-break": N_("There are spaces at the end of “%(text)s”. Remove them."),
    "item-of-two-paragraphs": N_(
        "An item of a list is one paragraph. Make “%(text)s” an item or a paragraph of its own."
    ),
    "item-empty": N_("This item of the list is empty. Write it, or remove it."),
    "figure-typed": N_("The figure “%(text)s” is typed by hand. Insert it from the survey, so that it stays correct."),
    "figure-not-in-survey": N_("The survey has no such figure as “%(text)s”. Insert the figure from the survey."),
    "figure-in-settings": N_("“%(text)s” is a figure of the survey. Write this without it: letters cite the survey."),
    "to-fill-in": N_("“%(text)s” is still to be filled in."),
    "to-write": N_("“%(text)s” is still to be written."),
    "link": N_("“%(text)s” is a link. Name the page instead: offices distrust links."),
    "word-doubled": N_("“%(text)s” is already part of “%(name)s”, which says “%(says)s”. Remove it here."),
    "tag-in-settings": N_("“%(text)s” is not filled in here. Write the words themselves."),
    "bill-typed": N_("The bill “%(text)s” is typed by hand. Insert its number, so that it stays correct."),
    "stage-typed": N_("The stage “%(text)s” is typed by hand. Put it in a condition on the bill’s stage."),
    "blank-may-be-empty": N_("“%(name)s” can be empty and leave a gap. Put it in a condition."),
    "letter-too-long": N_(
        "With its longest variants and own words the letter has about %(words)s words. "
        "One page has room for %(most)s: shorten it."
    ),
    "languages-part": N_("The two languages part here: %(there)s in %(file)s, %(here)s in this one."),
    "language-ends": N_("The two languages part here: %(here)s in this one, and nothing more in %(file)s."),
    "language-lacks": N_("In %(file)s, and missing here: %(names)s."),
    "finding-not-declared": N_("“%(key)s” is not among the letter’s findings. Save the letter again."),
    "finding-not-cited": N_("“%(key)s” is cited in one language only."),
    "finding-unknown": N_("The survey has no “%(key)s”. Choose another finding."),
    "field-reserved": N_("A field cannot be called “%(key)s”. Choose another name."),
    "field-of-form": N_("Every letter asks for “%(key)s” already. Choose another name."),
    "field-twice": N_("“%(key)s” is asked already. Choose another name."),
    "field-unused": N_(
        "The letter asks for “%(key)s” and does not use it. Use it in both languages, or remove the question."
    ),
    "field-quoted": N_(
        "The site fills in “%(key)s” from the first letter: “first_date” is a date, “first_subject” a line of text."
    ),
    "offer-twice": N_("The campaign has another letter for this. Keep one of them."),
    "answer-list-missing": N_("The campaign has no list of answers “%(key)s”. Add it in the campaign’s settings."),
    "statement-list-missing": N_("The campaign has no list of sentences “%(key)s”. Add it in the campaign’s settings."),
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
    "file-missing": N_("This text is missing."),
    "letter-missing": N_("The campaign has no letter yet. Write one."),
    "folder-name": N_("“%(text)s” cannot be in an address. Use small letters, digits and hyphens, %(most)s at most."),
    "campaign-name-taken": N_("The address “%(text)s” is taken. Choose another."),
    "letter-name-taken": N_("The address “%(text)s” is taken. Choose another."),
    "missing": N_("“%(key)s” is missing."),
    "extra-forbidden": N_("“%(key)s” is not known here. Remove it."),
    "language-missing": N_("Write “%(key)s” in both languages."),
    "wording-empty": N_("Write “%(key)s” in both languages."),
    "wording-table": N_("Write “%(key)s” in both languages."),
    "closes-before-opens": N_("The campaign closes before it opens on %(day)s. Correct one of the two dates."),
    "answer-twice": N_("Two answers are called “%(answer)s”. Give each a name of its own."),
    "bill-twice": N_("The bill “%(text)s” is listed twice. Keep one of them."),
    "stage-before-bill": N_(
        "The stage was confirmed before the bill was introduced on %(day)s. Correct one of the dates."
    ),
    "also-not-one": N_("Choose one: a minister, a bill, a legislator or the senators of the province."),
    "also-bill-unknown": N_("“%(text)s” is not a bill of this campaign. Add it, or choose another."),
    "also-no-minister": N_("This campaign does not write to a minister. Add one to its audience."),
    "audience-missing": N_("Letters would go to nobody. Choose an audience."),
    "minister-twice": N_("Choose a minister by portfolio or by name, not both."),
    "also-not-addressed": N_("This campaign does not write to them. Add them to its audience."),
    "act-twice": N_("Two requests are for “%(role)s” at the stage “%(stage)s”. Keep one of them."),
    "act-missing": N_("No request is for “%(role)s” at these stages: %(stages)s. Add one."),
    "support-twice": N_("“%(text)s” is listed twice. Keep one of them."),
    "placeholder": N_("The public would read the words in square brackets. Write what belongs there."),
    "note-missing": N_("Write in the note what is still to be verified."),
    "word-count-order": N_("The smaller number of words comes first: %(most)s, then %(least)s."),
    "share": N_("Write a share from 0 to 100, whole or with one decimal."),
    "survey-total": N_(
        "The answers add up to %(total)s, not 100. Correct a figure, add the missing answer, or say that people could "
        "choose several."
    ),
    "survey-base": N_("Write once how many people answered."),
    "survey-link": N_("Write the whole address of the page, beginning with https://."),
    "survey-missing": N_("“%(key)s” is not there: the campaign has no survey. Add one, or remove this."),
    "summary-too-long": N_("The summary has %(words)s words. Write at most %(limit)s."),
    "survey-key-twice": N_("The key “%(text)s” is used twice. Give each question, answer and quotation its own."),
}
"""The messages of problems on the site's pages, where they differ."""
