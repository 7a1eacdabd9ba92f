"""One entry of the directory is corrected by what a form brings, and the journal tells what was said before."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.language import Language, Wording
from advocacy.legislators.corrected import FACTS, Written, correct, corrections_of
from advocacy.legislators.models import Chamber, Legislator, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.staff import audit

OFFICES: Mapping[Chamber, tuple[Office, ...]] = MappingProxyType(
    {
        Chamber.COMMONS: (Office.MEMBER, Office.MINISTER, Office.PRIME_MINISTER, Office.SPEAKER_COMMONS),
        Chamber.SENATE: (Office.SENATOR, Office.SPEAKER_SENATE),
        Chamber.ASSEMBLY: (Office.PROVINCIAL_MEMBER, Office.PROVINCIAL_MINISTER, Office.PREMIER),
        Chamber.COUNCIL: (Office.MAYOR,),
    }
)
"""The offices that members of each chamber can hold."""
STANDINGS = (Status.SITTING, Status.DEPARTURE_ANNOUNCED, Status.LEFT)
"""What staff can say of a person's standing; the rest is for lists."""
TITLED = frozenset({Office.MINISTER, Office.PRIME_MINISTER})
OF_A_SEAT = ("email", "telephone")
"""What a seat that nobody holds has."""
LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "name": 180,
        "first_name": 90,
        "last_name": 90,
        "telephone": 40,
        "email": 254,
        "title": 250,
        "responsible_for": 200,
        "party": 250,
    }
)
BILLS = re.compile(r"[CS]-\d{1,4}(?: [CS]-\d{1,4})*")
YES, NO = "yes", "no"

UNSEEN = Wording.of(
    en="Type it again: it contains an invisible character.",
    fr="Tapez-le de nouveau\u00a0: il contient un caractère invisible.",
)
TOO_LONG = Wording.of(en="Shorten it: it is too long.", fr="Abrégez\u00a0: c’est trop long.")
NO_NAME = Wording.of(en="Enter the full name.", fr="Entrez le nom complet.")
NO_ADDRESS = Wording.of(
    en="Enter an e-mail address, like name@parl.gc.ca, or leave it empty.",
    fr="Entrez une adresse courriel, comme nom@parl.gc.ca, ou n’écrivez rien.",
)
TAKEN = Wording.of(
    en="Someone else in the directory has this address; correct that entry first.",
    fr="Une autre personne du répertoire a cette adresse; corrigez d’abord sa fiche.",
)
ONE_LANGUAGE = Wording.of(en="Fill in both languages, or neither.", fr="Remplissez les deux langues, ou aucune.")
NO_TITLE = Wording.of(
    en="Enter the minister’s full title, in both languages.",
    fr="Entrez le titre ministériel au complet, dans les deux langues.",
)
NOT_A_BILL = Wording.of(
    en="Write the numbers of bills, as C-34 or C-34 S-210, or leave it empty.",
    fr="Écrivez des numéros de projets de loi, comme C-34 ou C-34 S-210, ou n’écrivez rien.",
)
CHOOSE = Wording.of(en="Choose one of the answers.", fr="Choisissez une des réponses.")


class CorrectionRefused(ValueError):
    """What was typed cannot be kept: `reasons` say what to do, by the field."""

    def __init__(self, reasons: Mapping[str, Wording]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reasons))


class _Wrong(ValueError):
    def __init__(self, reason: Wording) -> None:
        self.reason = reason
        super().__init__()


def fields_for(row: Legislator) -> tuple[str, ...]:
    """Name what can be corrected of a person, or of a vacant seat."""
    if row.vacant or not row.name:
        return OF_A_SEAT
    # Federal ministers sit in the Commons; other people introduce bills, but answer for none.
    return tuple(field for field in FACTS if field != "responsible_for" or row.chamber is Chamber.COMMONS)


def standings_for(row: Legislator) -> tuple[Status, ...]:
    """Give what can be said of somebody's standing, what is said now included."""
    return STANDINGS if row.status in STANDINGS else (row.status, *STANDINGS)


def facts_of(row: Legislator) -> Mapping[str, Written]:
    """Give what the directory says of somebody now, as far as it can be corrected."""
    return {field: FACTS[field].get(row) for field in fields_for(row)}


def fingerprint(row: Legislator) -> str:
    """Give a number that is another one when any of it is (SHA-256, hexadecimal)."""
    return hashlib.sha256(json.dumps(facts_of(row), sort_keys=True).encode()).hexdigest()


def typed_from(facts: Mapping[str, Written]) -> dict[str, str]:
    """Give facts as the form's fields hold them."""
    typed: dict[str, str] = {}
    for field, value in facts.items():
        if field in BILINGUAL:
            typed |= {f"{field}-{language}": (value or {}).get(language, "") for language in Language}
        elif isinstance(value, bool):
            typed[field] = YES if value else NO
        else:
            typed[field] = value or ""
    return typed


