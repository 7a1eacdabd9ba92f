"""Deliveries: where letters are, which need a decision, a list to search, and the history of each letter.

Letters are known by number, office and state; nothing here names who wrote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from advocacy.delivery import holds, outbox
from advocacy.delivery.events import count_complaints
from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import NO_CONTACT, OFFICE_PAUSED, Actor, MessageMove, ProviderEvent
from advocacy.delivery.outbox import Decision, DecisionNotPossible
from advocacy.delivery.provider import COMPLAINT
from advocacy.delivery.states import SETTLED, State
from advocacy.encryption import CannotDecrypt
from advocacy.exports.text import to_text
from advocacy.language import day_of
from advocacy.legislators.directory_queries import bounced_entries
from advocacy.legislators.forms_of_address import place_of, role_of
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.letters.delivery_search import WINDOW, Delivery, Query, delivery_page, find_delivery, waiting_deliveries
from advocacy.letters.letter import from_json
from advocacy.letters.models import TO_CITIZEN, MessageKind
from advocacy.settings import MailMode
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Role
from advocacy.web.cache import forget_settled_counts, settled_counts
from advocacy.web.files import csv_response
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, or_404, record, requires
from advocacy.web.staff.forms import StaffForm, check_token, one_line, query_number
from advocacy.web.staff.texts import HOLD_TITLES, STATE_CHANGES, format_short
from advocacy.web.unit_of_work import after_commit

NUMBER = "<int(max=9223372036854775807):number>"
"""No database counts further."""
PAGE, MAX_IN_FILE = 50, 10_000
"""Letters on a page, and in a file."""
MAX_OFFICES = 20
"""How many offices one search may mean."""
MAX_EVENTS = 100
MAX_REASON = 500
OUTBOX = "outbox"
"""What the audit log calls all deliveries together."""
RARE = frozenset({State.CANCELLED, State.EXPIRED})
"""States that are not counted where there is none."""
DONE, CURRENT, HELD = "", "now", "hold"
"""The marks of the lines of a delivery's history."""
DECISIONS: Mapping[str, tuple[Decision, Act, Any]] = {
    "mark-sent": (outbox.mark_sent_by_staff, Act.LETTER_MARKED_SENT, _l("Marked as sent.")),
    "retry": (outbox.retry_by_staff, Act.LETTER_SENT_AGAIN, _l("It will be sent again.")),
    "cancel": (outbox.cancel_by_staff, Act.LETTER_CANCELLED, _l("Cancelled: it will not be sent from here.")),
}
DECIDED: Mapping[tuple[State, Actor], Any] = {
    (State.READY, Actor.STAFF): _l("To be sent, as the staff decided."),
    (State.ACCEPTED, Actor.STAFF): _l("Marked as sent by the staff."),
    (State.CANCELLED, Actor.STAFF): _l("Cancelled by the staff."),
    (State.CANCELLED, Actor.CITIZEN): _l("Withdrawn by its writer."),
}
REASONS: Mapping[str, Any] = {
    "lease": _l("The worker stopped while sending."),
    "no_proof": _l("Sent twice, and nothing proves that it arrived."),
    "connection": _l("The connection to the mail service dropped."),
    "answer": _l("The mail service’s answer could not be understood."),
    "provider": _l("The mail service did not answer as it should."),
    "database": _l("The database could not be reached."),
    GAVE_UP: _l("All attempts were used up; it was not sent."),
    "unreadable": _l("Its stored copy was changed and cannot be opened; other letters are not affected."),
    "content": _l("The e-mail could not be prepared."),
    "address": _l("The server refused the office’s address."),
    "policy": _l("The server refused it, but not because of the office’s address."),
    "limit": _l("A limit of the mail service was reached; this attempt does not count."),
    "refusals_in_a_row": _l("Messages to several recipients were refused in a row."),
    COMPLAINT: _l("Its office reported it as spam."),
    "too_large": _l("It was too large for the server."),
    "erased": _l("Its text had been erased."),
    "data_keys": _l("A data key is missing on this site."),
    "login": _l("The mail service refused the site’s sign-in."),
    "no_key": _l("The site’s key for the mail service is missing."),
    **HOLD_TITLES,
    NO_CONTACT: _l("Its campaign does not say who runs it, or has no privacy contact: see its settings."),
    OFFICE_PAUSED: _l("The office does not accept e-mail until a day that it set: see its entry in the directory."),
    "put_off": _l("The mail service puts every message off."),
    "no_connection": _l("The mail service could not be reached."),
    "http_429": _l("Too many at once for the mail service; this attempt does not count."),
}
REPORTS: Mapping[str, Any] = {
    "processed": _l("%(provider)s reported: it took the letter."),
    "delivered": _l("%(provider)s reported: it delivered the letter."),
    "deferred": _l("%(provider)s reported: it was asked to try later."),
    "dropped": _l("%(provider)s reported: it did not send the letter."),
    "bounce": _l("%(provider)s reported: the letter came back."),
    "blocked": _l("%(provider)s reported: it was refused temporarily."),
    "spamreport": _l("%(provider)s reported: the letter was marked as unwanted."),
}
OTHER_REPORT = _l("%(provider)s reported something else.")
PROVIDERS = {"sendgrid": "SendGrid", "smtp": "SMTP"}


