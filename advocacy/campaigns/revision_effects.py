"""What a new revision changes: for citizens who are writing, and in the sentences of letters that cite the survey."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from advocacy.campaigns.campaign_files import CampaignFile, Chamber, LetterTemplate, Season, season
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.fields import Field
from advocacy.campaigns.grammar.program import Branch, Inline, Paragraph, walk
from advocacy.campaigns.word_differences import Piece, compare_texts
from advocacy.language import Language, Wording, format_date
from advocacy.messages import Message, message
from advocacy.toml_source import TomlProblems

WRITING = message(
    "People who are writing at that moment can no longer send their letter: their text stays in their tab, "
    "to copy. A letter waiting to be confirmed can still be confirmed, with the link in its message."
)
CHAMBERS = {
    Chamber.HOUSE_OF_COMMONS: message("Letters will no longer go to the House of Commons."),
    Chamber.SENATE: message("Letters will no longer go to the Senate."),
    Chamber.MINISTERS: message("Letters will no longer go to ministers."),
}


def season_changes(old: CampaignFolder, new: CampaignFolder, *, today: date) -> list[tuple[Message, Message]]:
    """Return where new days keep everybody from writing once they are published, and what becomes of letters.

    Nothing where nobody could write before either, or a campaign cannot be read; `today` is Ottawa's.
    """
    before, after = _campaign(old), _campaign(new)
    was = season(before, today) if before else None
    now = season(after, today) if after else Season.OPEN
    if after and after.closes and now is Season.CLOSED and was is not Season.CLOSED:
        day = _day(after.closes)
        if was is Season.OPEN:
            return [(message("The campaign ends at once: its last day was %(day)s.", day=day), WRITING)]
        over = message("Nobody will be able to write: the campaign’s last day was %(day)s.", day=day)
        return [(over, message("The campaign’s page will say that it is closed."))]
    if after and after.opens and now is Season.NOT_YET and was is Season.OPEN:
        stops = message("Letters can no longer be written before %(day)s, the new first day.", day=_day(after.opens))
        return [(stops, WRITING)]
    return []


def breaking_changes(old: CampaignFolder, new: CampaignFolder) -> list[Message]:
    """Return what somebody who has the form open would trip over; nothing of a letter that cannot be read."""
    found: list[Message] = []
    if (before := _campaign(old)) and (after := _campaign(new)):
        found += [CHAMBERS[one] for one in before.chambers if one not in after.chambers]
    for letter in old.letters():
        one, two = _fields(old, letter), _fields(new, letter)
        if letter not in new.letters():
            found.append(message("The letter “%(letter)s” is removed.", letter=letter))
        elif one is not None and two is not None:
            found += _fields_changes(one, two)
    return list(dict.fromkeys(found))


def _campaign(folder: CampaignFolder) -> CampaignFile | None:
    try:
        return folder.campaign()
    except TomlProblems:
        return None


def _day(day: date) -> Wording:
    return Wording({language.value: format_date(day, language) for language in Language})


def _fields(folder: CampaignFolder, letter: str) -> Mapping[str, Field] | None:
    try:
        campaign, described = folder.campaign(), folder.letter(letter)
    except TomlProblems:
        return None
    lists = campaign.choices
    return {
        field.key: field.with_options(lists.get(field.choices, ())) if field.choices else field
        for field in described.fields
    }


def _fields_changes(before: Mapping[str, Field], after: Mapping[str, Field]) -> Iterator[Message]:
    for key, field in before.items():
        if key in after:
            yield from _field_changes(field, after[key])
        else:
            yield message("The field “%(field)s” is removed.", field=field.label)
    for key, field in after.items():
        if key not in before and field.required:
            yield message("A new field is required: “%(field)s”.", field=field.label)


def _field_changes(before: Field, after: Field) -> Iterator[Message]:
    label = after.label
    if before.kind is not after.kind:
        yield message("The field “%(field)s” has another kind of answer.", field=label)
    if after.required and not before.required:
        yield message("The field “%(field)s” becomes required.", field=label)
    if after.max_characters < before.max_characters:
        most = after.max_characters
        yield message("The field “%(field)s” allows fewer characters: %(most)s.", field=label, most=most)
    for option in before.options:
        if after.options and after.option(option.key) is None:
            yield message("The answer “%(answer)s” of “%(field)s” is removed.", answer=option.label, field=label)


SENTENCE = re.compile(r"(?<=[.!?])\s+")
ELLIPSIS = "…"
"""What stands in a sentence for whatever the citizen fills in."""


@dataclass(frozen=True, slots=True)
class ChangedSentences:
    """One letter in one language, and its sentences that change."""

    letter: str
    title: Wording
    language: Language
    sentences: tuple[tuple[Piece, ...], ...]


def changed_citations(old: CampaignFolder, new: CampaignFolder) -> list[ChangedSentences]:
    """Return every letter whose words another survey changes; none where one of the two cannot be read."""
    found = []
    for letter in old.letters():
        try:
            before, after = old.template(letter), new.template(letter)
        except TomlProblems:
            continue
        for language in Language:
            sentences = tuple(dict.fromkeys(_changed_sentences(before, after, language)))
            if sentences:
                found.append(ChangedSentences(letter, after.letter.title, language, sentences))
    return found


def _changed_sentences(
    before: LetterTemplate, after: LetterTemplate, language: Language
) -> Iterator[tuple[Piece, ...]]:
    for one, two in zip(_sentences(before, language), _sentences(after, language), strict=False):
        if one != two:
            yield tuple(compare_texts(one, two))


def _sentences(template: LetterTemplate, language: Language) -> Iterator[str]:
    said = template.constants[language]
    for block in walk(template.texts[language].blocks):
        if isinstance(block, Paragraph):
            for text in _paragraph_texts(block.inline, said):
                yield from SENTENCE.split(text)
    yield template.notes[language]


def _paragraph_texts(inline: Inline, said: Mapping[str, str]) -> list[str]:
    """Speak a paragraph in as many ways as its conditions need for each of their cases to be spoken once."""
    most = max((len(part.cases) for part in inline if isinstance(part, Branch)), default=1)
    return ["".join(_paragraph_words(inline, said, place)) for place in range(most)]


def _paragraph_words(inline: Iterable[object], said: Mapping[str, str], place: int) -> Iterator[str]:
    for part in inline:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Branch):
            _, held = part.cases[min(place, len(part.cases) - 1)]
            yield from _paragraph_words(held, said, 0)
        else:
            yield said.get(getattr(part, "name", ""), ELLIPSIS)
