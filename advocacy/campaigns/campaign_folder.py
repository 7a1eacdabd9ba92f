"""A campaign as a folder of files, the form it is shipped, exchanged and reviewed in."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial, wraps
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from advocacy.campaigns.campaign_files import CampaignFile, LetterFile, check_campaign
from advocacy.campaigns.grammar.program import Program
from advocacy.campaigns.grammar.recovery import LEFT_OUT, LEFT_OUT_TEXT, recover
from advocacy.campaigns.grammar.tokens import Refused
from advocacy.campaigns.letter_template import (
    Acts,
    LetterTemplate,
    acts_by_key,
    compile_act,
    compile_letter,
    constants,
    resolve_options,
    source_note,
)
from advocacy.campaigns.pictures import PICTURE_FILES
from advocacy.campaigns.safety import Safety, check_safety
from advocacy.findings import NO_SURVEY, Survey, read_survey
from advocacy.language import Language
from advocacy.problems import KeyPath, Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, TomlProblems, line_and_column, read_or_report, read_toml

Params = ParamSpec("Params")
Result = TypeVar("Result")

CAMPAIGN, FINDINGS, SAFETY = "campaign.toml", "findings.toml", "safety.toml"
LETTER = "letter.toml"
TEXTS = MappingProxyType({language: f"{language}.md" for language in Language})
"""What a letter's text is called, by its language."""
PICTURES = "pictures"
OWN_DOCUMENTS = MappingProxyType(
    {CAMPAIGN: "campaign", FINDINGS: "findings", SAFETY: "safety", **dict.fromkeys(sorted(PICTURE_FILES), PICTURES)}
)
"""The campaign's own files and the document that each is of; it may do without all but the first."""
OWN_LIST = "recipients.csv"
"""The campaign's own list of people: it travels with the files and is no document, as it counts once it is brought."""
NOTE = "source_note"


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
        """Return the letters of the campaign: its folders with a letter's file, even if another is missing."""
        parts = [name.split("/") for name, _ in self.files]
        return sorted({part[0] for part in parts if len(part) == 2 and part[1] in {LETTER, *TEXTS.values()}})

    def unknown_files(self) -> Sequence[str]:
        known = {
            *OWN_DOCUMENTS,
            OWN_LIST,
            *(f"{letter}/{name}" for letter in self.letters() for name in (LETTER, *TEXTS.values())),
        }
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
        """Compile one letter; raise TomlProblems with file, line and column for whatever keeps it from being one."""
        template, problems = _compiled(self.only(letter), letter)
        if template is None or problems:
            raise TomlProblems(problems)
        return template

    def readable_template(self, letter: str) -> tuple[LetterTemplate | None, Sequence[Problem]]:
        """Compile what can be read of one letter, and return what is refused.

        Each paragraph that is refused is left out, LEFT_OUT_TEXT in its place: good for previews and comparisons, never
        for a letter that is sent. Raises TomlProblems where the campaign's own files or `letter.toml` cannot be read.
        """
        return _compiled(self.only(letter), letter)

    def only(self, letter: str) -> "CampaignFolder":
        """Return the folder with one letter's own files and the campaign's, without the other letters."""
        mine = (CAMPAIGN, FINDINGS, *(f"{letter}/{name}" for name in (LETTER, *TEXTS.values())))
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


@lru_cache(maxsize=64)
def _letter(text: str, path: str) -> LetterFile:
    return read_toml(text, LetterFile, file=path)


@lru_cache(maxsize=256)
def _compiled(folder: CampaignFolder, letter: str) -> tuple[LetterTemplate | None, Sequence[Problem]]:
    """Compile once per content: compiling costs many times what composing does."""
    campaign, survey, described = folder.campaign(), folder.survey(), folder.letter(letter)
    fixed = {language: constants(campaign, survey, letter=described, language=language) for language in Language}
    problems: list[Problem] = []
    texts: dict[Language, Program] = {}
    notes: dict[Language, str] = {}
    for language, file in TEXTS.items():
        name = f"{letter}/{file}"
        source = read_or_report(partial(folder.text, name), problems)
        if source is None:
            continue
        known = {**fixed[language], LEFT_OUT: LEFT_OUT_TEXT}
        try:
            texts[language] = compile_letter(source, campaign, letter=described, fixed=fixed[language])
        except Refused:
            program, refused_pieces = recover(
                source, partial(compile_letter, campaign=campaign, letter=described, fixed=known)
            )
            problems += [refused.problem(folder.path(name)) for refused in refused_pieces]
            if program is not None:
                texts[language] = program
        try:
            notes[language] = source_note(campaign, survey, letter=described, language=language)
        except Refused as refused:
            note = campaign.source_note.in_language(language) if campaign.source_note else ""
            problems.append(_in_campaign(folder, (NOTE, language), note, refused=refused))
            notes[language] = ""
    acts, refusals = _compiled_acts(folder.only(""))
    problems += refusals
    if len(texts) < len(Language) or refusals:
        return None, tuple(problems)
    path, fields = f"{folder.name}/{letter}", resolve_options(described, campaign)
    template = LetterTemplate(path, campaign, survey, described, fields, texts, notes, fixed, acts)
    return template, tuple(problems)


@lru_cache(maxsize=16)
def _compiled_acts(folder: CampaignFolder) -> tuple[Mapping[Language, Acts], Sequence[Problem]]:
    """Compile the acts once for all letters of a campaign."""
    campaign = folder.campaign()
    problems: list[Problem] = []
    compiled: dict[Language, Acts] = {}
    for language in Language:
        fixed = campaign.bill.names(language) if campaign.bill else {}
        texts: dict[tuple[int, str], Mapping[bool, str]] = {}
        for place, act in enumerate(campaign.acts):
            for name, wording in act.wordings():
                source, path = wording.in_language(language), ("act", place, name, language)
                try:
                    texts[place, name] = compile_act(source, fixed)
                except Refused as refused:
                    problems.append(_in_campaign(folder, path, source, refused=refused))
        compiled[language] = {} if problems else acts_by_key(campaign.acts, texts)
    return compiled, problems


def _in_campaign(folder: CampaignFolder, path: KeyPath, text: str, *, refused: Refused) -> Problem:
    """Return the problem of a text of `campaign.toml` that was refused, at the refused piece."""
    start = sum(len(line) + 1 for line in text.split("\n")[: refused.line - 1]) + refused.column - 1
    place = TomlPlaces(folder.text(CAMPAIGN)).words(path, text, start)
    return refused.complaint.at(Place(folder.path(CAMPAIGN), *place, refused.length, path))
