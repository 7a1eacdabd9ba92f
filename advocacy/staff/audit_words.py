"""The audit log's acts in words, and what changed by one, line by line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from advocacy.language import Language
from advocacy.messages import message
from advocacy.staff.audit import Act

ACTS = MappingProxyType(
    {
        Act.INVITED: message("invited somebody"),
        Act.INVITATION_WITHDRAWN: message("withdrew an invitation"),
        Act.JOINED: message("joined the staff"),
        Act.SIGNED_IN: message("signed in"),
        Act.SIGNED_OUT: message("signed out"),
        Act.SIGN_IN_FAILED: message("failed to sign in"),
        Act.REFUSED: message("was refused a page"),
        Act.PASSWORD_CHANGED: message("changed their password"),
        Act.SECOND_FACTOR_ADDED: message("added a verification method"),
        Act.SECOND_FACTOR_REMOVED: message("removed a verification method"),
        Act.RECOVERY_CODES_MADE: message("created recovery codes"),
        Act.RECOVERY_CODE_USED: message("used a recovery code"),
        Act.ACCOUNT_CHANGED: message("changed their name or language"),
        Act.ROLE_CHANGED: message("changed a role"),
        Act.ACCOUNT_CLOSED: message("closed an account"),
        Act.ACCOUNT_OPENED: message("reopened an account"),
        Act.VISITS_ENDED: message("signed somebody out everywhere"),
        Act.REVISION_SAVED: message("saved a revision"),
        Act.PUBLICATION_ASKED: message("sent for review"),
        Act.PUBLICATION_WITHDRAWN: message("withdrew a request for review"),
        Act.PUBLISHED: message("published"),
        Act.RETURNED: message("asked for changes"),
        Act.COMMENTED: message("commented on a revision"),
        Act.PUBLICATION_SCHEDULED: message("scheduled a publication"),
        Act.PUBLICATION_UNSCHEDULED: message("cancelled a scheduled publication"),
        Act.TAKEN_OFFLINE: message("took offline"),
        Act.PUT_ONLINE: message("put back online"),
        Act.ARCHIVED: message("archived"),
        Act.RESTORED: message("restored from the archive"),
        Act.DELETED: message("deleted"),
        Act.CAMPAIGN_MADE: message("created a campaign"),
        Act.CAMPAIGN_IMPORTED: message("imported a campaign"),
        Act.CAMPAIGN_EXPORTED: message("exported a campaign"),
        Act.OWN_LIST_CHANGED: message("changed a campaign’s own list"),
        Act.RULE_CHANGED: message("changed a rule of a campaign"),
        Act.BILL_CONFIRMED: message("confirmed the stage of a bill"),
        Act.LEGISLATOR_CORRECTED: message("corrected an entry of the directory"),
        Act.DIRECTORY_REFRESHED: message("updated the directory"),
        Act.ADDRESS_TRUSTED: message("restored an address"),
        Act.OUTBOX_PAUSED: message("paused sending"),
        Act.OUTBOX_RESUMED: message("resumed sending"),
        Act.LETTER_SENT_AGAIN: message("had a letter sent again"),
        Act.LETTER_CANCELLED: message("cancelled a letter"),
        Act.LETTER_MARKED_SENT: message("marked a letter as sent"),
        Act.LETTER_READ: message("opened the text of a letter"),
        Act.INSIGHT_EXPORTED: message("downloaded figures"),
        Act.DELIVERIES_EXPORTED: message("downloaded the list of letters"),
        Act.LETTERS_MERGED: message("ran a merge"),
        Act.REASON_ERASED: message("erased a reason"),
    }
)
"""Each act as it goes on from the name of who did it."""

PLACES = MappingProxyType(
    {
        "account": message("account"),
        "at": message("planned for"),
        "added": message("added"),
        "alone": message("one person writes and publishes"),
        "as_of": message("as of"),
        "bill": message("bill"),
        "by_its_writer": message("published by its author"),
        "changed": message("changed"),
        "copied_from": message("copied from"),
        "confirmed": message("confirmed on"),
        "digest": message("checksum"),
        "document": message("document"),
        "documents": message("documents"),
        "email": message("e-mail address"),
        "factor": message("verification method"),
        "format": message("format"),
        "invitation": message("invitation"),
        "language": message("language"),
        "gone": message("no longer listed"),
        "left": message("codes left"),
        "left_out": message("rows left out"),
        "letters": message("letters"),
        "name": message("name"),
        "number": message("number"),
        "resolved": message("resolved"),
        "role": message("role"),
        "source": message("source"),
        "stage": message("stage"),
        "state": message("state"),
        "telephone": message("telephone"),
        "times": message("times in 15 minutes"),
        "together": message("with the rest of the campaign"),
    }
)
"""What an act changed, by its place in the content; a place that is not here is shown as it is."""
VALUES = MappingProxyType(
    {
        "all of them": message("all of them"),
        "app": message("app"),
        "false": message("no"),
        "manager": message("Manager"),
        "passkey": message("passkey"),
        "publisher": message("Publisher"),
        "true": message("yes"),
        "writer": message("Writer"),
    }
)
"""What stands for one of the site's own words at a place of these."""
NAMED = frozenset({"alone", "by_its_writer", "factor", "role", "together"})
DIGEST = 12
"""Signs shown of a digest, enough to tell it from another."""
SUBJECTS = MappingProxyType(
    {
        "account": message("account"),
        "campaign": message("campaign"),
        "entry": message("entry"),
        "invitation": message("invitation"),
        "legislator": message("directory"),
        "letter": message("letter"),
        "list": message("list"),
        "mail": message("mail"),
        "message": message("letter"),
        "page": message("page"),
        "revision": message("revision"),
    }
)
"""What an act was done to, by the word before the colon of its subject."""
WHOLE = MappingProxyType(
    {
        "outbox": message("sending"),
        "sign-in": message("an address without an account"),
    }
)
"""What an act was done to, where there is only one of its kind."""

MOST = 400
"""Signs shown of one value."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that an act changed: its place in the content, and what stood there and stands there."""

    place: str
    before: str
    after: str


def act_text(act: str, language: Language) -> str:
    """Return an act in words; the name itself for one that an older version knew."""
    return ACTS[Act(act)].in_language(language) if act in set(Act) else act


def in_words(one: Changed, language: Language) -> Changed:
    """Return a change in the words of one language; a checksum is shortened."""
    place = PLACES[one.place].in_language(language) if one.place in PLACES else one.place
    return Changed(place, *(_valued(one.place, text, language) for text in (one.before, one.after)))


def _valued(place: str, text: str, language: Language) -> str:
    if place == "digest" and len(text) > DIGEST:
        return f"{text[:DIGEST]}…"
    return VALUES[text].in_language(language) if place in NAMED and text in VALUES else text


def subject_text(name: str, language: Language) -> str:
    """Return what an act was done to: "revision:9" as "revision, 9"."""
    kind, colon, rest = name.partition(":")
    if colon and kind in SUBJECTS:
        return f"{SUBJECTS[kind].in_language(language)}, {rest}"
    return WHOLE[name].in_language(language) if name in WHOLE else name


def changes(before: Any, after: Any, place: str = "") -> Iterator[Changed]:
    """Give what is not the same in two contents, the innermost things alone."""
    if isinstance(before, dict | None) and isinstance(after, dict | None):
        old, new = before or {}, after or {}
        for key in dict.fromkeys((*old, *new)):
            yield from changes(old.get(key), new.get(key), f"{place}.{key}" if place else str(key))
    elif before != after:
        yield Changed(place, _shown(before), _shown(after))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST else f"{text[:MOST]}…"
