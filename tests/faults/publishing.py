"""Letters are published while forms come in: each letter is of the one revision its form was opened with."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Publication
from advocacy.language import Language
from advocacy.runtime import utc_now
from advocacy.staff import audit_log, publication, revisions
from advocacy.staff.models import Account, Role
from tests.faults.browser import Browser, fields
from tests.faults.place import EMAIL, NAME, Place, Trial
from tests.faults.processes import pages
from tests.faults.written import LETTER, Form, all_stored, marked, marks, wrong_letters
from tests.web.public.sender import AGREED
from tests.web.public.visitor import CAMPAIGN, FILLED

PER_SECOND, AT_ONCE = 21, 16
"""Forms begun in a second, where the machine can do it, so that 20 are sent; how many citizens write at one time."""
EVERY = 8
HELD = {0: "review", 4: "send"}
"""Of every eight forms two lie open until something else is published: before this step they go on."""
BETWEEN = 2.5
"""Seconds from one publication to the next."""
WRITER, PUBLISHERS = "maude", ("karim", "manon")
PRESSES, PRESSES_AGAIN_AFTER_S = 10, 3.0
"""How often a citizen presses send whom the page tells to try again in a minute, as it does on a machine that is busy."""
ROOM = {
    "ADVOCACY_NETWORK_PER_DAY": "100000",
    "ADVOCACY_SITE_PER_DAY": "100000",
    "ADVOCACY_CALM_PER_TEN_MINUTES": "100000",
}


@dataclass
class Run:
    """What happens at once: the forms written so far, and the revisions published so far, the oldest first."""

    place: Place
    port: int
    texts: Mapping[str, bytes]
    began: float = 0.0
    numbers: Iterator[int] = field(default_factory=count)
    forms: list[Form] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def letters_are_published_meanwhile(place: Place, publications: int) -> Trial:
    """Publish a letter so often, once by two people at the same moment, while forms are opened, reviewed and sent."""
    place.clock.set_right()
    _employ(place)
    with place.runtime.sessions() as session:
        texts = stored_folder(session, CAMPAIGN).documents()[LETTER]
    with pages(place, {**place.sink.settings(), **ROOM}, processes=2) as serving:
        run = Run(place, serving.port, texts)
        _publish(run, PUBLISHERS[:1])
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda number: _one_form(run, number), range(-AT_ONCE // 2, 0)))  # both processes are warm
            early, run.began = len(run.forms), time.monotonic()
            citizens = [pool.submit(_citizen, run) for _ in range(AT_ONCE)]
            try:
                _publish_all(run, publications)
            finally:
                run.over.set()
        took = time.monotonic() - run.began
    for citizen in citizens:
        citizen.result()
    with place.runtime.sessions() as session:
        wrong = [
            *run.wrong,
            *wrong_letters(all_stored(session), run.forms, run.revisions),
            *_wrong_publications(session, run),
        ]
    place.clock.set_right()
    place.settle()
    return Trial(len(run.forms), 1, tuple(wrong), _said(run, run.forms[early:], took))


def _employ(place: Place) -> None:
    """Let one person write letters and two others publish them."""
    roles = {WRITER: Role.WRITER, **dict.fromkeys(PUBLISHERS, Role.PUBLISHER)}
    with place.runtime.sessions.begin() as session:
        for name, role in roles.items():
            email, now = f"{name}@site.example.ca", utc_now()
            session.add(Account(email=email, name=name, role=role, language=Language.FR, created_at=now))


def _publish_all(run: Run, publications: int) -> None:
    for number in range(publications):
        _sleep_until(run.began + (number + 1) * BETWEEN)
        _publish(run, PUBLISHERS if number == publications // 2 else PUBLISHERS[:1])
    _sleep_until(time.monotonic() + BETWEEN)


def _publish(run: Run, by: Sequence[str]) -> None:
    """Write the letter's next revision, and let these people publish it at the same moment."""
    texts, begin = marked(run.texts, len(run.revisions)), threading.Barrier(len(by))
    with run.place.runtime.sessions.begin() as session:
        writer, now = _person(session, WRITER), utc_now()
        revision = revisions.save(session, CAMPAIGN, LETTER, files=texts, by=writer, now=now)
        publication.request_review(session, [revision], by=writer, now=now)

    def press(name: str) -> None:
        begin.wait()
        with run.place.runtime.sessions.begin() as session:
            publisher = _person(session, name)
            publication.publish(session, CAMPAIGN, [revision.id], by=publisher, now=utc_now())

    with ThreadPoolExecutor(len(by)) as pool:
        errors = [pressed.exception() for pressed in [pool.submit(press, name) for name in by]]
    run.wrong += [f"a publisher was refused: {error!r}" for error in errors if error]
    run.revisions.append(revision.id)


