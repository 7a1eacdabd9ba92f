"""A letter has one draft, kept by one save at a time, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_folder import LETTER as LETTER_FILE
from advocacy.campaigns.documents import find_document
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.models import Document
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedMeanwhile, Version
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


def keep(sessions: Sessions, words: str, draft: int, *, by: int = 1, revision: int | None = None) -> int:
    """Keep a draft of the letter, and give its version."""
    with immediate(sessions) as session:
        document = the_letter(session)
        version = Version(revision or drafts.version_of(session, document).revision, draft)
        return drafts.save(session, document, content=words, by=by, version=version, now=NOW).version


def test_every_save_is_a_version_and_an_older_one_is_refused(writers: Sessions) -> None:
    assert [keep(writers, "one", 0), keep(writers, "two", 1, by=2)] == [1, 2]
    for stale in (0, 1, 3):
        with pytest.raises(SavedMeanwhile):
            keep(writers, "stale", stale)
    with pytest.raises(SavedMeanwhile):
        keep(writers, "stale", 2, revision=999)
    with writers() as session:
        draft = drafts.draft_of(session, the_letter(session))
        assert draft
        assert (draft.version, draft.content, draft.writers) == (2, "two", [1, 2])
        assert drafts.last_saved(session, the_letter(session)) == ("Ines", NOW)
        assert drafts.folder_with_draft(session, the_letter(session)).text(FILE) == "two"


@pytest.mark.parametrize("version", [0, 1])
def test_of_many_pages_at_once_one_alone_is_kept(writers: Sessions, version: int) -> None:
    if version:
        keep(writers, "first", 0)

    def page(number: int) -> bool:
        try:
            keep(writers, f"page {number}", version)
        except SavedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(page, range(4))) == 1


def test_a_revision_of_a_draft_has_all_who_saved_it_as_writers(writers: Sessions) -> None:
    text = campaign().text(FILE)
    keep(writers, text.replace("Sunday hours", "Hours"), 0, by=1)
    keep(writers, text.replace("Sunday hours", "Sundays"), 1, by=2)
    with immediate(writers) as session:
        draft = drafts.draft_of(session, the_letter(session))
        assert draft
        made = drafts.make_revision(session, draft, by=session.get_one(Account, 2), now=NOW)
        number = made.number
    with writers() as session:
        assert drafts.draft_of(session, the_letter(session)) is None
        assert {*session.scalars(select(Authorship.account_id))} == {1, 2}
        assert drafts.version_of(session, the_letter(session)).draft == 0
        assert number == 3


@pytest.mark.parametrize("text", ["", "1", "1.2.3", "a.1"])
def test_a_version_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"int|unpack"):
        Version.read(text)
