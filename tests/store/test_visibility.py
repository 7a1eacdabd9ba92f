"""What is taken offline is gone for citizens at once, and what was archived or deleted is gone as far as it says."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_folder, stored_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Revision
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.language import Language
from advocacy.staff import reviews, revisions, visibility
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.staff.revisions import IsArchived
from advocacy.staff.visibility import WasPublished, allowed_verbs, apply_verb, delete_unpublished
from tests.campaign_files import LETTER, NAME, campaign

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A small campaign that is live, and a publisher."""
    with sessions.begin() as session:
        import_folder(session, campaign(), now=NOW)
        session.add(
            Account(email="k@example.ca", name="karim", role=Role.PUBLISHER, language=Language.FR, created_at=NOW)
        )
    return sessions


def karim(session: Session) -> Account:
    return session.scalars(select(Account)).one()


def letter(session: Session) -> Document:
    return session.scalars(select(Document).where(Document.name == LETTER)).one()


def test_a_letter_is_gone_at_once_where_its_campaign_was_read_before(site: Sessions) -> None:
    opened = OpenCampaigns()
    with site() as session:
        assert opened.get(session, NAME).letters  # type: ignore[union-attr]
    with site.begin() as session:
        assert apply_verb(session, letter(session), "offline", by=karim(session), now=NOW, reason="a wrong figure")
        assert not apply_verb(session, letter(session), "offline", by=karim(session), now=NOW, reason="a wrong figure")
    with site() as session:
        shown = opened.get(session, NAME)
        assert shown
        assert (dict(shown.letters), shown.is_online) == ({}, False)
        assert campaign_statuses(session)[NAME].documents[LETTER].status is Status.OFFLINE
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.TAKEN_OFFLINE)).one()
        assert entry.reason == "a wrong figure"
    with site.begin() as session:
        apply_verb(session, letter(session), "online", by=karim(session), now=NOW)
    with site() as session:
        assert opened.get(session, NAME).is_online  # type: ignore[union-attr]


def test_an_archived_letter_is_out_of_the_campaign_and_cannot_be_changed(site: Sessions) -> None:
    with site.begin() as session:
        apply_verb(session, letter(session), "archive", by=karim(session), now=NOW)
        assert stored_folder(session, NAME).letters() == []
        with pytest.raises(IsArchived):
            revisions.save(session, NAME, LETTER, files={f"{LETTER}/letter.toml": b"# x\n"}, by=karim(session), now=NOW)
        assert allowed_verbs(session, letter(session)) == ["restore"]
        apply_verb(session, letter(session), "restore", by=karim(session), now=NOW)
        assert stored_folder(session, NAME).letters() == [LETTER]


def test_an_archived_campaign_is_not_listed_and_its_address_still_knows_it(site: Sessions) -> None:
    opened = OpenCampaigns()
    with site.begin() as session:
        row = session.scalars(select(Campaign)).one()
        apply_verb(session, row, "archive", by=karim(session), now=NOW)
    with site() as session:
        assert opened.all(session) == []
        assert opened.get(session, NAME).availability is Availability.ARCHIVED  # type: ignore[union-attr]


def test_what_was_never_published_is_deleted_whole(site: Sessions) -> None:
    with site.begin() as session:
        by = karim(session)
        files = stored_folder(session, NAME).documents()
        for name in ("campaign", LETTER):
            made = revisions.save(session, "another", name, files=files[name], by=by, now=NOW)
        reviews.comment(session, made, text="Shorter", by=by, now=NOW)
        row = session.scalars(select(Campaign).where(Campaign.name == "another")).one()
        assert visibility.DELETE in allowed_verbs(session, row)
        delete_unpublished(session, row, by=by, now=NOW)
    with site() as session:
        assert session.scalars(select(Campaign.name)).all() == [NAME]
        assert {one.document.campaign.name for one in session.scalars(select(Revision))} == {NAME}


def test_what_was_published_is_not_deleted(site: Sessions) -> None:
    with site.begin() as session, pytest.raises(WasPublished):
        delete_unpublished(session, letter(session), by=karim(session), now=NOW)
