"""Sending where much is stored: each step takes as long as with little, and no letter is claimed twice."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from statistics import median

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from advocacy.database import make_engine, make_sessions
from advocacy.delivery import claims
from advocacy.encryption import hashed
from advocacy.letters.confirmation import confirm
from advocacy.letters.models import Confirmation, Submission
from advocacy.letters.receipts import receipt
from advocacy.letters.submit import NewSubmission
from advocacy.migrations import migrate
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from benchmarks import stores
from benchmarks.report import Row, size
from benchmarks.stores import NOW

FEW, MANY, MOST = size(1_000, 20), size(100_000, 200), 1_000_000
ROUNDS, EACH = size(9, 1), size(12, 2)
FLAT = 1.5
LEASE = timedelta(minutes=2)
WORKERS, QUEUED = 12, size(20_000, 200)
PUT = """
INSERT INTO messages (public_id, kind, ref, state, priority, due_at, attempt, tries, resent, reason, created_at,
    changed_at)
SELECT md5('p' || n), 'letter', md5('l' || n), 'ready', 1, :now - n * interval '1 second', 0, 0, false, '', :now, :now
FROM generate_series(1, :letters) AS n
"""


def growth(sizes: tuple[int, ...] = (FEW, MANY)) -> list[Row]:
    """Return the milliseconds of each step where few letters are stored, and how many times as long with more."""
    with stores.sites_with(sizes) as sites:
        benches = [Bench(site) for site in sites]
        for bench in benches:
            bench.take_a_turn()
            bench.spent.clear()
        for _ in range(ROUNDS):
            for bench in benches:
                bench.take_a_turn()
    few, *more = benches
    rows = [Row(f"{step} with {sizes[0]:,} letters stored", few.typical(step), "ms") for step in few.spent]
    return rows + [
        Row(f"{step} with {stored:,} stored beside it", bench.typical(step) / few.typical(step), "×", at_most=FLAT)
        for stored, bench in zip(sizes[1:], more, strict=True)
        for step in few.spent
    ]


def claiming_at_once() -> list[Row]:
    """Let many processes empty one outbox, and count what was claimed twice, or never."""
    with stores.empty_database("claims") as url:
        url = Settings.model_validate({"database_url": url}).database_url
        engine = make_engine(url)
        migrate(engine)
        with engine.begin() as connection:
            connection.execute(text(PUT), {"now": NOW, "letters": QUEUED})
            connection.execute(text("ANALYZE"))
        engine.dispose()
        started = time.perf_counter()
        # By fork, as processes that begin anew spend longer on reading the code than on claiming.
        with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("fork")) as pool:
            claimed = [one for some in pool.map(_empty, [url] * WORKERS) for one in some]
        passed = time.perf_counter() - started
    what = f"{WORKERS} processes emptying an outbox of {QUEUED:,}"
    return [
        Row(f"{what}, on one outbox at once", len(claimed) / passed, "claims/s"),
        Row(f"{what}: claimed twice", len(claimed) - len(set(claimed)), "letters", at_most=0),
        Row(f"{what}: never claimed", QUEUED - len(set(claimed)), "letters", at_most=0),
    ]


@dataclass(slots=True)
class Bench:
    """One site, and the seconds each step took on it."""

    site: Runtime
    spent: dict[str, list[float]] = field(default_factory=dict)

    def take_a_turn(self) -> None:
        """Take some letters from the form to the worker's hands."""
        forms = [stores.a_form() for _ in range(EACH)]
        self._time("submit", [partial(self._submit, form) for form in forms])
        confirms = [partial(self._confirm, id_) for id_ in self._confirmation_ids(forms)]
        receipts = self._time("confirm", confirms)
        self._time("receipt", [partial(self._receipt, id_) for id_ in receipts])
        self._time("claim", [self._claim] * 2 * EACH)  # the mails that asked, and the letters

    def typical(self, step: str) -> float:
        """Return the median of a step, in milliseconds."""
        return median(self.spent[step]) * 1e3

    def _time(self, step: str, work: Sequence[Callable[[], str]]) -> list[str]:
        made = []
        for one in work:
            started = time.perf_counter()
            made.append(one())
            self.spent.setdefault(step, []).append(time.perf_counter() - started)
        return made

    def _submit(self, form: NewSubmission) -> str:
        with self.site.sessions.begin() as session:
            stores.send_in(session, form)
        return form.key

    def _confirmation_ids(self, forms: Sequence[NewSubmission]) -> list[str]:
        with self.site.sessions() as session:
            return [confirmation_of(session, form) for form in forms]

    def _confirm(self, confirmation_id: str) -> str:
        with self.site.sessions.begin() as session:
            assert confirm(session, confirmation_id, now=NOW, per_hour=0)
        return confirmation_id

    def _receipt(self, confirmation_id: str) -> str:
        with self.site.sessions() as session:
            held = receipt(session, confirmation_id, now=NOW)
        assert held is not None
        assert held.letters[0].letter is not None
        return confirmation_id

    def _claim(self) -> str:
        message = claims.claim(self.site.sessions, now=NOW)
        assert message is not None
        return message.ref


def confirmation_of(session: Session, form: NewSubmission) -> str:
    """Return the id of the confirmation that a form's writer is asked for."""
    which = select(Confirmation.id).join(Submission).where(Submission.key_hash == hashed(form.key))
    return session.scalars(which).one()


def _empty(url: str) -> list[int]:
    """Claim until nothing is due; give the ids of what was claimed."""
    engine = make_engine(url)
    sessions, claimed = make_sessions(engine), []
    while message := claims.claim(sessions, now=NOW):
        claimed.append(message.id)
    engine.dispose()
    return claimed
