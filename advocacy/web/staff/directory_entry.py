"""One entry of the directory: what its list says, what staff corrected, and how a letter addresses it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from operator import attrgetter
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields import Field
from wtforms.form import BaseForm
from wtforms.validators import AnyOf, DataRequired, Email, Length, Optional, ValidationError

from advocacy.campaigns.differences import Row
from advocacy.campaigns.word_differences import compare_texts
from advocacy.language import SIDE_BY_SIDE, Language, Wording, day_of
from advocacy.legislators import corrections, directory_queries
from advocacy.legislators.corrections import FACTS, FactValue, corrections_of
from advocacy.legislators.forms_of_address import FormOfAddress, NoFormOfAddress, form_of_address, forms_for
from advocacy.legislators.models import BouncedAddress, Legislator, Status, to_recipient
from advocacy.legislators.recipient import Gender, Recipient
from advocacy.offices import office_links
from advocacy.offices.office_links import TooManyLinks
from advocacy.offices.office_settings import NOTHING_SET, settings_of
from advocacy.staff import audit_log, office_changes
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff import texts
from advocacy.web.staff.access import bp, current_account, or_404, requires
from advocacy.web.staff.forms import BilingualField, StaffForm, check_token, one_line
from advocacy.web.staff.saved_meanwhile import SavedMeanwhile, VersionField, is_outdated
from advocacy.web.unit_of_work import after_commit

BILLS = re.compile(r"[CS]-\d{1,4}(?: [CS]-\d{1,4})*")
YES, NO = "yes", "no"
FORMER, NOTHING, CONFIRM = "former", "nothing", "confirm"
"""What staff do about what an office set."""
MAX_HISTORY = 20
NO_ADDRESS = _l("Enter an e-mail address, like name@parl.gc.ca, or leave it empty.")


def _check_visible(_form: BaseForm, field: Field) -> None:
    if not (field.data or "").isprintable():
        raise ValidationError(_("Type it again: it contains an invisible character."))


def _text(name: str, longest: int, *more: Any, **attributes: str) -> StringField:
    checks = [*more, Length(max=longest, message=_l("Shorten it: it is too long.")), _check_visible]
    render_kw = {"maxlength": longest, "autocomplete": "off", "spellcheck": "false", **attributes}
    return StringField(texts.FACT_NAMES[name], filters=[one_line], validators=checks, render_kw=render_kw)


def _bilingual(name: str, longest: int) -> BilingualField:
    checks = [Length(max=longest, message=_l("Shorten it: it is too long.")), _check_visible]
    return BilingualField(texts.FACT_NAMES[name], checks, render_kw={"maxlength": longest, "autocomplete": "off"})


class EntryForm(StaffForm):
    """What can be corrected of a person or a seat; made by `entry_form`, which leaves out what theirs has not."""

    version = VersionField()
    name = _text("name", 180, DataRequired(_l("Enter the full name.")))
    first_name = _text("first_name", 90)
    last_name = _text("last_name", 90)
    status = SelectField(texts.FACT_NAMES["status"])
    office = SelectField(texts.FACT_NAMES["office"])
    title = _bilingual("title", 250)
    responsible_for = _text("responsible_for", 200)
    honorific = _text("honorific", 50)
    privy_councillor = SelectField(texts.FACT_NAMES["privy_councillor"])
    gender = SelectField(texts.FACT_NAMES["gender"])
    preferred_language = SelectField(texts.FACT_NAMES["preferred_language"])
    party = _bilingual("party", 250)
    email = _text("email", 254, Optional(), Email(NO_ADDRESS), type="email")
    telephone = _text("telephone", 40, type="tel")

    def validate_responsible_for(self, field: StringField) -> None:
        """Write the numbers of bills in one way, and refuse what is none."""
        field.data = " ".join((field.data or "").upper().replace(",", " ").split())
        if field.data and not BILLS.fullmatch(field.data):
            raise ValidationError(_("Write the numbers of bills, as C-34 or C-34 S-210, or leave it empty."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that a minister has a title."""
        valid = bool(super().validate(extra_validators))
        if (
            "office" in self
            and self.office.data in corrections.OFFICES_WITH_TITLE
            and self.title.wording is None
            and valid
        ):
            box = self.title.form[SIDE_BY_SIDE[0].value]
            box.errors = [_("Enter the minister’s full title, in both languages.")]
            return False
        return valid

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """What was typed, as corrections write it."""
        found: dict[str, FactValue] = {}
        for field in self:
            if isinstance(field, BilingualField):
                found[field.name] = {key.value: text for key, text in field.wording.items()} if field.wording else None
            elif field.name == "privy_councillor":
                found[field.name] = field.data == YES
            elif field.name in FACTS:
                nothing = None if isinstance(field, SelectField) or field.name == "email" else ""
                found[field.name] = field.data or nothing
        return found


