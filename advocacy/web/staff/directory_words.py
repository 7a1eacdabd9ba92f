"""What the directory knows of somebody, in words."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext

from advocacy.language import Language, format_date
from advocacy.legislators.models import Chamber, OfficeAddress, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.legislators.styles import Status as FormStatus
from advocacy.web.locale import current_language
from advocacy.web.staff.forms import NAMES

LISTS: Mapping[str, Any] = MappingProxyType(
    {
        Chamber.COMMONS: lazy_gettext("House of Commons"),
        Chamber.SENATE: lazy_gettext("Senate"),
        "ministers": lazy_gettext("Ministers"),
        Chamber.ASSEMBLY: lazy_gettext("Legislative assemblies"),
        Chamber.COUNCIL: lazy_gettext("Municipal councils"),
        Chamber.OWN_LIST: lazy_gettext("Lists of campaigns"),
        "ridings": lazy_gettext("Ridings"),
        "left": lazy_gettext("No longer in office"),
    }
)
"""Each list by its name in addresses and among the data sets."""

STANDINGS: Mapping[Status, Any] = MappingProxyType(
    {
        Status.SITTING: lazy_gettext("in office"),
        Status.DEPARTURE_ANNOUNCED: lazy_gettext("in office, departure announced"),
        Status.ELECTED_SINCE: lazy_gettext("in office, elected since the list was made"),
        Status.PAST_RETIREMENT: lazy_gettext("past the date of mandatory retirement"),
        Status.VACANT: lazy_gettext("vacant seat"),
        Status.LEFT: lazy_gettext("no longer in office"),
    }
)
LEAVES_A_SEAT = lazy_gettext("no longer in office: the seat is vacant")
OFFICES: Mapping[Office, Any] = MappingProxyType(
    {
        Office.MEMBER: lazy_gettext("member of the Commons"),
        Office.SPEAKER_COMMONS: lazy_gettext("Speaker of the House of Commons"),
        Office.SENATOR: lazy_gettext("senator"),
        Office.SPEAKER_SENATE: lazy_gettext("Speaker of the Senate"),
        Office.MINISTER: lazy_gettext("minister"),
        Office.PRIME_MINISTER: lazy_gettext("Prime Minister"),
        Office.PREMIER: lazy_gettext("premier"),
        Office.PROVINCIAL_MINISTER: lazy_gettext("provincial minister"),
        Office.PROVINCIAL_MEMBER: lazy_gettext("member of a legislative assembly"),
        Office.MAYOR: lazy_gettext("mayor"),
        Office.OFFICIAL: lazy_gettext("person of a campaign’s list"),
    }
)
GENDERS: Mapping[Gender, Any] = MappingProxyType(
    {Gender.F: lazy_gettext("feminine"), Gender.M: lazy_gettext("masculine")}
)
TRUTHS: Mapping[bool, Any] = MappingProxyType({True: lazy_gettext("yes"), False: lazy_gettext("no")})
UNKNOWN = lazy_gettext("unknown")
FORM_STATUS: Mapping[FormStatus, Any] = MappingProxyType(
    {
        FormStatus.VERIFIED: lazy_gettext("verified in its source"),
        FormStatus.DERIVED: lazy_gettext("made by a rule of its source"),
        FormStatus.UNVERIFIED: lazy_gettext("to be verified before opening"),
    }
)
FACTS: Mapping[str, Any] = MappingProxyType(
    {
        "name": lazy_gettext("Name"),
        "first_name": lazy_gettext("First name"),
        "last_name": lazy_gettext("Last name"),
        "status": lazy_gettext("Status"),
        "office": lazy_gettext("Office"),
        "title": lazy_gettext("Whole title"),
        "responsible_for": lazy_gettext("Responsible for bills (numbers)"),
        "honorific": lazy_gettext("Honorific"),
        "privy_councillor": lazy_gettext("Privy Council (the Honourable, P.C.)"),
        "gender": lazy_gettext("Gender of the form of address"),
        "preferred_language": lazy_gettext("Preferred language"),
        "party": lazy_gettext("Party or group"),
        "email": lazy_gettext("E-mail address"),
        "telephone": lazy_gettext("Telephone"),
        "addresses": lazy_gettext("Offices"),
        "riding_code": lazy_gettext("Riding"),
        "district": lazy_gettext("District"),
        "province": lazy_gettext("Province"),
        "source": lazy_gettext("Source"),
        "since": lazy_gettext("In office since"),
        "retires_on": lazy_gettext("Mandatory retirement"),
    }
)
_CHOSEN: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"status": STANDINGS, "office": OFFICES, "gender": GENDERS, "preferred_language": NAMES}  # type: ignore[dict-item]
)


def fact_text(fact: str, value: object) -> str:
    """Return what is known in words: a value of a row, or the same as a correction writes it."""
    if isinstance(value, bool):
        return str(TRUTHS[value])
    if not value:
        return str(UNKNOWN)
    if fact in _CHOSEN:
        return str(_CHOSEN[fact][str(value)])
    if isinstance(value, Mapping):
        return " / ".join(dict.fromkeys(str(value[language]) for language in reversed(Language)))
    if isinstance(value, date):
        return format_date(value, current_language())
    if isinstance(value, tuple):
        offices = ((*one.lines, one.telephone, one.fax) for one in value if isinstance(one, OfficeAddress))
        return "; ".join(", ".join(filter(None, office)) for office in offices)
    return str(value)
