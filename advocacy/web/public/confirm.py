"""The confirmation page shows what waits; one press sends it or erases it, opening the link does neither."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import abort, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.exceptions import Gone
from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, ValidationError

from advocacy.language import Language, day_of, format_date, format_time
from advocacy.legislators.models import Legislator
from advocacy.letters.confirmation import PendingConfirmation, PendingSubmission, confirm, find_pending, withdraw
from advocacy.letters.holding import HoldLimits, is_mostly_own
from advocacy.letters.letter import from_json
from advocacy.letters.models import OwnText, Submission
from advocacy.letters.suppression_list import Scope
from advocacy.messages import format_moment
from advocacy.settings import MailMode
from advocacy.signed_links import Purpose
from advocacy.web.locale import current_language
from advocacy.web.public import bp
from advocacy.web.public.after_sending import campaign_context, deleted, gone, letter_card, receipt_path
from advocacy.web.security import secret_page
from advocacy.web.services import services
from advocacy.web.unit_of_work import after_commit

SEND, DELETE = "send", "delete"
NOTHING = "nothing"
"""The choice that stops no mail."""


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Send or delete; where several forms wait under one link, which of them the mailbox's owner wrote.

    None is ticked beforehand: whoever knows an address can have a form of their own wait under its link. For the same
    reason, of two ticked forms that write to one office neither is preferred.
    """

    act = StringField(validators=[AnyOf((SEND, DELETE))])
    stop = RadioField(
        choices=[
            SelectChoice(Scope.CAMPAIGN.value, _l("Send this address no more messages from this campaign")),
            SelectChoice(Scope.SITE.value, _l("Send this address no more messages from any campaign here")),
            SelectChoice(NOTHING, _l("Only delete")),
        ],
        default=Scope.CAMPAIGN.value,
    )
    submission = SelectMultipleField(validate_choice=False)

    def __init__(self, waiting: PendingConfirmation | None) -> None:
        super().__init__()
        self.submissions = waiting.submissions if waiting else ()

    def ticked(self) -> Sequence[PendingSubmission]:
        """Return the forms that were ticked."""
        return [one for one in self.submissions if one.id in (self.submission.data or ())]

    @property
    def mail_to_stop(self) -> Scope | None:
        """Return which mail the address wants no more, that of the campaign where nothing was chosen."""
        if self.stop.data == NOTHING:
            return None
        return Scope.SITE if self.stop.data == Scope.SITE else Scope.CAMPAIGN

    def validate_submission(self, field: Field) -> None:
        """Refuse to send where there is a choice and none was made, or one office would be written to twice."""
        if len(self.submissions) < 2 or self.act.data == DELETE:
            return
        if not self.ticked():
            raise ValidationError(_("Nothing is ticked, so nothing was sent: tick what you wrote yourself."))
        letters = [letter for one in self.ticked() for letter in one.letters]
        times = Counter(letter.legislator_id for letter in letters)
        twice = {one.legislator_id: one.name or _("Vacant seat") for one in letters if times[one.legislator_id] > 1}
        if twice:
            raise ValidationError(
                _(
                    "Nothing was sent: several ticked forms write to %(names)s, and an office gets only one letter. "
                    "Keep ticked only the one you wrote yourself.",
                    names=", ".join(twice.values()),
                )
            )


@bp.get("/confirm/<token>")
@secret_page
def confirmation(token: str, **_view: object) -> ResponseReturnValue:
    """Show what waits and ask whether it is to be sent; nothing is changed by it."""
    site = services()
    waiting = find_pending(g.session, site.linked_id(Purpose.CONFIRMATION, token), now=site.now())
    if waiting and waiting.wrong and not waiting.submissions:
        return _wrong(waiting)
    return _page(waiting, ConfirmForm(waiting)) if waiting else gone(receipt=False)