def state_names(num: int = 1) -> dict[State, str]:
    """Return the states as they are told of `num` letters, in the order of the page.

    What went well comes first, then what is to come, what did not, and what is to be decided.
    """
    return {
        State.DELIVERED: ngettext("Delivered", "Delivered", num),
        State.ACCEPTED: ngettext("Accepted by the mail service", "Accepted by the mail service", num),
        State.READY: _("Waiting"),
        State.HELD: _("Waiting to be read"),
        State.DIGEST: _("Waiting for a daily e-mail"),
        State.SENDING: _("Being sent"),
        State.UNCERTAIN: ngettext("Uncertain for now", "Uncertain for now", num),
        State.BOUNCED: ngettext("Sent back", "Sent back", num),
        State.FAILED: ngettext("Refused", "Refused", num),
        State.CANCELLED: ngettext("Cancelled", "Cancelled", num),
        State.EXPIRED: ngettext("Too late", "Too late", num),
        State.NEEDS_STAFF: ngettext("Needs a decision", "Need a decision", num),
    }


class ReasonForm(StaffForm):
    """An act that needs a reason, which the audit log keeps."""

    reason = StringField(
        _l("Why"),
        filters=[one_line],
        validators=[DataRequired(_l("Give a short reason.")), Length(max=MAX_REASON)],
        description=_l("It stays in the log. Write nothing about the person who wrote: no name, no address."),
        render_kw={"maxlength": MAX_REASON, "autocomplete": "off"},
    )


class DecideForm(StaffForm):
    """One of the decisions, about a letter as it was seen."""

    act = StringField(validators=[AnyOf([*DECISIONS])])
    seen = IntegerField(widget=HiddenField.widget, default=0)


class SearchForm(StaffForm):
    """Which letters are listed; it stands in the page's address, so it names offices and numbers alone."""

    class Meta:
        """A search changes nothing, so it needs no token."""

        csrf = False

    q = StringField(
        _l("Delivery number, name or riding"),
        filters=[one_line],
        render_kw={"maxlength": 100, "autocomplete": "off"},
    )
    state = SelectField(_l("Status"))
    letter = SelectField(_l("Campaign or letter"))

    def __init__(self) -> None:
        """Fill in the search from the address; offer the states, and the campaigns with their letters."""
        super().__init__(request.args)
        language = current_language()
        self.state.choices = [
            ("", _("Any status")),
            *((state.value, name) for state, name in state_names(PAGE).items()),
        ]
        self.letter.choices = [("", _("Any campaign"))]
        for campaign in services().campaigns():
            self.letter.choices.append((campaign.name, campaign.file.name.in_language(language)))
            for one in campaign.letters.values():
                self.letter.choices.append((one.path, f"\u2003{one.letter.title.in_language(language)}"))

    def query(self) -> Query | None:
        """Return what is looked for; None where nobody in the directory fits the words."""
        site, offices = services(), None
        if self.q.data:
            offices = [row.id for row in site.directory.current(site.now()).search(self.q.data)][:MAX_OFFICES]
            if not offices:
                return None
        state, path = self.state.data or "", self.letter.data or ""
        return Query(
            offices=offices,
            state=State(state) if state in set(State) else None,
            campaign="" if "/" in path else path,
            template=path if "/" in path else "",
        )


@bp.get("/deliveries")
@requires(Role.MANAGER)
def deliveries() -> ResponseReturnValue:
    """Show where letters are, what needs a decision, and the letters that are looked for."""
    form = SearchForm()
    typed = (form.q.data or "").upper().removeprefix("L-")
    is_number = typed.isascii() and typed.isdigit() and len(typed) < len(str(2**63))
    if is_number and find_delivery(g.session, int(typed)):
        return redirect(url_for("staff.delivery", number=int(typed)), 303)
    return _list_page(form)


@bp.post("/deliveries/csv")
@requires(Role.MANAGER)
def deliveries_csv() -> ResponseReturnValue:
    """Return the newest of the listed letters as a CSV file."""
    form = SearchForm()
    check_token()
    record(Act.DELIVERIES_EXPORTED, OUTBOX)
    return csv_response(_rows(form.query()), "deliveries.csv")


