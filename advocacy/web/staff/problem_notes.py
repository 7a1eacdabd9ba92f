"""Problems found by the checks, as pages show them: a sentence, its place, the way there and its fixes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from advocacy.campaigns.campaign_folder import CAMPAIGN, FINDINGS, LETTER, OWN_DOCUMENTS, SAFETY, TEXTS, CampaignFolder
from advocacy.campaigns.checks.advice import act_advice, letter_advice
from advocacy.campaigns.editor import manuscript as manuscripts
from advocacy.campaigns.editor import manuscript_source
from advocacy.campaigns.editor.editor_letter import EditorLetter, cell_name, editor_problems, open_letter, source_lines
from advocacy.campaigns.editor.fixes import fixes
from advocacy.campaigns.editor.labels import finding_labels
from advocacy.campaigns.grammar.tokens import MAX_CHARACTERS
from advocacy.language import Language
from advocacy.messages import Message, Words, message
from advocacy.problems import Place, Problem, complaint, rename_params
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.staff.texts import FILE_NAMES, document_names

TOO_LONG = complaint("text-too-long", text="", most=MAX_CHARACTERS).at(Place(""))
FILES: Mapping[str, Words] = {
    TEXTS[language]: message("the %(language)s text", language=language.names) for language in Language
}
WHOLE: Mapping[str, Message] = {
    TEXTS[language]: message("The whole letter in %(language)s", language=language.names) for language in Language
}


@dataclass(frozen=True, slots=True)
class Note:
    """A problem on a page: its sentence, the words for its place, and the ways there ("" for none).

    `cell` is the editor's cell with the characters `start`–`end` it is about, `to` the address of the page and the
    place in it.
    """

    problem: Problem
    sentence: str
    place: str = ""
    cell: str = ""
    start: int = 0
    end: int = 0
    to: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    """Its fixes: the key by which each is asked for, and what its button says."""

    @property
    def file(self) -> str:
        """The name of the problem's file, without its folders."""
        return self.problem.file.rsplit("/", 1)[-1]


def cell_id(key: str, language: Language) -> str:
    """Return the id of a cell's text area on the editor's page."""
    return f"{key.replace('.', '-')}-{language.value}"


def sentence(problem: Problem, names: Mapping[str, Words] | None = None) -> str:
    """Return a problem in words; `names` are what the page calls names, keys and files."""
    return _as_sentence(problem.editor_message({**FILES, **(names or {})}).in_language(current_language()))


def source_note(problem: Problem, *, cell: str) -> Note:
    """Return a problem in the terms of the file, for whoever edits it."""
    return Note(problem, _as_sentence(problem.message.in_language(current_language())), cell=cell)


def letter_notes(letter: EditorLetter) -> Sequence[Note]:
    """Return all that is to be fixed in a letter, as its editor shows it."""
    if letter.is_too_long:
        return [Note(TOO_LONG, sentence(TOO_LONG))]
    lines, problems = source_lines(letter), [*editor_problems(letter)]
    empty = [one for one in problems if one.code == "alternative-empty"]
    return [
        *(_empty_cells(empty[0], letter) if empty else ()),
        *(_letter_note(one, letter, lines) for one in problems if one not in empty),
    ]


def letter_advice_notes(letter: EditorLetter) -> Sequence[Note]:
    """Return the advice on a letter, as its editor shows it."""
    lines = source_lines(letter)
    advice = () if letter.is_too_long else letter_advice(letter.folder, letter.name)
    return [_letter_note(one, letter, lines) for one in advice]


def campaign_notes(problems: Sequence[Problem], folder: CampaignFolder, *, linked: bool = True) -> Sequence[Note]:
    """Return problems of a campaign's files, a letter's as its editor shows them; `linked` where the site has them."""
    found: list[Note] = []
    for letter, group in groupby(problems, lambda one: one.file.removeprefix(folder.path("")).rpartition("/")[0]):
        some = [*group]
        editor_letter = open_letter(folder.only(letter), letter) if letter in folder.letters() else None
        if editor_letter is not None and _without_places(editor_letter.problems()) == _without_places(some):
            found += [_elsewhere(note, editor_letter, linked=linked) for note in letter_notes(editor_letter)]
        else:
            found += _file_notes(some, folder, linked=linked)
    return found


def advice_notes(folder: CampaignFolder, documents: Collection[str]) -> Sequence[Note]:
    """Return the advice on these documents of a campaign, each piece with the way to the page that shows its words."""
    acts = [*act_advice(folder)] if OWN_DOCUMENTS[CAMPAIGN] in documents else []
    found = [*_file_notes(acts, folder, linked=True)]
    for letter in folder.letters():
        editor_letter = open_letter(folder.only(letter), letter) if letter in documents else None
        if editor_letter is not None:
            found += [_elsewhere(note, editor_letter) for note in letter_advice_notes(editor_letter)]
    return found


