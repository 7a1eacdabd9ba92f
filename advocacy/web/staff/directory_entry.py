"""One entry of the directory: what its list says, what staff corrected, and how a letter addresses it."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.language import Language, Wording, day_of
from advocacy.legislators import directory, doubtful
from advocacy.legislators.address import Address, NoFormOfAddress, address
from advocacy.legislators.corrected import FACTS, corrections_of
from advocacy.legislators.models import Correction, Legislator, Status, to_recipient
from advocacy.legislators.recipient import Office, Recipient
from advocacy.legislators.styles import shipped
from advocacy.staff import audit, corrections, listed
from advocacy.staff.audit_words import acted
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import directory_words as words
from advocacy.web.staff.access import manager, staff
from advocacy.web.staff.audit_changes import changed

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a field offers."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as the page shows it: what the list says, and what can be chosen here where it is no text."""

    key: str
    label: str
    source: str
    corrected: bool
    differs: bool
    bilingual: bool
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Addressed:
    """How a letter in one language addresses somebody, and how sure that is."""

    language: Language
    address: Address
    status: str


def add_entry(routes: Blueprint) -> None:
    """Make the routes."""
    routes.get("/directory/entry/<legislator>", endpoint="legislator")(entry)
    routes.post("/directory/entry/<legislator>", endpoint="legislator_saved")(save)
    routes.post("/directory/entry/<legislator>/source", endpoint="legislator_returned")(return_to_source)
    routes.post("/directory/entry/<legislator>/trust", endpoint="legislator_trusted")(trust)


@manager
def entry(legislator: str) -> str:
    """Show one person or seat."""
    with services().sessions() as session:
        row = _row(session, legislator)
        return _page(session, row, corrections.typed_from(corrections.facts_of(row)))


@manager
def save(legislator: str) -> Answer:
    """Keep what was corrected; where somebody else corrected meanwhile, both are shown and nothing is kept."""
    typed = request.form.to_dict()
    with immediate(services().sessions) as session:
        row = _row(session, legislator)
        try:
            facts = corrections.read(session, typed, row)
        except corrections.CorrectionRefused as refused:
            return _page(session, row, typed, wrong=refused.reasons), 422
        seen = typed.get("seen", "")
        if not hmac.compare_digest(seen.encode(), corrections.fingerprint(row).encode()):
            return _page(session, row, typed, meanwhile=True), 422
        changed = corrections.save(session, row, facts, by=staff().id, now=services().now())
    flash(_("The correction is saved: letters and pages use it from now on.") if changed else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator), 303)


@manager
def return_to_source(legislator: str) -> Response:
    """Let the list speak again."""
    with immediate(services().sessions) as session:
        row = _row(session, legislator)
        returned = corrections.return_to_source(session, row, by=staff().id, now=services().now())
    flash(_("The entry matches its list again.") if returned else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator), 303)


@manager
def trust(legislator: str) -> Response:
    """Write to a doubtful address again."""
    with immediate(services().sessions) as session:
        row = _row(session, legislator)
        trusted = bool(row.email) and doubtful.trust(session, row.email or "")
        if trusted:
            now = services().now()
            audit.write(session, audit.Act.ADDRESS_TRUSTED, f"legislator:{row.id}", by=staff().id, now=now)
    flash(_("The address is in use again.") if trusted else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator), 303)


def _row(session: Session, legislator: str) -> Legislator:
    row = directory.by_id(session, legislator) if legislator.isprintable() else None
    if row is None:
        abort(404)
    return row


def _page(
    session: Session,
    row: Legislator,
    typed: Mapping[str, str],
    *,
    wrong: Mapping[str, Wording] | None = None,
    meanwhile: bool = False,
) -> str:
    language, recipient = current_language(), to_recipient(row)
    held = corrections_of(session, row.id)
    history = [
        (one, acted(one.act).spoken(language), changed(one, language)) for one in listed.acts_on(session, row.id)
    ]
    vacant = replace(recipient, vacant=True, name="", first_name="", last_name="", email=None)
    return render_template(
        "staff/legislator.html",
        row=row,
        chamber=words.LISTS[row.chamber].spoken(language),
        standing=words.STANDINGS[directory.status_on(row, day_of(services().now()))].spoken(language),
        facts=[_fact(row, field, held.get(field)) for field in corrections.fields_for(row)],
        corrected=bool(held),
        typed=typed,
        wrong={key: [reason.spoken(language)] for key, reason in (wrong or {}).items()},
        errors=[(key, reason.spoken(language)) for key, reason in (wrong or {}).items()],
        meanwhile=meanwhile,
        seen=corrections.fingerprint(row),
        doubt=listed.doubt_about(session, row),
        warning=[said.spoken(language) for said in doubtful.warning(session, row)],
        addressed=_addressed(recipient),
        vacant=() if row.vacant else _addressed(vacant),
        history=history,
        limits=corrections.LONGEST,
    )


def _fact(row: Legislator, field: str, held: Correction | None) -> Fact:
    language = current_language()
    source = held.source_value if held else FACTS[field].get(row)
    return Fact(
        key=field,
        label=words.FACTS[field].spoken(language),
        source=words.say(field, source, language),
        corrected=held is not None,
        differs=held is not None and held.differs,
        bilingual=field in corrections.BILINGUAL,
        choices=[Choice(value, _label(field, value, row)) for value in corrections.choices_for(field, row)],
    )


def _label(field: str, value: str, row: Legislator) -> str:
    language = current_language()
    if field == "status" and value == Status.LEFT and row.riding_code:
        return words.LEAVES_A_SEAT.spoken(language)
    return words.say(field, corrections.ANSWERS.get(value, value), language)


def _addressed(recipient: Recipient) -> Sequence[Addressed]:
    found = []
    for language in reversed(Language):
        try:
            found.append(Addressed(language, address(recipient, language), _sureness(recipient, language)))
        except NoFormOfAddress:
            continue
    return found


def _sureness(recipient: Recipient, language: Language) -> str:
    styles = shipped()
    used = styles.office[Office(recipient.office)][language].used_in(recipient.province)
    return words.FORM_STATUS[used.status].spoken(current_language())
