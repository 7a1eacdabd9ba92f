"""Letters tried out with an invented citizen on a real legislator of each kind, in the editor and for publishing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.editor import editor_letter
from advocacy.campaigns.editor.editor_letter import EditorLetter
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import SIDE_BY_SIDE, SOURCE, Language, day_of
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
from advocacy.web.locale import current_language
from advocacy.web.public.sheet import SheetParagraph, sheet_paragraphs
from advocacy.web.services import services

# --- One letter, as the editor and its preview show it


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that was tried out; `letter` is None while it cannot be composed, or nobody is there to write to."""

    trial: Trial
    arguments: Mapping[str, str]
    """The trial as it stands in an address."""
    people: Sequence[tuple[str, str, str]]
    """Each kind, what it is called, and the name of the one it stands for."""
    groups: Sequence[tuple[str, int]]
    """What each variant is of, and how many there are."""
    letter: Letter | None
    laid: Sequence[SheetParagraph] = ()


def wished(arguments: Mapping[str, str], letter: EditorLetter) -> Trial:
    """Read how the letter is to be tried out; what is not known is as if it had not been query."""
    template = letter.template()
    groups = template.texts[SOURCE].groups if template else ()
    to, language = arguments.get("to", ""), arguments.get("language", "")
    there = kinds_of(letter.campaign)
    kind = Kind(to) if to in there else there[0]
    numbers = [arguments.get(f"v{place}", "") for place in range(len(groups))]
    choice = [int(one) if one.isascii() and one.isdigit() and len(one) < 4 else 0 for one in numbers]
    return Trial(
        kind,
        Language(language) if language in set(Language) else current_language(),
        arguments.get("own", "1") != "0",
        arguments.get("mine", str(int(kind in FROM_THEIR_RIDING))) != "0",
        tuple(number if number < count else 0 for number, count in zip(choice, groups, strict=True)),
    )


def previews(session: Session, letter: EditorLetter, trials: Sequence[Trial]) -> list[Preview]:
    """Try a letter out in each of these ways."""
    found = {
        kind: somebody(session, kind, letter.campaign, name=letter.folder.name) for kind in kinds_of(letter.campaign)
    }
    return [_preview({kind: one for kind, one in found.items() if one}, letter, trial) for trial in trials]


def _preview(people: Mapping[Kind, Recipient], letter: EditorLetter, trial: Trial) -> Preview:
    language = current_language()
    named = []
    for kind, one in people.items():
        words = one.riding or one.title
        place = words.in_language(trial.language) if words else one.province or ""
        named.append((kind, KINDS[kind].in_language(language), ", ".join(filter(None, (one.name, place)))))
    arguments = {
        "to": trial.to.value,
        "language": trial.language.value,
        "own": str(int(trial.own)),
        "mine": str(int(trial.mine)),
        **{f"v{place}": str(number) for place, number in enumerate(trial.choice)},
    }
    template, recipient = letter.template(), people.get(trial.to)
    if template is None or recipient is None or template.is_uneven:
        return Preview(trial, arguments, named, (), None)
    made = sample(template, recipient, trial, today=day_of(services().now()))
    titles = zip(editor_letter.section_titles(letter, language), letter.manuscript.sections, strict=True)
    several = [title for title, section in titles if len(section.variants) > 1]
    groups = list(zip(several, template.texts[trial.language].groups, strict=False))
    return Preview(trial, arguments, named, groups, made, sheet_paragraphs(made, template))


# --- Several letters, as the page that publishes them shows them

Sheets: TypeAlias = Sequence[tuple[Letter, Sequence[SheetParagraph]]]


@dataclass(frozen=True, slots=True)
class SampleLetters:
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


def compose_samples(
    session: Session, folder: CampaignFolder, names: Sequence[str], *, query: Mapping[str, str], language: Language
) -> SampleLetters:
    """Compose these letters as a page asks for it; those that cannot be composed are left out."""
    templates = list[LetterTemplate]()
    for name in names:
        with suppress(TomlProblems, KeyError):
            templates.append(folder.template(name))
    there = kinds_of(templates[0].campaign) if templates else [*Kind]
    kind = Kind(query["to"]) if query.get("to") in there else there[0]
    most = max(map(looks, templates), default=1)
    wanted = query.get("look", "1")
    look = min(int(wanted), most) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 4 else 1
    recipient = somebody(session, kind, templates[0].campaign, name=folder.name) if templates else None
    letters = [
        (one.letter.title.in_language(language), _sheets(one, recipient, kind, look=max(look, 1) - 1))
        for one in templates
    ]
    return SampleLetters(kind, max(look, 1), most, letters, [(one, KINDS[one].in_language(language)) for one in there])


def _sheets(template: LetterTemplate, recipient: Recipient | None, kind: Kind, *, look: int) -> Sheets:
    if recipient is None:
        return ()
    sheets = []
    for language in SIDE_BY_SIDE:
        choice, mine = choice_of(template, language, look), kind in FROM_THEIR_RIDING
        made = sample(template, recipient, Trial(kind, language, True, mine, choice), today=day_of(services().now()))
        sheets.append((made, sheet_paragraphs(made, template)))
    return sheets
