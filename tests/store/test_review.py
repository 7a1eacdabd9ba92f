"""Who is shown what waits, what was sent back, and what was said of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_folder, stored_folder
from advocacy.campaigns.models import Document, Revision
from advocacy.language import Language
from advocacy.staff import publication, reviews, revisions
from advocacy.staff.models import Account, Role
from advocacy.staff.publication_status import Status, campaign_statuses
from tests.campaign_files import LETTER, NAME, campaign, with_section

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A small campaign that is live, with two writers and two publishers."""
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        roles = {"maude": Role.WRITER, "paul": Role.WRITER, "karim": Role.PUBLISHER, "ines": Role.PUBLISHER}
        for name, role in roles.items():
            session.add(Account(email=f"{name}@example.ca", name=name, role=role, language=Language.FR, created_at=NOW))
    return sessions


def person(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.name == name)).one()


def saved(session: Session, word: str, by: str = "maude") -> Revision:
    files = dict(stored_folder(session, NAME).documents()[LETTER])
    files[f"{LETTER}/letter.toml"] = with_section("more", "One more word.", f"{word} de plus.").encode()
    return revisions.save(session, NAME, LETTER, files=files, by=person(session, by), now=NOW)


def requested(session: Session, word: str = "Un mot", by: str = "maude") -> Revision:
    revision = saved(session, word, by)
    publication.request_review(session, [revision], by=person(session, by), now=NOW)
    return revision


def test_a_publisher_is_shown_what_others_sent_for_review(site: Sessions) -> None:
    with site.begin() as session:
        revision = requested(session)
        [request] = reviews.reviews_for(session, person(session, "karim"))
        assert (request.document, request.name, request.revision_id) == (LETTER, "maude", revision.id)
        assert reviews.reviews_for(session, person(session, "paul")) == []
        assert campaign_statuses(session)[NAME].documents[LETTER].status is Status.LIVE
        assert campaign_statuses(session)[NAME].pending is Status.IN_REVIEW


def test_a_publisher_is_not_shown_their_own_work(site: Sessions) -> None:
    with site.begin() as session:
        requested(session, by="karim")
        assert reviews.reviews_for(session, person(session, "karim")) == []
        assert len(reviews.reviews_for(session, person(session, "ines"))) == 1


def test_what_was_sent_back_waits_for_its_writer_until_it_is_saved_again(site: Sessions) -> None:
    with site.begin() as session:
        revision = requested(session)
        publication.ask_for_changes(session, [revision], by=person(session, "karim"), now=NOW, note="Plus court")
        document = session.scalars(select(Document).where(Document.name == LETTER)).one()
        maude = person(session, "maude")
        assert [one.text for one in reviews.changes_asked_of(session, maude)] == ["Plus court"]
        assert reviews.changes_asked_of(session, person(session, "paul")) == []
        assert reviews.reviews_for(session, person(session, "ines")) == []
        assert campaign_statuses(session)[NAME].documents[LETTER].pending is Status.CHANGES_ASKED

        saved(session, "Un autre mot")
        assert reviews.changes_asked_of(session, maude) == []
        answer = reviews.open_change_request(session, document, maude)
        assert answer
        assert (answer.name, answer.text) == ("karim", "Plus court")
