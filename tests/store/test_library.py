"""Letters go into the database as revisions that never change, and come back byte for byte."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_folder import CampaignFolder, digest, read_folder, write_folder
from advocacy.campaigns.library import (
    NoSuchTemplate,
    SkippedDocument,
    find_template,
    import_folder,
    import_shipped,
    publish,
    readable_folder,
    revise,
    stored_folder,
    stored_folders,
)
from advocacy.campaigns.models import Author, Document, Revision, RevisionFile, RevisionIsImmutable
from advocacy.database import make_engine, make_sessions
from tests.campaign_files import CAMPAIGN, LETTER, LETTER_TOML, NAME, SENTENCES, campaign, changed
from tests.databases import both_databases

Sessions = sessionmaker[Session]
SAFETY = """\
[content_notice]
status = "ours"
words = { en = "Libraries can be loud.", fr = "Une bibliothèque peut être bruyante." }
"""
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHORTER = changed(f"{LETTER}/letter.toml", "I ask you", "I urge you")
FIRST = ["campaign 1", "findings 1", "sentences 1", f"{LETTER} 1"]
"""What the first import of the campaign makes."""
SECOND = {"second/letter.toml": LETTER_TOML}


def imported(sessions: Sessions, folder: CampaignFolder, **options: object) -> list[str]:
    """Import and name the revisions made."""
    with sessions.begin() as session:
        made = import_folder(session, folder, now=NOW, **options)  # type: ignore[arg-type]
        return [f"{revision.document.name} {revision.number} {revision.author}" for revision in made]


def shipped(sessions: Sessions, *folders: CampaignFolder) -> list[SkippedDocument]:
    with sessions.begin() as session:
        return list(import_shipped(session, folders, now=NOW))


def stored(sessions: Sessions, name: str = NAME) -> CampaignFolder:
    with sessions() as session:
        return stored_folder(session, name)


def revisions(sessions: Sessions) -> list[str]:
    with sessions() as session:
        rows = session.execute(select(Document.name, Revision.number, Revision.author).join(Revision.document))
        return sorted(f"{name} {number} {author}" for name, number, author in rows)


# --- import


def test_an_import_makes_one_revision_of_each_document_with_both_languages_together(sessions: Sessions) -> None:
    assert imported(sessions, campaign()) == [f"{one} site" for one in FIRST]
    with sessions() as session:
        letter = session.scalars(select(Revision).join(Revision.document).where(Document.name == LETTER)).one()
        assert [file.name for file in letter.files] == [f"{LETTER}/letter.toml"]
        assert letter.digest == digest({file.name: file.content for file in letter.files})
        assert letter.made_at == NOW


def test_the_same_content_makes_no_new_revision(sessions: Sessions) -> None:
    imported(sessions, campaign())
    assert imported(sessions, campaign()) == []


def test_a_change_makes_a_revision_of_its_document_alone(sessions: Sessions) -> None:
    imported(sessions, campaign())
    assert imported(sessions, SHORTER) == [f"{LETTER} 2 site"]
    with sessions() as session:
        kept = session.execute(select(RevisionFile.name, func.count()).group_by(RevisionFile.name)).all()
    assert sorted(map(tuple, kept)) == [
        ("campaign.toml", 1),
        ("findings.toml", 1),
        ("sentences.toml", 1),
        (f"{LETTER}/letter.toml", 2),
    ]


def test_going_back_to_an_earlier_content_is_a_new_revision(sessions: Sessions) -> None:
    for folder in (campaign(), SHORTER, campaign()):
        imported(sessions, folder)
    assert revisions(sessions)[3:] == [f"{LETTER} {number} site" for number in (1, 2, 3)]
    assert stored(sessions) == campaign()


def test_a_letter_that_a_folder_lacks_stays_as_it_is(sessions: Sessions) -> None:
    imported(sessions, campaign(SECOND))
    assert imported(sessions, campaign({"campaign.toml": f"{CAMPAIGN}# changed\n"})) == ["campaign 2 site"]
    assert stored(sessions) == campaign({**SECOND, "campaign.toml": f"{CAMPAIGN}# changed\n"})


def test_a_file_that_a_document_lacks_is_gone_from_its_new_revision(sessions: Sessions) -> None:
    imported(sessions, campaign({f"{LETTER}/more.md": "# Ja"}))
    imported(sessions, campaign())
    assert stored(sessions) == campaign()


def test_the_safety_file_is_a_document_that_comes_back_byte_for_byte(sessions: Sessions) -> None:
    whole = campaign({"safety.toml": SAFETY})
    imported(sessions, campaign())
    assert imported(sessions, whole) == ["safety 1 site"]
    assert stored(sessions) == whole
    assert imported(sessions, campaign({"safety.toml": ""})) == ["safety 2 site"]
    assert dict(stored(sessions).files)["safety.toml"] == b""
    assert imported(sessions, campaign()) == [], "a document that a folder lacks stays as it is"


def test_a_safety_file_that_ships_later_is_taken_into_a_campaign_the_site_changed(sessions: Sessions) -> None:
    shipped(sessions, campaign())
    imported(sessions, SHORTER)
    shipped(sessions, campaign({"safety.toml": SAFETY}))
    assert dict(stored(sessions).files)["safety.toml"] == SAFETY.encode()


# --- revisions are written once


def _change_digest(session: Session, revision: Revision) -> None:
    revision.digest = "0" * 64


def _change_file(session: Session, revision: Revision) -> None:
    revision.files[0].content = b"other"


def _add_file(session: Session, revision: Revision) -> None:
    revision.files.append(RevisionFile(name="more.md", content=b""))


def _take_file(session: Session, revision: Revision) -> None:
    revision.files.pop()


def _delete_revision(session: Session, revision: Revision) -> None:
    session.delete(revision)


def _delete_file(session: Session, revision: Revision) -> None:
    session.delete(revision.files[0])


def _update_all(session: Session, revision: Revision) -> None:
    session.execute(update(Revision).values(author=Author.SITE))


def _delete_all(session: Session, revision: Revision) -> None:
    session.execute(delete(RevisionFile))


@pytest.mark.parametrize(
    "change",
    [
        _change_digest,
        _change_file,
        _add_file,
        _take_file,
        _delete_revision,
        _delete_file,
        _update_all,
        _delete_all,
    ],
)
def test_a_revision_is_never_changed(sessions: Sessions, change: Callable[[Session, Revision], None]) -> None:
    imported(sessions, campaign())
    with pytest.raises(RevisionIsImmutable, match="add a new revision instead"), sessions.begin() as session:
        change(session, session.scalars(select(Revision)).first())  # type: ignore[arg-type]
    assert stored(sessions) == campaign()


def test_a_document_with_revisions_is_not_deleted(sessions: Sessions) -> None:
    imported(sessions, campaign())
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.delete(session.scalars(select(Document)).first())


# --- export


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no final newline",
        b"\r\n\r\nCRLF\r\n",
        b"old Mac\rlines\r",
        "\ufeff# BOM".encode(),
        "« Été\u00a0» œ — 😀\n".encode(),
        b"\xff\x00 not text \x1a",
        b"# a comment\n\n\nb = 1 # before\na = 2\n   \t\n",
    ],
)
def test_every_file_comes_back_byte_for_byte(sessions: Sessions, tmp_path: Path, content: bytes) -> None:
    folder = campaign({"campaign.toml": content, f"{LETTER}/letter.toml": content, "zz-last/letter.toml": content})
    imported(sessions, folder)
    write_folder(stored(sessions), tmp_path)
    assert stored(sessions) == folder
    assert read_folder(tmp_path / NAME) == folder


def test_all_campaigns_are_given_by_name(sessions: Sessions) -> None:
    for name in ("zebra", "apple"):
        imported(sessions, campaign(name=name))
    with sessions() as session:
        assert list(stored_folders(session)) == [campaign(name="apple"), campaign(name="zebra")]


# --- templates


def test_a_letter_is_found_as_it_stands_now(sessions: Sessions) -> None:
    imported(sessions, campaign())
    imported(sessions, SHORTER)
    with sessions() as session:
        template = find_template(session, f"{NAME}/{LETTER}")
    assert template is SHORTER.template(LETTER)


@pytest.mark.parametrize(
    "path", ["", NAME, f"{NAME}/", f"{NAME}/other", f"other/{LETTER}", f"{NAME}/campaign", "a/b/c"]
)
def test_a_letter_that_does_not_exist_is_answered_with_those_that_do(sessions: Sessions, path: str) -> None:
    imported(sessions, campaign(SECOND))
    with sessions() as session, pytest.raises(NoSuchTemplate) as missing:
        find_template(session, path)
    assert missing.value.known == [f"{NAME}/second", f"{NAME}/{LETTER}"]
    assert str(missing.value) == f"there is no letter “{path}”; there are {NAME}/second, {NAME}/{LETTER}"


def test_an_empty_database_says_that_there_are_no_letters_yet(sessions: Sessions) -> None:
    with sessions() as session, pytest.raises(NoSuchTemplate, match="there are none yet"):
        find_template(session, "a/b")


# --- what ships with the software


def test_a_later_start_changes_nothing(sessions: Sessions) -> None:
    shipped(sessions, campaign())
    assert shipped(sessions, campaign()) == []
    assert len(revisions(sessions)) == len(FIRST)


def test_a_newer_version_s_files_follow_where_the_site_has_none_of_its_own(sessions: Sessions) -> None:
    shipped(sessions, campaign())
    assert shipped(sessions, SHORTER) == []
    assert stored(sessions) == SHORTER
    assert revisions(sessions)[3:] == [f"{LETTER} 1 shipped", f"{LETTER} 2 shipped"]


def test_a_site_that_has_moved_past_what_ships_is_left_in_peace(sessions: Sessions) -> None:
    shipped(sessions, campaign())
    imported(sessions, SHORTER)
    assert shipped(sessions, campaign()) == []
    assert stored(sessions) == SHORTER


def test_newer_files_than_those_a_site_has_moved_past_are_left_and_said(sessions: Sessions) -> None:
    newer = campaign(
        {f"{LETTER}/letter.toml": LETTER_TOML.replace("Please tell", "Kindly tell"), "findings.toml": None}
    )
    shipped(sessions, campaign())
    imported(sessions, SHORTER)
    (kept,) = shipped(sessions, newer)
    assert kept == SkippedDocument(NAME, LETTER, 2)
    assert str(kept) == (
        f"{NAME}/{LETTER}: this site's campaign stays as it is, as the files that ship with this version would replace "
        "its own revision 2; to take them, put them into an exported copy and import that"
    )
    assert stored(sessions) == SHORTER


def test_other_documents_follow_while_one_is_the_site_s_own(sessions: Sessions) -> None:
    shipped(sessions, campaign())
    imported(sessions, SHORTER)
    renewed = f"{CAMPAIGN}# renewed\n"
    assert shipped(sessions, campaign({"campaign.toml": renewed})) == []
    assert stored(sessions) == campaign(
        {"campaign.toml": renewed, f"{LETTER}/letter.toml": SHORTER.content(f"{LETTER}/letter.toml")}
    )


def test_a_site_that_comes_to_the_same_words_is_not_told_of_them(sessions: Sessions) -> None:
    shipped(sessions, campaign())
    imported(sessions, SHORTER)
    assert shipped(sessions, SHORTER) == []
    assert len(revisions(sessions)) == len(FIRST) + 1


def test_a_site_that_takes_the_shipped_files_back_follows_them_again(sessions: Sessions) -> None:
    ours, newest = campaign(), changed(f"{LETTER}/letter.toml", "I ask you", "May I ask you")
    digests = {digest(files) for files in ours.documents().values()}
    shipped(sessions, ours)
    imported(sessions, SHORTER)
    assert imported(sessions, ours, shipped=digests) == [f"{LETTER} 3 shipped"]
    assert shipped(sessions, newest) == []
    assert stored(sessions) == newest


def test_a_letter_that_no_longer_ships_stays(sessions: Sessions) -> None:
    shipped(sessions, campaign(SECOND))
    assert shipped(sessions, campaign()) == []
    assert stored(sessions) == campaign(SECOND)


def test_shipped_files_that_do_not_fit_the_site_s_own_are_left_and_said(sessions: Sessions) -> None:
    def with_list(key: str) -> Mapping[str, str]:
        return {
            "sentences.toml": SENTENCES.replace("choices.role", f"choices.{key}"),
            f"{LETTER}/letter.toml": LETTER_TOML.replace('choices = "role"', f'choices = "{key}"'),
        }

    site = campaign({**with_list("role"), "sentences.toml": f"{SENTENCES}# ours\n"})
    shipped(sessions, campaign(with_list("role")))
    imported(sessions, site)
    kept = shipped(sessions, campaign({**with_list("part"), "third/letter.toml": "broken"}))
    assert kept == [
        SkippedDocument(NAME, "sentences", 2),
        SkippedDocument(NAME, LETTER, None),
        SkippedDocument(NAME, "third", None),
    ]
    assert "as the files that ship with this version do not fit it; to take them" in str(kept[1])
    assert stored(sessions) == site


def test_a_site_s_own_campaign_has_nothing_to_do_with_what_ships(sessions: Sessions) -> None:
    imported(sessions, campaign(name="our-own"))
    assert shipped(sessions, campaign()) == []
    assert stored(sessions, "our-own") == campaign(name="our-own")


# --- two at once


def at_once(database_url: str, acts: list[Callable[[Session], object]]) -> list[BaseException]:
    """Run each act in a transaction of its own connection, all at the same moment; give what failed."""
    start, failures = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[Session], object]) -> None:
        engine = make_engine(database_url)
        try:
            start.wait()
            with make_sessions(engine).begin() as session:
                act(session)
        except BaseException as failure:
            failures.append(failure)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_two_first_starts_at_once_take_what_ships_once(sessions: Sessions, store_url: str) -> None:
    assert at_once(store_url, [lambda session: import_shipped(session, [campaign()], now=NOW)] * 4) == []
    assert revisions(sessions) == [f"{one} shipped" for one in FIRST]


def test_two_imports_at_once_make_one_revision_after_the_other(sessions: Sessions, store_url: str) -> None:
    imported(sessions, campaign())
    folders = [
        changed(f"{LETTER}/letter.toml", "I ask you", f"I ask you {word}") for word in ("now", "today", "again", "too")
    ]
    assert at_once(store_url, [partial(import_folder, folder=folder, now=NOW) for folder in folders]) == []
    assert revisions(sessions)[3:] == [f"{LETTER} {number} site" for number in range(1, 6)]
    assert stored(sessions) in folders


@both_databases
def test_an_import_that_waited_sees_what_was_imported_meanwhile(sessions: Sessions, store_url: str) -> None:
    assert at_once(store_url, [lambda session: import_folder(session, campaign(), now=NOW)] * 3) == []
    assert len(revisions(sessions)) == len(FIRST)


def test_letters_are_read_while_an_import_is_under_way(sessions: Sessions, store_url: str) -> None:
    imported(sessions, campaign())
    with sessions.begin() as session:
        import_folder(session, SHORTER, now=NOW)
        assert stored(sessions) == campaign()
    assert stored(sessions) == SHORTER


def test_a_campaign_that_was_never_live_is_read_as_it_was_saved_last(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for document, files in campaign().documents().items():
            for content in (b"old", None):
                held = {name: content or text for name, text in files.items()}
                made = revise(session, NAME, document, files=held, author=Author.SITE, now=NOW)
        assert readable_folder(session, NAME) == campaign()
        publish(session, made, now=NOW)
        live = made.document.name
        read = readable_folder(session, NAME).documents()
        assert set(read) == {"campaign", "findings", "sentences", live}
        newer = dict.fromkeys(campaign().documents()[live], b"newer")
        revise(session, NAME, live, files=newer, author=Author.SITE, now=NOW)
        assert readable_folder(session, NAME).documents() == read
