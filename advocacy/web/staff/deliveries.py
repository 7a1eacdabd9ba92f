"""Deliveries: where letters are, what needs a decision, a list to search, and what happened to one letter.

Letters are known by number, office and state; nothing here names who wrote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.form import BaseForm
from wtforms.validators import AnyOf, DataRequired, Length

from advocacy.database import immediate
from advocacy.delivery import holds, outbox
from advocacy.delivery.deciding import NotPossible
from advocacy.delivery.models import By, Hold, Message
from advocacy.delivery.states import SETTLED, State
from advocacy.exports.text import to_text
from advocacy.language import day_of, speak_number
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.kinds import Carried
from advocacy.staff import audit
from advocacy.staff import deliveries as sending
from advocacy.staff.deliveries import Choice, Delivery
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.settled import forget_settled, settled
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.date_format import format_short
from advocacy.web.staff.delivery_words import MOVED, STATES, reason, story
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.numbers import asked_number
from advocacy.web.staff.results import csv_answer

Answer = Response | str | tuple[str, int]
NUMBER = "<int(max=9223372036854775807):number>"
"""No database counts further."""
PAGE, MAX_IN_FILE = 50, 10_000
"""Letters on a page, and in a file."""
MAX_OFFICES = 20
"""How many offices one search may mean."""
MAX_REASON = 500
RARE = frozenset({State.CANCELLED, State.EXPIRED})
"""States that are not counted where there is none."""
KEEP_OUT = lazy_gettext("It stays in the log. Write nothing about the person who wrote: no name, no address.")
DONE: Mapping[Choice, Any] = {
    Choice.RETRY: lazy_gettext("It will be sent again."),
    Choice.CANCEL: lazy_gettext("Cancelled: it will not be sent from here."),
    Choice.MARK_SENT: lazy_gettext("Marked as sent."),
}


def _on_one_line(text: str | None) -> str:
    return " ".join((text or "").split())


class ReasonForm(StaffForm):
    """An act that needs a reason, which the audit log keeps."""

    reason = StringField(
        lazy_gettext("Why"),
        filters=[_on_one_line],
        validators=[DataRequired(lazy_gettext("Give a short reason.")), Length(max=MAX_REASON)],
        description=KEEP_OUT,
        render_kw={"maxlength": MAX_REASON, "autocomplete": "off"},
    )


class ResumeForm(StaffForm):
    """One button."""


class DecideForm(StaffForm):
    """One of the decisions, about a letter as it was seen."""

    act = StringField(validators=[AnyOf([*Choice])])
    seen = IntegerField(widget=HiddenField.widget, default=0)


class SearchForm(StaffForm):
    """Which letters are listed; it stands in the page's address, so it names offices and numbers alone."""

    class Meta:
        """A search changes nothing, so it needs no token."""

        csrf = False

    q = StringField(
        lazy_gettext("Delivery number, name or riding"),
        filters=[_on_one_line],
        render_kw={"maxlength": 100, "autocomplete": "off"},
    )
    state = SelectField(lazy_gettext("Status"))
    letter = SelectField(lazy_gettext("Campaign or letter"))

    def offer(self) -> None:
        """Offer the states there are, and the campaigns with their letters."""
        language = current_language()
        self.state.choices = [("", _("Any status")), *((state.value, name) for state, name in STATES.items())]
        choices = [("", _("Any campaign"))]
        for campaign in services().campaigns():
            choices.append((campaign.name, campaign.file.name.spoken(language)))
            choices += [(one.path, f"\u2003{one.letter.title.spoken(language)}") for one in campaign.letters.values()]
        self.letter.choices = choices


@bp.get("/deliveries")
@requires(Role.MANAGER)
def deliveries() -> Answer:
    """Show where letters are, what needs a decision, and the letters that are looked for."""
    form = SearchForm(request.args)
    form.offer()
    typed = (form.q.data or "").upper().removeprefix("L-")
    if typed.isascii() and typed.isdigit():
        with services().sessions() as session:
            found = sending.find(session, int(typed)) if len(typed) < len(str(2**63)) else None
        if found is not None:
            return redirect(url_for("staff.delivery", number=int(typed)), 303)
    return _list_page(form)


