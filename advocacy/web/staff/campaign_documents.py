"""A page that edits values of one of a campaign's files by form."""

import tomllib
from datetime import date
from typing import Any, ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnprocessableEntity
from wtforms import BooleanField, DateField, Field, FieldList, FormField, IntegerField
from wtforms.form import BaseForm

from advocacy.campaigns.campaign_folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.differences import compare_documents
from advocacy.campaigns.documents import (
    StoredCampaign,
    find_document,
    revision_files,
    stored_campaigns,
)
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Availability, Document, Revision
from advocacy.campaigns.toml_text import edit_toml, keep_comments
from advocacy.staff import revisions
from advocacy.toml_source import TomlProblems
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, form_limits, or_404
from advocacy.web.staff.forms import StaffForm, apply_row_button
from advocacy.web.staff.saved_meanwhile import VersionField, document_saved, is_outdated

Values = dict[str, Any]
MAX_BODY, MAX_PARTS = 1_000_000, 4_000
"""Bytes and fields of one form."""
NOT_VALUES = frozenset({"CSRFTokenField", "SubmitField", "VersionField"})


class DocumentForm(StaffForm):
    """A form whose fields are named as the keys of a campaign's file, and hold what stands there.

    `folder` is the campaign as it was last written.
    """

    FILE: ClassVar[str] = CAMPAIGN
    version = VersionField()
    folder: CampaignFolder

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
    return {field.short_name: _value(field) for field in form if field.type not in NOT_VALUES}


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
    version = newest.newest.document.version if newest else 0
    folder = there.newest()
    raw = _read(folder, form_class.FILE)
    if raw is None:
        return render_template("staff/settings/unreadable.html", stored=there, **shown), UnprocessableEntity.code
    if posted:
        form = form_class(typed) if typed is not None else form_class()
    else:
        form = form_class(data={**form_class.form_data(raw, folder), "version": version})
    form.folder, status = folder, 200
    if posted and typed is None:
        made = _save(there, form) if form.validate() else None
        if made is not None:
            if newest and made.id == newest.newest.id:
                flash(_("Nothing was changed."))
            else:
                flash(_("Saved. The public won’t see it until you publish."))
            return redirect(shown.get("onward") or url_for(request.endpoint or "", campaign=campaign), 303)
        status = UnprocessableEntity.code
    return render_template(template, stored=there, folder=folder, form=form, **shown), status


def save_values(session: Session, there: StoredCampaign, values: Values, *, file: str = CAMPAIGN) -> Revision:
    """Save values of one of a campaign's files, None for those to be left out; raise TomlProblems if it is none then.

    The file's other values stay, and so do the document's other files.
    """
    return _save_file(session, there, _with_values(there, values, file=file), file=file)


def _with_values(there: StoredCampaign, values: Values, *, file: str) -> CampaignFolder:
    """Return the campaign with other values in one of its files; raise TomlProblems if it is none then."""
    before = there.newest().content(file) or b""
    content = keep_comments(before, edit_toml(before, {(name,): value for name, value in values.items()}))
    changed = CampaignFolder.of(there.name, {**dict(there.newest().files), file: content})
    changed.campaign()
    changed.sentences()
    changed.safety()
    return changed


def _save_file(session: Session, there: StoredCampaign, changed: CampaignFolder, *, file: str) -> Revision:
    document = there.documents.get(OWN_DOCUMENTS[file])
    files = revision_files(document.newest) if document else {}
    files = {**files, file: changed.content(file) or b""}
    by, now, over = current_account(), services().now(), document.newest.id if document else None
    return revisions.save(session, there.name, OWN_DOCUMENTS[file], files=files, by=by, now=now, over=over)


def _save(there: StoredCampaign, form: DocumentForm) -> Revision | None:
    """Save a form; None where the file refuses it; raise SavedMeanwhile."""
    stored, name = there.documents.get(OWN_DOCUMENTS[form.FILE]), OWN_DOCUMENTS[form.FILE]
    try:
        changed = _with_values(there, form.file_values(), file=form.FILE)
        if stored and is_outdated(form.version, stored.newest.document.version):
            document = stored.newest.document
            rows = compare_documents(there.newest(), changed, name)
            raise document_saved(form.version, document.version, document, rows=rows)
        return _save_file(g.session, there, changed, file=form.FILE)
    except TomlProblems as refused:
        form.form_errors.extend(problem.message.in_language(current_language()) for problem in refused.problems)
    except revisions.IsArchived:
        g.session.rollback()
        form.form_errors.append(_("This campaign is archived: restore it before you edit it."))
    return None


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
