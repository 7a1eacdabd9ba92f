"""Problems of what `letter.toml` declares: its findings and fields, against the survey, the campaign and the texts."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from advocacy.campaigns.campaign_files import QUOTED_FIELDS, CampaignFile, LetterFile, Offer
from advocacy.campaigns.checks.prose import Remark
from advocacy.campaigns.fields import citizen_fields
from advocacy.campaigns.grammar.allowed_names import FORM_FIELDS, RESERVED_WORDS
from advocacy.campaigns.grammar.tokens import PRINTED_NAME, TAG
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.problems import Complaint, complaint
from advocacy.toml_source import TomlPlaces

_CITED = re.compile(r"\bfinding\.(\w+)")
_NAMES = re.compile(r"\"[^\"]*\"|'[^']*'|([a-z][\w.]*)")


def check_citations(source: str, letter: LetterFile, survey: Survey) -> Iterator[Remark]:
    """Find findings that a text cites although they are not declared, or not in the survey."""
    for tag in TAG.finditer(source):
        for cited in _CITED.finditer(tag[0]):
            start, key = tag.start() + cited.start(), cited[1]
            if key not in survey.citable:
                yield Remark(start, _unknown_finding(key, survey), len(cited[0]))
            elif key not in letter.findings:
                yield Remark(start, complaint("finding-not-declared", key=key), len(cited[0]))


def survey_values(survey: Survey, language: Language) -> Mapping[str, str]:
    """Return the value of each blank of the survey."""
    return {
        **{f"survey.{name}": text for name, text in survey.facts(language).items()},
        **{f"finding.{key}": cited.in_language(language) for key, cited in survey.citable.items()},
    }


def check_findings(
    letter: LetterFile, survey: Survey, texts: Mapping[str, str], *, places: TomlPlaces
) -> Iterator[tuple[int, int, Complaint]]:
    """Find declared findings that the survey does not have, or that one of the `texts` (by file name) does not cite."""
    for key, times in Counter(letter.findings).items():
        place = places.listed(("findings",), key)
        if times > 1:
            yield *place, complaint("finding-twice", key=key)
        if key not in survey.citable:
            yield *place, _unknown_finding(key, survey)
            continue
        for name, source in texts.items():
            if f"finding.{key}" not in {blank[1] for blank in PRINTED_NAME.finditer(source)}:
                yield *place, complaint("finding-not-cited", key=key, file=name)


def check_fields(
    letter: LetterFile, campaign: CampaignFile | None, texts: Mapping[str, str], *, places: TomlPlaces
) -> Iterator[tuple[int, int, Complaint]]:
    """Find fields that cannot be asked, or that one of the `texts` (by file name) does not use."""
    keys: set[str] = {field.key for field in citizen_fields()}
    follows = letter.offer in {Offer.FOLLOW_UP, Offer.THANKS}
    for place, field in enumerate(letter.fields):
        line = places.line(("field", place, "key"))
        if follows and field.kind is not (kind := QUOTED_FIELDS.get(field.key, field.kind)):
            yield places.line(("field", place, "kind")), 1, complaint("field-quoted", key=field.key, expected=kind)
        if field.key in RESERVED_WORDS:
            yield line, 1, complaint("field-reserved", key=field.key)
        elif field.key in FORM_FIELDS:
            yield line, 1, complaint("field-of-form", key=field.key)
        elif field.key in keys:
            yield line, 1, complaint("field-twice", key=field.key)
        keys.add(field.key)
        if campaign is not None and field.choices and not campaign.choices.get(field.choices):
            yield places.line(("field", place, "choices")), 1, complaint("answer-list-missing", key=field.choices)
        if campaign is not None and field.statements and not campaign.statements.get(field.statements):
            yield (
                places.line(("field", place, "statements")),
                1,
                complaint("statement-list-missing", key=field.statements),
            )
        for name, source in texts.items():
            if field.key not in names_in(source):
                yield line, 1, complaint("field-unused", key=field.key, file=name)


def names_in(source: str) -> frozenset[str]:
    """Return every name in the braces of a text, in conditions too."""
    return frozenset(name[1] for tag in TAG.finditer(source) for name in _NAMES.finditer(tag[0]) if name[1])


def _unknown_finding(key: str, survey: Survey) -> Complaint:
    if not survey.citable:
        return complaint("survey-missing", key=key)
    near = get_close_matches(key, survey.citable, n=3, cutoff=0.4) or sorted(survey.citable)
    return complaint("finding-unknown", key=key, keys=tuple(near))
