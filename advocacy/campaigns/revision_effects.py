"""What a new revision changes: for citizens who are writing, and in the sentences of letters that cite the survey."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.fields import Field
from advocacy.campaigns.letter_template import LetterTemplate, resolve_options
from advocacy.campaigns.letter_text import BLANK, cells
from advocacy.campaigns.word_differences import Piece, compare_texts
from advocacy.language import Language, Wording
from advocacy.legislators.legislatures import audience_name
from advocacy.messages import Message, message
from advocacy.sentences import split_sentences
from advocacy.toml_source import TomlProblems, read_or_report

WRITING = message(
    "People who are writing at that moment can no longer send their letter: their text stays in their tab, "
    "to copy. A letter waiting to be confirmed can still be confirmed, with the link in its message."
)


def season_changes(old: CampaignFolder, new: CampaignFolder, *, today: date) -> list[tuple[Message, Message]]:
    """Return what happens where new days stop people from writing, each with what happens to letters.

    Nothing where nobody could write before either, or a campaign cannot be read; `today` is Ottawa's.
    """
    before, after = old.readable_campaign(), new.readable_campaign()
    was = before.season_on(today) if before else None
    now = after.season_on(today) if after else Season.OPEN
    if after and after.closes and now is Season.CLOSED and was is not Season.CLOSED:
        day = after.closes
        if was is Season.OPEN:
            return [(message("The campaign ends at once: its last day was %(day)s.", day=day), WRITING)]
        over = message("Nobody will be able to write: the campaign’s last day was %(day)s.", day=day)
        return [(over, message("The campaign’s page will say that it is closed."))]
    if after and after.opens and now is Season.NOT_YET and was is Season.OPEN:
        stops = message("Letters can no longer be written before %(day)s, the new first day.", day=after.opens)
        return [(stops, WRITING)]
    return []


def breaking_changes(old: CampaignFolder, new: CampaignFolder) -> list[Message]:
    """Return the changes that affect people who have the form open; none of a letter that cannot be read."""
    found: list[Message] = []
    if (before := old.readable_campaign()) and (after := new.readable_campaign()):
        gone = [one for one in before.chambers if one not in after.chambers]
        found += [message("Letters will no longer go to: %(whom)s.", whom=audience_name(one)) for one in gone]
    for letter in old.letters():
        before_fields, after_fields = _fields(old, letter), _fields(new, letter)
        if letter not in new.letters():
            found.append(message("The letter “%(letter)s” is removed.", letter=letter))
        elif before_fields is not None and after_fields is not None:
            found += _fields_changes(before_fields, after_fields)
    return list(dict.fromkeys(found))


def _fields(folder: CampaignFolder, letter: str) -> Mapping[str, Field] | None:
    """Return the fields of a letter by their keys, None where its file or the campaign's cannot be read."""
    sentences, file = read_or_report(folder.sentences), folder.readable_letters().get(letter)
    if sentences is None or file is None:
        return None
    return {field.key: field for field in resolve_options(file, sentences)}


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
    if after.statements and before.statements:
        if after.max_ticks < before.max_ticks:
            most = after.max_ticks
            yield message("The field “%(field)s” allows fewer sentences: %(most)s.", field=label, most=most)
        keys = {one.key for one in after.offered}
        for one in before.offered:
            if one.key not in keys:
                yield message("The sentence “%(sentence)s” of “%(field)s” is removed.", sentence=one.label, field=label)


ELLIPSIS = "…"
"""Shown in a sentence for whatever the citizen fills in."""


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
            pairs = zip(_sentences(before, language), _sentences(after, language), strict=False)
            sentences = tuple(dict.fromkeys(tuple(compare_texts(one, two)) for one, two in pairs if one != two))
            if sentences:
                found.append(ChangedSentences(letter, after.letter.title, language, sentences))
    return found


def _sentences(template: LetterTemplate, language: Language) -> Iterator[str]:
    """Yield the sentences of a letter in all its alternatives."""
    values = template.constants[language]
    for cell in cells(template.letter.sections):
        if cell.language is language:
            yield from split_sentences(BLANK.sub(lambda blank: values.get(blank[1], ELLIPSIS), cell.text))
    yield template.notes[language]