def read(session: Session, typed: Mapping[str, str], row: Legislator) -> Mapping[str, Written]:
    """Read the facts that a form brings about somebody; raise CorrectionRefused with a reason against each field."""
    facts: dict[str, Written] = {}
    reasons: dict[str, Wording] = {}
    for field in fields_for(row):
        try:
            facts[field] = _read(field, typed, row)
        except _Wrong as wrong:
            reasons[_first_input(field)] = wrong.reason
    if facts.get("office") in TITLED and "title" in facts and facts["title"] is None:
        reasons[_first_input("title")] = NO_TITLE
    if facts.get("email") and _is_taken(session, facts["email"], row):
        reasons["email"] = TAKEN
    if reasons:
        raise CorrectionRefused(reasons)
    return facts


def save(session: Session, row: Legislator, facts: Mapping[str, Written], *, by: int, now: datetime) -> bool:
    """Correct somebody and write it into the journal; False where nothing is said otherwise than before."""
    before = facts_of(row)
    news = {field: value for field, value in facts.items() if value != before[field]}
    if not news:
        return False
    correct(session, row, news, by=by, now=now)
    was = {field: before[field] for field in news}
    audit.write(
        session, audit.Act.LEGISLATOR_CORRECTED, f"legislator:{row.id}", by=by, now=now, before=was, after=dict(news)
    )
    return True


def return_to_source(session: Session, row: Legislator, *, by: int, now: datetime) -> bool:
    """Let somebody's list speak again in everything; False where it did already."""
    held = corrections_of(session, row.id)
    if not held:
        return False
    before = {field: correction.value for field, correction in held.items()}
    after = {field: correction.source_value for field, correction in held.items()}
    correct(session, row, after, by=by, now=now)
    audit.write(
        session, audit.Act.LEGISLATOR_CORRECTED, f"legislator:{row.id}", by=by, now=now, before=before, after=after
    )
    return True


def choices_for(field: str, row: Legislator) -> Sequence[str]:
    """Give the answers that a field offers for somebody, as a form brings them; none for a text."""
    return CHOICES[field](row) if field in CHOICES else ()


def _first_input(field: str) -> str:
    return f"{field}-{Language.FR}" if field in BILINGUAL else field


def _read(field: str, typed: Mapping[str, str], row: Legislator) -> Written:
    if field in BILINGUAL:
        return _bilingual(field, typed)
    if field in CHOICES:
        return _choice(typed.get(field, ""), CHOICES[field](row))
    text = _text(field, typed.get(field, ""))
    if field == "name" and not text:
        raise _Wrong(NO_NAME)
    if field == "responsible_for":
        return _bills(text)
    return _email(text) if field == "email" else text


def _text(field: str, text: str) -> str:
    read = " ".join(text.split())
    if len(read) > LONGEST[field]:
        raise _Wrong(TOO_LONG)
    if not read.isprintable():
        raise _Wrong(UNSEEN)
    return read


def _email(text: str) -> str | None:
    if not text:
        return None
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise _Wrong(NO_ADDRESS) from None
    return text


def _bills(text: str) -> str:
    bills = " ".join(text.upper().replace(",", " ").split())
    if bills and not BILLS.fullmatch(bills):
        raise _Wrong(NOT_A_BILL)
    return bills


def _bilingual(field: str, typed: Mapping[str, str]) -> Written:
    texts = {language.value: _text(field, typed.get(f"{field}-{language}", "")) for language in Language}
    if all(texts.values()):
        return texts
    if any(texts.values()):
        raise _Wrong(ONE_LANGUAGE)
    return None


def _choice(chosen: str, offered: Collection[str]) -> Written:
    if chosen not in offered:
        raise _Wrong(CHOOSE)
    return ANSWERS.get(chosen, chosen)


def _is_taken(session: Session, email: str, row: Legislator) -> bool:
    others = select(Legislator.id).where(
        func.lower(Legislator.email) == email.lower(), Legislator.id != row.id, Legislator.status != Status.LEFT
    )
    return session.scalar(others.limit(1)) is not None


def _or_unknown(values: type[StrEnum]) -> Sequence[str]:
    return ("", *values)


BILINGUAL = frozenset({"title", "party"})
CHOICES: Mapping[str, Callable[[Legislator], Sequence[str]]] = MappingProxyType(
    {
        "status": lambda row: standings_for(row),
        "office": lambda row: OFFICES[row.chamber],
        "privy_councillor": lambda _: (YES, NO),
        "gender": lambda _: _or_unknown(Gender),
        "preferred_language": lambda _: _or_unknown(Language),
    }
)
ANSWERS: Mapping[str, Written] = MappingProxyType({YES: True, NO: False, "": None})
