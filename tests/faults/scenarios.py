"""Most of the faults: each lets letters be sent, breaks something, and gives the world the time to come right again."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from sqlalchemy import select, update

from advocacy.delivery.holds import current, release
from advocacy.delivery.models import Message
from advocacy.delivery.outages import MAX_TRIES
from advocacy.delivery.states import State
from advocacy.letters.answers import QUESTION_AFTER, put_questions
from advocacy.letters.models import MessageKind, Submission
from advocacy.task_queue import make_huey
from tests.fakes.sendgrid_answers import busy
from tests.faults.place import Place, Trial
from tests.faults.processes import Gate, wait_for, workers
from tests.faults.sinks import Mood, SendgridSink

AT_ONCE = 4
"""Threads that deliver at the same time."""
SOME_IN_HAND, IN_FULL_FLOW = 10, 50
"""Letters after which a worker has taken up several at once, and as many as it leaves and keeps for itself each time."""
GOES_ON_WITHIN = 150.0
"""Seconds within which what was due goes on, once the workers are there again."""
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ANSWERED_AT = datetime(2026, 11, 25, 22, 16, tzinfo=UTC)
ASKED: Mapping[str, tuple[str, timedelta, timedelta]] = {
    "seconds": ("120", 120 * SECOND, 120 * SECOND),
    "a date": (format_datetime(ANSWERED_AT + 5 * MINUTE, usegmt=True), 5 * MINUTE, 5 * MINUTE),
    "0": ("0", SECOND, SECOND),
    "86400": ("86400", HOUR, HOUR),
    "junk": ("soon, as 12:61", 30 * SECOND, MINUTE),
    "a negative": ("-5", 30 * SECOND, MINUTE),
}
"""What Retry-After says, and between which times the letter then waits."""


def worker_dies_before_the_call(place: Place, kills: int) -> Trial:
    """Kill workers that hold a letter and have said nothing of it yet: the far end lets them in and is silent."""
    place.letters(kills)
    gate, killed = Gate(), 0
    try:
        with workers(place, place.sink.settings(gate.port), min(AT_ONCE, kills)) as running:
            while killed < kills:
                gate.hold(inside := min(AT_ONCE, kills - killed))
                running.kill()
                killed += inside
    finally:
        gate.close()
    place.clock.set_right()
    place.settle()
    return Trial(killed, most_copies=1)


def worker_dies_after_accept(place: Place, kills: int) -> Trial:
    """Kill workers whose letter was taken and who have not heard of it; nothing is reported."""
    killed = _killed_after_accept(place, kills)
    place.clock.set_right()
    place.settle()
    return Trial(killed, most_copies=2)


def worker_dies_and_events_arrive(place: Place, kills: int) -> Trial:
    """The same where reports come: half of them while the dead still seem to hold their letters, half later."""
    before = place.sink.copies()
    killed = _killed_after_accept(place, kills)
    place.clock.set_right()
    taken = sorted((place.sink.copies() - before).keys())
    place.chance.shuffle(taken)
    half = len(taken) // 2
    place.report(taken[:half])
    place.clock.skip(3 * MINUTE)
    place.worker().sweep()
    place.report(taken)
    place.settle()
    return Trial(killed, most_copies=1)


def worker_dies_in_full_flow(place: Place, kills: int) -> Trial:
    """Kill a worker that has several letters in hand: some have left and are not written down, some have not left."""
    place.letters(IN_FULL_FLOW * kills)
    before = place.sink.copies().total()
    with workers(place, place.sink.settings(), 1) as running:
        for _ in range(kills):
            wait_for(lambda: place.sink.copies().total(), reaches=before + SOME_IN_HAND)
            running.kill()
            before = place.sink.copies().total()
    place.clock.set_right()
    place.settle()
    return Trial(kills, most_copies=2)


def worker_dies_while_asking(place: Place, kills: int) -> Trial:
    """Kill a worker that has questions about answers in hand, two weeks after the letters left; nobody is asked twice."""
    place.confirmed(IN_FULL_FLOW * kills, per_form=1, asks_for_answers=True)
    place.sink.become(Mood.TAKES)
    place.settle()
    newest, earlier = place.newest(), place.clock.now() - QUESTION_AFTER - HOUR
    with place.runtime.sessions.begin() as session:
        session.execute(update(Message).where(Message.kind == MessageKind.LETTER).values(changed_at=earlier))
        session.execute(update(Submission).where(Submission.asks_for_answers).values(confirmed_at=earlier))
    place.clock.set_right()
    put = IN_FULL_FLOW * kills
    while put:
        with place.runtime.sessions.begin() as session:
            put = put_questions(session, now=place.clock.now())
    before = place.sink.copies().total()
    with workers(place, place.sink.settings(), 1) as running:
        for _ in range(kills):
            wait_for(lambda: place.sink.copies().total(), reaches=before + SOME_IN_HAND)
            running.kill()
            before = place.sink.copies().total()
    place.clock.set_right()
    place.settle()
    questions = select(Message.state).where(Message.id > newest, Message.kind == MessageKind.ANSWER_QUESTION)
    with place.runtime.sessions() as session:
        states = session.scalars(questions).all()
    wrong = [] if len(states) == IN_FULL_FLOW * kills else [f"{len(states)} questions of {IN_FULL_FLOW * kills}"]
    given_up = states.count(State.CANCELLED)
    return Trial(kills, 1, tuple(wrong), said=f"{len(states)} questions, {given_up} given up, none asked twice")


def answers_are_lost(place: Place, letters: int) -> Trial:
    """Lose every answer: once for all letters, then for some of them the second one as well."""
    place.letters(letters)
    _deliver_all(place, Mood.LOSES)
    place.sink.become(Mood.TAKES)
    place.settle()
    place.letters(letters)
    place.sink.become(Mood.LOSES)
    place.settle()
    place.sink.become(Mood.TAKES)
    return Trial(3 * letters, most_copies=2)


def answers_are_lost_and_events_arrive(place: Place, letters: int) -> Trial:
    """Lose every answer where reports come."""
    ids = place.letters(letters)
    _deliver_all(place, Mood.LOSES)
    place.sink.become(Mood.TAKES)
    place.report(ids)
    place.settle()
    return Trial(letters, most_copies=1)


def too_many_requests(place: Place, rounds: int) -> Trial:
    """Be turned away for a time, said in every way there is."""
    asked = list(ASKED) * rounds
    return Trial(len(asked), 1, tuple(wrong for name in asked for wrong in _turned_away(place, name)))


def _turned_away(place: Place, name: str) -> Iterator[str]:
    assert isinstance(place.sink, SendgridSink)
    said, least, most = ASKED[name]
    [public_id] = place.letters(1)
    place.sink.script.append(busy(Retry_After=said, Date=format_datetime(ANSWERED_AT, usegmt=True)))
    worker, began = place.worker(), place.clock.now()
    worker.deliver()
    message = _message(place, public_id)
    wait = message.due_at - began
    if not least <= wait <= most or message.tries > 1 or message.state is not State.READY:
        yield f"Retry-After {name}: waits {wait}, {message.tries} tries, {message.state}"
    place.clock.skip(wait - timedelta(milliseconds=1))
    if worker.deliver():
        yield f"Retry-After {name}: asked again too early"
    worker.close()
    place.settle()


def ten_minutes_of_errors(place: Place, letters: int) -> Trial:
    """Meet nothing but errors for ten minutes."""
    newest = place.newest()
    place.letters(letters)
    place.sink.become(Mood.BROKEN)
    worker = place.worker()
    for _ in range(40):
        worker.sweep()
        while worker.deliver():
            pass
        place.clock.skip(15 * SECOND)
    place.sink.become(Mood.TAKES)
    with place.runtime.sessions() as session:
        tries = session.scalars(select(Message.tries).where(Message.id > newest, Message.state == State.READY)).all()
    wrong = [] if len(tries) == letters and max(tries) < MAX_TRIES else [f"{len(tries)} of {letters} still wait"]
    worker.close()
    place.settle()
    told = place.outages_told()
    wrong += [] if told in ("", "out back") else [f"told of the outage: {told}"]
    return Trial(sum(tries), 1, tuple(wrong), said=told)


def a_limit_or_a_policy_refuses_all(place: Place, letters: int) -> Trial:
    """Refuse every letter for good, because of a daily limit and then by a policy, until somebody mends that."""
    return Trial(
        2 * letters, 1, tuple(wrong for mood in (Mood.LIMITS, Mood.REFUSES) for wrong in _refused(place, mood, letters))
    )


def _refused(place: Place, mood: Mood, letters: int) -> Iterator[str]:
    newest = place.newest()
    place.letters(letters)
    _deliver_all(place, mood)
    with place.runtime.sessions() as session:
        failed = select(Message.id).where(Message.id > newest, Message.state == State.FAILED)
        if lost := len(session.scalars(failed).all()):
            yield f"{mood.name}: {lost} of {letters} failed"
        if mood is Mood.REFUSES and current(session) is None:
            yield f"{mood.name}: nothing was held"
    if mood is Mood.REFUSES and not place.alerts:
        yield f"{mood.name}: nobody was called"
    place.alerts.clear()
    place.sink.become(Mood.TAKES)
    with place.runtime.sessions.begin() as session:
        release(session)
    place.settle()


def the_queue_is_emptied(place: Place, seconds: int) -> Trial:
    """Empty the queue every second, while letters are confirmed: the outbox alone says what is to be done."""
    place.settle()
    newest, queue = place.newest(), make_huey(place.runtime.settings)
    try:
        with workers(place, place.sink.settings(), 2) as running:
            for _ in range(seconds):
                place.confirmed(2, per_form=2)
                queue.flush()
                time.sleep(1)
            _goes_on(place, newest)
            running.stop()
    finally:
        queue.storage.close()
    place.clock.set_right()
    place.settle()
    return Trial(seconds, most_copies=1)


def _goes_on(place: Place, newest: int) -> None:
    """Wait until workers have taken up what is due after message `newest`, and written down what they had in hand."""
    wait_for(lambda: -place.due(after=newest), reaches=0, within=GOES_ON_WITHIN)
    wait_for(lambda: -place.in_hand(after=newest), reaches=0, within=GOES_ON_WITHIN)


def _killed_after_accept(place: Place, kills: int) -> int:
    place.letters(kills)
    place.sink.become(Mood.HOLDS)
    killed, before = 0, place.sink.copies().total()
    with workers(place, place.sink.settings(), min(AT_ONCE, kills)) as running:
        while killed < kills:
            wait_for(lambda: place.sink.copies().total(), reaches=before + min(killed + AT_ONCE, kills))
            running.kill()
            killed = place.sink.copies().total() - before
    place.sink.become(Mood.TAKES)
    return killed


def _deliver_all(place: Place, mood: Mood) -> None:
    place.sink.become(mood)
    worker = place.worker()
    while worker.deliver():
        pass
    worker.close()


def _message(place: Place, public_id: str) -> Message:
    with place.runtime.sessions() as session:
        return session.scalars(select(Message).where(Message.public_id == public_id)).one()
