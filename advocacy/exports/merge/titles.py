"""The titles by which a column is known: a field's key or label, or what people call it in either language."""

from collections.abc import Mapping

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.fields import citizen_fields
from advocacy.language import Wording, fold

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

SHOWN: Mapping[str, Wording] = {
    NAME: Wording.of(en="Name", fr="Nom complet"),
    "city": Wording.of(en="City", fr="Ville"),
    "province": Wording.of(en="Province", fr="Province"),
    POSTAL_CODE: Wording.of(en="Postal code", fr="Code postal"),
    RIDING: Wording.of(en="Riding", fr="Circonscription"),
    LEGISLATOR: Wording.of(en="Legislator ID", fr="Destinataire"),
    LANGUAGE_COLUMN: Wording.of(en="Language", fr="Langue"),
    "street": Wording.of(en="Street", fr="Rue"),
    "email": Wording.of(en="E-mail", fr="Courriel"),
}
"""What the columns are called to people: on the page, in its sample sheet and in sentences."""

ALSO_READ: Mapping[str, Wording] = {
    FIRST_NAME: Wording.of(en="First name", fr="Prénom"),
    LAST_NAME: Wording.of(en="Last name", fr="Nom de famille"),
    WORDS_LANGUAGE: Wording.of(en="Language of own words", fr="Langue des mots personnels"),
}
"""The same of columns that few sheets have."""


def folded(title: str) -> str:
    """Reduce a title to what two people would both write for it."""
    return fold(title.replace("_", " ").removeprefix("'")).rstrip(" :*")


def known_titles(template: LetterTemplate) -> Mapping[str, str]:
    """Return the key of the column for each folded title; what every letter shares comes before a letter's own."""
    known = {folded(title): key for key, titles in TITLES.items() for title in (key, *titles)}
    for field in (*citizen_fields(), *template.fields):
        for title in (field.key, *field.label.values()):
            known.setdefault(folded(title), field.key)
    return known


def shown_titles(template: LetterTemplate) -> Mapping[str, Wording]:
    """Return what each column is called to people, by its key."""
    return {**{field.key: field.label for field in template.fields}, **ALSO_READ, **SHOWN}
