"""Two states of a TOML file compared value by value, each named by the words people know it by."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from pydantic import ValidationError

from advocacy.campaigns.editor.labels import KNOWN_FIELDS, SHARED_LABELS, shorten
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.only_for import OnlyFor
from advocacy.campaigns.terms import describe_only_for
from advocacy.language import Language, Wording, format_date
from advocacy.legislators.legislatures import audience_name
from advocacy.messages import Words, message

LANGUAGES = frozenset(Language)
MAX_NAME = 40
"""Characters of a name that a title still shows whole."""
SETTING_NAMES = {
    "why_you": message("Why I write to you"),
    "act": message("What I ask of you"),
    "reply": message("How to answer me"),
    "only_for": message("For whom"),
    "title": message("Title"),
    "ask": message("What it asks"),
    "name": message("Name"),
    "headline": message("Headline"),
    "deck": message("Introduction to the letters"),
    "chambers": message("Chambers written to"),
    "organiser": message("Organiser"),
    "privacy_contact": message("Contact for privacy"),
    "leave": message("Where “Leave this site” leads"),
    "opens": message("Opens"),
    "closes": message("Closes"),
    "choices": message("Answers offered"),
    "statements": message("Sentences to check"),
    "max_ticks": message("Sentences at most"),
    "place": message("Place in the list"),
    "field": message("Field"),
    "kind": message("Kind"),
    "label": message("Text"),
    "hint": message("Hint"),
    "required": message("Required"),
    "max_characters": message("Characters at most"),
    "word_count": message("Suggested length, in words"),
    "least": message("least"),
    "most": message("most"),
    "prompt": message("Start of a sentence"),
    "sentence": message("Sentence in the letter"),
    "sensitive": message("Sensitive"),
    "key": message("Key"),
    "source": message("Source"),
    "started": message("Beginning (year and month)"),
    "months": message("Months"),
    "respondents": message("Respondents"),
    "several_answers": message("Several answers possible"),
    "count": message("Number of people"),
    "link": message("Address of the published survey"),
    "survey": message("Survey"),
    "respondents_at_least": message("Respondents, at least"),
    "mode": message("How people were asked"),
    "introduction": message("Introduction"),
    "question": message("Question"),
    "preamble": message("Read before the question"),
    "option": message("Answer"),
    "percent": message("Share, in percent"),
    "wording": message("Wording"),
    "highlight": message("Highlight"),
    "summary": message("Sentence after the figure"),
    "translated": message("Translated by us"),
    "quote": message("Quote"),
    "statement": message("Words"),
    "attribution": message("Said by"),
    "number": message("Number"),
    "content_notice": message("Notice above the form"),
    "own_words": message("Hint for own words"),
    "found_material": message("Help for found material"),
    "image_of_you": message("Help beside sensitive answers"),
    "support": message("Support line"),
    "words": message("Text"),
    "what": message("What it offers"),
    "contact": message("How to reach it"),
    "status": message("Status"),
    "note": message("Note for staff"),
    "method": message("How the survey was made"),
    "share": message("Text of the share button"),
    "discreet": message("E-mails never name the campaign"),
    "also": message("Also written to"),
    "minister": message("Minister"),
    "portfolio": message("Portfolio"),
    "own_list": message("List of one’s own"),
    "goal": message("Goal"),
    "show_answers": message("The campaign’s page shows which offices answer"),
    "pictures": message("Pictures"),
    "samples": message("Samples of own words"),
    "legislator": message("person, by id"),
    "senators_of_province": message("senators of the province"),
    "reason": message("reason"),
}
INSIDE = {"question": message("text")}
"""What is called otherwise inside an entry than the entry is."""
ENTRY_OF = {"choices": message("Answer (%(list)s)"), "statements": message("Sentence (%(list)s)")}
"""What an entry of a list is called, by the kind of the list."""
FIELD_KINDS = {
    FieldKind.LINE: message("A line of text"),
    FieldKind.WORDS: message("Own words"),
    FieldKind.CHOICE: message("A choice"),
    FieldKind.EMAIL: message("An e-mail address"),
    FieldKind.POSTAL_CODE: message("A postal code"),
    FieldKind.PROVINCE: message("A province"),
    FieldKind.DATE: message("A date"),
    FieldKind.STATEMENTS: message("Sentences to check"),
}
VALUES: Mapping[str, Mapping[str, Words]] = {
    "kind": FIELD_KINDS,  # type: ignore[dict-item]
    "choices": KNOWN_FIELDS,
    "translated": {language: Wording.for_each(language.name_in) for language in Language},
}
"""What the files' own words for something are called, by the setting."""
YES, NO = message("yes"), message("no")
QUOTED = message("“%(text)s”")
UNREADABLE = message("The file")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and its name; None where it is missing. `ours` where the file has a sign, and the words are ours."""

    title: Words
    before: Wording | None
    after: Wording | None
    ours: bool = False


def compare_settings(old: bytes | None, new: bytes | None, *, without: str = "") -> list[Setting]:
    """Return every value of two states of a file, in the new one's order; the whole text where one is not TOML.

    `without` is a key of the file that is compared elsewhere.
    """
    tables = _parse(old), _parse(new)
    if tables[0] is None or tables[1] is None:
        before, after = (Wording.same((one or b"").decode("utf-8", "replace")) for one in (old, new))
        return [Setting(UNREADABLE, before, after)]
    values = [
        dict(_values({key: value for key, value in (table or {}).items() if key != without}, ())) for table in tables
    ]
    found = {}
    for path in dict.fromkeys([*values[1], *values[0]]):
        was, now = (one.get(path) for one in values)
        if value := now or was:
            found[path] = Setting(value.title, was and was.text, now and now.text, value.ours)
    return [one for path, one in found.items() if path[-1:] != ("key",) or _tells_apart(one, found.values())]


def _tells_apart(key: Setting, settings: Iterable[Setting]) -> bool:
    """Whether a key is all that distinguishes an entry that is gone from one that is new."""
    alike = [one for one in settings if one.title == key.title]
    return any(one.before is None for one in alike) and any(one.after is None for one in alike)


def _parse(content: bytes | None) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads((content or b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


class _Value(NamedTuple):
    title: Words
    text: Wording
    ours: bool


def _values(
    value: Any, path: tuple[str, ...], *, title: "Words | None" = None
) -> Iterator[tuple[tuple[str, ...], _Value]]:
    """Yield every value by its path, in which entries of a list go by their key."""
    name = path[-1] if path else ""
    if name == "only_for" and (whom := _whom(value)):
        yield path, _Value(title or _name(name), whom, ours=True)
    elif isinstance(value, dict):
        texts = {key: text for key, text in value.items() if key in LANGUAGES and isinstance(text, str)}
        if set(texts) == LANGUAGES:
            text = Wording.for_each(lambda language: SHARED_LABELS.show(texts[language], language))
            yield path, _Value(title or _name(name), text, ours=False)
        for key, inner in value.items():
            if key not in texts or set(texts) != LANGUAGES:
                yield from _values(inner, (*path, key), title=_title_within(title, (*path, key)))
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for place, entry in enumerate(value, start=1):
            key = str(entry.get("key", place))
            yield from _values(entry, (*path, key), title=_entry_title(title or _name(name), entry, key))
    else:
        yield path, _Value(title or _name(name), _value_text(name, value), ours=True)


def _entry_title(list_title: Words, entry: Mapping[str, Any], key: str) -> Wording:
    """Name an entry of a list as people know it: by its label, its question, its words, its reader, or its number."""
    if whom := _whom(entry.get("only_for")):
        return Wording.for_each(lambda language: _joined(list_title, whom, language))
    texts = entry.get("label") or entry.get("question") or entry.get("wording") or {}
    if not (isinstance(texts, dict) and all(isinstance(texts.get(language), str) for language in Language)):
        return Wording.for_each(lambda language: f"{list_title.in_language(language)} {key}")
    quoted = Wording.for_each(
        lambda language: QUOTED.with_params(text=shorten(texts[language], MAX_NAME)).in_language(language)
    )
    return Wording.for_each(lambda language: f"{list_title.in_language(language)} {quoted[language]}")


def _whom(only_for: Any) -> Wording | None:
    """Return whom an entry is for, in words: None for everybody and for what cannot be read."""
    try:
        return describe_only_for(OnlyFor.model_validate(only_for), ())
    except ValidationError:
        return None


def _title_within(title: "Words | None", path: tuple[str, ...]) -> "Words | None":
    """Name what is inside something; the lists of answers and sentences are inside nothing, and are named whole."""
    if len(path) == 2 and path[0] in ENTRY_OF:
        name = VALUES["choices"].get(path[1]) or Wording.same(path[1].replace("_", " "))
        return ENTRY_OF[path[0]].with_params(list=name)
    if title is None:
        return None if len(path) == 1 and path[0] in ENTRY_OF else _name(path[-1])
    name = INSIDE.get(path[-1]) or _name(path[-1])
    return Wording.for_each(lambda language: _joined(title, name, language))


def _joined(outer: Words, inner: Words, language: Language) -> str:
    """Return the name of what is inside something: “Bill, title”."""
    words = inner.in_language(language)
    return f"{outer.in_language(language)}, {words[:1].lower()}{words[1:]}"


def _name(key: str) -> Words:
    return SETTING_NAMES.get(key) or Wording.same(key.replace("_", " "))


def _value_text(key: str, value: Any) -> Wording:
    if isinstance(value, bool):
        return Wording.for_each((YES if value else NO).in_language)
    if isinstance(value, date):
        return Wording.for_each(partial(format_date, value))
    parts = [_value_name(key, str(one)) for one in (value if isinstance(value, list) else [value])]
    return Wording.for_each(lambda language: ", ".join(part.in_language(language) for part in parts))


def _value_name(key: str, value: str) -> Words:
    """Return what a value is called: what the files have a word for by its words."""
    return audience_name(value) if key == "chambers" else VALUES.get(key, {}).get(value) or Wording.same(value)
