"""What the editor's form sends: every paragraph's words in both languages, and the one act that was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from werkzeug.datastructures import MultiDict

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.kept_labels import mapped
from advocacy.campaigns.labels import Labels, shown
from advocacy.campaigns.manuscript import Manuscript
from advocacy.language import Language

LETTER_LIMIT = 1024 * 1024
"""The most bytes the editor takes: two texts at their longest, however their characters are sent."""
PARTS = 2_000
"""The most fields the editor may have: a cell for each language of each case, and its acts."""
AUTOMATIC, DRAFT, SAVE = "auto", "draft", "save"


@dataclass(frozen=True, slots=True)
class Posted:
    """The paragraphs as typed, over which revision, at which version of the draft, and what is to be done."""

    manuscript: Manuscript
    version: int
    over: int
    act: str
    numbers: Sequence[int]
    """What the act is done to: a section, a variant, which way."""
    rest: str = ""


def read(form: MultiDict[str, str]) -> Posted:
    """Read the form; one that was not made by the editor answers 400."""
    try:
        manuscript = writing.load(form["shape"])
    except (KeyError, ValueError):
        abort(400)
    act, _, rest = form.get("act", DRAFT).partition(":")
    numbers = [int(part) for part in rest.split(":") if part.lstrip("-").isascii() and part.lstrip("-").isdigit()]
    return Posted(
        filled(manuscript, form), number(form, "version"), number(form, "over"), act, numbers=numbers[:4], rest=rest
    )


def number(form: Mapping[str, str], name: str) -> int:
    """Read a number that the form carries; anything else answers 400."""
    typed = form.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        abort(400)
    return int(typed)


def shape(manuscript: Manuscript) -> str:
    """Give a manuscript without its words, for the form to carry."""
    return writing.dump(mapped(manuscript, lambda _key, _language, _text: ""))


def filled(manuscript: Manuscript, form: Mapping[str, str]) -> Manuscript:
    """Put the words of the form into its shape."""
    return mapped(manuscript, lambda key, language, _text: _lines_ended(form.get(f"{key}.{language.value}", "")))


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def changed(posted: Posted) -> Manuscript | None:
    """Carry out an act on the paragraphs; None for one that is none."""
    act = ACTS.get(posted.act)
    if act is None or len(posted.numbers) != act.numbers:
        return None
    return act.make(posted.manuscript, posted.numbers)


@dataclass(frozen=True, slots=True)
class Act:
    """One change of a letter's shape, and how many numbers say where."""

    numbers: int
    make: Callable[[Manuscript, Sequence[int]], Manuscript]


ACTS: Mapping[str, Act] = {
    "add-section": Act(1, lambda held, at: writing.add_section(held, after=at[0])),
    "remove-section": Act(1, lambda held, at: writing.remove_section(held, at[0])),
    "move": Act(2, lambda held, at: writing.move(held, at[0], by=1 if at[1] > 0 else -1)),
    "add-variant": Act(1, lambda held, at: writing.add_variant(held, at[0])),
    "remove-variant": Act(2, lambda held, at: writing.remove_variant(held, at[0], at[1])),
}


def with_case(posted: Posted, form: Mapping[str, str]) -> Manuscript | None:
    """Let a section say something of its own to somebody, or no longer; None where there is no such case."""
    held, at = posted.manuscript, posted.numbers
    if posted.act == "add-case" and len(at) == 1:
        return writing.add_case(held, at[0], form.get(f"case.{at[0]}", ""))
    case = writing.cell(held, f"s{at[0]}.v{at[1]}.c{at[2]}") if len(at) == 3 and min(at) >= 0 else None
    return writing.remove_case(held, at[0], case.test) if case else None


def inserted(manuscript: Manuscript, labels: Labels, form: Mapping[str, str]) -> Manuscript | None:
    """Put a label at the end of a cell, as the page without script asks for it; None where there is no such thing."""
    key, _, language = form.get("insert_cell", "").rpartition(".")
    label, cell = labels.by_name.get(form.get("insert_label", "")), writing.cell(manuscript, key)
    if label is None or cell is None or language not in set(Language):
        return None
    spoken = Language(language)
    text = cell.texts.get(spoken, "")
    space = " " if text and not text[-1].isspace() else ""
    return writing.with_text(manuscript, key, language=spoken, text=f"{text}{space}{shown(label, spoken)}")
