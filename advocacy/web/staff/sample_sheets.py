"""Sample letters where something is published: to somebody of each kind, each variant, both languages side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.folder import CampaignFolder
from advocacy.language import Language, day_of
from advocacy.legislators.recipient import Recipient
from advocacy.letters import samples
from advocacy.letters.letter import Letter
from advocacy.letters.samples import KINDS, Kind
from advocacy.toml_source import TomlProblems
from advocacy.web.public.sheet import SheetParagraph, sheet_paragraphs
from advocacy.web.services import services

Sheets: TypeAlias = Sequence[tuple[Letter, Sequence[SheetParagraph]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter of a campaign with its sheets; none where the directory knows nobody of that kind."""

    letter: str
    title: str
    sheets: Sheets


@dataclass(frozen=True, slots=True)
class Showing:
    """The sample letters of a page; `look` of `looks` says which variants they speak, counted from 1."""

    kind: Kind
    look: int
    looks: int
    letters: Sequence[Shown]
    kinds: Sequence[tuple[str, str]]
    """Each kind of people that the campaign writes to, and what it is called."""

    @property
    def next_look(self) -> int:
        """The variants after these, the first ones after the last."""
        return self.look % self.looks + 1


def showing(
    session: Session, folder: CampaignFolder, names: Sequence[str], *, asked: Mapping[str, str], language: Language
) -> Showing:
    """Compose these letters as a page asks for it; those that cannot be composed are left out."""
    templates = {name: made for name in names if (made := _template(folder, name)) is not None}
    campaign = next((template.campaign for template in templates.values()), None)
    there = [kind for kind in KINDS if campaign is None or kind in samples.kinds_of(campaign)]
    kind = Kind(asked["to"]) if asked.get("to") in there else there[0]
    looks = max(map(samples.looks, templates.values()), default=1)
    wanted = asked.get("look", "1")
    look = min(int(wanted), looks) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 4 else 1
    recipient = samples.somebody(session, kind) if templates else None
    letters = [
        Shown(name, template.letter.title.spoken(language), _sheets(template, recipient, max(look, 1) - 1))
        for name, template in templates.items()
    ]
    return Showing(kind, max(look, 1), looks, letters, [(one.value, KINDS[one].in_language(language)) for one in there])


def titles(folder: CampaignFolder, language: Language) -> Sequence[tuple[str, str]]:
    """Name the letters of a campaign that can be read, by their folders."""
    found = []
    for letter in folder.letters():
        try:
            found.append((letter, folder.letter(letter).title.spoken(language)))
        except TomlProblems:
            continue
    return found


def _template(folder: CampaignFolder, name: str) -> LetterTemplate | None:
    try:
        return folder.template(name)
    except (TomlProblems, KeyError):
        return None


def _sheets(template: LetterTemplate, recipient: Recipient | None, look: int) -> Sheets:
    if recipient is None:
        return ()
    made = samples.samples(template, recipient, look=look, today=day_of(services().now()))
    return [(one.letter, sheet_paragraphs(one.letter, one.template, one.answered)) for one in made]
