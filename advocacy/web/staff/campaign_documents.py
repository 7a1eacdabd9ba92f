"""A page that edits values of one of a campaign's files by form, beside whatever a colleague saves meanwhile."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, TypeVar

import tomlkit
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict, UnprocessableEntity
from wtforms import BooleanField, DateField, Field, FieldList, FormField, HiddenField, IntegerField
from wtforms.form import BaseForm

from advocacy.campaigns.documents import files_of, revision_of
from advocacy.campaigns.folder import CAMPAIGN, OWN_DOCUMENTS, SAFETY, CampaignFolder
from advocacy.campaigns.library import wait_for_turn
from advocacy.campaigns.merge3 import merge
from advocacy.campaigns.models import Revision
from advocacy.campaigns.stored_campaigns import StoredCampaign, stored_campaigns
from advocacy.campaigns.toml_documents import replaced
from advocacy.database import immediate
from advocacy.staff import revisions
from advocacy.toml_source import TomlProblems
from advocacy.web.services import services
from advocacy.web.staff.access import current_account
from advocacy.web.staff.forms import StaffForm, apply_row_button

Values = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])
MAX_BODY, MAX_PARTS = 1_000_000, 4_000
"""Bytes and fields of one form."""
NOT_VALUES = frozenset({"CSRFTokenField", "SubmitField"})


class DocumentForm(StaffForm):
    """A form whose fields are named as the keys of a campaign's file, and hold what stands there.

    `over` is the revision it was filled in from, `folder` the campaign as it was last written.
    """

    FILE: ClassVar[str] = CAMPAIGN
    over = HiddenField()
    folder: CampaignFolder
    conflicts: Mapping[str, str] = {}

    def file_values(self) -> Values:
        """Return the keys of the file that this form decides, None for one to be left out."""
        return values_of(self)

    @classmethod
    def form_data(cls, raw: Values, _folder: CampaignFolder) -> Values:
        """Return what the fields are filled in with, from what the file says."""
        return raw


def large_form(view: View) -> View:
    """Declare that a route takes a form with many rows."""
    view.body_limit, view.parts_limit = MAX_BODY, MAX_PARTS  # type: ignore[attr-defined]
    return view


def of_name(session: Session, name: str) -> StoredCampaign:
    """Return a campaign; 404 where there is none of this name."""
    found = stored_campaigns(session, name).get(name)
    if found is None:
        abort(404)
    return found


def values_of(form: BaseForm) -> Values:
    """Return what a form's fields hold as a TOML file has it, None for what is empty."""
    return {
        field.short_name: _value(field) for field in form if field.type not in NOT_VALUES and field.short_name != "over"
    }


def edit_document(campaign: str, form_class: type[DocumentForm], template: str, **shown: Any) -> ResponseReturnValue:
    """Show a form of one of a campaign's files, and save what is posted as a new revision, which is not public yet.

    `shown` is what the template needs besides; `onward` in it is where a step of a new campaign leads to.
    """
    site, posted = services(), request.method == "POST"
    typed = apply_row_button(request.form) if posted else None
    with immediate(site.sessions) if posted else site.sessions() as session:
        if posted:
            wait_for_turn(session)
        there = of_name(session, campaign)
        newest = there.documents.get(OWN_DOCUMENTS[form_class.FILE])
        folder = there.newest()
        theirs = _raw(folder)
        if theirs is None:
            return render_template("staff/settings/unreadable.html", held=there, **shown), UnprocessableEntity.code
        if posted:
            form = form_class(typed) if typed is not None else form_class()
        else:
            over = {"over": str(newest.newest.id) if newest else ""}
            form = form_class(data={**form_class.form_data(theirs[form_class.FILE], folder), **over})
        form.folder, status = folder, 200
        if posted and typed is None:
            made = _save(session, there, form) if form.validate() else form
            if isinstance(made, Revision):
                _tell(made, newest.newest if newest else None)
                return redirect(shown.get("onward") or url_for(request.endpoint or "", campaign=campaign), 303)
            form, status = made, Conflict.code if made.conflicts else UnprocessableEntity.code
        return render_template(template, held=there, folder=folder, form=form, **shown), status


