"""A site that runs as it should has no problem; each thing that goes wrong is one, with its level."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import caps
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import make_engine, make_sessions
from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Actor, Message, PeriodicRun, ProviderOutage
from advocacy.delivery.states import State
from advocacy.language import SOURCE
from advocacy.legislators.models import BouncedAddress, DataSet, Legislator
from advocacy.letters import bounce_brake
from advocacy.site_problems import MIN_FREE_BYTES, Level, SiteProblem, site_problems
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Role
from tests.citizens import KEYS
from tests.conftest import DatabaseAt
from tests.databases import NOW, Beginning

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FORMS_A_DAY = 2
Sessions = sessionmaker[Session]
Change = Callable[[Session], object]


@pytest.fixture
def running(sessions: Sessions) -> Sessions:
    """A site without campaigns that runs as it should."""
    with sessions.begin() as session:
        session.add(PeriodicRun(name="sweep", started_at=NOW))
        manager = {"role": Role.MANAGER, "language": SOURCE, "created_at": NOW}
        session.add(Account(email="m@example.ca", name="M", **manager))
        audit_log.write(session, Act.BACKUP_MADE, "backup:1", by=None, now=NOW)
    return sessions


def found(sessions: Sessions, *, now: datetime = NOW) -> dict[str, SiteProblem]:
    with sessions() as session:
        problems = list(site_problems(session, [], Path(), forms_a_day=FORMS_A_DAY, now=now))
    assert len({problem.code for problem in problems}) == len(problems)
    return {problem.code: problem for problem in problems}


def put(state: State, *, since: timedelta) -> Change:
    def change(session: Session) -> None:
        outbox.put(session, "letter", "one", now=NOW - since)
        session.execute(update(Message).values(state=state))

    return change


def no_sweep_for(time: timedelta) -> Change:
    return lambda session: session.execute(update(PeriodicRun).values(started_at=NOW - time))


def pause(session: Session) -> None:
    holds.hold(session, "account 7781 closed", now=NOW, by=Actor.STAFF)


def fail_at_the_provider(session: Session) -> None:
    since, until = NOW - 5 * MINUTE, NOW + MINUTE
    session.add(ProviderOutage(id=1, reason="smtp_421", since=since, failures=9, rest_until=until))


def take_all_forms(session: Session) -> None:
    limits = caps.Limits(1000, FORMS_A_DAY)
    with suppress(caps.TooMany):
        for _ in range(FORMS_A_DAY + 1):
            caps.count_form(session, "192.0.2.7", keys=KEYS, now=NOW, limits=limits)


def age_the_backup(session: Session) -> None:
    session.execute(delete(AuditEntry))
    audit_log.write(session, Act.BACKUP_MADE, "backup:1", by=None, now=NOW - 3 * DAY)


def test_a_site_that_runs_as_it_should_has_no_problem(running: Sessions) -> None:
    assert found(running) == {}


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [
        (no_sweep_for(6 * MINUTE), "worker-gone", Level.FAIL),
        (lambda session: session.execute(delete(PeriodicRun)), "worker-gone", Level.FAIL),
        (pause, "sending-paused", Level.FAIL),
        (fail_at_the_provider, "provider-outage", Level.FAIL),
        (put(State.READY, since=11 * MINUTE), "messages-late", Level.FAIL),
        (put(State.NEEDS_STAFF, since=MINUTE), "decisions-wait", Level.NOTE),
        (put(State.NEEDS_STAFF, since=2 * HOUR), "decisions-wait", Level.WARN),
        (put(State.HELD, since=12 * HOUR), "held-wait", Level.NOTE),
        (put(State.HELD, since=13 * HOUR), "held-wait", Level.WARN),
        (
            lambda session: session.add(PeriodicRun(name=bounce_brake.NAME, started_at=NOW)),
            "confirmations-held",
            Level.FAIL,
        ),
        (take_all_forms, "forms-full", Level.FAIL),
        (age_the_backup, "backup-old", Level.FAIL),
        (lambda session: session.execute(delete(AuditEntry)), "backup-missing", Level.WARN),
        (lambda session: session.execute(update(Account).values(active=False)), "manager-missing", Level.WARN),
    ],
)
def test_what_is_wrong_is_one_problem(running: Sessions, *, change: Change, code: str, level: Level) -> None:
    with running.begin() as session:
        change(session)

    assert {code: problem.level for code, problem in found(running).items()} == {code: level}


@pytest.mark.parametrize("change", [no_sweep_for(5 * MINUTE), put(State.READY, since=10 * MINUTE)])
def test_what_is_a_little_late_is_no_problem(running: Sessions, change: Change) -> None:
    with running.begin() as session:
        change(session)

    assert found(running) == {}


def test_why_sending_is_paused_is_not_told(running: Sessions) -> None:
    with running.begin() as session:
        pause(session)

    assert "7781" not in found(running)["sending-paused"].advice


@pytest.mark.parametrize(("free", "codes"), [(MIN_FREE_BYTES, []), (MIN_FREE_BYTES - 1, ["disk-full"])])
def test_a_disk_that_is_almost_full_is_a_problem(
    running: Sessions, monkeypatch: pytest.MonkeyPatch, *, free: int, codes: list[str]
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))

    assert list(found(running)) == codes


def test_what_is_missing_or_old_in_directory_and_campaigns_is_for_the_staff(database_at: DatabaseAt) -> None:
    engine = make_engine(database_at(Beginning.SITE))
    with make_sessions(engine).begin() as session:
        session.execute(update(DataSet).values(as_of=(NOW - 91 * DAY).date()))
        bounced, unknown = session.scalars(select(Legislator).where(Legislator.email.is_not(None)).limit(2))
        session.add(BouncedAddress(email=str(bounced.email).lower(), since=NOW, reason="bounced"))
        unknown.email = None
        problems = list(site_problems(session, OpenCampaigns().all(session), Path(), forms_a_day=FORMS_A_DAY, now=NOW))
    engine.dispose()

    advice = {problem.code: problem.advice for problem in problems}
    assert {"addresses-bounced", "addresses-missing", "contact-missing"} < {*advice}
    assert "senate" in advice["directory-old"]
    assert advice["bill-unconfirmed"] == "The stage is to be confirmed of C-34 (child-protection)."