@bp.post("/deliveries/csv")
@requires(Role.MANAGER)
def deliveries_csv() -> Answer:
    """Hand out the listed letters as a file, the newest ones."""
    form = SearchForm(request.args)
    form.offer()
    if not StaffForm().validate_on_submit():
        abort(400)
    with immediate(services().sessions) as session:
        query = _query(form)
        rows = _listed(session, query) if query else []
        audit.write(
            session, audit.Act.DELIVERIES_EXPORTED, sending.OUTBOX, by=current_account().id, now=services().now()
        )
        return csv_answer(_file(rows), "deliveries.csv")


@bp.post("/deliveries/pause")
@requires(Role.MANAGER)
def deliveries_paused() -> Answer:
    """Let nothing be handed over until somebody resumes."""
    form = ReasonForm()
    if not form.validate_on_submit():
        search = SearchForm(request.args)
        search.offer()
        return _list_page(search, pausing=form), 422
    with immediate(services().sessions) as session:
        paused = sending.pause(session, reason=form.reason.data, by=current_account().id, now=services().now())
    if paused:
        flash(_("Sending is paused. E-mails already being sent will finish."))
    else:
        flash(_("Sending was paused already."))
    return redirect(url_for("staff.deliveries"), 303)


@bp.post("/deliveries/resume")
@requires(Role.MANAGER)
def deliveries_resumed() -> Response:
    """Let messages be handed over again."""
    site = services()
    if not ResumeForm().validate_on_submit():
        abort(400)
    with immediate(site.sessions) as session:
        per_hour = site.settings.recipient_per_hour
        resumed = sending.resume(session, by=current_account().id, now=site.now(), per_hour=per_hour)
    site.ring()
    flash(_("Sending has resumed, in the order planned.") if resumed else _("Sending was not paused."))
    return redirect(url_for("staff.deliveries"), 303)


@bp.get(f"/deliveries/{NUMBER}")
@requires(Role.MANAGER)
def delivery(number: int) -> str:
    """Show what happened to one letter, and what may be decided of it; never its words."""
    with services().sessions() as session:
        return _one_page(_found(session, number))


@bp.post(f"/deliveries/{NUMBER}")
@requires(Role.MANAGER)
def delivery_decided(number: int) -> Response:
    """Carry out what was decided of one letter, once."""
    site, form = services(), DecideForm()
    if not form.validate_on_submit():
        abort(400)
    choice = Choice(form.act.data)
    try:
        with immediate(site.sessions) as session:
            _found(session, number)
            by, now = current_account().id, site.now()
            decided = sending.decide(session, number, choice, seen=form.seen.data or 0, by=by, now=now)
            if decided.state is not State.READY:
                site.told(session, [(decided, decided.state)], now)
    except NotPossible:
        flash(_("Not done: its status changed after you opened this page. This is the current one."))
    else:
        forget_settled()
        site.ring()
        flash(str(DONE[choice]))
    return redirect(url_for("staff.delivery", number=number), 303)


@bp.post(f"/deliveries/{NUMBER}/text")
@requires(Role.MANAGER)
def delivery_text(number: int) -> Answer:
    """Show a letter's words once, for a reason that stays in the audit log."""
    site, form = services(), ReasonForm()
    with immediate(site.sessions) as session:
        found = _found(session, number)
        if not found.has_text:
            abort(404)
        if not form.validate_on_submit():
            return _one_page(found, reading=form), 422
        by, now = current_account().id, site.now()
        try:
            letter = sending.open_text(session, found, keys=site.keys, reason=form.reason.data, by=by, now=now)
        except sending.Unreadable:
            return _one_page(found, unreadable=True)
    return render_template("staff/delivery_text.html", number=number, words=to_text(letter), spoken=letter.language)


def _found(session: Session, number: int) -> Delivery:
    found = sending.find(session, number)
    if found is None:
        abort(404)
    return found


