"""A letter has one draft."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from advocacy.campaigns.campaign_folder import LETTER as LETTER_FILE
from advocacy.campaigns.documents import find_document, newest_revision
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.models import Document
from advocacy.campaigns.toml_text import edit_toml
from advocacy.language import Language
from advocacy.staff import drafts, revisions
from advocacy.staff.models import Account, Authorship, Role
from tests.campaign_files import LETTER, NAME, campaign

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FILE = f"{LETTER}/{LETTER_FILE}"


@pytest.fixture
def writers(sessions: Sessions) -> Sessions:
    """A campaign, and two people who write."""
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        for name in ("Maude", "Ines"):
            session.add(
                Account(email=f"{name}@example.ca", name=name, role=Role.WRITER, language=Language.FR, created_at=NOW)
            )
    return sessions


def the_letter(session: Session) -> Document:
    document = find_document(session, NAME, LETTER)
    assert document
    return document


def keep(sessions: Sessions, words: str, *, by: int = 1) -> int:
    """Keep a draft of the letter, and give the letter's version."""
    with sessions.begin() as session:
        document = the_letter(session)
        drafts.save(session, document, content=words, by=by, now=NOW)
        return document.version


def test_every_save_is_a_version_of_the_letter_and_its_writer_is_known(writers: Sessions) -> None:
    first = keep(writers, "one")
    assert keep(writers, "two", by=2) == first + 1
    with writers() as session:
        draft = drafts.draft_of(session, the_letter(session))
        assert draft
        assert (draft.content, draft.writers) == ("two", [1, 2])
        assert drafts.last_saved(session, the_letter(session)) == ("Ines", NOW)
        assert drafts.folder_with_draft(session, the_letter(session)).text(FILE) == "two"


def test_of_two_who_read_the_same_version_one_alone_saves(writers: Sessions) -> None:
    keep(writers, "first")
    with writers() as older, writers.begin() as session:
        document = the_letter(older)
        drafts.save(session, the_letter(session), content="theirs", by=2, now=NOW)
        session.commit()
        with pytest.raises(StaleDataError):
            drafts.save(older, document, content="mine", by=1, now=NOW)


def test_a_draft_that_was_changed_as_its_letter_was_hides_nothing(writers: Sessions) -> None:
    text = campaign().text(FILE)
    keep(writers, text.replace("Sunday hours", "Hours"))
    with writers.begin() as session:
        document = the_letter(session)
        before = newest_revision(session, NAME, LETTER)
        assert before
        files = {FILE: edit_toml(text.encode(), {("place",): 20})}
        made = revisions.save(session, NAME, LETTER, files=files, by=session.get_one(Account, 1), now=NOW)
        draft = drafts.draft_of(session, document)
        assert draft
        assert drafts.hides_revision(session, draft)
        drafts.edit(session, {("place",): 20}, before=before, made=made)
        assert not drafts.hides_revision(session, draft)
        assert "place = 20" in draft.content


def test_a_revision_of_a_draft_has_all_who_saved_it_as_writers(writers: Sessions) -> None:
    text = campaign().text(FILE)
    keep(writers, text.replace("Sunday hours", "Hours"), by=1)
    keep(writers, text.replace("Sunday hours", "Sundays"), by=2)
    with writers.begin() as session:
        draft = drafts.draft_of(session, the_letter(session))
        assert draft
        made = drafts.make_revision(session, draft, by=session.get_one(Account, 2), now=NOW)
        number = made.number
    with writers() as session:
        assert drafts.draft_of(session, the_letter(session)) is None
        assert {*session.scalars(select(Authorship.account_id))} == {1, 2}
        assert number == 3
