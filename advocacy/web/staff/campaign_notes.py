"""What the checks find in a campaign, in a writer's words, each with the way to the place that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext

from advocacy.campaigns.folder import CAMPAIGN, FINDINGS, LETTER, TEXTS, CampaignFolder
from advocacy.campaigns.toml_spans import Spans
from advocacy.language import Language
from advocacy.staff.campaign_files import Held
from advocacy.staff.campaign_text import field_at
from advocacy.staff.revisions import problems_of
from advocacy.toml_source import Problem, TomlProblems
from advocacy.web.staff import letter_notes
from advocacy.web.staff.letter_titles import PARTS
from advocacy.web.staff.letter_work import Reading, reading_in
from advocacy.web.staff.note_words import told

SOURCES = {name: f"file-{language}" for language, name in TEXTS.items()}
"""Where a letter's source shows its texts."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to mend: where it stands, the sentence, the way there.

    `field` is the campaign's form's field that shows it, `to` the address of the page and the place in it; "" for none.
    """

    place: str
    sentence: str
    field: str = ""
    to: str = ""


def notes(campaign: Held, language: Language) -> Sequence[Note]:
    """Say all that keeps a campaign, as it was last written, from being published."""
    folder = campaign.newest()
    return noted(problems_of(folder), folder, language)


def noted(
    problems: Sequence[Problem], folder: CampaignFolder, language: Language, *, linked: bool = True
) -> Sequence[Note]:
    """Show problems of a campaign's files, a letter's as its editor does; `linked` where the site has these files."""
    found: list[Note] = []
    for letter, held in groupby(problems, lambda one: _letter(one, folder)):
        some = [*held]
        read = _read(some, folder, letter) if letter else None
        found += _of_letter(read, language, linked=linked) if read else _of_files(some, folder, language, linked=linked)
    return found


def _letter(problem: Problem, folder: CampaignFolder) -> str:
    """Name the letter that a problem is in, "" for what is in none."""
    return problem.file.removeprefix(folder.path("")).rpartition("/")[0]


def _read(problems: Sequence[Problem], folder: CampaignFolder, letter: str) -> Reading | None:
    """Read a letter as its editor shows it; None where the editor would not say just these problems."""
    read = reading_in(folder, letter) if letter in folder.letters() else None
    told_there = sorted(one.sentence for one in read.problems()) if read else []
    return read if told_there == sorted(one.sentence for one in problems) else None


def _of_letter(read: Reading, language: Language, *, linked: bool) -> Sequence[Note]:
    title = read.file.title.spoken(language)
    found = []
    for note in letter_notes.notes(read, language):
        where = [note.where] if note.where else [PARTS[note.file].spoken(language)] if note.file in PARTS else []
        if note.line and not linked:  # whoever brings files mends them there
            where.append(gettext("%(file)s, line %(line)s", file=note.file, line=note.line))
        page = "staff.letter_settings" if note.file == LETTER else "staff.letter"
        to = url_for(page, campaign=read.folder.name, letter=read.letter, _anchor=note.cell or None) if linked else ""
        found.append(Note(", ".join([title, *where]), note.sentence, to=to))
    return found


def _of_files(
    problems: Sequence[Problem], folder: CampaignFolder, language: Language, *, linked: bool
) -> Sequence[Note]:
    fields = _fields(folder)
    found = []
    for problem, (place, sentence) in zip(problems, told(problems, folder, language), strict=True):
        field = fields.get(problem.line, "") if problem.file == folder.path(CAMPAIGN) else ""
        found.append(Note(place, sentence, field, _address(problem, folder, field) if linked else ""))
    return found


def _address(problem: Problem, folder: CampaignFolder, field: str) -> str:
    name = problem.file.removeprefix(folder.path(""))
    letter, _, file = name.rpartition("/")
    if letter in folder.letters():
        anchor = SOURCES.get(file, "file-toml")
        return url_for("staff.letter_source", campaign=folder.name, letter=letter, _anchor=anchor)
    if name == FINDINGS:
        return url_for("staff.survey", campaign=folder.name)
    return url_for("staff.campaign_settings", campaign=folder.name, _anchor=field or None) if name == CAMPAIGN else ""


def _fields(folder: CampaignFolder) -> Mapping[int, str]:
    """Name, by the lines of `campaign.toml`, the field that shows what stands there."""
    try:
        folder.campaign()
        text = folder.text(CAMPAIGN)
    except TomlProblems:
        return {}
    found: dict[int, str] = {}
    for path, (start, end) in sorted(Spans.of(text).values.items(), key=lambda one: len(one[0])):
        for line in range(text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 2):
            found[line] = field_at(path) or found.get(line, "")
    return found