def save_values(
    session: Session, there: StoredCampaign, values: Values, *, file: str = CAMPAIGN, over: int | None = None
) -> Revision:
    """Save values of one of a campaign's files, None for those to be left out; raise TomlProblems if it is none then.

    Every other byte of the file stays, and so do the document's other files.
    """
    kept = there.documents.get(OWN_DOCUMENTS[file])
    files = {one.name: one.content for one in kept.newest.files} if kept else {}
    before = tomllib.loads(files.get(file, b"").decode("utf-8-sig"))
    wanted = {name: value for name, value in {**before, **values}.items() if value is not None}
    content = replaced(files.get(file, b""), wanted)
    if tomllib.loads(content.decode("utf-8-sig")) != wanted:
        content = tomlkit.dumps(wanted).encode()  # its lines are in an order that no value can be put into
    changed = CampaignFolder.of(there.name, {**dict(there.newest().files), file: content})
    changed.campaign()
    changed.safety()
    document, by, now = OWN_DOCUMENTS[file], current_account(), services().now()
    return revisions.save(session, there.name, document, files={**files, file: content}, by=by, now=now, over=over)


def _save(session: Session, there: StoredCampaign, form: DocumentForm) -> Revision | DocumentForm:
    """Save a form; or return it as it is to be shown again: what a colleague saved put in, or the file's refusal."""
    kept = there.documents.get(OWN_DOCUMENTS[form.FILE])
    opened = revision_of(session, kept.newest.document_id, form.over.data or "") if kept else None
    base = CampaignFolder.of(there.name, files_of(opened)) if opened else form.folder
    before, theirs = (_as_form(form, folder) for folder in (base, form.folder))
    merged = merge(_flat(before), _flat(form.file_values()), _flat(theirs))
    values: Values = dict.fromkeys(form.file_values())
    for (name, *path), value in merged.values.items():
        values[name] = {**(values[name] or {}), path[0]: value} if path else value
    if merged.conflicts:
        raw = {**_read(form.folder, form.FILE), **values}
        raw = {name: value for name, value in raw.items() if value is not None}
        shown = type(form)(formdata=None, data=type(form).form_data(raw, form.folder))
        shown.folder, shown.over.data = form.folder, str(kept.newest.id) if kept else ""
        shown.conflicts = {name[0]: str(one.theirs or "") for name, one in merged.conflicts.items()}
        shown.form_errors = [
            _("Someone else changed this in the meantime. Your text is below: save again to keep it instead of theirs.")
        ]
        return shown
    try:
        return save_values(session, there, values, file=form.FILE, over=kept.newest.id if kept else None)
    except TomlProblems as problems:
        form.form_errors.extend(str(one).partition(": ")[2] for one in problems.problems)
    except revisions.IsArchived:
        form.form_errors.append(_("This campaign is archived: restore it before you edit it."))
    return form


def _as_form(form: DocumentForm, folder: CampaignFolder) -> Values:
    """Return the values that this form would write if nobody changed anything in it; the newest, if it is no file."""
    try:
        folder.campaign() if form.FILE == CAMPAIGN else folder.safety()
        raw = _read(folder, form.FILE)
    except TomlProblems:
        raw = _read(form.folder, form.FILE)
    unchanged = type(form)(formdata=None, data=type(form).form_data(raw, form.folder))
    unchanged.folder = form.folder
    return unchanged.file_values()


def _read(folder: CampaignFolder, file: str) -> Values:
    return tomllib.loads((folder.content(file) or b"").decode("utf-8-sig"))


def _flat(values: Values) -> Mapping[tuple[str, ...], Any]:
    """Return each value by its key, the texts of a wording and the values of a table one by one."""
    found: dict[tuple[str, ...], Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= {(name, key): inner for key, inner in value.items()}
        elif value is not None:
            found[(name,)] = value
    return found


def _raw(folder: CampaignFolder) -> Mapping[str, Values] | None:
    """Return what the campaign's own files say, None where one of them cannot be read."""
    try:
        folder.campaign()
        folder.safety()
    except TomlProblems:
        return None
    return {name: _read(folder, name) for name in (CAMPAIGN, SAFETY)}


def _value(field: Field) -> Any:
    if isinstance(field, FormField):
        return {name: value for name, value in values_of(field.form).items() if value is not None} or None
    if isinstance(field, FieldList):
        return [value for value in map(_value, field) if value is not None] or None
    if isinstance(field, BooleanField):
        return True if field.data else None
    if isinstance(field, DateField | IntegerField):
        return field.data if isinstance(field.data, date | int) else None
    if isinstance(field.data, list):
        return field.data or None
    return (field.data or "").replace("\r\n", "\n").strip() or None


def _tell(made: Revision, before: Revision | None) -> None:
    if before is not None and made.id == before.id:
        flash(_("Nothing was changed."))
    else:
        flash(_("Saved. The public won’t see it until you publish."))
