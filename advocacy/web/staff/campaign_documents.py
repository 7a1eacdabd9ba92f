"""A page that edits values of one of a campaign's files by form; what a colleague saved meanwhile is shown first."""

import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict, UnprocessableEntity
from wtforms import BooleanField, DateField, Field, FieldList, FormField, HiddenField, IntegerField
from wtforms.form import BaseForm

from advocacy.campaigns.campaign_folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.documents import (
    StoredCampaign,
    find_document,
    revision_by_id,
    revision_files,
    stored_campaigns,
)
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Availability, Document, Revision
from advocacy.campaigns.setting_differences import Setting, compare_settings
from advocacy.campaigns.toml_text import edit_toml, keep_comments
from advocacy.staff import revisions
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, form_limits, or_404
from advocacy.web.staff.forms import StaffForm, apply_row_button

Values = dict[str, Any]
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
    saved_meanwhile: Sequence[Setting] = ()
    """What somebody else changed since the form was opened."""

    def file_values(self) -> Values:
        """Return the keys of the file that this form decides, None for one to be left out."""
        return values_of(self)

    @classmethod
    def form_data(cls, raw: Values, _folder: CampaignFolder) -> Values:
        """Return what the fields are filled in with, from what the file says."""
        return raw


large_form = form_limits(body=MAX_BODY, parts=MAX_PARTS)
"""Declare that a route takes a form with many rows."""


def find_campaign(session: Session, name: str) -> StoredCampaign:
    """Return a campaign; 404 where there is none of this name."""
    return or_404(stored_campaigns(session, name).get(name))


def find_letter(session: Session, campaign: str, letter: str) -> Document:
    """Return a letter of a campaign; 404 where there is none of this name."""
    return or_404(None if letter in OWN_DOCUMENTS.values() else find_document(session, campaign, letter))


def availability_verbs(availability: Availability, live: int | None) -> list[str]:
    """Return what a publisher can do with a letter or a campaign: the verbs of the page that asks once more."""
    if availability is Availability.ARCHIVED:
        return ["restore"]
    if availability is Availability.OFFLINE:
        return ["online", "archive"]
    return ["offline", "archive"] if live is not None else ["archive", "delete"]


def values_of(form: BaseForm) -> Values:
    """Return what a form's fields hold as a TOML file has it, None for what is empty."""
    return {
        field.short_name: _value(field) for field in form if field.type not in NOT_VALUES and field.short_name != "over"
    }


def edit_document(campaign: str, form_class: type[DocumentForm], template: str, **shown: Any) -> ResponseReturnValue:
    """Show a form of one of a campaign's files, and save what is posted as a new revision, which is not public yet.

    `shown` is what the template needs besides; `onward` in it is where a step of a new campaign leads to.
    """
    posted = request.method == "POST"
    typed = apply_row_button(request.form) if posted else None
    if posted:
        lock_campaigns(g.session)
    there = find_campaign(g.session, campaign)
    newest = there.documents.get(OWN_DOCUMENTS[form_class.FILE])
    folder = there.newest()
    raw = _read(folder, form_class.FILE)
    if raw is None:
        return render_template("staff/settings/unreadable.html", stored=there, **shown), UnprocessableEntity.code
    if posted:
        form = form_class(typed) if typed is not None else form_class()
    else:
        over = {"over": str(newest.newest.id) if newest else ""}
        form = form_class(data={**form_class.form_data(raw, folder), **over})
    form.folder, status = folder, 200
    if posted and typed is None:
        made = _save(there, form) if form.validate() else None
        if made is not None:
            if newest and made.id == newest.newest.id:
                flash(_("Nothing was changed."))
            else:
                flash(_("Saved. The public won’t see it until you publish."))
            return redirect(shown.get("onward") or url_for(request.endpoint or "", campaign=campaign), 303)
        status = Conflict.code if form.saved_meanwhile else UnprocessableEntity.code
    return render_template(template, stored=there, folder=folder, form=form, **shown), status


def save_values(
    session: Session, there: StoredCampaign, values: Values, *, file: str = CAMPAIGN, over: int | None = None
) -> Revision:
    """Save values of one of a campaign's files, None for those to be left out; raise TomlProblems if it is none then.

    The file's other values stay, and so do the document's other files.
    """
    document = there.documents.get(OWN_DOCUMENTS[file])
    files = revision_files(document.newest) if document else {}
    before = files.get(file, b"")
    content = keep_comments(before, edit_toml(before, {(name,): value for name, value in values.items()}))
    changed = CampaignFolder.of(there.name, {**dict(there.newest().files), file: content})
    changed.campaign()
    changed.sentences()
    changed.safety()
    name, by, now = OWN_DOCUMENTS[file], current_account(), services().now()
    return revisions.save(session, there.name, name, files={**files, file: content}, by=by, now=now, over=over)


def _save(there: StoredCampaign, form: DocumentForm) -> Revision | None:
    """Save a form; None where it is to be shown again: with what a colleague saved, or with the file's refusal."""
    stored = there.documents.get(OWN_DOCUMENTS[form.FILE])
    newest = stored.newest if stored else None
    if newest and form.over.data != str(newest.id):
        opened = revision_by_id(g.session, newest.document_id, form.over.data or "")
        form.saved_meanwhile = _changes(opened, newest, form.FILE)
        form.over.data = str(newest.id)
        if form.saved_meanwhile:
            return None
    try:
        over = newest.id if newest else None
        return save_values(g.session, there, form.file_values(), file=form.FILE, over=over)
    except TomlProblems as refused:
        form.form_errors.extend(problem.message.in_language(current_language()) for problem in refused.problems)
    except revisions.IsArchived:
        g.session.rollback()
        form.form_errors.append(_("This campaign is archived: restore it before you edit it."))
    return None


def _changes(opened: Revision | None, newest: Revision, file: str) -> Sequence[Setting]:
    """Return the values of a file that are others since a form was opened."""
    before, after = (revision_files(one).get(file) if one else None for one in (opened, newest))
    return [one for one in compare_settings(before, after) if one.before != one.after]


def _read(folder: CampaignFolder, file: str) -> Values | None:
    """Return what one of a campaign's own files says, None where one of them cannot be read."""
    try:
        folder.campaign()
        folder.sentences()
        folder.safety()
    except TomlProblems:
        return None
    return tomllib.loads((folder.content(file) or b"").decode("utf-8-sig"))


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
