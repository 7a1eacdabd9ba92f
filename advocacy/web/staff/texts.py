"""What several pages write in words: moments, names of documents, facts of the directory, entries of the audit log."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.campaign_folder import CAMPAIGN, LETTER, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.documents import campaign_names, newest_revision, revision_files
from advocacy.campaigns.library import unpublished_campaigns
from advocacy.campaigns.models import RevisionFile
from advocacy.campaigns.terms import STAGES
from advocacy.delivery.states import State
from advocacy.language import Language, day_of, format_date, format_time
from advocacy.legislators.legislatures import Verification, legislatures
from advocacy.legislators.models import OWN_LIST_CHAMBER, OfficeAddress, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.letters.holding import HoldReason
from advocacy.messages import message
from advocacy.offices.office_settings import OfficeValues
from advocacy.staff.models import ROLE_NAMES, AuditEntry
from advocacy.toml_source import TomlProblems, read_toml
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.forms import LANGUAGE_NAMES

# --- Moments


def format_moment(moment: datetime) -> str:
    """Return a moment by Ottawa’s clock, for a table: "25 novembre 2026, 14 h 32"."""
    language = current_language()
    return f"{format_date(day_of(moment), language)}, {format_time(moment, language)}"


def format_short(moment: datetime) -> str:
    """Return the hour alone for today, "14 h 32", with the date on another day."""
    is_today = day_of(moment) == day_of(services().now())
    return format_time(moment, current_language()) if is_today else format_moment(moment)


def format_in_sentence(moment: datetime) -> str:
    """Return a moment for a sentence: "à 14 h 32" today, "le 27 novembre 2026, 14 h 32" on another day."""
    if day_of(moment) == day_of(services().now()):
        return str(_("at %(time)s", time=format_time(moment, current_language())))
    return str(_("on %(date)s", date=format_moment(moment)))


# --- Campaigns and their documents

DOCUMENT_NAMES = {
    "campaign": _l("Campaign"),
    "sentences": _l("Sentences"),
    "findings": _l("Survey"),
    "safety": _l("Notices and support"),
    "pictures": _l("Pictures"),
}
"""The documents that are no letters."""

DOCUMENT_PAGES = {"campaign": "campaign_settings", "safety": "campaign_settings", "findings": "survey"}
"""The page under which a document's history is found; a letter's is found under the letters."""
CHANGED_FIRST = message("Changed, gone words first: ")
"""Read aloud before a changed passage, in its own language."""


def letter_files(session: Session, revisions: Collection[int]) -> Mapping[int, LetterFile]:
    """Return what the letters of these revisions declare, archived ones too; one that cannot be read is left out."""
    rows = session.execute(
        select(RevisionFile.revision_id, RevisionFile.content).where(
            RevisionFile.revision_id.in_(revisions), RevisionFile.name.like(f"%/{LETTER}")
        )
    )
    found = {}
    for key, content in rows:
        with suppress(TomlProblems):
            found[key] = read_toml(content.decode("utf-8-sig", "replace"), LetterFile, file=LETTER)
    return found


def letter_titles(session: Session, revisions: Collection[int]) -> Mapping[int, str]:
    """Return the titles of the letters of these revisions; one that cannot be read is left out."""
    return {
        key: letter.title.in_language(current_language()) for key, letter in letter_files(session, revisions).items()
    }


def unpublished_names(session: Session) -> Mapping[str, str]:
    """Return the names of the campaigns that were never live, as saved last."""
    return {folder.name: campaign_name(folder) for folder in unpublished_campaigns(session)}


def campaign_name(folder: CampaignFolder) -> str:
    """Return the name of a campaign as its pages do; its folder's where that cannot be read."""
    file = folder.readable_campaign()
    return file.name.in_language(current_language()) if file else folder.name


