"""A campaign as a folder of files, the form it is shipped, exchanged and reviewed in."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile, check_campaign, check_letter_file
from advocacy.campaigns.letter_template import LetterTemplate, constants, offered_blanks, resolve_options
from advocacy.campaigns.letter_text import Cell, Fault, cells, find_faults, map_texts
from advocacy.campaigns.pictures import PICTURE_FILES
from advocacy.campaigns.safety import Safety, check_safety
from advocacy.campaigns.sentences_file import NO_SENTENCES, SentencesFile, check_sentences
from advocacy.findings import NO_SURVEY, Survey, read_survey
from advocacy.language import Language
from advocacy.problems import Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, TomlProblems, line_and_column, read_or_report, read_toml

Params = ParamSpec("Params")
Result = TypeVar("Result")

CAMPAIGN, SENTENCES, FINDINGS, SAFETY = "campaign.toml", "sentences.toml", "findings.toml", "safety.toml"
LETTER = "letter.toml"
LEFT_OUT = "[…]"
"""What stands in a preview for a text that is missing or cannot be read."""
PICTURES = "pictures"
OWN_DOCUMENTS = MappingProxyType(
    {
        CAMPAIGN: "campaign",
        SENTENCES: "sentences",
        FINDINGS: "findings",
        SAFETY: "safety",
        **dict.fromkeys(sorted(PICTURE_FILES), PICTURES),
    }
)
"""The campaign's own files and the document that each is of; it may do without all but the first."""
OWN_LIST = "recipients.csv"
"""The campaign's own list of people: it travels with the files and is no document, as it counts once it is brought."""


