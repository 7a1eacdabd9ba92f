"""Moments and names of documents as staff pages say them."""

from datetime import datetime

from advocacy.campaigns.folder import CampaignFolder
from advocacy.language import Language, day_of, speak_date
from advocacy.letters.moments import speak_time
from advocacy.toml_source import TomlProblems
from advocacy.web.staff.letter_titles import OWN


def speak_when(moment: datetime, language: Language) -> str:
    """Write a moment for a table: "25 novembre 2026, 14 h 32", as the clock of Ottawa shows it."""
    return f"{speak_date(day_of(moment), language)}, {speak_time(moment, language)}"


def document_name(folder: CampaignFolder, document: str, language: Language) -> str:
    """Name a document: a letter by its title, and by its folder where it cannot be read."""
    if document in OWN:
        return str(OWN[document])
    try:
        return folder.letter(document).title.spoken(language)
    except TomlProblems:
        return document