def entry_form(row: Legislator) -> EntryForm:
    """Return the form of an entry: filled with what is typed, or else with what the directory says."""
    facts = dict(corrections.facts_of(row))
    if "privy_councillor" in facts:
        facts["privy_councillor"] = YES if facts["privy_councillor"] else NO
    form = EntryForm(data={key: value or "" for key, value in facts.items()})
    for name in [field.name for field in form if field.name in FACTS and field.name not in facts]:
        del form[name]
    offered = {
        "status": corrections.statuses_for(row),
        "office": corrections.offices_for(row),
        "privy_councillor": (YES, NO),
        "gender": ("", *Gender),
        "preferred_language": ("", *Language),
    }
    for name, values in offered.items():
        if name in form:
            shown = {YES: True, NO: False}
            form[name].choices = {str(one): texts.fact_text(name, shown.get(str(one), str(one))) for one in values}
    if "status" in form and row.riding_code and Status.LEFT in form.status.choices:
        form.status.choices[Status.LEFT.value] = str(texts.LEFT_A_SEAT)
    return form


@bp.route("/directory/entry/<legislator>", methods=["GET", "POST"])
@requires(Role.MANAGER)
def legislator(legislator: str) -> ResponseReturnValue:
    """Show one person or seat, and save what was corrected; raise SavedMeanwhile."""
    if request.method == "POST":
        corrections.lock_directory(g.session)
    row = _row(legislator)
    form = entry_form(row)
    if not form.validate_on_submit():
        return _page(row, form), 422 if form.errors else 200
    if form.email.data and corrections.is_taken(g.session, form.email.data, row):
        form.email.errors = [_("Someone else in the directory has this address; correct that entry first.")]
        return _page(row, form), 422
    check_entry(form.version, row, form.facts)
    saved = _correct(row, form.facts)
    flash(_("The correction is saved: letters and pages use it from now on.") if saved else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator), 303)


@bp.post("/directory/entry/<legislator>/source")
@requires(Role.MANAGER)
def legislator_returned(legislator: str) -> Response:
    """Use what the list says again; the button is one of the entry's form."""
    check_token()
    corrections.lock_directory(g.session)
    row = _row(legislator)
    source = {field: one.source_value for field, one in corrections_of(g.session, row.id).items()}
    returned = _correct(row, source)
    flash(_("The entry matches its list again.") if returned else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator), 303)


@bp.post("/directory/entry/<legislator>/trust")
@requires(Role.MANAGER)
def legislator_trusted(legislator: str) -> Response:
    """Write to a doubtful address again."""
    check_token()
    corrections.lock_directory(g.session)
    row = _row(legislator)
    trusted = bool(row.email) and directory_queries.clear_bounced(g.session, row.email or "")
    if trusted:
        by, now = current_account().id, services().now()
        audit_log.write(g.session, Act.ADDRESS_TRUSTED, f"legislator:{row.id}", by=by, now=now)
    flash(_("The address is in use again.") if trusted else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator), 303)


class OfficeForm(StaffForm):
    """What staff do about what an office set, and why; `email` is the address that they confirm."""

    act = StringField(validators=[AnyOf((FORMER, NOTHING, CONFIRM))])
    email = StringField()
    reason = StringField(
        _l("Why"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Say why: the log keeps it.")),
            Length(max=300, message=_l("Shorten it: it is too long.")),
        ],
    )


@bp.post("/directory/entry/<legislator>/office")
@requires(Role.MANAGER)
def legislator_office(legislator: str) -> ResponseReturnValue:
    """Take back what an office set, to what was before or to nothing, or confirm the address that it named."""
    form, site, now = OfficeForm(), services(), services().now()
    row = _row(legislator)
    if not form.validate_on_submit():
        return _page(row, entry_form(row), office_form=form), 422
    values = settings_of(g.session, row.id)
    wanted, act = office_changes.former_settings(g.session, row.id), Act.OFFICE_UNDONE
    if form.act.data == NOTHING:
        wanted = NOTHING_SET
    elif form.act.data == CONFIRM and (form.email.data or "") != (values.email or ""):
        form.reason.errors = [_("The office named another address meanwhile. Look again.")]
        return _page(row, entry_form(row), office_form=form), 422
    elif form.act.data == CONFIRM:
        # A second time it changes nothing: letters go there already.
        begins = (values.email_from or now) if values.email else None
        wanted, act = replace(values, email_from=begins), Act.OFFICE_ADDRESS_CONFIRMED
        if values.email and directory_queries.clear_bounced(g.session, values.email):
            subject, by = office_changes.subject_of(row.id), current_account().id
            audit_log.write(g.session, Act.ADDRESS_TRUSTED, subject, by=by, now=now, reason=form.reason.data or "")
    before = office_changes.change_settings(
        g.session,
        row.id,
        wanted,
        act=act,
        by=current_account().id,
        now=now,
        reason=form.reason.data or "",
    )
    if act is Act.OFFICE_UNDONE:
        office_links.end_links(g.session, row.id, now=now)
    elif before is not None:
        language = wanted.language or current_language()
        with suppress(TooManyLinks):
            office_links.send_change_notices(g.session, row.id, before, language=language, now=now)
    after_commit(site.deliver_soon)
    flash(_("The office’s settings were changed.") if before is not None else _("Nothing was changed."))
    return redirect(url_for("staff.legislator", legislator=legislator, _anchor="set-by-office"), 303)