@dataclass(frozen=True)
class CampaignFolder:
    """One campaign's files, to the byte. `name` is the folder's; file names are paths inside it, with `/`."""

    name: str
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, name: str, files: Mapping[str, bytes]) -> "CampaignFolder":
        """Return the folder of these files, in the order of their names."""
        return cls(name, tuple(sorted(files.items())))

    def documents(self) -> Mapping[str, Mapping[str, bytes]]:
        """Return the files by what is revised as a whole: the campaign, its findings, its safety, each letter."""
        groups: dict[str, dict[str, bytes]] = {}
        for name, content in self.files:
            if name == OWN_LIST:
                continue
            folder = name.split("/")[0] if "/" in name else OWN_DOCUMENTS.get(name, name)
            groups.setdefault(folder, {})[name] = content
        return groups

    def letters(self) -> Sequence[str]:
        """Return the letters of the campaign: its folders with a letter's file."""
        parts = [name.split("/") for name, _ in self.files]
        return sorted(part[0] for part in parts if len(part) == 2 and part[1] == LETTER)

    def unknown_files(self) -> Sequence[str]:
        known = {*OWN_DOCUMENTS, OWN_LIST, *(f"{letter}/{LETTER}" for letter in self.letters())}
        return [name for name, _ in self.files if name not in known]

    def content(self, name: str) -> bytes | None:
        return dict(self.files).get(name)

    def text(self, name: str) -> str:
        """Return one file as text whose lines end in LF; raise TomlProblems when it is missing or not UTF-8."""
        content = self.content(name)
        if content is None:
            raise TomlProblems([complaint("file-missing").at(Place(self.path(name)))])
        try:
            return _with_line_feeds(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = _with_line_feeds(content[: error.start].decode("utf-8-sig", "replace"))
            place = line_and_column(before, len(before))
            raise TomlProblems([complaint("file-not-utf8").at(Place(self.path(name), *place))]) from None

    def path(self, name: str) -> str:
        """Return a file's name as problems show it."""
        return f"{self.name}/{name}"

    def campaign(self) -> CampaignFile:
        """Read `campaign.toml`; raise TomlProblems."""
        return _campaign(self.text(CAMPAIGN), self.path(CAMPAIGN))

    def readable_campaign(self) -> CampaignFile | None:
        """Read `campaign.toml`, None where it cannot be read."""
        return read_or_report(self.campaign)

    def sentences(self) -> SentencesFile:
        """Read `sentences.toml`, NO_SENTENCES for a campaign without it; raise TomlProblems."""
        if self.content(SENTENCES) is None:
            return NO_SENTENCES
        return _sentences(self.text(SENTENCES), self.path(SENTENCES))

    def survey(self) -> Survey:
        """Read `findings.toml`, NO_SURVEY for a campaign without it; raise TomlProblems."""
        if self.content(FINDINGS) is None:
            return NO_SURVEY
        return _survey(self.text(FINDINGS), self.path(FINDINGS))

    def safety(self) -> Safety | None:
        """Read `safety.toml`, None for a campaign without it; raise TomlProblems."""
        return None if self.content(SAFETY) is None else _safety(self.text(SAFETY), self.path(SAFETY))

    def letter(self, letter: str) -> LetterFile:
        """Read a letter's `letter.toml`; raise TomlProblems."""
        name = f"{letter}/{LETTER}"
        return _letter(self.text(name), self.path(name))

    def readable_letters(self) -> Mapping[str, LetterFile]:
        """Return what the letters declare whose `letter.toml` can be read, in the order in which citizens see them."""
        found = {}
        for name in self.letters():
            with suppress(TomlProblems):
                found[name] = self.letter(name)
        return dict(sorted(found.items(), key=lambda one: (one[1].place, one[0])))

    def template(self, letter: str) -> LetterTemplate:
        """Return one letter, ready to compose; raise TomlProblems for whatever keeps it from being one."""
        template, problems = _template(self.only(letter), letter)
        if problems:
            raise TomlProblems(problems)
        return template

    def readable_template(self, letter: str) -> tuple[LetterTemplate, Sequence[Problem]]:
        """Return what can be read of one letter, and what cannot.

        A text that is missing, or cannot be read, is LEFT_OUT: good for previews and comparisons, never for a letter
        that is sent. Raises TomlProblems where one of the files cannot be read.
        """
        return _template(self.only(letter), letter)

    def only(self, letter: str) -> "CampaignFolder":
        """Return the folder with one letter's own file and the campaign's, without the other letters."""
        mine = (CAMPAIGN, SENTENCES, FINDINGS, f"{letter}/{LETTER}")
        return CampaignFolder(self.name, tuple(file for file in self.files if file[0] in mine))

    def with_documents(self, documents: Mapping[str, Mapping[str, bytes]]) -> "CampaignFolder":
        """Return the campaign with these documents in the place of its own of the same names."""
        groups = {**self.documents(), **documents}.values()
        return self.of(self.name, {name: content for files in groups for name, content in files.items()})

    def with_texts(self, texts: Mapping[str, str]) -> "CampaignFolder":
        """Return the campaign with these files in the place of its own of the same names."""
        return self.of(self.name, {**dict(self.files), **{name: text.encode() for name, text in texts.items()}})


def campaign_folders(root: Path) -> Sequence[Path]:
    """Find the campaigns in `root`, or `root` itself when it is one; a campaign may lack a file that it needs."""
    if _holds_campaign(root):
        return [root]
    return sorted(
        path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".") and _holds_campaign(path)
    )


def read_folder(folder: Path) -> CampaignFolder:
    """Read one campaign; hidden files are not part of it."""
    return CampaignFolder.of(folder.resolve().name, dict(_files(folder)))


def read_folders(root: Path) -> Sequence[CampaignFolder]:
    """Read every campaign in `root`, or `root` itself when it is one."""
    return [read_folder(folder) for folder in campaign_folders(root)]


