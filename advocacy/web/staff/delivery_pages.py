"""The pages of deliveries, filled: counts, what waits, and one letter's facts."""

from typing import Any

from flask import render_template, request

from advocacy.delivery import holds, outbox
from advocacy.delivery.models import By, Hold
from advocacy.delivery.states import SETTLED, State
from advocacy.language import Language, speak_number
from advocacy.legislators.models import Legislator, to_recipient
from advocacy.legislators.recipient_words import place_of, role_of
from advocacy.letters.kinds import Carried
from advocacy.staff import deliveries as sending
from advocacy.staff.deliveries import Delivery
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.settled import settled
from advocacy.web.staff.delivery_words import STATES, happened, short_when, story

SHOWN = (
    State.DELIVERED,
    State.ACCEPTED,
    State.READY,
    State.SENDING,
    State.UNCERTAIN,
    State.BOUNCED,
    State.FAILED,
    State.CANCELLED,
    State.EXPIRED,
    State.NEEDS_STAFF,
)
"""The states in the order of the page: what went well, what is to come, what did not, what is to be decided."""
RARE = frozenset({State.CANCELLED, State.EXPIRED})
"""Left out where there is none."""
MOST = 500
"""Characters of a reason."""


def watched(errors: dict[str, str]) -> str:
    """Fill the page of all letters; what was typed into its form stays."""
    language, now = current_language(), services().now()
    with services().sessions() as session:
        status = outbox.status(session, now=now, states=frozenset(State) - SETTLED)
        numbers = {**status.counts, **settled(session)}
        waiting = sending.waiting(session)
        pace = sending.pace(session, now)
    counts = [
        (STATES[state].spoken(language), speak_number(numbers[state], language), state is State.NEEDS_STAFF)
        for state in SHOWN
        if numbers[state] or state not in RARE
    ]
    late = int((now - status.oldest_due).total_seconds() // 60) if status.oldest_due else None
    return render_template(
        "staff/deliveries.html",
        counts=counts,
        late=None if late is None else _how_long(late),
        pace=speak_number(pace, language),
        held=_held(status.held, language),
        waiting=[_row(one, language) for one in waiting],
        more=status.counts[State.NEEDS_STAFF] - len(waiting),
        undecided=status.counts[State.NEEDS_STAFF],
        errors=errors,
        reason=request.form.get("reason", "")[:MOST],
    )


def shown(delivery: Delivery, errors: dict[str, str] | None = None, *, unreadable: bool = False) -> str:
    """Fill the page of one letter."""
    language, now = current_language(), services().now()
    lines = story(delivery, language)
    message, letter = delivery.message, delivery.letter
    return render_template(
        "staff/delivery.html",
        delivery=delivery,
        state=message.state,
        is_letter=message.kind == Carried.LETTER,
        lines=[(line, short_when(line.at, now, language)) for line in lines],
        since=short_when(message.changed_at, now, language),
        due=short_when(message.due_at, now, language) if message.state is State.READY else "",
        where=_where(delivery.legislator, language),
        template=_title(letter.template, language) if letter else "",
        seen=delivery.moves[-1].id if delivery.moves else 0,
        errors=errors or {},
        reason=request.form.get("reason", "")[:MOST],
        unreadable=unreadable or message.reason == "unreadable",
    )


def _title(template: str, language: Language) -> str:
    """Name a letter by its title; by its path where it is no longer published."""
    name, _, letter = template.partition("/")
    campaign = services().campaign(name)
    found = campaign.letters.get(letter) if campaign else None
    return found.letter.title.spoken(language) if found else template


def _row(waiting: sending.Waiting, language: Language) -> dict[str, Any]:
    message = waiting.message
    return {
        "number": message.id,
        "letter": message.kind == Carried.LETTER,
        "where": _where(waiting.legislator, language),
        "what": happened(message.reason, language),
        "since": short_when(message.changed_at, services().now(), language),
    }


def _where(legislator: Legislator | None, language: Language) -> str:
    """Name an office by its place and body; of the person, nothing is needed here."""
    if legislator is None:
        return ""
    recipient = to_recipient(legislator)
    return ", ".join(part for part in (place_of(recipient, language), role_of(recipient, language)) if part)


def _held(hold: Hold | None, language: Language) -> dict[str, Any] | None:
    if hold is None:
        return None
    by_hand = hold.by is By.STAFF or hold.reason == holds.PAUSED
    why = "" if by_hand else happened(hold.reason, language)
    return {"since": short_when(hold.since, services().now(), language), "by_hand": by_hand, "why": why}


def _how_long(minutes: int) -> str:
    hours, left = divmod(minutes, 60)
    return f"{hours}\u00a0h\u00a0{left:02}\u00a0min" if hours else f"{left}\u00a0min"
