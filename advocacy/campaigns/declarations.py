"""What `letter.toml` declares is held against the survey, the campaign's lists, and what the letter's texts use."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from advocacy.campaigns.campaign import CampaignFile, LetterFile
from advocacy.campaigns.fields import citizen_fields
from advocacy.campaigns.folder import CAMPAIGN, LETTER
from advocacy.campaigns.names import OF_THE_FORM, RESERVED
from advocacy.campaigns.places import TomlPlaces
from advocacy.campaigns.prose import PRINTED, TAG, Remark
from advocacy.findings import Survey
from advocacy.language import Language

_CITED = re.compile(r"\bfinding\.(\w+)")
_NAMES = re.compile(r"\"[^\"]*\"|'[^']*'|([a-z][\w.]*)")


def uncitable(source: str, letter: LetterFile, survey: Survey) -> Iterator[Remark]:
    """Find the findings a text cites without their being declared, or being in the survey at all."""
    for tag in TAG.finditer(source):
        for cited in _CITED.finditer(tag[0]):
            start, key = tag.start() + cited.start(), cited[1]
            if key not in survey.citable:
                yield Remark(start, _unknown(key, survey))
            elif key not in letter.findings:
                yield Remark(start, f"“{key}” is cited but not declared; add it to findings in {LETTER}")


def spoken(survey: Survey, language: Language) -> Mapping[str, str]:
    """Say what each blank that speaks of the survey becomes."""
    return {
        **{f"survey.{name}": text for name, text in survey.facts(language).items()},
        **{f"finding.{key}": cited.spoken(language) for key, cited in survey.citable.items()},
    }


def findings(
    letter: LetterFile, survey: Survey, texts: Mapping[str, str], *, places: TomlPlaces
) -> Iterator[tuple[int, int, str]]:
    """Say which declared findings the survey does not have, or one of the `texts` (by file name) does not cite."""
    for key, times in Counter(letter.findings).items():
        place = places.listed(("findings",), key)
        if times > 1:
            yield *place, f"“{key}” is declared twice; once is enough"
        if key not in survey.citable:
            yield *place, _unknown(key, survey)
            continue
        for name, source in texts.items():
            if f"finding.{key}" not in {blank[1] for blank in PRINTED.finditer(source)}:
                yield *place, f"“{key}” is declared but {name} does not cite it; cite it or remove it here"


def fields(
    letter: LetterFile, campaign: CampaignFile | None, texts: Mapping[str, str], *, places: TomlPlaces
) -> Iterator[tuple[int, int, str]]:
    """Say which fields cannot be asked, or are asked and never used in one of the `texts` (by file name)."""
    asked: set[str] = {field.key for field in citizen_fields()}
    for place, field in enumerate(letter.fields):
        line = places.line(("field", place, "key"))
        if field.key in RESERVED:
            yield line, 1, f"“{field.key}” is a word of the letter's language; give the field another key"
        elif field.key in OF_THE_FORM:
            yield line, 1, f"“{field.key}” is asked by the site's form already; give the field another key"
        elif field.key in asked:
            yield line, 1, f"“{field.key}” is asked already, here or by every letter; give the field another key"
        asked.add(field.key)
        if campaign is not None and field.choices and not campaign.choices.get(field.choices):
            sentence = f"the campaign has no list “{field.choices}”; add [[choices.{field.choices}]] to {CAMPAIGN}"
            yield places.line(("field", place, "choices")), 1, sentence
        for name, source in texts.items():
            if field.key not in names_in(source):
                yield line, 1, f"“{field.key}” is asked but never used in {name}; use it or remove the field"


def names_in(source: str) -> frozenset[str]:
    """Give every name in the braces of a text, in conditions too."""
    return frozenset(name[1] for tag in TAG.finditer(source) for name in _NAMES.finditer(tag[0]) if name[1])


def _unknown(key: str, survey: Survey) -> str:
    if not survey.citable:
        return f"the survey has no “{key}”: the campaign has no survey; add one, or remove this"
    near = get_close_matches(key, survey.citable, n=3, cutoff=0.4) or sorted(survey.citable)
    return f"the survey has no “{key}”; it has {', '.join(near)}"
