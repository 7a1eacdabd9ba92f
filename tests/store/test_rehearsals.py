"""A campaign that has to be rehearsed is published once a rehearsal of these very revisions has passed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_folder, stored_folder
from advocacy.campaigns.models import Revision
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import publication, rehearsals, revisions
from advocacy.staff.models import Account, AuditEntry, Rehearsal, Role
from advocacy.staff.publication import NotAllowed, Refusal
from advocacy.staff.rehearsals import MAX_STORED
from tests.campaign_files import LETTER, NAME, campaign

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A small campaign that is live, and a change of a letter that is in review."""
    with immediate(sessions) as session:
        import_folder(session, campaign(), now=NOW)
        for name, role in {"maude": Role.WRITER, "karim": Role.PUBLISHER, "manon": Role.MANAGER}.items():
            session.add(Account(email=f"{name}@example.ca", name=name, role=role, language=Language.FR, created_at=NOW))
        session.flush()
        save(session, b"Sunday", b"Sundays")
    return sessions


def save(session: Session, old: bytes, new: bytes) -> Revision:
    files = {name: text.replace(old, new) for name, text in stored_folder(session, NAME).documents()[LETTER].items()}
    made = revisions.save(session, NAME, LETTER, files=files, by=person(session, "maude"), now=NOW)
    publication.request_review(session, [made], by=person(session, "maude"), now=NOW)
    return made


def person(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.email == f"{name}@example.ca")).one()


def waiting(session: Session) -> list[Revision]:
    return list(publication.to_publish(session, NAME))


def rehearsed(session: Session, ids: list[int], *, letters: int = 100, passed: bool = True) -> None:
    report: dict[str, Any] = {"wanted": letters, "passed": passed, "revisions": {str(one): one for one in ids}}
    rehearsals.store(session, NAME, report, by=None, now=NOW)


def refusal(session: Session) -> Refusal | None:
    found = publication.publication_refusal(session, waiting(session), person(session, "karim"))
    return found.code if found else None


def test_a_campaign_wants_no_rehearsal_unless_a_manager_says_so(site: Sessions) -> None:
    with immediate(site) as session:
        assert rehearsals.required_letters(session, NAME) == 0
        assert refusal(session) is None
        manon = person(session, "manon")
        assert rehearsals.set_required_letters(session, NAME, 100, by=manon, now=NOW)
        assert not rehearsals.set_required_letters(session, NAME, 100, by=manon, now=NOW)
        assert refusal(session) is Refusal.NOT_REHEARSED
        assert publication.options(session, waiting(session), person(session, "karim")).may_return
        rule = session.scalars(select(AuditEntry).where(AuditEntry.act == "rule-changed")).one()
        assert (rule.before, rule.after) == ({"rehearsal_letters": 0}, {"rehearsal_letters": 100})


def test_other_rules_stay_as_they_are(site: Sessions) -> None:
    with immediate(site) as session:
        manon = person(session, "manon")
        publication.set_one_person_rule(session, NAME, True, by=manon, now=NOW)
        rehearsals.set_required_letters(session, NAME, 100, by=manon, now=NOW)
        assert publication.one_person_rule(session, NAME)
        publication.set_one_person_rule(session, NAME, False, by=manon, now=NOW)
        assert rehearsals.required_letters(session, NAME) == 100


@pytest.mark.parametrize(
    ("letters", "passed", "is_enough"), [(100, True, True), (1000, True, True), (99, True, False), (100, False, False)]
)
def test_a_rehearsal_of_these_revisions_that_passed_lets_them_be_published(
    site: Sessions, *, letters: int, passed: bool, is_enough: bool
) -> None:
    with immediate(site) as session:
        rehearsals.set_required_letters(session, NAME, 100, by=person(session, "manon"), now=NOW)
        after = rehearsals.revisions_after(session, NAME, waiting(session))
        rehearsed(session, list(after), letters=letters, passed=passed)
        assert refusal(session) is (None if is_enough else Refusal.NOT_REHEARSED)


def test_a_rehearsal_of_what_is_live_or_of_an_earlier_revision_does_not_count(site: Sessions) -> None:
    with immediate(site) as session:
        rehearsals.set_required_letters(session, NAME, 100, by=person(session, "manon"), now=NOW)
        rehearsed(session, list(rehearsals.revisions_after(session, NAME, [])))
        assert refusal(session) is Refusal.NOT_REHEARSED
        rehearsed(session, list(rehearsals.revisions_after(session, NAME, waiting(session))))
        assert refusal(session) is None
        save(session, b"libraries", b"the libraries")
        assert refusal(session) is Refusal.NOT_REHEARSED
        ids = [one.id for one in waiting(session)]
        with pytest.raises(NotAllowed):
            publication.publish(session, NAME, ids, by=person(session, "karim"), now=NOW)


def test_a_publication_that_is_scheduled_is_refused_as_well(site: Sessions) -> None:
    with immediate(site) as session:
        ids = [one.id for one in waiting(session)]
        publication.schedule(session, NAME, ids, at=NOW, by=person(session, "karim"), now=NOW)
        rehearsals.set_required_letters(session, NAME, 100, by=person(session, "manon"), now=NOW)
        assert publication.publish_scheduled(session, now=NOW) == 0
        assert publication.schedules(session, NAME) == []


def test_the_newest_rehearsals_are_stored(site: Sessions) -> None:
    with immediate(site) as session:
        for number in range(MAX_STORED + 2):
            rehearsed(session, [1], letters=number + 1)
        assert [one.letters for one in rehearsals.stored_rehearsals(session, NAME)] == [*range(MAX_STORED + 2, 2, -1)]
        assert rehearsals.store(session, "gone", {}, by=None, now=NOW) is None
        assert session.scalars(select(Rehearsal.account_id)).first() is None