@bp.post("/deliveries/pause")
@requires(Role.MANAGER)
def deliveries_paused() -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _list_page(SearchForm(), pausing=form), 422
    paused = holds.hold(g.session, holds.PAUSED, now=services().now(), by=Actor.STAFF)
    if paused:
        record(Act.OUTBOX_PAUSED, OUTBOX, reason=form.reason.data)
    flash(
        _("Sending is paused. E-mails already being sent will finish.") if paused else _("Sending was paused already.")
    )
    return redirect(url_for("staff.deliveries"), 303)


@bp.post("/deliveries/resume")
@requires(Role.MANAGER)
def deliveries_resumed() -> Response:
    check_token()
    resumed = holds.release(g.session)
    if resumed:
        record(Act.OUTBOX_RESUMED, OUTBOX)
    after_commit(services().deliver_soon)
    flash(_("Sending has resumed, in the order planned.") if resumed else _("Sending was not paused."))
    return redirect(url_for("staff.deliveries"), 303)


@bp.route(f"/deliveries/{NUMBER}", methods=["GET", "POST"])
@requires(Role.MANAGER)
def delivery(number: int) -> ResponseReturnValue:
    """Show what happened to one letter, never its words, and carry out what is decided of it, once."""
    site, form, now = services(), DecideForm(), services().now()
    if request.method == "GET":
        return _one_page(or_404(find_delivery(g.session, number)))
    if not form.validate_on_submit():
        abort(400)
    decide, act, done = DECISIONS[form.act.data]
    try:
        outbox.locked(g.session, number)
        one = or_404(find_delivery(g.session, number))
        before = {"state": one.message.state.value}
        if form.seen.data != _moves(one)[-1].id:
            raise DecisionNotPossible(f"message {number} has moved since it was looked at")
        decided = decide(g.session, number, now=now)
        after = {"state": decided.state.value}
        record(act, one.subject, before=before, after=after)
        if decided.state is not State.READY:
            site.notify(g.session, [(decided, decided.state)], now)
    except DecisionNotPossible:
        g.session.rollback()
        flash(_("Not done: its status changed after you opened this page. This is the current one."))
    else:
        after_commit(forget_settled_counts)
        after_commit(site.deliver_soon)
        flash(str(done))
    return redirect(url_for("staff.delivery", number=number), 303)


@bp.post(f"/deliveries/{NUMBER}/text")
@requires(Role.MANAGER)
def delivery_text(number: int) -> ResponseReturnValue:
    """Show a letter's words once, for a reason that stays in the audit log."""
    form, found = ReasonForm(), or_404(find_delivery(g.session, number))
    if found.letter is None or found.letter.letter_sealed is None:
        abort(404)
    if not form.validate_on_submit():
        return _one_page(found, reading=form), 422
    try:
        letter = from_json(found.letter.letter or "")
    except (CannotDecrypt, ValueError, KeyError, TypeError):  # its row was changed, or its key is missing here
        return _one_page(found, unreadable=True)
    record(Act.LETTER_READ, found.subject, reason=form.reason.data)
    return render_template(
        "staff/delivery_text.html", number=number, words=to_text(letter), letter_language=letter.language
    )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a delivery's history: its mark, when it was, what happened and why."""

    mark: str
    at: datetime
    text: str
    detail: str


def delivery_history(
    moves: Sequence[MessageMove], events: Iterable[ProviderEvent], *, is_letter: bool
) -> list[HistoryLine]:
    """Return what a message went through, moves and reports in the order they came."""
    first = _("Confirmed by its writer.") if is_letter else _("Put into the queue.")
    lines = [HistoryLine(DONE, moves[0].at, first, reason_text(moves[0].reason))]
    for move in moves[1:]:
        mark = HELD if move.state in {State.UNCERTAIN, State.BOUNCED, State.FAILED} else DONE
        text = str(DECIDED.get((move.state, move.by), STATE_CHANGES[move.state]))
        lines.append(HistoryLine(mark, move.at, text, reason_text(move.reason)))
    if moves[-1].state in {State.READY, State.HELD, State.DIGEST, State.SENDING, State.NEEDS_STAFF}:
        lines[-1] = replace(lines[-1], mark=CURRENT)
    if moves[-1].state is State.NEEDS_STAFF and moves[-1].reason != GAVE_UP:
        report = _("A report from the mail service may still arrive.")
        lines[-1] = replace(lines[-1], detail=f"{lines[-1].detail} {report}".strip())
    for event in events:
        text = str(REPORTS.get(event.kind, OTHER_REPORT)) % {"provider": PROVIDERS.get(event.provider, event.provider)}
        lines.append(HistoryLine(DONE, event.at, text, reason_text(event.reason)))
    return sorted(lines, key=lambda line: line.at)


