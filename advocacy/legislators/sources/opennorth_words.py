"""The words of the Open North form in both its languages: column titles, roles, genders."""

from dataclasses import dataclass

from advocacy.language import fold
from advocacy.legislators.models import Chamber
from advocacy.legislators.province import Province
from advocacy.legislators.recipient import Gender, Office

# Open North's own column names, by what the column holds. The French ones are those its importer knows.
COLUMNS = {
    "district": ("District name", "Nom du district"),
    "district_id": ("District ID", "Identifiant du district"),
    "role": ("Primary role", "Rôle"),
    "name": ("Name", "Nom complet"),
    "first_name": ("First name", "Prénom"),
    "last_name": ("Last name", "Nom", "Nom de famille"),
    "gender": ("Gender", "Genre"),
    "party": ("Party name", "Nom du parti"),
    "email": ("Email", "E-mail", "Courriel"),
    "source_url": ("Source URL", "URL source"),
    "website": ("Website", "Site web"),
    "line_1": ("Address line 1", "Adresse ligne 1"),
    "line_2": ("Address line 2", "Adresse ligne 2"),
    "locality": ("Locality", "Localité"),
    "province": ("Province",),
    "postal_code": ("Postal code", "Code postal"),
    "telephone": ("Phone", "Téléphone"),
    "fax": ("Fax", "Télécopieur"),
}
COLUMN_BY_TITLE = {fold(title): column for column, titles in COLUMNS.items() for title in titles}


@dataclass(frozen=True, slots=True)
class Role:
    """What a word for a role says: the chamber, an office beyond a member's, the province it implies."""

    chamber: Chamber
    office: Office | None = None
    province: Province | None = None


ROLES = {
    "MP": Role(Chamber.COMMONS),
    "Member of Parliament": Role(Chamber.COMMONS),
    "Député": Role(Chamber.COMMONS),
    "Députée": Role(Chamber.COMMONS),
    "Speaker of the House of Commons": Role(Chamber.COMMONS, Office.SPEAKER_COMMONS),
    "Président de la Chambre des communes": Role(Chamber.COMMONS, Office.SPEAKER_COMMONS),
    "Présidente de la Chambre des communes": Role(Chamber.COMMONS, Office.SPEAKER_COMMONS),
    "Senator": Role(Chamber.SENATE),
    "Sénateur": Role(Chamber.SENATE),
    "Sénatrice": Role(Chamber.SENATE),
    "Speaker of the Senate": Role(Chamber.SENATE, Office.SPEAKER_SENATE),
    "Président du Sénat": Role(Chamber.SENATE, Office.SPEAKER_SENATE),
    "Présidente du Sénat": Role(Chamber.SENATE, Office.SPEAKER_SENATE),
    "MPP": Role(Chamber.ASSEMBLY, province=Province.ON),
    "MNA": Role(Chamber.ASSEMBLY, province=Province.QC),
    "MHA": Role(Chamber.ASSEMBLY, province=Province.NL),
    "MLA": Role(Chamber.ASSEMBLY),
    "Député provincial": Role(Chamber.ASSEMBLY, province=Province.ON),
    "Députée provinciale": Role(Chamber.ASSEMBLY, province=Province.ON),
    "Premier": Role(Chamber.ASSEMBLY, Office.PREMIER),
    "Premier ministre": Role(Chamber.ASSEMBLY, Office.PREMIER),
    "Première ministre": Role(Chamber.ASSEMBLY, Office.PREMIER),
    "Mayor": Role(Chamber.COUNCIL),
    "Maire": Role(Chamber.COUNCIL),
    "Mairesse": Role(Chamber.COUNCIL),
}
ROLE_BY_WORD = {fold(word): role for word, role in ROLES.items()}
GENDER_BY_WORD = {
    fold(word): gender
    for gender, words in {
        Gender.F: ("F", "Female", "Femme", "Féminin"),
        Gender.M: ("M", "Male", "Homme", "Masculin"),
    }.items()
    for word in words
}