def _letter_note(
    problem: Problem,
    letter: EditorLetter,
    lines: Mapping[str, Sequence[manuscript_source.SourceLine]],
) -> Note:
    file = problem.file.rsplit("/", 1)[-1]
    names = {**FILES, **{name: label.words for name, label in letter.labels.by_name.items()}}
    text = sentence(problem, names)
    side = next((side for side, name in TEXTS.items() if name == file), None)
    if side is None:
        return Note(problem, text, _("Settings of the letter"))
    if problem.code == "letter-too-long":
        return Note(problem, text, WHOLE[file].in_language(current_language()))
    place = manuscript_source.find_range_in(lines[file], line=problem.line, column=problem.column)
    if place is None:
        return Note(problem, text)
    last = manuscript_source.find_range_in(lines[file], line=problem.line, column=problem.column + problem.place.length)
    end = last.start if last and problem.place.length and last.key == place.key else place.end
    buttons = [
        (fix.key, Message(fix.label.msgid, rename_params(fix.label.params, names)).in_language(current_language()))
        for fix in fixes(problem)
    ]
    cell = cell_id(place.key, side)
    where = cell_name(letter, place.key, side, language=current_language())
    return Note(problem, text, where, cell, place.start, max(place.end, end), buttons=buttons)


def _empty_cells(problem: Problem, letter: EditorLetter) -> Iterator[Note]:
    """Yield a note for each variant of which nothing is written; no file has a line for them."""
    for key, case in manuscripts.cells(letter.manuscript):
        section = letter.manuscript.sections[int(key.split(".")[0][1:])]
        for side in reversed(Language):
            if len(section.variants) > 1 and not case.text(side).strip():
                where = cell_name(letter, key, side, language=current_language())
                yield Note(problem, sentence(problem), where, cell_id(key, side))


def _elsewhere(note: Note, letter: EditorLetter, *, linked: bool = True) -> Note:
    """Return the note of a letter for a page that is not its editor, with the way there."""
    where = ", ".join(filter(None, [letter.file.title.in_language(current_language()), note.place]))
    if not linked:  # whoever brings files edits them there
        line = _("%(file)s, line %(line)s", file=note.file, line=note.problem.line)
        return Note(note.problem, note.sentence, f"{where}, {line}")
    page = "staff.letter_settings" if note.file == LETTER else "staff.letter"
    to = url_for(page, campaign=letter.folder.name, letter=letter.name, _anchor=note.cell or None)
    return Note(note.problem, note.sentence, where, to=to)


def _file_notes(problems: Sequence[Problem], folder: CampaignFolder, *, linked: bool) -> Iterator[Note]:
    documents, names = document_names(folder), dict[str, Words]()
    with suppress(TomlProblems):
        names = {f"finding.{key}": words for key, words in finding_labels(folder.survey()).items()}
    for problem in problems:
        document, _slash, file = problem.file.removeprefix(folder.path("")).rpartition("/")
        document = document or OWN_DOCUMENTS.get(file, file)
        names_of_file = [documents.get(document, document)]
        if file in FILE_NAMES:
            names_of_file.append(FILE_NAMES[file].in_language(current_language()))
        where = _("%(file)s, line %(line)s", file=", ".join(names_of_file), line=problem.line)
        to = _address(problem, folder) if linked else ""
        yield Note(problem, sentence(problem, names), where, to=to)


def _address(problem: Problem, folder: CampaignFolder) -> str:
    name = problem.file.removeprefix(folder.path(""))
    letter, _slash, file = name.rpartition("/")
    if letter in folder.letters():
        anchors = {text: f"file-{language}" for language, text in TEXTS.items()}
        page = "staff.letter_source"
        return url_for(page, campaign=folder.name, letter=letter, _anchor=anchors.get(file, "file-toml"))
    pages = {FINDINGS: "staff.survey", CAMPAIGN: "staff.campaign_settings", SAFETY: "staff.campaign_settings"}
    if name not in pages:
        return ""
    has_form = name == CAMPAIGN and folder.readable_campaign() is not None
    path = [str(part) for part in problem.place.path] if has_form else []
    page = "staff.campaign_bills" if path[:1] in (["act"], ["bill"]) else pages[name]
    return url_for(page, campaign=folder.name, _anchor="-".join(path) or None)


def _without_places(problems: Sequence[Problem]) -> Sequence[str]:
    """Return what these problems are, to compare them with those that an editor finds at other places."""
    return sorted(f"{one.code} {dict(one.params)}" for one in problems)


def _as_sentence(text: str) -> str:
    """Begin a sentence with a capital where a word begins it, and end it with a full stop."""
    first = text.split(" ", 1)[0]
    begun = text[:1].upper() + text[1:] if first.replace("’", "").isalpha() else text
    return begun if begun.endswith((".", "?", "!", "…")) else f"{begun}."