@bp.post("/confirm/<token>")
@secret_page
def confirmed(token: str, **_view: object) -> ResponseReturnValue:
    """Send what waits, without the forms left unticked, or erase it; a choice that cannot be made changes nothing."""
    site = services()
    now, per_hour = site.now(), site.settings.recipient_per_hour
    confirmation_id = site.linked_id(Purpose.CONFIRMATION, token)
    waiting = find_pending(g.session, confirmation_id, now=now)
    form = ConfirmForm(waiting)
    is_valid = form.validate()
    if form.act.errors:
        abort(400)
    if form.act.data == DELETE:
        stop = form.mail_to_stop
        withdrawn = withdraw(g.session, confirmation_id, now=now, stop=stop)
        after_commit(site.erase_soon)
        return deleted(may_have_left=withdrawn.may_have_left, stop=stop) if withdrawn else gone(receipt=False)
    if waiting and waiting.wrong and not waiting.submissions:
        return _wrong(waiting)
    if not is_valid and waiting:
        return _page(waiting, form), 422
    several = waiting is not None and len(waiting.submissions) > 1
    only = {one.id for one in form.ticked()} if several else None
    holding = HoldLimits.of(site.settings)
    if not confirm(g.session, confirmation_id, now=now, per_hour=per_hour, holding=holding, only=only):
        return gone(receipt=False)
    after_commit(site.deliver_soon)
    return redirect(receipt_path(confirmation_id), 303)


def _wrong(waiting: PendingConfirmation) -> ResponseReturnValue:
    """Show that what waits was withdrawn, as it said something wrong; it can be written anew where that is online."""
    campaign = services().campaign(waiting.campaign)
    is_online = campaign is not None and campaign.is_online
    context = campaign_context(campaign, waiting.campaign)
    return render_template("public/withdrawn.html", is_online=is_online, **context), Gone.code


def _page(waiting: PendingConfirmation, form: ConfirmForm) -> str:
    site, language = services(), current_language()
    campaign = site.campaign(waiting.campaign)
    templates = campaign.letters if campaign else {}
    submissions: list[dict[str, Any]] = []
    for one, signed in zip(waiting.submissions, _signatures(waiting, language), strict=True):
        submission, letters, asks = g.session.get_one(Submission, one.id), [], []
        read_first = []
        for stored in submission.letters:
            text = stored.letter
            office, letter = g.session.get_one(Legislator, stored.legislator_id), from_json(text) if text else None
            letters.append(letter_card(office, letter, stored.language, edited=stored.edited))
            template = templates.get(stored.template.rpartition("/")[2])  # None where it is published no longer
            own_text = g.session.get(OwnText, stored.id)
            read_first.append(own_text is not None and is_mostly_own(own_text, HoldLimits.of(site.settings)))
            asks.append(template.letter.title.in_language(language) if template else "")
        email = submission.email or ""
        ticked = one in form.ticked()
        submissions.append(
            {"id": one.id, "signed": signed, "ticked": ticked, "letters": letters, "asks": asks, "email": email}
            | {"read_first": read_first, "posted_on": one.posted_on}
        )
    return render_template(
        "public/confirm.html",
        form=form,
        waiting=waiting,
        submissions=submissions,
        letters=[letter for one in submissions for letter in one["letters"]],
        nothing_leaves=site.settings.mail_mode is MailMode.FOLDER,
        **campaign_context(campaign, waiting.campaign),
    )


def _signatures(waiting: PendingConfirmation, language: Language) -> list[str]:
    """Return under which name each form was sent in, and when; several are numbered, the oldest first.

    Where two are of the same minute, the seconds are given.
    """
    times = [one.created_at for one in waiting.submissions]
    moments = [format_moment(time, language) for time in times]
    if len(set(moments)) < len(moments):
        seconds = [format_time(one, language, seconds=True) for one in times]
        moments = [
            _("%(day)s at %(time)s (Eastern time)", day=format_date(day_of(one), language), time=time)
            for one, time in zip(times, seconds, strict=True)
        ]
    names = [one.name for one in waiting.submissions]
    if len(names) == 1:
        return [_("Signed by %(name)s, written on %(moment)s.", name=names[0], moment=moments[0])]
    return [
        _("Form %(number)d, signed by %(name)s, written on %(moment)s.", number=number, name=name, moment=moment)
        for number, (name, moment) in enumerate(zip(names, moments, strict=True), 1)
    ]