def reason_text(code: str) -> str:
    """Return a reason in words; a code that is not known here is given as it is, "" for none."""
    if not code or code in REASONS:
        return str(REASONS.get(code, ""))
    unknown: str = _("Code given: %(code)s.", code=code.replace("_", "\u00a0"))
    return unknown


def _moves(delivery: Delivery) -> Sequence[MessageMove]:
    moves = select(MessageMove).where(MessageMove.message_id == delivery.message.id)
    ordered: Sequence[MessageMove] = g.session.scalars(moves.order_by(MessageMove.id)).all()
    return ordered


def _list_page(form: SearchForm, *, pausing: ReasonForm | None = None) -> str:
    now, query, opened = services().now(), form.query(), frozenset(State) - SETTLED
    status = outbox.status(g.session, now=now, states=opened)
    messages = {**status.counts, **settled_counts(g.session)}
    letters = {
        **outbox.count(g.session, opened, kind=MessageKind.LETTER),
        **settled_counts(g.session, MessageKind.LETTER),
    }
    waiting = waiting_deliveries(g.session)
    listed: Sequence[Delivery] = ()
    older = None
    if query:
        listed, older = delivery_page(g.session, query, before=query_number("before"), limit=PAGE)
    pace = outbox.recent_pace(g.session, now)
    bouncing = len(bounced_entries(g.session))
    reported = count_complaints(g.session, [MessageKind.LETTER])
    reported_mails = count_complaints(g.session, TO_CITIZEN)
    return render_template(
        "staff/deliveries.html",
        nothing_leaves=services().settings.mail_mode is MailMode.FOLDER,
        state_names=state_names,
        states=state_names(),
        letters={state: number for state, number in letters.items() if number or state not in RARE},
        mails={state: number - letters[state] for state, number in messages.items() if number > letters[state]},
        bouncing=bouncing,
        reported=reported,
        reported_mails=reported_mails,
        late=format_timedelta(now - status.oldest_due, granularity="minute") if status.oldest_due else None,
        pace=pace,
        hold=status.hold,
        outage=status.outage,
        by_hand=status.hold and (status.hold.by is Actor.STAFF or status.hold.reason == holds.PAUSED),
        undecided=status.counts[State.NEEDS_STAFF],
        waiting=waiting,
        listed=listed,
        older=older,
        search={name: request.args[name] for name in ("q", "state", "letter") if request.args.get(name)},
        form=form,
        pausing=pausing or ReasonForm(),
        button=StaffForm(),
        **_shared_context(),
    )


def _one_page(found: Delivery, *, reading: ReasonForm | None = None, unreadable: bool = False) -> str:
    message, moves = found.message, _moves(found)
    events = select(ProviderEvent).where(ProviderEvent.public_id == message.public_id).order_by(ProviderEvent.id)
    return render_template(
        "staff/delivery.html",
        delivery=found,
        history=delivery_history(
            moves, g.session.scalars(events.limit(MAX_EVENTS)).all(), is_letter=message.kind == MessageKind.LETTER
        ),
        deciding=DecideForm(seen=moves[-1].id),
        reading=reading or ReasonForm(),
        unreadable=unreadable or message.reason == "unreadable",
        **_shared_context(),
    )


def _shared_context() -> Mapping[str, Any]:
    """Return what both templates need: titles of letters, and functions that put values into words."""
    language = current_language()
    letters = (one for campaign in services().campaigns() for one in campaign.letters.values())
    return {
        "titles": {one.path: one.letter.title.in_language(language) for one in letters},
        "reason": reason_text,
        "where": office_text,
        "short": format_short,
    }


def _rows(query: Query | None) -> Iterator[Sequence[str]]:
    """Return the rows of the file, its titles first: the newest letters that are looked for."""
    yield _("number"), _("day"), _("status"), _("since"), _("what happened"), _("letter"), _("language"), _("to")
    before, number, states = None, 0, state_names()
    while query and number < MAX_IN_FILE:
        letters, before = delivery_page(g.session, query, before=before, limit=WINDOW)
        number += len(letters)
        for one in letters:
            message = one.message
            yield (
                str(message.id),
                day_of(message.created_at).isoformat(),
                states[message.state],
                day_of(message.changed_at).isoformat(),
                reason_text(message.reason),
                one.letter.template if one.letter else "",
                one.letter.language.value if one.letter else "",
                office_text(one.legislator),
            )
        if before is None:
            return


def office_text(legislator: Legislator | None) -> str:
    """Return an office by its place and body; of the person, nothing is needed here."""
    if legislator is None:
        return ""
    recipient, language = to_recipient(legislator), current_language()
    return ", ".join(filter(None, (place_of(recipient, language), role_of(recipient, language))))