def campaign_titles(session: Session, names: Collection[str] | None = None) -> Mapping[str, str]:
    """Return what these campaigns, or all there are, are called, as saved last."""
    titles = {}
    for name in sorted(campaign_names(session)):
        newest = newest_revision(session, name, OWN_DOCUMENTS[CAMPAIGN]) if names is None or name in names else None
        if newest is not None:
            titles[name] = campaign_name(CampaignFolder.of(name, revision_files(newest)))
    return titles


def document_names(folder: CampaignFolder) -> Mapping[str, str]:
    found = {document: str(name) for document, name in DOCUMENT_NAMES.items()}
    for letter in folder.letters():
        found[letter] = document_name(folder, letter)
    return found


def document_name(folder: CampaignFolder, document: str) -> str:
    """Return the name of a document: a letter's title, or its folder where it cannot be read."""
    if document in DOCUMENT_NAMES:
        return str(DOCUMENT_NAMES[document])
    try:
        return folder.letter(document).title.in_language(current_language())
    except TomlProblems:
        return document


# --- The directory

LIST_NAMES: Mapping[str, Any] = {
    "ministers": _l("Ministers"),
    "assembly": _l("Legislative assemblies"),
    "council": _l("Municipal councils"),
    OWN_LIST_CHAMBER: _l("Lists of campaigns"),
    "ridings": _l("Ridings"),
    "left": _l("No longer in office"),
}
"""Each list by its name in addresses and among the data sets."""

STATUS_NAMES: Mapping[Status, Any] = {
    Status.SITTING: _l("in office"),
    Status.DEPARTURE_ANNOUNCED: _l("in office, departure announced"),
    Status.ELECTED_SINCE: _l("in office, elected since the list was made"),
    Status.PAST_RETIREMENT: _l("past the date of mandatory retirement"),
    Status.VACANT: _l("vacant seat"),
    Status.LEFT: _l("no longer in office"),
}

LEFT_A_SEAT = _l("no longer in office: the seat is vacant")


def list_name(key: str) -> str:
    """Return what a list is called, by its name in addresses or among the data sets."""
    chambers = legislatures().by_key.get(key, {})
    name = next((chamber.name.in_language(current_language()) for chamber in chambers.values()), key)
    return str(LIST_NAMES.get(key, name))


OFFICE_NAMES: Mapping[Office, Any] = {
    Office.MEMBER: _l("member of the Commons"),
    Office.SPEAKER_COMMONS: _l("Speaker of the House of Commons"),
    Office.SENATOR: _l("senator"),
    Office.SPEAKER_SENATE: _l("Speaker of the Senate"),
    Office.MINISTER: _l("minister"),
    Office.PRIME_MINISTER: _l("Prime Minister"),
    Office.PREMIER: _l("premier"),
    Office.PROVINCIAL_MINISTER: _l("provincial minister"),
    Office.PROVINCIAL_MEMBER: _l("member of a legislative assembly"),
    Office.MAYOR: _l("mayor"),
    Office.OFFICIAL: _l("person of a campaign’s list"),
}

FORM_NAMES: Mapping[str, Any] = {
    **{office.value: name for office, name in OFFICE_NAMES.items()},
    "secretary_of_state": _l("secretary of state"),
}
"""What the forms of address are for."""

GENDER_NAMES: Mapping[Gender, Any] = {Gender.F: _l("feminine"), Gender.M: _l("masculine")}

YES_NO: Mapping[bool, Any] = {True: _l("yes"), False: _l("no")}

UNKNOWN = _l("unknown")

FORM_STATUS_NAMES: Mapping[Verification, Any] = {
    Verification.VERIFIED: _l("verified in its source"),
    Verification.DERIVED: _l("made by a rule of its source"),
    Verification.UNVERIFIED: _l("to be verified before opening"),
}

