"""Problems found by the checks, as pages show them: a sentence, its place, the way there and its remedies."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.campaign_folder import (
    CAMPAIGN,
    FINDINGS,
    LETTER,
    OWN_DOCUMENTS,
    SAFETY,
    SENTENCES,
    CampaignFolder,
)
from advocacy.campaigns.checks.campaign_check import check_advice
from advocacy.campaigns.checks.letter_check import check_letter
from advocacy.campaigns.differences import letter_labels
from advocacy.campaigns.editor.labels import finding_labels
from advocacy.campaigns.editor.letter_edits import AlternativeKey
from advocacy.campaigns.terms import section_title
from advocacy.language import Language
from advocacy.messages import Words
from advocacy.problems import Complaint, Problem
from advocacy.toml_source import read_or_report
from advocacy.web.locale import current_language
from advocacy.web.staff.texts import document_names
from advocacy.web.staff.working_copy import WorkingCopy, cell_name

PAGES = {
    FINDINGS: "staff.survey",
    CAMPAIGN: "staff.campaign_settings",
    SENTENCES: "staff.campaign_sentences",
    SAFETY: "staff.campaign_safety",
}
FIGURES = ("figure-typed", "figure-not-in-survey")


@dataclass(frozen=True, slots=True)
class Note:
    """A problem on a page: its sentence, the words for its place, and the way there ("" for none).

    `cell` names the text of a letter that it is about, "opening-0-fr"; `words` are the piece of it.
    """

    problem: Problem
    sentence: str
    place: str = ""
    cell: str = ""
    to: str = ""
    words: str = ""
    remedies: Sequence[tuple[str, str]] = ()
    """Its remedies: the name of the blank that each puts in, and what its button says."""


def sentence(problem: Complaint, labels: Mapping[str, Words] | None = None) -> str:
    """Return a problem in words; `labels` are what the page calls the blanks of letters."""
    message = problem.message_with(labels) if labels and isinstance(problem, Problem) else problem.message
    return _as_sentence(message.in_language(current_language()))


def letter_notes(copy: WorkingCopy) -> Sequence[Note]:
    """Return all that is to be fixed or considered in a letter, with its remedies.

    What was not written anew is not among it: the page shows the old and the new words.
    """
    problems = check_letter(copy.folder.only(copy.letter), copy.letter)
    labels = {name: label.words for name, label in copy.labels.by_name.items()}
    return [
        Note(
            problem,
            sentence(problem, labels),
            _place(problem, copy.file),
            cell=_cell(problem, copy.file),
            words=str(problem.params.get("text", "")),
            remedies=[*_remedies(problem, copy)],
        )
        for problem in problems
        if problem.code != "stale"
    ]


def _remedies(problem: Problem, copy: WorkingCopy) -> Iterator[tuple[str, str]]:
    """Yield the blanks that mend a problem where it stands, each with the words of its button."""
    if problem.code in FIGURES:
        for name, _start, _length in problem.params["citable"][:3]:
            yield name, _("Insert “%(label)s”", label=_called(name, copy))
    elif problem.code in {"language-lacks", "blank-in-some"}:
        for name in problem.params["names"]:
            yield name, _("Put “%(label)s” at the end", label=_called(name, copy))


def _called(name: str, copy: WorkingCopy) -> str:
    return copy.labels.by_name[name].words.in_language(current_language())


def campaign_notes(problems: Sequence[Problem], folder: CampaignFolder, *, linked: bool = True) -> Sequence[Note]:
    """Return problems of a campaign's files; without `linked` as whoever brings the files finds them there."""
    documents, figures = document_names(folder), _figure_labels(folder)
    notes = []
    for problem in problems:
        name = problem.file.removeprefix(folder.path(""))
        letter, _slash, file = name.rpartition("/")
        document = letter or OWN_DOCUMENTS.get(file, file)
        letter_file = folder.readable_letters().get(letter)
        labels = letter_labels(folder.only(letter), letter) if letter_file else None
        called = {key: label.words for key, label in labels.by_name.items()} if labels else figures
        places = [documents.get(document, document)]
        if letter_file:
            places.append(_place(problem, letter_file))
        where = ", ".join(filter(None, places))
        if not linked:
            where = _("%(file)s, line %(line)s", file=where, line=problem.line)
        to = _address(problem, folder, letter, letter_file=letter_file) if linked else ""
        notes.append(Note(problem, sentence(problem, called), where, to=to))
    return notes


def advice_notes(folder: CampaignFolder, documents: Collection[str]) -> Sequence[Note]:
    """Return the advice on these documents of a campaign, each piece with the way to the page that shows its words."""
    files = {folder.path(name) for document in documents for name in folder.documents().get(document, ())}
    return campaign_notes([problem for problem in check_advice(folder) if problem.file in files], folder)


def _figure_labels(folder: CampaignFolder) -> Mapping[str, Words]:
    survey = read_or_report(folder.survey)
    return {f"finding.{key}": words for key, words in finding_labels(survey).items()} if survey else {}


def _cell(problem: Problem, letter: LetterFile) -> str:
    """Return the name of the text that a problem of a letter is about, "" for none."""
    match problem.place.path:
        case ("section", int(place), "alternative", int(number), str(language)) if place < len(letter.sections):
            return cell_name(AlternativeKey(letter.sections[place].key, number), Language(language))
    return ""


def _place(problem: Problem, letter: LetterFile) -> str:
    """Return where in a letter a problem is: “Opening, 2 of 3, French”."""
    language = current_language()
    match problem.place.path:
        case ("section", int(place), "alternative", int(number), str(side)) if place < len(letter.sections):
            section = letter.sections[place]
            parts = [section_title(section.key, place + 1).in_language(language)]
            if len(section.alternatives) > 1:
                parts.append(_("%(number)d of %(count)d", number=number + 1, count=len(section.alternatives)))
            return ", ".join([*parts, Language(side).name_in(language)])
        case ("section", *_rest):
            return str(_("Text"))
    return str(_("Form"))


def _address(problem: Problem, folder: CampaignFolder, letter: str, *, letter_file: LetterFile | None) -> str:
    """Return the address of the page, and the place in it, where a problem can be mended; "" for none."""
    if letter_file is not None:
        is_text = problem.place.path[:1] == ("section",)
        anchor = (_cell(problem, letter_file) if is_text else "") or None
        page = "staff.letter" if is_text else "staff.letter_settings"
        return url_for(page, campaign=folder.name, letter=letter, _anchor=anchor)
    file = problem.file.removeprefix(folder.path(""))
    if file == f"{letter}/{LETTER}" and letter:
        return url_for("staff.history", campaign=folder.name, document=letter)
    if file not in PAGES:
        return ""
    has_form = file == CAMPAIGN and folder.readable_campaign() is not None
    path = [str(part) for part in problem.place.path] if has_form else []
    page = "staff.campaign_bills" if path[:1] == ["bill"] else PAGES[file]
    return url_for(page, campaign=folder.name, _anchor="-".join(path) or None)


def _as_sentence(text: str) -> str:
    """Begin a sentence with a capital where a word begins it, and end it with a full stop."""
    first = text.split(" ", 1)[0]
    begun = text[:1].upper() + text[1:] if first.replace("’", "").isalpha() else text
    return begun if begun.endswith((".", "?", "!", "…")) else f"{begun}."
