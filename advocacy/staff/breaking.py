"""What a new revision means for citizens who write: fields gone or wanted more strictly, no chamber, no more days."""

from collections.abc import Iterator, Mapping
from datetime import date

from advocacy.campaigns.campaign import CampaignFile, Chamber, Season, season
from advocacy.campaigns.fields import Field
from advocacy.campaigns.folder import CampaignFolder
from advocacy.language import Language, Wording, speak_date
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
    en="The field “{field}” allows fewer characters: {most}.",
    fr="Le champ «\u00a0{field}\u00a0» admet moins de caractères\u00a0: {most}.",
)
ANSWER = Wording.of(
    en="The answer “{answer}” of “{field}” is gone.",
    fr="La réponse «\u00a0{answer}\u00a0» du champ «\u00a0{field}\u00a0» disparaît.",
)
LETTER = Wording.of(en="The letter “{letter}” is gone.", fr="La lettre «\u00a0{letter}\u00a0» disparaît.")

CHAMBERS = {
    Chamber.HOUSE_OF_COMMONS: Wording.of(
        en="Letters are no longer written to the House of Commons.",
        fr="On n’écrit plus à la Chambre des communes.",
    ),
    Chamber.SENATE: Wording.of(en="Letters are no longer written to the Senate.", fr="On n’écrit plus au Sénat."),
    Chamber.MINISTERS: Wording.of(
        en="Letters are no longer written to ministers.", fr="On n’écrit plus aux ministres."
    ),
}
ENDS = Wording.of(
    en="The campaign ends at once: its last day was {day}.",
    fr="La campagne prend fin aussitôt\u00a0: son dernier jour était le {day}.",
)
STOPS = Wording.of(
    en="Letters can no longer be written before {day}, the new first day.",
    fr="On ne pourra plus écrire avant le {day}, nouveau premier jour.",
)
WRITING = Wording.of(
    en="People who are writing at that moment can no longer send their letter: their text stays in their tab, "
    "to copy. A letter waiting to be confirmed can still be confirmed, with the link in its message.",
    fr="Les personnes en train d’écrire ne pourront plus envoyer leur lettre\u00a0: leur texte reste dans "
    "l’onglet, pour être copié. Une lettre qui attend sa confirmation peut encore être confirmée, par le "
    "lien de son message.",
)
OVER = Wording.of(
    en="Nobody will be able to write: the campaign’s last day was {day}.",
    fr="Personne ne pourra écrire\u00a0: le dernier jour de la campagne était le {day}.",
)
CLOSED = Wording.of(
    en="The campaign’s page will say that it is closed.", fr="La page de la campagne dira qu’elle est terminée."
)


def out_of_season(old: CampaignFolder, new: CampaignFolder, *, today: date) -> list[tuple[Wording, Wording]]:
    """Say where new days keep everybody from writing from the moment they are published, and what becomes of letters.

    Nothing where nobody could write before either, or a campaign cannot be read; `today` is Ottawa's.
    """
    before, after = _campaign(old), _campaign(new)
    was = season(before, today) if before else None
    now = season(after, today) if after else Season.OPEN
    if after and after.closes and now is Season.CLOSED and was is not Season.CLOSED:
        said = [(ENDS, WRITING)] if was is Season.OPEN else [(OVER, CLOSED)]
        return [(_filled(first, day=_day(after.closes)), more) for first, more in said]
    if after and after.opens and now is Season.NOT_YET and was is Season.OPEN:
        return [(_filled(STOPS, day=_day(after.opens)), WRITING)]
    return []


def breaking(old: CampaignFolder, new: CampaignFolder) -> list[Wording]:
    """Say what somebody who has the form open would trip over; nothing of a letter that cannot be read."""
    found = [*_chambers(_campaign(old), _campaign(new))]
    for letter in old.letters():
        before, after = _fields(old, letter), _fields(new, letter)
        if letter not in new.letters():
            found.append(_filled(LETTER, letter=Wording.same(letter)))
        elif before is not None and after is not None:
            found += _of_fields(before, after)
    return list(dict.fromkeys(found))


def _campaign(folder: CampaignFolder) -> CampaignFile | None:
    try:
        return folder.campaign()
    except TomlProblems:
        return None


def _chambers(before: CampaignFile | None, after: CampaignFile | None) -> Iterator[Wording]:
    if before and after:
        yield from (CHAMBERS[one] for one in before.chambers if one not in after.chambers)


def _day(day: date) -> Wording:
    return Wording({language.value: speak_date(day, language) for language in Language})


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
