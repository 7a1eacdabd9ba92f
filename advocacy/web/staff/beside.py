"""Where two changed the same text: the other's wording beside one's own, until the writer has compared them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.kept_labels import by_name, by_words, mapped
from advocacy.campaigns.manuscript import Manuscript
from advocacy.language import Language
from advocacy.staff import drafts
from advocacy.staff.drafts import Saved
from advocacy.staff.marked import Bit, marked
from advocacy.staff.models import Draft
from advocacy.web.locale import current_language
from advocacy.web.staff import editor_form
from advocacy.web.staff.editor_form import Posted
from advocacy.web.staff.letter_names import cell_id, cell_name
from advocacy.web.staff.letter_work import Reading, Work

HELD = "="
"""What stands before the other's words of a text, so that words taken out are told from a text that is not compared."""
STRUCTURE = frozenset({*editor_form.ACTS, "add-case", "remove-case"})
"""Acts that move texts to other places."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that both changed: its `name` in the form, its `id` on the page, and the way from one's own words."""

    name: str
    id: str
    label: str
    language: Language
    bits: Sequence[Bit]


@dataclass(frozen=True, slots=True)
class Beside:
    """Whose words they are ("" for files), in which revision, and the texts that are still unlike."""

    by: str
    number: int
    passages: Sequence[Passage]


def noted(theirs: Mapping[str, str], read: Reading, newest: Saved) -> Mapping[str, Any] | None:
    """Note the other's words by the names of their cells, as a draft keeps them; None where there are none."""
    if not theirs:
        return None

    def words(key: str, language: Language, _text: str) -> str:
        name = f"{key}.{language.value}"
        return f"{HELD}{theirs[name]}" if name in theirs else ""

    kept = by_name(mapped(read.manuscript, words), read.labels)
    return {"by": newest.by, "number": newest.number, "words": writing.dump(kept)}


def beside(work: Work, read: Reading) -> Beside | None:
    """Give what is still to be compared with a draft; None where nothing is."""
    noted_of = drafts.beside_of(work.draft) if work.draft else None
    if noted_of is None:
        return None
    found = [
        _passage(name, mine, words, read=read) for name, mine, words in _pairs(noted_of, read) if mine.strip() != words
    ]
    return Beside(noted_of["by"], noted_of["number"], found) if found else None


def _pairs(noted_of: Mapping[str, Any], read: Reading) -> Sequence[tuple[str, str, str]]:
    """Give the name of each noted cell that still is, with one's own words and theirs."""
    theirs = by_words(writing.load(noted_of["words"]), read.labels)
    return [
        (f"{key}.{language.value}", mine.text(language), held.text(language).removeprefix(HELD).strip())
        for key in writing.keys(theirs)
        for held, mine in [(writing.cell(theirs, key), writing.cell(read.manuscript, key))]
        if held is not None and mine is not None
        for language in Language
        if held.text(language).startswith(HELD)
    ]


def _passage(name: str, mine: str, theirs: str, *, read: Reading) -> Passage:
    key, _, of = name.rpartition(".")
    language = Language(of)
    label = cell_name(read, key, language, language=current_language())
    bits = tuple(marked(mine, theirs, [read.labels.by_words[language]]))
    return Passage(name, cell_id(key, language), label, language, bits)


def with_theirs(work: Work, read: Reading, name: str) -> Manuscript | None:
    """Put the other's words of a cell in the place of one's own; None where there are none."""
    noted_of = drafts.beside_of(work.draft) if work.draft else None
    words = next((words for held, _, words in _pairs(noted_of, read) if held == name), None) if noted_of else None
    if words is None:
        return None
    key, _, of = name.rpartition(".")
    return writing.with_text(read.manuscript, key, language=Language(of), text=words)


def follow(draft: Draft | None, posted: Posted, form: MultiDict[str, str]) -> None:
    """Let what is noted move with the texts it is about, and go where it was taken."""
    noted_of = drafts.beside_of(draft) if draft else None
    if draft is None or noted_of is None:
        return
    words = writing.load(noted_of["words"])
    if posted.act in STRUCTURE:
        again = replace(posted, manuscript=words)
        words = editor_form.with_case(again, form) or editor_form.changed(again) or words
    elif posted.act == "theirs":
        key, _, of = posted.rest.rpartition(".")
        words = writing.with_text(words, key, language=Language(of), text="")
    drafts.put_beside(draft, {**noted_of, "words": writing.dump(words)})
