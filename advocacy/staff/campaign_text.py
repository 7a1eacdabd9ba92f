"""What a form says of a campaign: read off its `campaign.toml`, and written back into that file, value by value."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from advocacy.campaigns.campaign import CampaignFile, Chamber
from advocacy.campaigns.toml_documents import Value
from advocacy.language import Language, Wording
from advocacy.problems import Path

Typed: TypeAlias = Mapping[str, str]
"""What was typed, by the fields' names: "name-en", "opens"; ticked chambers are "chambers-senate"."""
WORDED = ("name", "ask", "deck", "organiser", "leave", "source_note")
NEEDED = frozenset({"name", "ask", "source_note"})
HEADLINE, CHAMBERS, CONTACT, OPENS, CLOSES = "headline", "chambers", "privacy_contact", "opens", "closes"
MOST = 2000
"""How long one text may be, in characters."""

MISSING = Wording.of(en="Fill in this field.", fr="Remplissez ce champ.")
ONE_LANGUAGE = Wording.of(en="Fill in both languages, or neither.", fr="Remplissez les deux langues, ou aucune.")
TOO_LONG = Wording.of(en="2,000 characters at most.", fr="2\u00a0000 caractères au plus.")
NOT_HTTPS = Wording.of(
    en="Enter a full address, beginning with https://.", fr="Entrez une adresse complète, qui commence par https://."
)
UNPAIRED = Wording.of(
    en="Write as many lines in English as in French: each line is one ask.",
    fr="Écrivez autant de lignes en français qu’en anglais\u00a0: chaque ligne est une demande.",
)
NO_CHAMBER = Wording.of(
    en="Check at least one.",
    fr="Cochez-en au moins un.",
)
NO_DAY = Wording.of(
    en="Enter the date as year-month-day: 2026-11-30.", fr="Entrez la date ainsi\u00a0: année-mois-jour, 2026-11-30."
)
CLOSES_FIRST = Wording.of(
    en="This is before the day the campaign opens.", fr="Cette date précède l’ouverture de la campagne."
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a form changes, or by their fields what keeps it from being read."""

    changes: Mapping[Path, Value | None]
    wrong: Mapping[str, Wording]


def typed_of(campaign: CampaignFile) -> dict[str, str]:
    """Fill the form in from a campaign."""
    typed = {CONTACT: campaign.privacy_contact or ""}
    for language in Language:
        for key in WORDED:
            wording = _wording(campaign, key)
            typed[f"{key}-{language}"] = wording.spoken(language) if wording else ""
        typed[f"{HEADLINE}-{language}"] = "\n".join(line.spoken(language) for line in campaign.headline)
    typed |= {f"{CHAMBERS}-{chamber}": "yes" for chamber in campaign.chambers}
    return typed | {OPENS: _spoken_day(campaign.opens), CLOSES: _spoken_day(campaign.closes)}


def fields() -> Iterator[str]:
    """Name every field of the form."""
    for key in (*WORDED, HEADLINE):
        yield from (f"{key}-{language}" for language in Language)
    yield from (f"{CHAMBERS}-{chamber}" for chamber in Chamber)
    yield from (CONTACT, OPENS, CLOSES)


def field_at(path: Sequence[object]) -> str:
    """Name the field that shows what stands at a path of the file; "" for what no field shows."""
    if not path:
        return ""
    if path[0] in {*WORDED, HEADLINE}:
        return f"{path[0]}-{path[-1] if path[-1] in set(Language) else Language.EN}"
    return {CHAMBERS: f"{CHAMBERS}-{Chamber.HOUSE_OF_COMMONS}"}.get(str(path[0]), str(path[0]) if _plain(path) else "")


def cleaned(typed: Typed) -> dict[str, str]:
    """Give every field of the form, without what nobody types."""
    return {name: _clean(typed.get(name, "")) for name in fields()}


def joined(mine: Typed, base: CampaignFile, theirs: CampaignFile) -> tuple[dict[str, str], dict[str, str]]:
    """Put what was typed over `base` and what somebody saved meanwhile together.

    Gives all fields, mine where both changed one, and of those the words that somebody else saved.
    """
    typed, before, saved = cleaned(mine), cleaned(typed_of(base)), cleaned(typed_of(theirs))
    whole = {name: saved[name] if typed[name] == before[name] else typed[name] for name in typed}
    both = {
        name: saved[name]
        for name in typed
        if before[name] not in {typed[name], saved[name]} and typed[name] != saved[name]
    }
    return whole, both


def read(typed: Typed, campaign: CampaignFile) -> Read:
    """Compare what was typed with a campaign."""
    changes: dict[Path, Value | None] = {}
    wrong: dict[str, Wording] = {}
    said = cleaned(typed)
    wrong |= {name: TOO_LONG for name, text in said.items() if len(text) > MOST}
    before = typed_of(campaign)
    for key in WORDED:
        _read_worded(key, said, before, changes=changes, wrong=wrong)
    _read_headline(said, campaign, changes=changes, wrong=wrong)
    _read_chambers(said, campaign, changes=changes, wrong=wrong)
    _read_days(said, changes, wrong)
    if said[CONTACT] != before[CONTACT].strip():
        changes[(CONTACT,)] = said[CONTACT] or None
    return Read(changes, wrong)


def _read_worded(
    key: str,
    said: Typed,
    before: Typed,
    *,
    changes: dict[Path, Value | None],
    wrong: dict[str, Wording],
) -> None:
    texts = {language: said[f"{key}-{language}"] for language in Language}
    empty = [language for language, text in texts.items() if not text]
    if empty and (key in NEEDED or len(empty) < len(texts)):
        wrong |= {f"{key}-{language}": MISSING if key in NEEDED else ONE_LANGUAGE for language in empty}
    elif empty:
        changes |= {(key,): None}
    elif key == "leave" and not all(text.startswith("https://") for text in texts.values()):
        wrong |= {f"{key}-{language}": NOT_HTTPS for language, text in texts.items() if text[:8] != "https://"}
    else:
        changes |= {
            (key, str(language)): text
            for language, text in texts.items()
            if text != before[f"{key}-{language}"].strip()
        }


def _read_headline(
    said: Typed, campaign: CampaignFile, *, changes: dict[Path, Value | None], wrong: dict[str, Wording]
) -> None:
    lines = {language: said[f"{HEADLINE}-{language}"].split("\n") for language in Language}
    kept = {language: [line.strip() for line in each if line.strip()] for language, each in lines.items()}
    counts = {len(each) for each in kept.values()}
    if len(counts) > 1:
        wrong |= {f"{HEADLINE}-{Language.EN}": UNPAIRED}
        return
    asks = [{str(language): kept[language][at] for language in Language} for at in range(counts.pop())]
    if len(asks) == len(campaign.headline):
        changes |= {
            (HEADLINE, at, language): text
            for at, ask in enumerate(asks)
            for language, text in ask.items()
            if text != campaign.headline[at].spoken(Language(language)).strip()
        }
    else:
        changes |= {(HEADLINE,): asks or None}


def _read_chambers(
    said: Typed, campaign: CampaignFile, *, changes: dict[Path, Value | None], wrong: dict[str, Wording]
) -> None:
    ticked = [chamber for chamber in Chamber if said[f"{CHAMBERS}-{chamber}"]]
    if not ticked:
        wrong |= {f"{CHAMBERS}-{Chamber.HOUSE_OF_COMMONS}": NO_CHAMBER}
    elif set(ticked) != set(campaign.chambers):
        changes |= {(CHAMBERS,): [chamber.value for chamber in ticked]}


def _read_days(said: Typed, changes: dict[Path, Value | None], wrong: dict[str, Wording]) -> None:
    days: dict[str, date | None] = {}
    for key in (OPENS, CLOSES):
        try:
            days[key] = date.fromisoformat(said[key]) if said[key] else None
        except ValueError:
            wrong |= {key: NO_DAY}
    changes |= {(key,): day for key, day in days.items()}
    opens, closes = days.get(OPENS), days.get(CLOSES)
    if opens and closes and closes < opens:
        wrong |= {CLOSES: CLOSES_FIRST}


def _clean(text: str) -> str:
    """Take away what nobody types: signs that control a terminal or a page."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"}).strip()


def _wording(campaign: CampaignFile, key: str) -> Wording | None:
    found = getattr(campaign, key)
    return found if isinstance(found, Wording) else None


def _plain(path: Sequence[object]) -> bool:
    return path[0] in {CONTACT, OPENS, CLOSES}


def _spoken_day(day: date | None) -> str:
    return day.isoformat() if day else ""
