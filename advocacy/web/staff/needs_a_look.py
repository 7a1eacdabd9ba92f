"""Needs a look: letters and confirmation e-mails that wait for a person, who reads, sends or refuses them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional, ValidationError

from advocacy.delivery.models import Actor, Message
from advocacy.delivery.states import State
from advocacy.encryption import CannotDecrypt
from advocacy.exports.text import to_text
from advocacy.letters import erasure, holding
from advocacy.letters.delivery_search import find_delivery
from advocacy.letters.hold_queue import HoldGroup, find_group, hold_groups, message_ids
from advocacy.letters.holding import REFUSALS, HoldReason, Refusal
from advocacy.letters.letter import Letter, from_json
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Role
from advocacy.web.cache import forget_settled_counts
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, or_404, requires
from advocacy.web.staff.deliveries import NUMBER, OUTBOX, office_text
from advocacy.web.staff.forms import StaffForm, check_token
from advocacy.web.staff.texts import HOLD_TITLES, format_short
from advocacy.web.unit_of_work import after_commit

MAX_LISTED = 20
CHUNK = 500
"""Messages decided on in one transaction: those who write meanwhile do not wait long."""
SEND, REFUSE, DELETE = "send", "refuse", "delete"
EXPLANATIONS: Mapping[str, Any] = {
    HoldReason.OWN_TEXT: _l("Little of the campaign’s text is left in it. Read it: most are somebody’s honest words."),
    HoldReason.ALIKE: _l(
        "More such letters came for this office in a day than people usually write. It may be one person under many "
        "names, or a text that a group passes on: read one, then decide on all."
    ),
    HoldReason.RECIPIENT_LIMIT: _l("They are like the others, only more. If nothing seems wrong, send them."),
    HoldReason.NO_PROOF: _l(
        "While very many forms came in, these came from browsers that could not do the check. Nobody has confirmed "
        "them, so their text cannot be opened."
    ),
    HoldReason.BOUNCES: _l(
        "Many addresses given to the site do not exist, and mail services soon refuse a site that writes to them. When "
        "fewer come back, these leave by themselves."
    ),
}


class DecideForm(StaffForm):
    """A decision: on `only` one message, or on its group up to the `last` that was there when the page was opened."""

    act = StringField(validators=[AnyOf((SEND, REFUSE, DELETE))])
    last = IntegerField(widget=HiddenField.widget, validators=[InputRequired()])
    only = IntegerField(widget=HiddenField.widget, validators=[Optional()])
    refusal = RadioField(_l("Reason its writer is told"), validate_choice=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        language = current_language()
        self.refusal.choices = [(one.value, REFUSALS[one].in_language(language)) for one in Refusal]

    def validate_refusal(self, refusal: RadioField) -> None:
        """Refuse a refusal without a reason."""
        if self.act.data == REFUSE and refusal.data not in set(Refusal):
            raise ValidationError(_("Choose a reason."))


@bp.get("/held")
@requires(Role.MANAGER)
def needs_a_look() -> str:
    """Show the groups of what is held, those that wait longest first."""
    return render_template("staff/held.html", groups=hold_groups(g.session), **_shared_context())


@bp.route(f"/held/{NUMBER}", methods=["GET", "POST"])
@requires(Role.MANAGER)
def hold_group(number: int) -> ResponseReturnValue:
    """Show one group, and carry out what is decided of it."""
    form = DecideForm()
    group = find_group(g.session, number)
    if group is None:  # a colleague was faster
        flash(_("Already decided."))
        return redirect(url_for("staff.needs_a_look"), 303)
    if not form.validate_on_submit():
        page = _group_page(group, form, opened=form.only.data or 0)
        return page, 422 if form.is_submitted() else 200
    count = _decide(group, form)
    after_commit(forget_settled_counts)
    after_commit(services().deliver_soon)
    flash(_done(group, form.act.data, count))
    return redirect(url_for("staff.needs_a_look"), 303)


@bp.post(f"/held/{NUMBER}/text")
@requires(Role.MANAGER)
def hold_text(number: int) -> ResponseReturnValue:
    """Show the words of one held letter; that it was opened is in the audit log."""
    check_token()
    site = services()
    group, found = or_404(find_group(g.session, number)), or_404(find_delivery(g.session, number))
    if found.letter is None or found.letter.letter_sealed is None:
        abort(404)
    letter: Letter | None
    try:
        letter = from_json(found.letter.letter or "")
    except (CannotDecrypt, ValueError, KeyError, TypeError):  # its row was changed, or its key is missing here
        letter = None
    else:
        by, reason = current_account().id, str(HOLD_TITLES[group.reason])
        audit_log.write(g.session, Act.LETTER_READ, found.subject, by=by, now=site.now(), reason=reason)
    return _group_page(group, DecideForm(formdata=None, last=group.last), opened=number, letter=letter)


def _group_page(group: HoldGroup, form: DecideForm, *, opened: int = 0, letter: Letter | None = None) -> str:
    if not form.is_submitted():
        form.last.data = group.last
    return render_template(
        "staff/held_group.html",
        group=group,
        form=form,
        listed=message_ids(g.session, group, last=group.last, limit=MAX_LISTED) if group.is_letters else (),
        opened=opened,
        letter=letter,
        words=to_text(letter) if letter else "",
        button=StaffForm(formdata=None),
        **_shared_context(),
    )


def _decide(group: HoldGroup, form: DecideForm) -> int:
    """Carry a decision out, some messages at a time, each with its entry in the audit log; return how many it met."""
    site, by, total = services(), current_account().id, 0
    after, last = (form.only.data - 1, form.only.data) if form.only.data else (0, form.last.data)
    acts = {SEND: Act.HELD_SENT, REFUSE: Act.HELD_REFUSED, DELETE: Act.HELD_DELETED}
    while True:
        ids = message_ids(g.session, group, last=last, after=after, limit=CHUNK)
        if not ids:
            return total
        number = _carry_out(form, ids, is_letters=group.is_letters)
        subject = f"{'letter' if group.is_letters else 'mail'}:{ids[0]}" if len(ids) == 1 else OUTBOX
        counted = {"reason": group.reason, "letters" if group.is_letters else "mails": number}
        audit_log.write(g.session, acts[form.act.data], subject, by=by, now=site.now(), after=counted)
        total, after = total + number, ids[-1]


def _carry_out(form: DecideForm, ids: Sequence[int], *, is_letters: bool) -> int:
    site, now = services(), services().now()
    if form.act.data == SEND:
        per_hour = site.settings.recipient_per_hour
        return len(holding.release(g.session, ids, now=now, per_hour=per_hour))
    if form.act.data == REFUSE and is_letters:
        refused = holding.refuse(g.session, ids, Refusal(form.refusal.data), now=now)
        site.notify(g.session, [(one, one.state) for one in refused], now)
        return len(refused)
    if form.act.data == DELETE and not is_letters:
        refs = [one.ref for one in _held_messages(ids)]
        return len(erasure.delete_unconfirmed(g.session, refs, now=now, by=Actor.STAFF))
    return abort(400)


def _held_messages(ids: Sequence[int]) -> Sequence[Message]:
    held: Sequence[Message] = g.session.scalars(
        select(Message).where(Message.id.in_(ids), Message.state == State.HELD)
    ).all()
    return held


def _done(group: HoldGroup, act: str, count: int) -> Any:
    if not group.is_letters:
        if act == SEND:
            return ngettext("%(num)d person is asked to confirm.", "%(num)d people are asked to confirm.", count)
        return ngettext("%(num)d form is deleted.", "%(num)d forms are deleted.", count)
    if act == SEND:
        return ngettext("The letter will be sent in its turn.", "%(num)d letters will be sent in their turn.", count)
    return ngettext(
        "The letter will not be sent; its writer is told why.",
        "%(num)d letters will not be sent; their writers are told why.",
        count,
    )


def _shared_context() -> Mapping[str, Any]:
    return {"titles": HOLD_TITLES, "explanations": EXPLANATIONS, "where": office_text, "short": format_short}