def write_folder(folder: CampaignFolder, root: Path) -> None:
    """Write a campaign's files below `root`, to the byte; files that are no longer part of it are left alone."""
    for name, content in folder.files:
        path = root / folder.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def digest(files: Mapping[str, bytes]) -> str:
    """Return one number for the files' names and bytes (SHA-256, hexadecimal)."""
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def cached_by_content(size: int) -> Callable[[Callable[Params, Result]], Callable[Params, Result]]:
    """Cache the last results of a function of campaigns and words, by hashes of the files.

    Unlike with `lru_cache`, no whole campaign stays in memory for its result.
    """

    def decorator(function: Callable[Params, Result]) -> Callable[Params, Result]:
        cache: OrderedDict[str, Result] = OrderedDict()
        lock = Lock()

        @wraps(function)
        def cached(*args: Params.args, **kwargs: Params.kwargs) -> Result:
            values = (*args, *kwargs.values())
            parts = [(one.name, digest(dict(one.files))) if isinstance(one, CampaignFolder) else one for one in values]
            key = hashlib.sha256(repr(parts).encode()).hexdigest()
            with lock:
                if key in cache:
                    cache.move_to_end(key)
                    return cache[key]
            result = function(*args, **kwargs)
            with lock:
                cache[key] = result
                while len(cache) > size:
                    cache.popitem(last=False)
            return result

        return cached

    return decorator


def _holds_campaign(folder: Path) -> bool:
    return any((folder / name).is_file() for name in OWN_DOCUMENTS) or any(folder.glob(f"*/{LETTER}"))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from ((f"{path.name}/{name}", content) for name, content in _files(path))
        else:
            yield path.name, path.read_bytes()


def _with_line_feeds(text: str) -> str:
    """End every line with LF, so that lines are counted in one way."""
    return re.sub(r"\r\n?", "\n", text)


# Reading a file into values costs far more than finding what was read: pages compare and check the same ones all day.
@lru_cache(maxsize=16)
def _campaign(text: str, path: str) -> CampaignFile:
    return read_toml(text, CampaignFile, file=path, also=check_campaign)


@lru_cache(maxsize=16)
def _survey(text: str, path: str) -> Survey:
    return read_survey(text, file=path)


@lru_cache(maxsize=16)
def _safety(text: str, path: str) -> Safety:
    return read_toml(text, Safety, file=path, also=check_safety)


@lru_cache(maxsize=16)
def _sentences(text: str, path: str) -> SentencesFile:
    return read_toml(text, SentencesFile, file=path, also=check_sentences)


@lru_cache(maxsize=64)
def _letter(text: str, path: str) -> LetterFile:
    return read_toml(text, LetterFile, file=path, also=check_letter_file)


@lru_cache(maxsize=256)
def _template(folder: CampaignFolder, letter: str) -> tuple[LetterTemplate, Sequence[Problem]]:
    """Read a letter once per content."""
    campaign, sentences, survey, file = folder.campaign(), folder.sentences(), folder.survey(), folder.letter(letter)
    fields = resolve_options(file, sentences)
    offered = offered_blanks(fields, survey, has_bill=campaign.bill is not None)
    path, source = folder.path(f"{letter}/{LETTER}"), folder.text(f"{letter}/{LETTER}")
    faults = {cell.path: (cell, [*find_faults(cell.text, offered)]) for cell in cells(file.sections)}
    if any(found for _, found in faults.values()):
        sections = map_texts(file.sections, lambda cell: LEFT_OUT if faults[cell.path][1] else cell.text)
        file = file.model_copy(update={"sections": sections})
    problems = [
        cell_problem(cell, fault, file=path, source=source) for cell, found in faults.values() for fault in found
    ]
    fixed = {language: constants(campaign, survey, letter=file, language=language) for language in Language}
    name = f"{folder.name}/{letter}"
    return LetterTemplate(name, campaign, sentences, survey, file, fields, fixed), tuple(problems)


def cell_problem(cell: Cell, fault: Fault, *, file: str, source: str) -> Problem:
    """Return what is wrong in a text of a letter as a problem of its file, whose content is `source`."""
    line, column = TomlPlaces(source).words(cell.path, cell.text, fault.start)
    return fault.complaint.at(Place(file, line, column, fault.length, path=cell.path))
