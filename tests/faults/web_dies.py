"""The web is killed between its commit and the ring that wakes a worker: what was committed is delivered all the same."""

import threading
from http.client import HTTPException
from typing import Any, cast

from sqlalchemy import func, select

from advocacy.letters.confirmation import confirm
from advocacy.letters.models import Confirmation, Submission
from advocacy.secret_keys import signing_key
from advocacy.signed_links import Purpose, SignedLinks
from tests.faults.browser import Browser
from tests.faults.place import EMAIL, NAME, PER_HOUR, Place, Trial
from tests.faults.processes import Gate, pages
from tests.served import ServedSite
from tests.web.public.sender import AGREED
from tests.web.public.visitor import FILLED, Visitor


def web_dies_before_the_ring(place: Place, rounds: int) -> Trial:
    """Kill the web at the ring of a form sent in, send the form again, and kill it at the ring of its confirmation."""
    place.settle()
    wrong: list[str] = []
    for number in range(rounds):
        place.clock.set_right()
        wrong += _one_citizen(place, f"web-{number}")
    return Trial(2 * rounds, 1, tuple(wrong))


def _one_citizen(place: Place, who: str) -> list[str]:
    browser, gate, before = Browser(), Gate(), _submissions(place)
    visitor = Visitor(cast(Any, browser))
    settings = {**place.sink.settings(), "ADVOCACY_QUEUE_URL": f"redis://127.0.0.1:{gate.port}/0"}
    try:
        with pages(place, settings) as serving:
            _at(visitor, browser, serving).post("review", {**FILLED, "name": NAME, "email": EMAIL.format(who)})
            answered = _survives(gate, serving, lambda: visitor.press('[formaction$="/send"]', **AGREED))
        with pages(place, settings) as serving:
            _at(visitor, browser, serving).press('[formaction$="/send"]', **AGREED)
            gate.hold(1)
            stored, confirmation_id = _submissions(place) - before, _newest(place)
            token = SignedLinks(signing_key(place.runtime.settings)).make(Purpose.CONFIRMATION, confirmation_id)
            place.canaries.append(token)
            page = visitor.read(cast(Any, browser.get(f"/en/confirm/{token}")))
            form = {"csrf_token": page.token, "act": "send"}
            answered |= _survives(gate, serving, lambda: browser.post(f"/en/confirm/{token}", data=form))
    finally:
        gate.close()
    wrong = ["the web answered before it was killed"] if answered else []
    wrong += [f"a form sent twice is {stored} submissions"] if stored != 1 else []
    return wrong + _confirmed_again(place, confirmation_id)


def _confirmed_again(place: Place, confirmation_id: str) -> list[str]:
    """Press the same button again, as a citizen does whose browser showed an error, and let the letters leave."""
    place.clock.set_right()
    with place.runtime.sessions.begin() as session:
        is_confirmed = confirm(session, confirmation_id, now=place.clock.now(), per_hour=PER_HOUR)
    put = len(place.waiting())
    place.settle()
    told = [] if is_confirmed else ["what was confirmed before the kill gives no receipt"]
    # The letter, and the mail that asked for its confirmation: no worker has run yet.
    return told + ([] if put == 2 else [f"{put} messages wait after one letter was confirmed"])


def _at(visitor: Visitor, browser: Browser, serving: ServedSite) -> Visitor:
    browser.port = serving.port
    visitor.base_url = f"http://localhost:{serving.port}"
    return visitor


def _survives(gate: Gate, serving: ServedSite, ask: Any) -> bool:
    """Ask, and kill the web when it comes to ring; tell whether an answer came all the same."""

    def kill() -> None:
        gate.hold(1)
        serving.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        ask()
    except (OSError, HTTPException):
        return False
    finally:
        killer.join()
    return True


def _submissions(place: Place) -> int:
    with place.runtime.sessions() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def _newest(place: Place) -> str:
    with place.runtime.sessions() as session:
        return session.scalars(select(Confirmation.id).order_by(Confirmation.created_at.desc()).limit(1)).one()