FACT_NAMES: Mapping[str, Any] = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "status": _l("Status"),
    "office": _l("Office"),
    "title": _l("Whole title"),
    "responsible_for": _l("Responsible for bills (numbers)"),
    "honorific": _l("Honorific"),
    "privy_councillor": _l("Privy Council (the Honourable, P.C.)"),
    "gender": _l("Gender of the form of address"),
    "preferred_language": _l("Preferred language"),
    "party": _l("Party or group"),
    "email": _l("E-mail address"),
    "telephone": _l("Telephone"),
    "addresses": _l("Offices"),
    "riding_code": _l("Riding"),
    "district": _l("District"),
    "province": _l("Province"),
    "source": _l("Source"),
    "since": _l("In office since"),
    "retires_on": _l("Mandatory retirement"),
}

_VALUE_NAMES: Mapping[str, Mapping[Any, Any]] = {
    "status": STATUS_NAMES,
    "office": OFFICE_NAMES,
    "gender": GENDER_NAMES,
    "preferred_language": LANGUAGE_NAMES,
}


def fact_text(fact: str, value: object) -> str:
    """Return what is known in words: a value of a row, or the same as a correction writes it."""
    if isinstance(value, bool):
        return str(YES_NO[value])
    if not value:
        return str(UNKNOWN)
    if fact in _VALUE_NAMES:
        return str(_VALUE_NAMES[fact][str(value)])
    if isinstance(value, Mapping):
        return " / ".join(dict.fromkeys(str(value[language]) for language in reversed(Language)))
    if isinstance(value, date):
        return format_date(value, current_language())
    if isinstance(value, tuple):
        offices = ((*one.lines, one.telephone, one.fax) for one in value if isinstance(one, OfficeAddress))
        return "; ".join(", ".join(filter(None, office)) for office in offices)
    return str(value)


# --- The audit log

STATE_CHANGES: Mapping[State, Any] = {
    State.READY: _l("Put back into the queue."),
    State.HELD: _l("Waits to be read before it is sent."),
    State.DIGEST: _l("Waits for the office’s daily e-mail."),
    State.SENDING: _l("Being sent."),
    State.ACCEPTED: _l("Accepted by the mail service."),
    State.DELIVERED: _l("Delivered to the office’s server."),
    State.BOUNCED: _l("Sent back by the office’s server."),
    State.FAILED: _l("Refused permanently."),
    State.UNCERTAIN: _l("It may have been sent."),
    State.NEEDS_STAFF: _l("Waits for a decision."),
    State.CANCELLED: _l("Cancelled before it was sent."),
    State.EXPIRED: _l("It could not be sent in time."),
}

HOLD_TITLES: Mapping[str, Any] = {
    HoldReason.OWN_TEXT: _l("Mostly own words"),
    HoldReason.ALIKE: _l("Almost the same as many others"),
    HoldReason.RECIPIENT_LIMIT: _l("More than an office gets in a day"),
    HoldReason.NO_PROOF: _l("Sent without the browser’s check"),
    HoldReason.BOUNCES: _l("Many confirmation e-mails come back"),
}
"""Why something is held, as staff read it."""

CHANGE_NAMES: Mapping[str, Any] = {
    "account": _l("account"),
    "added": _l("added"),
    "alone": _l("one person writes and publishes"),
    "as_of": _l("as of"),
    "at": _l("planned for"),
    "bill": _l("bill"),
    "by_its_writer": _l("published by its author"),
    "changed": _l("changed"),
    "confirmed": _l("confirmed on"),
    "copied_from": _l("copied from"),
    "documents": _l("documents"),
    "factor": _l("verification method"),
    "format": _l("format"),
    "gone": _l("no longer listed"),
    "invitation": _l("invitation"),
    "left": _l("codes left"),
    "left_out": _l("rows left out"),
    "letters": _l("letters"),
    "mails": _l("e-mails"),
    "reason": _l("held because"),
    "resolved": _l("resolved"),
    "role": _l("role"),
    "source": _l("source"),
    "stage": _l("stage"),
    "state": _l("state"),
    "together": _l("with the rest of the campaign"),
}
"""What an act changed, by its name in the entry; one that is not here is shown as it is."""

OMITTED_CHANGES = frozenset({"document", "digest", "number"})
"""What the name of a revision, and the page it leads to, say already."""

