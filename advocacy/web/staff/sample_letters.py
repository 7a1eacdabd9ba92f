"""Letters tried out with an invented citizen on a real legislator of each kind, in the editor and for publishing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.terms import section_title
from advocacy.language import SIDE_BY_SIDE, Language, day_of
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

# --- One letter, as its preview shows it


@dataclass(frozen=True, slots=True)
class Preview:
    """How a letter is tried out, and what comes of it: nothing where nobody is there to write to.

    `arguments` are the trial as it stands in an address, `people` those it can go to, `sections` those that are said in
    several ways, each with how many and which. `look` of `looks` shows every way of each section once.
    """

    trial: Trial
    arguments: Mapping[str, str]
    people: Sequence[tuple[Kind, str, str]]
    sections: Sequence[tuple[int, str, int, int]]
    look: int
    looks: int
    letters: Sequence[tuple[Letter, Sequence[SheetParagraph]]]


def wished(arguments: Mapping[str, str], template: LetterTemplate) -> Trial:
    """Read how the letter is to be tried out; what is not known is as if it had not been asked."""
    kinds = kinds_of(template.campaign)
    kind = Kind(arguments["to"]) if arguments.get("to") in kinds else kinds[0]
    language = arguments.get("language", "")
    choice = choice_of(template, _number(arguments.get("way", ""), looks(template)))
    return Trial(
        kind,
        Language(language) if language in set(Language) else current_language(),
        arguments.get("own", "1") != "0",
        kind in FROM_THEIR_RIDING,
        tuple(
            _number(arguments.get(f"v{place}", ""), size, way)
            for place, (size, way) in enumerate(zip(template.sizes, choice, strict=True))
        ),
    )


def _number(text: str, below: int, otherwise: int = 0) -> int:
    """Read a number smaller than `below`."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else below
    return number if number < below else otherwise


def preview(session: Session, template: LetterTemplate, *, campaign: str, arguments: Mapping[str, str]) -> Preview:
    """Try a letter out in every language, that of the trial first."""
    trial, language = wished(arguments, template), current_language()
    found = {kind: somebody(session, kind, template.campaign, name=campaign) for kind in kinds_of(template.campaign)}
    people = []
    for kind, person in found.items():
        if person is not None:
            words = person.riding or person.title
            where = words.in_language(language) if words else person.province or ""
            people.append((kind, KINDS[kind].in_language(language), ", ".join(filter(None, (person.name, where)))))
    recipient = found[trial.to]
    languages = sorted(Language, key=lambda one: one is not trial.language)
    return Preview(
        trial,
        {
            "to": trial.to.value,
            "language": trial.language.value,
            "own": str(int(trial.own)),
            **{f"v{place}": str(number) for place, number in enumerate(trial.choice)},
        },
        people,
        [
            (place, section_title(section.key, place + 1).in_language(language), size, trial.choice[place])
            for place, (section, size) in enumerate(zip(template.letter.sections, template.sizes, strict=True))
            if size > 1
        ],
        _number(arguments.get("way", ""), looks(template)),
        looks(template),
        [_sheet(template, recipient, trial, language=one) for one in languages] if recipient else [],
    )


def _sheet(
    template: LetterTemplate, recipient: Recipient, trial: Trial, *, language: Language
) -> tuple[Letter, Sequence[SheetParagraph]]:
    made = sample(template, recipient, replace(trial, language=language), today=day_of(services().now()))
    return made, sheet_paragraphs(made, template)


# --- Several letters, as the page that publishes them shows them

Sheets: TypeAlias = Sequence[tuple[Letter, Sequence[SheetParagraph]]]


@dataclass(frozen=True, slots=True)
class SampleLetters:
    """The sample letters of a page by their titles; none of one where the directory knows nobody of that kind.

    `look` of `looks` says which ways of each section they have, counted from 1; `kinds` are the people that the
    campaign writes to.
    """

    kind: Kind
    look: int
    looks: int
    letters: Sequence[tuple[str, Sheets]]
    kinds: Sequence[tuple[Kind, str]]

    @property
    def next_look(self) -> int:
        """The ways after these, the first ones after the last."""
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
    trial = Trial(kind, SIDE_BY_SIDE[0], True, kind in FROM_THEIR_RIDING, choice_of(template, look))
    return [_sheet(template, recipient, trial, language=language) for language in SIDE_BY_SIDE]
