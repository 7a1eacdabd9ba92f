"""Letters of citizens in a site's outbox, each where a test wants it."""

from datetime import datetime, timedelta

from flask import Flask

from advocacy.delivery import outbox
from advocacy.delivery.models import Actor
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.holding import HoldReason
from advocacy.letters.letter import to_json
from advocacy.letters.models import MessageKind, StoredLetter, new_id
from advocacy.runtime import Runtime
from tests.citizens import written_to
from tests.web.shared_site import NOW

OFFICE = "mp-yasir-naqvi"
SENDING, UNCERTAIN = (State.SENDING, Actor.WORKER, ""), (State.UNCERTAIN, Actor.WORKER, "connection")
WAY = {
    State.READY: [],
    State.HELD: [],
    State.ACCEPTED: [SENDING, (State.ACCEPTED, Actor.WORKER, "")],
    State.DELIVERED: [SENDING, (State.ACCEPTED, Actor.WORKER, ""), (State.DELIVERED, Actor.EVENT, "")],
    State.FAILED: [SENDING, (State.FAILED, Actor.WORKER, "unreadable")],
    State.NEEDS_STAFF: [SENDING, UNCERTAIN, SENDING, UNCERTAIN, (State.NEEDS_STAFF, Actor.SWEEP, "no_proof")],
}
STEP = timedelta(minutes=4)


def a_letter(runtime: Runtime, app: Flask, state: State, *, now: datetime = NOW) -> int:
    """Put a letter to one office into the outbox and let it come to a state; give its number."""
    with runtime.sessions.begin() as session:
        letter = StoredLetter(
            id=new_id(),
            place=0,
            campaign="child-protection",
            template="child-protection/takedown-and-standards",
            pins={},
            legislator_id=OFFICE,
            riding_code="35079",
            language=Language.FR,
            edited=False,
            created_at=now,
        )
        session.add(letter)
        letter.letter = to_json(written_to(OFFICE))
        session.flush()
        why = HoldReason.OWN_TEXT if state is State.HELD else ""
        message = outbox.put(
            session, MessageKind.LETTER, letter.id, now=now - STEP * (1 + len(WAY[state])), hold_reason=why
        )
        standing = outbox.locked(session, message.id)
        assert standing is not None
        for number, (step, by, reason) in enumerate(WAY[state]):
            at = now - STEP * (len(WAY[state]) - number)
            outbox.make_move(session, standing, step, now=at, by=by, reason=reason)
        return message.id
