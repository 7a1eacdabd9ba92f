"""What the directory knows of somebody, in words."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from advocacy.language import Language, Wording, speak_date
from advocacy.legislators.models import Address, Chamber, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.legislators.styles import Status as FormStatus

LISTS: Mapping[str, Wording] = MappingProxyType(
    {
        Chamber.COMMONS: Wording.of(en="House of Commons", fr="Chambre des communes"),
        Chamber.SENATE: Wording.of(en="Senate", fr="Sénat"),
        "ministers": Wording.of(en="Ministers", fr="Ministres"),
        Chamber.ASSEMBLY: Wording.of(en="Legislative assemblies", fr="Assemblées législatives"),
        Chamber.COUNCIL: Wording.of(en="Municipal councils", fr="Conseils municipaux"),
        Chamber.OWN_LIST: Wording.of(en="Lists of campaigns", fr="Listes des campagnes"),
        "ridings": Wording.of(en="Ridings", fr="Circonscriptions"),
        "left": Wording.of(en="No longer in office", fr="Plus en fonction"),
    }
)
"""Each list by its name in addresses and among the data sets."""

SOURCES: Mapping[str, Wording] = MappingProxyType(
    {
        one.spoken(Language.EN): one
        for one in (
            Wording.of(
                en="Elections Canada, Open Government Licence – Canada",
                fr="Élections Canada, Licence du gouvernement ouvert – Canada",
            ),
        )
    }
)
"""What sources that have two names are called, by the name they are kept under; others are called as they are."""

STANDINGS: Mapping[Status, Wording] = MappingProxyType(
    {
        Status.SITTING: Wording.of(en="in office", fr="en fonction"),
        Status.DEPARTURE_ANNOUNCED: Wording.of(en="in office, departure announced", fr="en fonction, départ annoncé"),
        Status.ELECTED_SINCE: Wording.of(
            en="in office, elected since the list was made", fr="en fonction, élection postérieure à la liste"
        ),
        Status.PAST_RETIREMENT: Wording.of(
            en="past the date of mandatory retirement", fr="date de retraite obligatoire passée"
        ),
        Status.VACANT: Wording.of(en="vacant seat", fr="siège vacant"),
        Status.LEFT: Wording.of(en="no longer in office", fr="plus en fonction"),
    }
)
LEAVES_A_SEAT = Wording.of(
    en="no longer in office: the seat is vacant", fr="plus en fonction\u00a0: le siège est vacant"
)
OFFICES: Mapping[Office, Wording] = MappingProxyType(
    {
        Office.MEMBER: Wording.of(en="member of the Commons", fr="membre des Communes"),
        Office.SPEAKER_COMMONS: Wording.of(en="Speaker of the House of Commons", fr="présidence des Communes"),
        Office.SENATOR: Wording.of(en="senator", fr="membre du Sénat"),
        Office.SPEAKER_SENATE: Wording.of(en="Speaker of the Senate", fr="présidence du Sénat"),
        Office.MINISTER: Wording.of(en="minister", fr="ministre"),
        Office.PRIME_MINISTER: Wording.of(en="Prime Minister", fr="premier ministre ou première ministre du Canada"),
        Office.PREMIER: Wording.of(en="premier", fr="premier ministre ou première ministre d’une province"),
        Office.PROVINCIAL_MINISTER: Wording.of(en="provincial minister", fr="ministre d’une province"),
        Office.PROVINCIAL_MEMBER: Wording.of(
            en="member of a legislative assembly", fr="membre d’une assemblée législative"
        ),
        Office.MAYOR: Wording.of(en="mayor", fr="mairie"),
        Office.OFFICIAL: Wording.of(en="person of a campaign’s list", fr="personne de la liste d’une campagne"),
    }
)
GENDERS: Mapping[Gender, Wording] = MappingProxyType(
    {Gender.F: Wording.of(en="feminine", fr="féminin"), Gender.M: Wording.of(en="masculine", fr="masculin")}
)
LANGUAGES: Mapping[Language, Wording] = MappingProxyType(
    {Language.EN: Wording.of(en="English", fr="anglais"), Language.FR: Wording.of(en="French", fr="français")}
)
TRUTHS: Mapping[bool, Wording] = MappingProxyType(
    {True: Wording.of(en="yes", fr="oui"), False: Wording.of(en="no", fr="non")}
)
UNKNOWN = Wording.of(en="unknown", fr="inconnu")
FORM_STATUS: Mapping[FormStatus, Wording] = MappingProxyType(
    {
        FormStatus.VERIFIED: Wording.of(en="verified in its source", fr="vérifié dans la source"),
        FormStatus.DERIVED: Wording.of(en="made by a rule of its source", fr="formé d’après une règle de la source"),
        FormStatus.UNVERIFIED: Wording.of(en="to be verified before opening", fr="à vérifier avant l’ouverture"),
    }
)
FACTS: Mapping[str, Wording] = MappingProxyType(
    {
        "name": Wording.of(en="Name", fr="Nom"),
        "first_name": Wording.of(en="First name", fr="Prénom"),
        "last_name": Wording.of(en="Last name", fr="Nom de famille"),
        "status": Wording.of(en="Status", fr="État"),
        "office": Wording.of(en="Office", fr="Fonction"),
        "title": Wording.of(en="Whole title", fr="Titre complet"),
        "responsible_for": Wording.of(
            en="Responsible for bills (numbers)", fr="Responsable des projets de loi (numéros)"
        ),
        "honorific": Wording.of(en="Honorific", fr="Titre honorifique"),
        "privy_councillor": Wording.of(en="Privy Council (the Honourable, P.C.)", fr="Conseil privé (honorable, C.P.)"),
        "gender": Wording.of(en="Gender of the form of address", fr="Genre de la formule d’appel"),
        "preferred_language": Wording.of(en="Preferred language", fr="Langue préférée"),
        "party": Wording.of(en="Party or group", fr="Affiliation politique"),
        "email": Wording.of(en="E-mail address", fr="Courriel"),
        "telephone": Wording.of(en="Telephone", fr="Téléphone"),
        "addresses": Wording.of(en="Offices", fr="Bureaux"),
        "riding_code": Wording.of(en="Riding", fr="Circonscription"),
        "district": Wording.of(en="District", fr="Division"),
        "province": Wording.of(en="Province", fr="Province"),
        "since": Wording.of(en="In office since", fr="En fonction depuis"),
        "retires_on": Wording.of(en="Mandatory retirement", fr="Retraite obligatoire"),
    }
)
_CHOSEN: Mapping[str, Mapping[str, Wording]] = MappingProxyType(
    {"status": STANDINGS, "office": OFFICES, "gender": GENDERS, "preferred_language": LANGUAGES}  # type: ignore[dict-item]
)


def say(fact: str, value: object, language: Language) -> str:
    """Say what is known: a value of a row, or the same as a correction writes it."""
    if isinstance(value, bool):
        return TRUTHS[value].spoken(language)
    if not value:
        return UNKNOWN.spoken(language)
    if fact in _CHOSEN:
        return _CHOSEN[fact][str(value)].spoken(language)
    return _written(value, language)


def say_source(source: str, language: Language) -> str:
    """Say where a list comes from."""
    return SOURCES[source].spoken(language) if source in SOURCES else source


def _written(value: object, language: Language) -> str:
    if isinstance(value, Mapping):
        return " / ".join(dict.fromkeys(str(value[spoken]) for spoken in reversed(Language)))
    if isinstance(value, date):
        return speak_date(value, language)
    if isinstance(value, tuple):
        return "; ".join(_office(one) for one in value if isinstance(one, Address))
    return str(value)


def _office(address: Address) -> str:
    return ", ".join(part for part in (*address.lines, address.telephone, address.fax) if part)