def _person(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.email == f"{name}@site.example.ca")).one()


def _citizen(run: Run) -> None:
    """Write one form after another, each at its moment, as long as letters are published."""
    while not run.over.is_set():
        number = next(run.numbers)
        _sleep_until(run.began + number / PER_SECOND)
        _one_form(run, number, held=HELD.get(number % EVERY, ""))


def _one_form(run: Run, number: int, *, held: str = "") -> None:
    form = Form(EMAIL.format(f"form-{number}"), (Language.EN, Language.FR)[number % 2])
    try:
        _write(run, form, held=held)
    except (OSError, HTTPException) as error:
        form.answers.append(repr(error))
    run.forms.append(form)


def _write(run: Run, form: Form, *, held: str) -> None:
    """Open the form, fill it in, read the letter and press send; wait before the step `held` for a publication."""
    browser, place = Browser(), f"/{form.language}/{CAMPAIGN}"
    browser.port = run.port
    referer = {"Referer": f"http://localhost:{run.port}{place}/write"}
    form.opened(opened := browser.get(f"{place}/write"))
    typed = {**FILLED, "name": NAME, "email": form.email}
    _wait_where(held == "review", run, form)
    form.reviewed(review := browser.post(f"{place}/review", data={**fields(opened), **typed}, headers=referer))
    _wait_where(held == "send", run, form)
    form.replaced = _is_replaced(run, form)
    for _ in range(PRESSES):
        form.sent(browser.post(f"{place}/send", data={**fields(review), **AGREED}, headers=referer))
        if not form.told_to_wait:
            break
        time.sleep(PRESSES_AGAIN_AFTER_S)


def _wait_where(held: bool, run: Run, form: Form) -> None:
    while held and not _is_replaced(run, form) and not run.over.wait(0.05):
        pass


def _is_replaced(run: Run, form: Form) -> bool:
    """Return whether something was published since the form was opened."""
    return run.revisions[-1] > max(form.revisions, default=0)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _wrong_publications(session: Session, run: Run) -> Iterator[str]:
    """Each revision was published once, by however many people, and the journal is whole."""
    published = Counter(session.scalars(select(Publication.revision_id)))
    yield from (f"revision {one} has {published[one]} publications" for one in run.revisions if published[one] != 1)
    yield from (f"the journal is broken: {one}" for one in audit_log.find_breaks(session))
    if not any(form.replaced for form in run.forms):
        yield "no form was opened before a publication and sent after it"


def _said(run: Run, forms: Sequence[Form], took: float) -> str:
    of_each = Counter(mark for form in forms for mark in form.marks)
    told = ", ".join(f"{of_each[mark]} {mark}" for mark in marks(len(run.revisions)))
    failed, waited = sum(form.failed for form in forms), sum("503" in form.answers for form in forms)
    late = sum(form.replaced for form in forms)
    return (
        f"{len(forms)} forms in {took:.0f} s, {len(forms) / took:.1f} a second of {PER_SECOND}; "
        f"{len(run.revisions) - 1} publications meanwhile, {late} forms opened before one and sent after; "
        f"{waited} told to try again (503), {failed} failed (another 5xx or no answer); shown of each revision: {told}"
    )