def _list_page(form: SearchForm, *, pausing: ReasonForm | None = None) -> str:
    language, now, query = current_language(), services().now(), _query(form)
    before = asked_number("before")
    with services().sessions() as session:
        status = outbox.status(session, now=now, states=frozenset(State) - SETTLED)
        numbers = {**status.counts, **settled(session)}
        waiting = sending.waiting(session)
        pace = sending.pace(session, now)
        page = sending.page(session, query, before=before, limit=PAGE) if query else sending.Page((), None)
    titles = _titles()
    asked: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in {"q", "state", "letter"} and value
    }
    return render_template(
        "staff/deliveries.html",
        counts=[
            (state, name, speak_number(numbers[state], language))
            for state, name in STATES.items()
            if numbers[state] or state not in RARE
        ],
        late=_how_long(int((now - status.oldest_due).total_seconds() // 60)) if status.oldest_due else None,
        pace=speak_number(pace, language),
        held=_held(status.held),
        waiting=[_row(one.message, one.legislator) for one in waiting],
        more=status.counts[State.NEEDS_STAFF] - len(waiting),
        undecided=status.counts[State.NEEDS_STAFF],
        listed=[
            {**_row(one.message, one.legislator), "letter": titles.get(one.letter.template, one.letter.template)}
            for one in page.letters
        ],
        older=url_for("staff.deliveries", before=page.before, **asked) if page.before else "",
        asked=asked,
        form=form,
        pausing=pausing or ReasonForm(),
        resuming=ResumeForm(),
    )


def _one_page(found: Delivery, *, reading: BaseForm | None = None, unreadable: bool = False) -> str:
    now, language = services().now(), current_language()
    message, letter = found.message, found.letter
    return render_template(
        "staff/delivery.html",
        delivery=found,
        state=message.state,
        is_letter=message.kind == Carried.LETTER,
        lines=[(line, format_short(line.at, now, language)) for line in story(found)],
        since=format_short(message.changed_at, now, language),
        due=format_short(message.due_at, now, language) if message.state is State.READY else "",
        where=_where(found.legislator),
        template=_titles().get(letter.template, letter.template) if letter else "",
        deciding=DecideForm(seen=found.moves[-1].id if found.moves else 0),
        reading=reading or ReasonForm(),
        unreadable=unreadable or message.reason == "unreadable",
    )


def _query(form: SearchForm) -> sending.Query | None:
    """Return what is looked for; None where nobody in the directory fits the words."""
    offices: Sequence[str] | None = None
    if form.q.data:
        site = services()
        offices = [row.id for row in site.directory.current(site.now()).search(form.q.data)][:MAX_OFFICES]
        if not offices:
            return None
    state, wanted = form.state.data or "", form.letter.data or ""
    return sending.Query(
        offices=offices,
        state=State(state) if state in set(State) else None,
        campaign="" if "/" in wanted else wanted,
        template=wanted if "/" in wanted else "",
    )


def _listed(session: Session, query: sending.Query) -> Iterator[sending.Listed]:
    before, number = None, 0
    while number < MAX_IN_FILE:
        page = sending.page(session, query, before=before, limit=sending.WINDOW)
        yield from page.letters
        before, number = page.before, number + len(page.letters)
        if before is None:
            return


def _file(rows: Iterable[sending.Listed]) -> Iterator[Sequence[str]]:
    yield _("number"), _("day"), _("status"), _("since"), _("what happened"), _("letter"), _("language"), _("to")
    for one in rows:
        message = one.message
        yield (
            str(message.id),
            day_of(message.created_at).isoformat(),
            str(STATES[message.state]),
            day_of(message.changed_at).isoformat(),
            reason(message.reason),
            one.letter.template,
            one.letter.language.value,
            _where(one.legislator),
        )


def _titles() -> Mapping[str, str]:
    """Return the titles of letters by their path; of one no longer published the path is all there is."""
    language = current_language()
    return {
        one.path: one.letter.title.spoken(language)
        for campaign in services().campaigns()
        for one in campaign.letters.values()
    }


def _row(message: Message, legislator: Legislator | None) -> dict[str, Any]:
    return {
        "number": message.id,
        "is_letter": message.kind == Carried.LETTER,
        "where": _where(legislator),
        "status": MOVED[message.state],
        "what": reason(message.reason),
        "since": format_short(message.changed_at, services().now(), current_language()),
    }


def _where(legislator: Legislator | None) -> str:
    """Name an office by its place and body; of the person, nothing is needed here."""
    if legislator is None:
        return ""
    recipient, language = to_recipient(legislator), current_language()
    return ", ".join(part for part in (place_of(recipient, language), role_of(recipient, language)) if part)


def _held(hold: Hold | None) -> dict[str, Any] | None:
    if hold is None:
        return None
    by_hand = hold.by is By.STAFF or hold.reason == holds.PAUSED
    return {
        "since": format_short(hold.since, services().now(), current_language()),
        "by_hand": by_hand,
        "why": "" if by_hand else reason(hold.reason),
    }


def _how_long(minutes: int) -> str:
    hours, left = divmod(minutes, 60)
    return f"{hours}\u00a0h\u00a0{left:02}\u00a0min" if hours else f"{left}\u00a0min"
