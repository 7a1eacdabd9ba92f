"""What a new revision asks of citizens that the one before did not: fields gone, or wanted more strictly."""

from collections.abc import Iterator, Mapping

from advocacy.campaigns.fields import Field
from advocacy.campaigns.folder import CampaignFolder
from advocacy.language import Language, Wording
from advocacy.toml_source import TomlProblems

GONE = Wording.of(en="The field “{field}” is gone.", fr="Le champ «\u00a0{field}\u00a0» disparaît.")
REQUIRED = Wording.of(
    en="The field “{field}” becomes required.", fr="Le champ «\u00a0{field}\u00a0» devient obligatoire."
)
ADDED = Wording.of(
    en="A new field is required: “{field}”.", fr="Un nouveau champ est obligatoire\u00a0: «\u00a0{field}\u00a0»."
)
KIND = Wording.of(
    en="The field “{field}” is answered in another way.", fr="On répond autrement au champ «\u00a0{field}\u00a0»."
)
SHORTER = Wording.of(
    en="The field “{field}” holds fewer characters: {most}.",
    fr="Le champ «\u00a0{field}\u00a0» admet moins de caractères\u00a0: {most}.",
)
ANSWER = Wording.of(
    en="The answer “{answer}” of “{field}” is gone.",
    fr="La réponse «\u00a0{answer}\u00a0» du champ «\u00a0{field}\u00a0» disparaît.",
)
LETTER = Wording.of(en="The letter “{letter}” is gone.", fr="La lettre «\u00a0{letter}\u00a0» disparaît.")


def breaking(old: CampaignFolder, new: CampaignFolder) -> list[Wording]:
    """Say what somebody who has the form open would trip over; nothing of a letter that cannot be read."""
    found: list[Wording] = []
    for letter in old.letters():
        before, after = _fields(old, letter), _fields(new, letter)
        if letter not in new.letters():
            found.append(_filled(LETTER, letter=Wording.same(letter)))
        elif before is not None and after is not None:
            found += _of_fields(before, after)
    return list(dict.fromkeys(found))


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


def _of_fields(before: Mapping[str, Field], after: Mapping[str, Field]) -> Iterator[Wording]:
    for key, field in before.items():
        if key not in after:
            yield _filled(GONE, field=field.label)
        else:
            yield from _changed(field, after[key])
    for key, field in after.items():
        if key not in before and field.required:
            yield _filled(ADDED, field=field.label)


def _changed(before: Field, after: Field) -> Iterator[Wording]:
    if before.kind is not after.kind:
        yield _filled(KIND, field=after.label)
    if after.required and not before.required:
        yield _filled(REQUIRED, field=after.label)
    if after.max_characters < before.max_characters:
        yield _filled(SHORTER, field=after.label, most=Wording.same(str(after.max_characters)))
    for option in before.options:
        if after.options and after.option(option.key) is None:
            yield _filled(ANSWER, field=after.label, answer=option.label)


def _filled(wording: Wording, **parts: Wording) -> Wording:
    said = {
        language.value: wording[language].format(**{name: part[language] for name, part in parts.items()})
        for language in Language
    }
    return Wording(said)
