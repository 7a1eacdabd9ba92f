"""A draft is kept by one save at a time, on both databases, and the letters' list knows where each stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.documents import find_document, newest_id
from advocacy.campaigns.editor.editor_letter import DraftContent
from advocacy.campaigns.library import import_folder
from advocacy.database import immediate
from advocacy.language import Language
from advocacy.staff import drafts
from advocacy.staff.drafts import SavedMeanwhile
from advocacy.staff.models import Account, Role
from tests.campaign_files import LETTER, NAME, campaign
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


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


def keep(sessions: Sessions, words: str, version: int, *, by: int = 1) -> int:
    """Keep a draft of the letter, and give its version."""
    with immediate(sessions) as session:
        document = find_document(session, NAME, LETTER)
        assert document
        over = newest_id(session, document)
        typed = DraftContent({f"{LETTER}/en.md": words}, None)
        return drafts.save(session, document, by, typed=typed, version=version, over=over, now=NOW).version


@both_databases
def test_every_save_is_a_version_and_an_older_one_is_refused(writers: Sessions) -> None:
    assert [keep(writers, "one", 0), keep(writers, "two", 1)] == [1, 2]
    for stale in (0, 1, 3):
        with pytest.raises(SavedMeanwhile) as refused:
            keep(writers, "stale", stale)
        assert refused.value.draft
    with writers() as session:
        document = find_document(session, NAME, LETTER)
        assert document
        kept = drafts.own_draft(session, document, 1)
        assert kept
        assert (kept.version, kept.files) == (2, {f"{LETTER}/en.md": "two"})


@both_databases
@pytest.mark.parametrize("version", [0, 1])
def test_of_many_tabs_at_once_one_alone_is_kept(writers: Sessions, version: int) -> None:
    if version:
        keep(writers, "first", 0)

    def tab(number: int) -> bool:
        try:
            keep(writers, f"tab {number}", version)
        except SavedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tab, range(4))) == 1


@both_databases
def test_two_people_have_a_draft_each(writers: Sessions) -> None:
    keep(writers, "of Maude", 0, by=1)
    keep(writers, "of Ines", 0, by=2)
    with writers() as session:
        document = find_document(session, NAME, LETTER)
        assert document
        mine = drafts.own_draft(session, document, 1)
        assert mine
        assert mine.files == {f"{LETTER}/en.md": "of Maude"}
        assert [draft.account.name for draft in drafts.drafts_of_others(session, document, 1)] == ["Ines"]


@both_databases
def test_what_was_replaced_is_brought_back_and_replaced_again(writers: Sessions) -> None:
    keep(writers, "of Maude", 0)
    with immediate(writers) as session:
        document = find_document(session, NAME, LETTER)
        assert document
        draft = drafts.own_draft(session, document, 1)
        assert draft
        drafts.replace(draft, DraftContent({f"{LETTER}/en.md": "theirs"}), "take")
        assert (drafts.undo(draft), draft.files) == ("take", {f"{LETTER}/en.md": "of Maude"})
        assert (drafts.redo(draft), draft.files) == ("take", {f"{LETTER}/en.md": "theirs"})
        assert (drafts.redo(draft), drafts.undo(draft)) == ("", "take")
    with writers() as session:
        kept = drafts.own_draft(session, document, 1)
        assert kept
        assert (kept.files, kept.version) == ({f"{LETTER}/en.md": "of Maude"}, 5)


@both_databases
def test_a_discarded_draft_is_nobodys_news_until_it_is_restored(writers: Sessions) -> None:
    keep(writers, "of Maude", 0)
    for discarded in (True, False):
        with immediate(writers) as session:
            document = find_document(session, NAME, LETTER)
            assert document
            draft = drafts.own_draft(session, document, 1)
            assert draft
            if discarded:
                drafts.discard(draft, newest_id(session, document), {f"{LETTER}/en.md": "saved"})
            else:
                drafts.undo(draft)
        with writers() as session:
            assert bool(drafts.drafts_of_others(session, document, 2)) is not discarded


@both_databases
def test_no_more_acts_are_remembered_than_are_needed(writers: Sessions) -> None:
    keep(writers, "of Maude", 0)
    with immediate(writers) as session:
        document = find_document(session, NAME, LETTER)
        assert document
        draft = drafts.own_draft(session, document, 1)
        assert draft
        for number in range(2 * drafts.MAX_STEPS):
            drafts.replace(draft, DraftContent({f"{LETTER}/en.md": f"text {number}"}), "move")
        assert len(draft.undo_steps) == drafts.MAX_STEPS
