"""The forms of a review: sent to somebody, answered now or at a moment; of one revision, or of all that waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from advocacy.campaigns.models import Revision
from advocacy.language import EASTERN
from advocacy.letters.moments import speak_moment
from advocacy.staff import publication
from advocacy.staff.models import Account
from advocacy.staff.publication import MAX_NOTE
from advocacy.staff.review import MAX_COMMENT
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.forms import StaffForm

PUBLISH, SCHEDULE, CHANGES = "publish", "schedule", "changes"
MAX_AHEAD = timedelta(days=366)
_TOO_LONG = _l("At most %(most)s characters.", most=MAX_NOTE)


class RequestForm(StaffForm):
    """Whom to send it to, and a note to them."""

    reviewer = SelectField(_l("Reviewer"), coerce=int, default=0)
    request_note = TextAreaField(
        _l("Note to the reviewer"), validators=[Optional(), Length(max=MAX_NOTE, message=_TOO_LONG)]
    )

    def __init__(self, people: Sequence[Account], **given: Any) -> None:
        super().__init__(**given)
        self.people = {one.id: one for one in people}
        self.reviewer.choices = [
            SelectChoice(0, _("Anyone who may publish")),
            *(SelectChoice(one.id, one.name) for one in people),
        ]


class AnswerForm(StaffForm):
    """Publish now, schedule, or ask for changes; `revision` are those that the page of a campaign showed."""

    note = TextAreaField(_l("Note to the author"), validators=[Optional(), Length(max=MAX_NOTE, message=_TOO_LONG)])
    day = DateField(_l("Day"), validators=[Optional()])
    hour = TimeField(_l("Hour (Ottawa)"), validators=[Optional()])
    act = HiddenField(validators=[AnyOf((PUBLISH, SCHEDULE, CHANGES))])
    revision = SelectMultipleField(coerce=int, validate_choice=False)

    @property
    def shown(self) -> frozenset[int]:
        """The ids of the revisions that the page showed."""
        return frozenset(one for one in self.revision.data or () if 0 < one < 2**31)

    @property
    def at(self) -> datetime | None:
        """The moment that was chosen, None while a part of it is missing."""
        day, hour = self.day.data, self.hour.data
        return datetime.combine(day, hour, EASTERN) if day and hour else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a note with changes, and for a moment to come with a schedule."""
        valid = super().validate(extra_validators)
        self.note.data = (self.note.data or "").strip()
        if self.act.data == CHANGES and not self.note.data:
            self.note.errors = [*self.note.errors, _("Add a note: say what should change.")]
        if self.act.data == SCHEDULE:
            now = services().now()
            if self.at is None:
                if not self.day.errors and not self.hour.errors:
                    self.day.errors = [_("Choose a day and an hour.")]
            elif not now < self.at <= now + MAX_AHEAD:
                self.day.errors = [_("Choose a moment to come, within a year.")]
        return valid and not (self.note.errors or self.day.errors or self.hour.errors)


class CommentForm(StaffForm):
    """A comment, on a paragraph or on all of it; `paragraph` counts from 0, `language` is that of the text."""

    text = TextAreaField(
        _l("Comment"), validators=[DataRequired(_l("Write a comment.")), Length(max=MAX_COMMENT, message=_TOO_LONG)]
    )
    language = SelectField(
        _l("On the text in"), choices=[SelectChoice("fr", _l("French")), SelectChoice("en", _l("English"))]
    )
    paragraph = HiddenField()


def carry_out(
    session: Session, form: AnswerForm, revisions: Sequence[Revision], *, by: Account, whole: bool = False
) -> None:
    """Do what a valid form asks with these revisions of one campaign, and say so. Raises NotAllowed."""
    now, note = services().now(), form.note.data
    name = revisions[0].document.campaign.name
    ids = frozenset(one.id for one in revisions)
    if form.act.data == CHANGES:
        publication.ask_for_changes(session, revisions, by=by, now=now, note=note)
        flash(_("Changes asked. The author is told by mail."))
    elif form.act.data == SCHEDULE and form.at:
        publication.schedule(session, name, ids, at=form.at, by=by, now=now, whole=whole, note=note)
        flash(_("Scheduled for %(moment)s.", moment=speak_moment(form.at, current_language())))
    elif published := publication.publish(session, name, ids, by=by, now=now, whole=whole, note=note):
        number = len(published)
        flash(ngettext("It is live now.", "%(num)d documents are live now.", number))
