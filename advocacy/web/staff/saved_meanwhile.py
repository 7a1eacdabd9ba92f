"""Somebody else saved what a form edits since it was opened: one page shows theirs beside what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Conflict
from wtforms import HiddenField

from advocacy.campaigns.differences import Row
from advocacy.campaigns.models import Document
from advocacy.staff import drafts
from advocacy.staff.models import Draft
from advocacy.web.staff.access import bp
from advocacy.web.staff.texts import format_in_sentence
from advocacy.web.unit_of_work import roll_back

NOT_KEPT = {"csrf_token", "act"}
"""Fields of a form that saving it again has of its own."""
DROP = "drop"
"""What is pressed to give one's own text up: saving mine over theirs is something else."""


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of what a form edits, as its page showed it."""


@dataclass
class SavedMeanwhile(Exception):
    """What a form edits was saved since its page was opened, by `name` ("" for nobody of the staff) at `at`.

    `rows` compare what they saved with what was typed; `lost` are typed texts whose place is gone. `field` gets the
    version that saving over theirs begins with; `page` shows what they saved, "" for the address posted to. `draft` is
    one that hides it, and is to be dropped to keep theirs.
    """

    field: VersionField | None = None
    version: object = None
    name: str = ""
    at: datetime | None = None
    rows: Sequence[Row] = ()
    lost: Sequence[str] = ()
    page: str = ""
    draft: Draft | None = None

    @property
    def words(self) -> str:
        """Who saved it and when, in a sentence."""
        if self.at is None:
            return str(_("Somebody saved another version meanwhile"))
        name = self.name or _("Somebody")
        return str(_("%(name)s saved another version %(time)s", name=name, time=format_in_sentence(self.at)))


def is_outdated(field: VersionField, version: object) -> bool:
    """Return whether a page showed another version than that of now."""
    return bool(field.data != str(version))


def document_saved(
    field: VersionField, version: object, document: Document, *, rows: Sequence[Row], lost: Sequence[str] = ()
) -> SavedMeanwhile:
    """Return that a document was saved meanwhile, and is of this version now."""
    name, at = drafts.last_saved(g.session, document)
    draft = drafts.draft_of(g.session, document)
    hiding = draft if draft and drafts.hides_revision(g.session, draft) else None
    return SavedMeanwhile(field, version, name, at, rows, lost, draft=hiding)


@bp.errorhandler(SavedMeanwhile)
def show_saved_meanwhile(error: SavedMeanwhile) -> ResponseReturnValue:
    """Show theirs beside what was typed, which is kept in the page; a page that saves as one types is told of it."""
    roll_back()
    act = request.form.get("act", "save")
    if act == "auto":
        return jsonify(conflict=error.words), Conflict.code
    typed = [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_KEPT]
    if error.field:
        typed = [(name, text) for name, text in typed if name != error.field.name]
        typed.append((error.field.name, str(error.version)))
    return render_template(
        "staff/saved_meanwhile.html",
        words=error.words,
        typed=typed,
        is_compared=error.field is not None,
        changed=[row for row in error.rows if row.changed],
        lost=error.lost,
        act="save" if act == DROP else act,
        draft=error.draft,
        page=error.page or request.path,
    ), Conflict.code


@bp.errorhandler(StaleDataError)
def show_saved_at_once(_error: StaleDataError) -> ResponseReturnValue:
    """Two saved at the same moment and the other was first: saving again shows what they wrote."""
    return show_saved_meanwhile(SavedMeanwhile())