OFFICE_CHANGE_NAMES: Mapping[str, Any] = {
    "acknowledgement_en": _l("acknowledgement in English"),
    "acknowledgement_fr": _l("acknowledgement in French"),
    "email": _l("address for letters"),
    "email_from": _l("letters go there from"),
    "language": _l("language of our e-mails"),
    "paused_until": _l("no letters until"),
    "takes_digest": _l("one e-mail a day"),
}
"""What an office can set, by its name in the entry."""

CHANGE_VALUES: Mapping[str, Mapping[str, Any]] = {
    "factor": {
        "all of them": _l("all of them"),
        "app": _l("app"),
        "passkey": _l("passkey"),
    },
    "format": {"pdf": _l("PDF"), "docx": _l("Word"), "txt": _l("text")},
    "reason": HOLD_TITLES,
    "role": {role.value: name.in_language for role, name in ROLE_NAMES.items()},
    "stage": {stage: name.in_language for stage, name in STAGES.items()},
    "state": {state.value: words for state, words in STATE_CHANGES.items()},
}
"""The site's own words for the values of some of these: a text, or what returns it in a language."""

SUBJECT_NAMES: Mapping[str, Any] = {
    "account": _l("account"),
    "campaign": _l("campaign"),
    "entry": _l("entry"),
    "invitation": _l("invitation"),
    "legislator": _l("directory"),
    "letter": _l("letter"),
    "list": _l("list"),
    "mail": _l("e-mail"),
    "message": _l("letter"),
    "office": _l("office"),
    "outbox": _l("sending"),
    "page": _l("page"),
    "revision": _l("revision"),
    "sign-in": _l("an address without an account"),
}
"""What an act was done to, by the word before the colon of its subject."""


@dataclass(frozen=True, slots=True)
class AuditChange:
    """One thing that an act changed: what it is, and its text before and after."""

    place: str
    before: str
    after: str


def subject_text(subject: str) -> str:
    """Return what an act was done to: "message:9" as "letter, 9"; an invitation's id says nothing to anybody."""
    kind, _, name = subject.partition(":")
    return ", ".join([str(SUBJECT_NAMES.get(kind, kind)), *([name] if name and kind != "invitation" else [])])


def audit_changes(entry: AuditEntry) -> Sequence[AuditChange]:
    """Return what an entry says that its act changed, in the words of the pages."""
    before, after = _by_name(entry.before), _by_name(entry.after)
    places: Mapping[str, Any] = CHANGE_NAMES
    text: Callable[[str, Any], str] = _text
    if entry.subject.startswith("legislator:"):
        places, text = FACT_NAMES, fact_text
        before, after = ({name: facts[name] for name in facts if name in FACT_NAMES} for facts in (before, after))
    elif entry.subject.startswith("office:"):
        places, text = OFFICE_CHANGE_NAMES, _office_text
    rows = [
        AuditChange(str(places.get(name, name)), text(name, before.get(name)), text(name, after.get(name)))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name) and name not in OMITTED_CHANGES
    ]
    return [row for row in rows if row.before or row.after]


def office_settings_texts(values: OfficeValues) -> Sequence[tuple[str, str]]:
    """Return what an office set, each as its name and its value in words."""
    return [(str(OFFICE_CHANGE_NAMES[name]), _office_text(name, value)) for name, value in values.content.items()]


def _office_text(name: str, value: Any) -> str:
    match name:
        case "language" if value:
            return str(LANGUAGE_NAMES[value])
        case "paused_until" if value:
            return format_date(date.fromisoformat(value), current_language())
        case "email_from" if value:
            return format_moment(datetime.fromisoformat(value))
    return _text(name, value)


def _by_name(content: Any) -> Mapping[str, Any]:
    """Return an entry's content by names: that of a changed role is the role alone."""
    return content if isinstance(content, dict) else {"role": content}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(YES_NO[value])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    words = CHANGE_VALUES.get(name, {}).get(value, value)
    return str(words(current_language()) if callable(words) else words)
