"""A campaign as a folder of files, the form it is shipped, exchanged and reviewed in."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from advocacy.campaigns.campaign import (
    CampaignFile,
    LetterFile,
    LetterTemplate,
    compile_letter,
    constants,
    resolved,
    source_note,
)
from advocacy.campaigns.program import Program
from advocacy.campaigns.tokens import Refused
from advocacy.findings import Survey, read_survey
from advocacy.language import Language
from advocacy.toml_source import LineNumbers, Problem, TomlProblems, read

CAMPAIGN, FINDINGS = "campaign.toml", "findings.toml"
LETTER = "letter.toml"
OWN_DOCUMENTS = {CAMPAIGN: "campaign", FINDINGS: "findings"}


@dataclass(frozen=True)
class CampaignFolder:
    """One campaign's files, to the byte. `name` is the folder's; file names are paths inside it, with `/`."""

    name: str
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, name: str, files: Mapping[str, bytes]) -> "CampaignFolder":
        """Hold these files, in the order of their names."""
        return cls(name, tuple(sorted(files.items())))

    def documents(self) -> Mapping[str, Mapping[str, bytes]]:
        """Group the files into what is revised as a whole: the campaign, its findings, each letter."""
        groups: dict[str, dict[str, bytes]] = {}
        for name, content in self.files:
            folder = name.split("/")[0] if "/" in name else OWN_DOCUMENTS.get(name, name)
            groups.setdefault(folder, {})[name] = content
        return groups

    def letters(self) -> Sequence[str]:
        """Name the letters of the campaign."""
        return [name.removesuffix(f"/{LETTER}") for name, _ in self.files if name.endswith(f"/{LETTER}")]

    def content(self, name: str) -> bytes | None:
        """Give one file, None when it is missing."""
        return dict(self.files).get(name)

    def text(self, name: str) -> str:
        """Give one file as text; raise TomlProblems when it is missing or not UTF-8."""
        content = self.content(name)
        if content is None:
            raise TomlProblems([Problem(self.path(name), 1, 1, "this file is missing; add it")])
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise TomlProblems(
                [Problem(self.path(name), line, 1, "this is not UTF-8; save the file as UTF-8")]
            ) from None

    def path(self, name: str) -> str:
        """Name a file as problems show it."""
        return f"{self.name}/{name}"

    def campaign(self) -> CampaignFile:
        """Read `campaign.toml`; raise TomlProblems."""
        return read(self.text(CAMPAIGN), CampaignFile, file=self.path(CAMPAIGN))

    def survey(self) -> Survey:
        """Read `findings.toml`; raise TomlProblems."""
        return read_survey(self.text(FINDINGS), file=self.path(FINDINGS))

    def letter(self, letter: str) -> LetterFile:
        """Read a letter's `letter.toml`; raise TomlProblems."""
        name = f"{letter}/{LETTER}"
        return read(self.text(name), LetterFile, file=self.path(name))

    def template(self, letter: str) -> LetterTemplate:
        """Compile one letter; raise TomlProblems with file, line and column for whatever keeps it from being one."""
        return _compiled(self, letter)


def read_folders(root: Path) -> Sequence[CampaignFolder]:
    """Read every campaign below `root` (or `root` itself when it is one); hidden files are not part of a campaign."""
    folders = (
        [root] if (root / CAMPAIGN).is_file() else sorted(path.parent for path in root.glob(f"*/{CAMPAIGN}"))
    )
    return [CampaignFolder.of(folder.resolve().name, dict(_files(folder))) for folder in folders]


def write_folder(folder: CampaignFolder, root: Path) -> None:
    """Write a campaign's files below `root`, to the byte; files that are no longer part of it are left alone."""
    for name, content in folder.files:
        path = root / folder.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def digest(files: Mapping[str, bytes]) -> str:
    """Give one number for the files' names and bytes (SHA-256, hexadecimal)."""
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            yield name, path.read_bytes()


@lru_cache(maxsize=256)
def _compiled(folder: CampaignFolder, letter: str) -> LetterTemplate:
    """Compile once per content: compiling costs many times what composing does."""
    campaign, survey, described = folder.campaign(), folder.survey(), folder.letter(letter)
    fixed = {
        language: constants(campaign, survey, letter=described, language=language) for language in Language
    }
    problems: list[Problem] = []
    texts: dict[Language, Program] = {}
    notes: dict[Language, str] = {}
    for language in Language:
        name = f"{letter}/{language}.md"
        try:
            texts[language] = compile_letter(
                folder.text(name), campaign, letter=described, fixed=fixed[language]
            )
        except Refused as refused:
            problems.append(refused.problem(folder.path(name)))
        try:
            notes[language] = source_note(campaign, fixed[language], language=language)
        except Refused as refused:
            line = LineNumbers(folder.text(CAMPAIGN)).line(("source_note", language))
            problems.append(Problem(folder.path(CAMPAIGN), line, refused.column, refused.sentence))
    if problems:
        raise TomlProblems(problems)
    path = f"{folder.name}/{letter}"
    return LetterTemplate(
        path, campaign, survey, described, resolved(described, campaign), texts, notes, fixed
    )
