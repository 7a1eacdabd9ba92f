"""A scheduled publication: once, whoever carries it out, and not at all where something changed."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_folder, stored_folder
from advocacy.campaigns.models import Publication, Revision
from advocacy.delivery.models import Message
from advocacy.language import Language
from advocacy.staff import publication, reviews, revisions
from advocacy.staff.models import Account, Role, Schedule, StaffEmail
from advocacy.staff.publication import NotAllowed, Refusal
from advocacy.staff.publication_status import Status, campaign_statuses
from tests.campaign_files import LETTER, NAME, campaign

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
THEN = NOW + timedelta(days=2)


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A small campaign that is live, a writer and a publisher."""
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        for name, role in (("maude", Role.WRITER), ("karim", Role.PUBLISHER)):
            session.add(Account(email=f"{name}@example.ca", name=name, role=role, language=Language.FR, created_at=NOW))
    return sessions


def person(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.name == name)).one()


def requested(session: Session, document: str = LETTER) -> Revision:
    files = dict(stored_folder(session, NAME).documents()[document])
    for name in files:
        files[name] += b"\n# more\n"
    made = revisions.save(session, NAME, document, files=files, by=person(session, "maude"), now=NOW)
    publication.request_review(session, [made], by=person(session, "maude"), now=NOW)
    return made


def scheduled(site: Sessions) -> int:
    """Have a better letter scheduled by the publisher, and give its revision's id."""
    with site.begin() as session:
        made = requested(session)
        publication.schedule(session, NAME, [made.id], at=THEN, by=person(session, "karim"), now=NOW)
        return made.id


def publications(site: Sessions) -> Sequence[int]:
    with site() as session:
        return session.scalars(select(Publication.revision_id)).all()


def carry_out(site: Sessions, now: datetime) -> int:
    with site.begin() as session:
        return publication.publish_scheduled(session, now=now)


def test_it_is_published_at_its_moment_and_once_by_however_many_processes(site: Sessions) -> None:
    revision = scheduled(site)
    assert carry_out(site, THEN - timedelta(seconds=1)) == 0
    assert revision not in publications(site)
    with site() as session:
        assert campaign_statuses(session)[NAME].documents[LETTER].pending is Status.SCHEDULED
        assert reviews.reviews_for(session, person(session, "karim")) == []
    gate = threading.Barrier(3)

    def work() -> int:
        gate.wait()
        return carry_out(site, THEN)

    with ThreadPoolExecutor(3) as pool:
        assert sorted(one.result() for one in [pool.submit(work) for _ in range(3)]) == [0, 0, 1]
    assert publications(site).count(revision) == 1
    with site() as session:
        assert session.scalars(select(Schedule.outcome)).all() == ["published"]


def test_a_crash_before_the_end_leaves_it_for_the_next_turn(site: Sessions) -> None:
    revision = scheduled(site)
    with site() as session:
        assert publication.publish_scheduled(session, now=THEN) == 1
        session.rollback()  # as where the process dies before it commits
    assert revision not in publications(site)
    assert carry_out(site, THEN) == 1


def test_whatever_is_published_meanwhile_keeps_it_from_being_published_and_people_are_told(site: Sessions) -> None:
    revision = scheduled(site)
    with site.begin() as session:
        other = requested(session, document="campaign")
        publication.publish(session, NAME, [other.id], by=person(session, "karim"), now=NOW)
    assert carry_out(site, THEN) == 0
    assert revision not in publications(site)
    with site() as session:
        [entry] = [one for one in reviews.conversation_of(session, revision) if one.kind == "refused"]
        assert Refusal(entry.text) is Refusal.MOVED
        told = session.scalars(select(Message.ref).where(Message.kind == StaffEmail.REVIEW)).all()
        assert {f"{entry.act_id}:{person(session, name).id}" for name in ("maude", "karim")} <= set(told)


@pytest.mark.parametrize("closed", ["maude", "karim"])
def test_only_who_agreed_must_still_be_here(site: Sessions, closed: str) -> None:
    scheduled(site)
    with site.begin() as session:
        person(session, closed).active = False
    assert carry_out(site, THEN) == (closed == "maude")


def test_a_cancelled_one_is_in_review_again(site: Sessions) -> None:
    revision = scheduled(site)
    with site.begin() as session:
        [one] = publication.schedules(session, NAME)
        karim = person(session, "karim")
        assert publication.cancel_schedule(session, one, by=karim, now=NOW)
        assert not publication.cancel_schedule(session, one, by=karim, now=NOW)
        assert [one.revision_id for one in reviews.reviews_for(session, karim)] == [revision]
    assert carry_out(site, THEN) == 0


def test_nobody_schedules_what_they_may_not_publish(site: Sessions) -> None:
    with site.begin() as session:
        made = requested(session)
        with pytest.raises(NotAllowed) as refused:
            publication.schedule(session, NAME, [made.id], at=THEN, by=person(session, "maude"), now=NOW)
        assert refused.value.code is Refusal.NOT_YOURS
        assert session.scalar(select(func.count(Schedule.id))) == 0