def _row(legislator: str) -> Legislator:
    row: Legislator = or_404(g.session.get(Legislator, legislator) if legislator.isprintable() else None)
    return row


def check_entry(field: VersionField, row: Legislator, facts: Mapping[str, FactValue]) -> None:
    """Raise SavedMeanwhile where a page showed another version of an entry; `facts` are those that were typed."""
    if not is_outdated(field, row.version):
        return
    now = corrections.facts_of(row)
    rows = [
        Row(
            Wording.same(str(texts.FACT_NAMES[name])),
            dict.fromkeys(Language, tuple(compare_texts(_fact(name, now[name]), _fact(name, value)))),
        )
        for name, value in facts.items()
        if now[name] != value
    ]
    last = max(corrections_of(g.session, row.id).values(), key=attrgetter("at"), default=None)
    by = g.session.get(Account, last.by) if last else None
    page = url_for("staff.legislator", legislator=row.id)
    raise SavedMeanwhile(field, row.version, by.name if by else "", last.at if last else None, rows, page=page)


def _fact(name: str, value: FactValue) -> str:
    return "" if value is None else str(texts.fact_text(name, value))


def _correct(row: Legislator, facts: Mapping[str, FactValue]) -> bool:
    """Correct somebody, with an entry of the audit log; False where nothing changes."""
    by, now = current_account().id, services().now()
    before, after = corrections.correct(g.session, row, facts, by=by, now=now)
    if after:
        act, about = Act.LEGISLATOR_CORRECTED, f"legislator:{row.id}"
        audit_log.write(g.session, act, about, by=by, now=now, before=before, after=after)
    return bool(after)


def _page(
    row: Legislator,
    form: EntryForm,
    *,
    office_form: OfficeForm | None = None,
) -> str:
    values = settings_of(g.session, row.id)
    own_doubt = g.session.get(BouncedAddress, values.email.casefold()) if values.email else None
    language, recipient = current_language(), to_recipient(row)
    if not form.version.data:
        form.version.data = row.version
    vacant = replace(recipient, vacant=True, name="", first_name="", last_name="", email=None)
    history = (
        select(AuditEntry)
        .where(AuditEntry.subject.in_([f"legislator:{row.id}", office_changes.subject_of(row.id)]))
        .order_by(AuditEntry.id.desc())
    )
    return render_template(
        "staff/legislator.html",
        row=row,
        form=form,
        button=StaffForm(),
        standing=texts.STATUS_NAMES[directory_queries.status_on(row, day_of(services().now()))],
        facts=corrections.facts_of(row),
        corrections=corrections_of(g.session, row.id),
        office_form=office_form or OfficeForm(formdata=None),
        office_settings=texts.office_settings_texts(values),
        former_settings=texts.office_settings_texts(office_changes.former_settings(g.session, row.id)),
        own_address=values.email or "",
        own_doubt=own_doubt,
        awaits_confirmation=values.email is not None and (values.email_from is None or own_doubt is not None),
        doubt=g.session.get(BouncedAddress, row.email.casefold()) if row.email else None,
        warning=directory_queries.bounce_warnings(g.session, row),
        addressed=_addressed(recipient),
        vacant=[] if row.vacant else list(_addressed(vacant)),
        history=[
            (one, audit_log.act_text(one.act, language), texts.audit_changes(one))
            for one in g.session.scalars(history.limit(MAX_HISTORY))
        ],
    )


def _addressed(recipient: Recipient) -> Iterator[tuple[Language, FormOfAddress, Any]]:
    """Return how a letter addresses somebody in each language that has a form for it, and how sure that is."""
    for language in reversed(Language):
        with suppress(NoFormOfAddress):
            used = forms_for(recipient, language)
            yield language, form_of_address(recipient, language), texts.FORM_STATUS_NAMES[used.status]
