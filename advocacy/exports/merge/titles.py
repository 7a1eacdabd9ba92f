"""The titles by which a column is known: a field's key or label, or what people call it in either language."""

from collections.abc import Mapping

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import citizen_fields
from advocacy.language import fold

LANGUAGE_COLUMN, WORDS_LANGUAGE = "language", "words_language"
LEGISLATOR, RIDING, POSTAL_CODE = "legislator", "riding", "postal_code"
NAME, FIRST_NAME, LAST_NAME = "name", "first_name", "last_name"
ADDRESSING = (LEGISLATOR, RIDING, POSTAL_CODE)
"""What says whom a letter goes to; the first that is filled in decides."""

# What a letter's own fields are called is in letter.toml, and what every letter shares in citizen.toml too.
TITLES: Mapping[str, tuple[str, ...]] = {
    LANGUAGE_COLUMN: ("Language", "Letter language", "Langue", "Langue de la lettre"),
    WORDS_LANGUAGE: ("Language of own words", "Langue des mots personnels"),
    LEGISLATOR: ("Legislator", "Legislator ID", "Recipient", "Destinataire"),
    RIDING: (
        *("Riding", "Federal riding", "Electoral district", "Federal electoral district", "District ID"),
        *("Circonscription", "Circonscription fédérale"),
    ),
    POSTAL_CODE: ("Postcode", "CP"),
    NAME: ("Name", "Full name", "Nom", "Nom complet", "Prénom et nom"),
    FIRST_NAME: ("First name", "Given name", "Prénom"),
    LAST_NAME: ("Last name", "Family name", "Surname", "Nom de famille"),
    "city": ("City", "Town", "Municipality", "Ville"),
    "province": ("Province", "Territory", "Territoire"),
    "street": ("Street", "Address", "Rue", "Adresse postale"),
    "email": ("E-mail", "Email", "Email address", "Courriel", "Courrier électronique"),
}


def folded(title: str) -> str:
    """Reduce a title to what two people would both write for it."""
    return fold(title.replace("_", " ").removeprefix("'")).rstrip(" :*")


def known_titles(template: LetterTemplate) -> Mapping[str, str]:
    """Give the key of the column for each folded title; what every letter shares comes before a letter's own."""
    known = {folded(title): key for key, titles in TITLES.items() for title in (key, *titles)}
    for field in (*citizen_fields(), *template.fields):
        for title in (field.key, *field.label.values()):
            known.setdefault(folded(title), field.key)
    return known
