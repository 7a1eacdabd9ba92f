"""Two states of a TOML file compared value by value, each named by the words people know it by."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from advocacy.campaigns.campaign_files import Chamber
from advocacy.campaigns.editor.condition_phrases import in_every_language
from advocacy.campaigns.editor.labels import KNOWN_FIELDS, Labels, in_brackets
from advocacy.campaigns.editor.notation import braces_to_labels
from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language, Wording, format_date
from advocacy.messages import Words, message

LANGUAGES = frozenset(Language)
SHORT = 40
"""Characters of a name that a title still shows whole."""
NAMES = {
    "title": message("Title"),
    "ask": message("What it asks"),
    "name": message("Name"),
    "headline": message("Headline"),
    "deck": message("Introduction to the letters"),
    "chambers": message("Chambers written to"),
    "organiser": message("Organiser"),
    "privacy_contact": message("Contact for privacy"),
    "leave": message("Where “Leave this site” leads"),
    "source_note": message("Source note"),
    "opens": message("Opens"),
    "closes": message("Closes"),
    "choices": message("Answers offered"),
    "place": message("Place in the list"),
    "findings": message("Findings cited"),
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
    "pictures": message("Pictures"),
    "samples": message("Samples of own words"),
    "legislator": message("person, by id"),
    "senators_of_province": message("senators of the province"),
    "reason": message("reason"),
}
INSIDE = {"question": message("text")}
"""What is called otherwise inside an entry than the entry is."""
ANSWER_OF = message("Answer (%(list)s)")
KINDS = {
    FieldKind.LINE: message("A line of text"),
    FieldKind.WORDS: message("Own words"),
    FieldKind.CHOICE: message("A choice"),
    FieldKind.EMAIL: message("An e-mail address"),
    FieldKind.POSTAL_CODE: message("A postal code"),
    FieldKind.PROVINCE: message("A province"),
}
VALUES: Mapping[str, Mapping[str, Words]] = {
    "kind": KINDS,  # type: ignore[dict-item]
    "choices": KNOWN_FIELDS,
    "chambers": {
        Chamber.HOUSE_OF_COMMONS: message("House of Commons"),
        Chamber.SENATE: message("Senate"),
        Chamber.MINISTERS: message("ministers"),
    },
    "translated": {
        Language.EN: message("the English"),
        Language.FR: message("the French"),
    },
}
"""What the files' own words for something are called, by the setting."""
YES, NO = message("yes"), message("no")
UNREADABLE = message("The file")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and its name; None where it is not there. `ours` where the file has a sign, and the words are ours."""

    title: Wording
    before: Wording | None
    after: Wording | None
    ours: bool = False


def compare_settings(
    old: bytes | None, new: bytes | None, *, labels: Sequence[Labels | None] = (None, None)
) -> list[Setting]:
    """Return every value of two states of a file, in the new one's order; the whole text where one is not TOML.

    `labels` are those of the two states, for what of the survey a value names.
    """
    read = _read(old), _read(new)
    if read[0] is None or read[1] is None:
        before, after = (Wording.same((one or b"").decode("utf-8", "replace")) for one in (old, new))
        return [Setting(in_every_language(UNREADABLE.in_language), before, after)]
    values = [dict(_flat(one, (), labels=known)) for one, known in zip(read, labels, strict=True)]
    about = {path: (title, ours) for one in values for path, (title, _, ours) in one.items()}
    paths = dict.fromkeys([*values[1], *values[0]])
    found = {}
    for path in paths:
        was, now = (one[path][1] if path in one else None for one in values)
        found[path] = Setting(about[path][0], was, now, about[path][1])
    return [one for path, one in found.items() if path[-1:] != ("key",) or _tells_apart(one, found)]


def _tells_apart(key: Setting, found: Mapping[tuple[str, ...], Setting]) -> bool:
    """Return whether a key is all that tells an entry that is gone from one that is new."""
    alike = [one for one in found.values() if one.title == key.title]
    return any(one.before is None for one in alike) and any(one.after is None for one in alike)


def _read(content: bytes | None) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads((content or b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _flat(
    value: Any, path: tuple[str, ...], *, labels: Labels | None, title: Wording | None = None
) -> Iterator[tuple[tuple[str, ...], tuple[Wording, Wording, bool]]]:
    """Return every value by its path, in which entries of a list go by their key: title, text, whether it is ours."""
    if isinstance(value, dict):
        texts = {name: text for name, text in value.items() if name in LANGUAGES and isinstance(text, str)}
        if set(texts) == LANGUAGES:
            yield path, (title or _said(path), _text(path, texts, labels), False)
        for name, inner in value.items():
            if name not in texts or set(texts) != LANGUAGES:
                yield from _flat(inner, (*path, name), labels=labels, title=_under(title, (*path, name)))
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for place, entry in enumerate(value, start=1):
            name = str(entry.get("key", place))
            yield from _flat(entry, (*path, name), labels=labels, title=_entry_title(title or _said(path), entry, name))
    else:
        yield path, (title or _said(path), _spoken(path[-1] if path else "", value, labels), True)


def _entry_title(above: Wording, entry: Mapping[str, Any], name: str) -> Wording:
    """Name an entry of a list as people know it: by its label, its question, its words, or its number."""
    said = entry.get("label") or entry.get("question") or entry.get("wording") or {}
    known = isinstance(said, dict) and all(isinstance(said.get(language), str) for language in Language)
    named = {language: _short(said[language]) if known else name for language in Language}
    return in_every_language(lambda language: f"{above[language]} {_quoted(named[language], language, known)}")


def _quoted(text: str, language: Language, known: bool) -> str:
    if not known:
        return text
    return {Language.EN: f"“{text}”", Language.FR: f"«\u00a0{text}\u00a0»"}[language]


def _under(title: Wording | None, path: tuple[str, ...]) -> Wording | None:
    """Say the title of what stands inside something; the lists of answers stand in nothing, and are named whole."""
    if path[:-1] == ("choices",):
        named = VALUES["choices"].get(path[-1]) or _plain(path[-1])
        return in_every_language(ANSWER_OF.with_params(list=named).in_language)
    if title is None:
        return None if path == ("choices",) else _said(path)
    name = in_every_language(INSIDE[path[-1]].in_language) if path[-1] in INSIDE else _said(path)
    return in_every_language(lambda language: f"{title[language]}, {name[language][:1].lower()}{name[language][1:]}")


def _said(path: tuple[str, ...]) -> Wording:
    name = path[-1] if path else ""
    return in_every_language(NAMES[name].in_language) if name in NAMES else _plain(name)


def _plain(name: str) -> Wording:
    return Wording.same(name.replace("_", " "))


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _text(path: tuple[str, ...], texts: Mapping[str, str], labels: Labels | None) -> Wording:
    if path != ("source_note",) or labels is None:
        return Wording(texts)
    return in_every_language(lambda language: braces_to_labels(texts[language], labels, language))


def _spoken(name: str, value: Any, labels: Labels | None) -> Wording:
    if isinstance(value, bool):
        return in_every_language((YES if value else NO).in_language)
    if isinstance(value, date):
        return in_every_language(lambda language: format_date(value, language))
    if isinstance(value, list):
        parts = [_called(name, str(one), labels) for one in value]
        return in_every_language(lambda language: ", ".join(part(language) for part in parts))
    return in_every_language(_called(name, str(value), labels))


def _called(name: str, value: str, labels: Labels | None) -> Callable[[Language], str]:
    """Say what a value is called: a finding by its label, what the files have a word for by its words."""
    label = labels.by_name.get(f"finding.{value}") if labels and name == "findings" else None
    if label is not None:
        return lambda language: in_brackets(label, language)
    words = VALUES.get(name, {}).get(value, Wording.same(value))
    return lambda language: words.in_language(language)
