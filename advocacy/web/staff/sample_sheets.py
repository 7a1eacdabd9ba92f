"""Sample letters where something is published: to somebody of each kind, each variant, both languages side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.language import Language, day_of
from advocacy.legislators.recipient import Recipient
from advocacy.letters.letter import Letter
from advocacy.letters.samples import (
    FROM_THEIR_RIDING,
    KINDS,
    Kind,
    Trial,
    choice_of,
    kinds_of,
    looks,
    sample,
    somebody,
)
from advocacy.toml_source import TomlProblems
from advocacy.web.public.sheet import SheetParagraph, sheet_paragraphs
from advocacy.web.services import services

Sheets: TypeAlias = Sequence[tuple[Letter, Sequence[SheetParagraph]]]


@dataclass(frozen=True, slots=True)
class Showing:
    """The sample letters of a page by their titles; none of one where the directory knows nobody of that kind.

    `look` of `looks` says which variants they have, counted from 1; `kinds` are the people that the campaign writes to.
    """

    kind: Kind
    look: int
    looks: int
    letters: Sequence[tuple[str, Sheets]]
    kinds: Sequence[tuple[Kind, str]]

    @property
    def next_look(self) -> int:
        """The variants after these, the first ones after the last."""
        return self.look % self.looks + 1


def showing(
    session: Session, folder: CampaignFolder, names: Sequence[str], *, asked: Mapping[str, str], language: Language
) -> Showing:
    """Compose these letters as a page asks for it; those that cannot be composed are left out."""
    templates = [made for name in names if (made := _template(folder, name)) is not None]
    there = kinds_of(templates[0].campaign) if templates else [*Kind]
    kind = Kind(asked["to"]) if asked.get("to") in there else there[0]
    most = max(map(looks, templates), default=1)
    wanted = asked.get("look", "1")
    look = min(int(wanted), most) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 4 else 1
    recipient = somebody(session, kind, templates[0].campaign, name=folder.name) if templates else None
    letters = [
        (one.letter.title.in_language(language), _sheets(one, recipient, kind, look=max(look, 1) - 1))
        for one in templates
    ]
    return Showing(kind, max(look, 1), most, letters, [(one, KINDS[one].in_language(language)) for one in there])


def _template(folder: CampaignFolder, name: str) -> LetterTemplate | None:
    try:
        return folder.template(name)
    except (TomlProblems, KeyError):
        return None


def _sheets(template: LetterTemplate, recipient: Recipient | None, kind: Kind, *, look: int) -> Sheets:
    if recipient is None:
        return ()
    sheets = []
    for language in (Language.FR, Language.EN):
        choice, mine = choice_of(template, language, look), kind in FROM_THEIR_RIDING
        made = sample(template, recipient, Trial(kind, language, True, mine, choice), today=day_of(services().now()))
        sheets.append((made.letter, sheet_paragraphs(made.letter, template, made.answered)))
    return sheets
