"""What the checks find, as pages show it: in their language and the writer's words, at its place, with its fixes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from advocacy.web.staff.texts import FILE_NAMES, document_names

TOO_LONG = complaint("text-too-long", text="", most=MAX_CHARACTERS).at(Place(""))
FILES: Mapping[str, Words] = {
    TEXTS[Language.FR]: message("the French text"),
    TEXTS[Language.EN]: message("the English text"),
}
WHOLE: Mapping[str, Message] = {
    TEXTS[Language.FR]: message("The whole letter, French"),
    TEXTS[Language.EN]: message("The whole letter, English"),
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


def sentence(problem: Problem, language: Language, names: Mapping[str, Words] | None = None) -> str:
    """Return a problem in `language`; `names` are what the page calls names, keys and files."""
    return _begun(problem.editor_message({**FILES, **(names or {})}).in_language(language))


def source_note(problem: Problem, language: Language, *, cell: str) -> Note:
    """Return a problem as whoever edits the files themselves is told it."""
    return Note(problem, _begun(problem.message.in_language(language)), cell=cell)


def letter_notes(read: EditorLetter, language: Language) -> Sequence[Note]:
    """Return all that is to be fixed in a letter, as its editor shows it."""
    if read.is_too_long:
        return [Note(TOO_LONG, sentence(TOO_LONG, language))]
    lines, problems = source_lines(read), [*editor_problems(read)]
    empty = [one for one in problems if one.code == "alternative-empty"]
    return [
        *(_empty_cells(empty[0], read, language) if empty else ()),
        *(_letter_note(one, read, lines, language=language) for one in problems if one not in empty),
    ]


def letter_advice_notes(read: EditorLetter, language: Language) -> Sequence[Note]:
    """Return the advice on a letter, as its editor shows it."""
    lines = source_lines(read)
    advice = () if read.is_too_long else letter_advice(read.folder, read.name)
    return [_letter_note(one, read, lines, language=language) for one in advice]


def campaign_notes(
    problems: Sequence[Problem], folder: CampaignFolder, language: Language, *, linked: bool = True
) -> Sequence[Note]:
    """Return problems of a campaign's files, a letter's as its editor shows them; `linked` where the site has them."""
    found: list[Note] = []
    for letter, group in groupby(problems, lambda one: one.file.removeprefix(folder.path("")).rpartition("/")[0]):
        some = [*group]
        read = open_letter(folder.only(letter), letter) if letter in folder.letters() else None
        if read is not None and _kinds(read.problems()) == _kinds(some):
            found += [_elsewhere(note, read, language, linked=linked) for note in letter_notes(read, language)]
        else:
            found += _file_notes(some, folder, language, linked=linked)
    return found


def advice_notes(folder: CampaignFolder, documents: Collection[str], language: Language) -> Sequence[Note]:
    """Return the advice on these documents of a campaign, each piece with the way to the page that shows its words."""
    acts = [*act_advice(folder)] if OWN_DOCUMENTS[CAMPAIGN] in documents else []
    found = [*_file_notes(acts, folder, language, linked=True)]
    for letter in folder.letters():
        read = open_letter(folder.only(letter), letter) if letter in documents else None
        if read is not None:
            found += [_elsewhere(note, read, language) for note in letter_advice_notes(read, language)]
    return found


def _letter_note(
    problem: Problem,
    read: EditorLetter,
    lines: Mapping[str, Sequence[manuscript_source.SourceLine]],
    *,
    language: Language,
) -> Note:
    file = problem.file.rsplit("/", 1)[-1]
    names = {**FILES, **{name: label.words for name, label in read.labels.by_name.items()}}
    said = sentence(problem, language, names)
    side = next((side for side, name in TEXTS.items() if name == file), None)
    if side is None:
        return Note(problem, said, _("Settings of the letter"))
    if problem.code == "letter-too-long":
        return Note(problem, said, WHOLE[file].in_language(language))
    place = manuscript_source.find_range_in(lines[file], line=problem.line, column=problem.column)
    if place is None:
        return Note(problem, said)
    last = manuscript_source.find_range_in(lines[file], line=problem.line, column=problem.column + problem.place.length)
    end = last.start if last and problem.place.length and last.key == place.key else place.end
    buttons = [
        (fix.key, Message(fix.label.msgid, rename_params(fix.label.params, names)).in_language(language))
        for fix in fixes(problem)
    ]
    cell = cell_id(place.key, side)
    where = cell_name(read, place.key, side, language=language)
    return Note(problem, said, where, cell, place.start, max(place.end, end), buttons=buttons)


def _empty_cells(problem: Problem, read: EditorLetter, language: Language) -> Iterator[Note]:
    """Yield a note for each variant of which nothing is written; no file has a line for them."""
    for key, case in manuscripts.cells(read.manuscript):
        section = read.manuscript.sections[int(key.split(".")[0][1:])]
        for side in reversed(Language):
            if len(section.variants) > 1 and not case.text(side).strip():
                where = cell_name(read, key, side, language=language)
                yield Note(problem, sentence(problem, language), where, cell_id(key, side))


def _elsewhere(note: Note, read: EditorLetter, language: Language, *, linked: bool = True) -> Note:
    """Return the note of a letter for a page that is not its editor, with the way there."""
    where = ", ".join(filter(None, [read.file.title.in_language(language), note.place]))
    if not linked:  # whoever brings files edits them there
        line = _("%(file)s, line %(line)s", file=note.file, line=note.problem.line)
        return Note(note.problem, note.sentence, f"{where}, {line}")
    page = "staff.letter_settings" if note.file == LETTER else "staff.letter"
    to = url_for(page, campaign=read.folder.name, letter=read.name, _anchor=note.cell or None)
    return Note(note.problem, note.sentence, where, to=to)


def _file_notes(
    problems: Sequence[Problem], folder: CampaignFolder, language: Language, *, linked: bool
) -> Iterator[Note]:
    names, documents = _finding_names(folder), document_names(folder)
    for problem in problems:
        document, _slash, file = problem.file.removeprefix(folder.path("")).rpartition("/")
        document = document or OWN_DOCUMENTS.get(file, file)
        said = [documents.get(document, document), *([str(FILE_NAMES[file])] if file in FILE_NAMES else [])]
        where = _("%(file)s, line %(line)s", file=", ".join(said), line=problem.line)
        to = _address(problem, folder) if linked else ""
        yield Note(problem, sentence(problem, language, names), where, to=to)


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
    path = [str(part) for part in problem.place.path] if name == CAMPAIGN else []
    page = "staff.campaign_bills" if path[:1] in (["act"], ["bill"]) else pages[name]
    return url_for(page, campaign=folder.name, _anchor="-".join(path) or None)


def _finding_names(folder: CampaignFolder) -> Mapping[str, Words]:
    try:
        return {f"finding.{key}": words for key, words in finding_labels(folder.survey()).items()}
    except TomlProblems:
        return {}


def _kinds(problems: Sequence[Problem]) -> Sequence[str]:
    """Return what is compared to see whether an editor shows just these problems: not their places."""
    return sorted(f"{one.code} {dict(one.params)}" for one in problems)


def _begun(text: str) -> str:
    """Begin a sentence with a capital where a word begins it, and end it with a full stop."""
    first = text.split(" ", 1)[0]
    begun = text[:1].upper() + text[1:] if first.replace("’", "").isalpha() else text
    return begun if begun.endswith((".", "?", "!", "…")) else f"{begun}."
