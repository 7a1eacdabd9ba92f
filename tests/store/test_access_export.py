"""What is stored about a citizen is handed out to them whole, and nothing of anybody else."""

import json
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy import personal_columns
from advocacy.cli.personal_data import export
from advocacy.database import Base
from advocacy.delivery.models import ProviderEvent
from advocacy.delivery.states import State
from advocacy.letters import access_export, encrypted_columns
from advocacy.letters.models import Answer, AnswerKind, OwnText, StoredLetter, Submission, Suppression
from advocacy.personal_columns import People
from advocacy.staff.models import AuditEntry
from scripts.data_map import models
from tests.citizens import (
    CAMPAIGN,
    EMAIL,
    KEYS,
    NAME,
    NOW,
    came_to,
    confirmed,
    mails_left,
    messages,
    sent_in,
    settle_in,
)

MONTH = timedelta(days=30)
OTHER = "another@example.ca"


@pytest.fixture
def confirmation_id(sessions: sessionmaker[Session]) -> str:
    """The receipt of two letters, one of which arrived; somebody else wrote too."""
    settle_in(sessions)
    asked = sent_in(sessions)
    sent_in(sessions, key="another", email=OTHER, name="Another Person")
    mails_left(sessions)
    receipt = confirmed(sessions, asked)
    assert receipt is not None
    with sessions.begin() as session:
        for message in (messages(session, "letter")[0], messages(session, "confirmation")[0]):
            if message.kind == "letter":
                came_to(session, message, State.ACCEPTED)
            session.add(
                ProviderEvent(
                    provider="sendgrid",
                    provider_event_id=f"report {message.id}",
                    public_id=message.public_id,
                    kind="delivered",
                    reported=State.DELIVERED,
                    at=NOW,
                    received_at=NOW,
                    raw={"event": "delivered"},
                )
            )
    return receipt


def of_receipt(sessions: sessionmaker[Session], confirmation_id: str) -> access_export.Data | None:
    with sessions() as session:
        return access_export.of_receipt(session, confirmation_id, now=NOW, retention=MONTH)


def test_it_is_whole_and_of_nobody_else(sessions: sessionmaker[Session], confirmation_id: str) -> None:
    data = of_receipt(sessions, confirmation_id)
    read = json.loads(json.dumps(data))
    assert read["email"] == EMAIL
    [request] = read["requests"]
    [submission] = request["submissions"]
    assert (submission["name"], submission["language"]) == (NAME, "fr")
    assert (submission["consent_text"], submission["consent_words"]) == ("1", None), "a version that is not known"
    assert [letter["letter"]["sender"]["name"] for letter in submission["letters"]] == [NAME, NAME]
    first, second = (letter["sending"] for letter in submission["letters"])
    assert [one["state"] for one in first["states"]] == ["ready", "sending", "accepted"]
    assert (second["state"], request["kept_until"]) == ("ready", None)
    assert not any(word in json.dumps(read) for word in (OTHER, "Another Person"))


def test_every_table_that_holds_something_to_hand_out_is_in_it(
    sessions: sessionmaker[Session], confirmation_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions.begin() as session:
        email_hash = encrypted_columns.mailbox_hashes(KEYS, EMAIL)[0]
        session.add(Suppression(campaign=CAMPAIGN, email_hash=email_hash, since=NOW))
        theirs = select(StoredLetter.id).join(StoredLetter.submission).where(Submission.mailbox_hash == email_hash)
        letter = session.scalars(theirs.limit(1)).one()
        session.add(Answer(letter_id=letter, kind=AnswerKind.ANSWERED, answered_on=NOW.date(), recorded_at=NOW))
        if session.get(OwnText, letter) is None:
            session.add(OwnText(letter_id=letter, legislator_id="office", kept_percent=50))
    exported = set()

    def export_row(row: Base) -> Mapping[str, Any]:
        exported.add(type(row))
        return personal_columns.export_row(row)

    monkeypatch.setattr(access_export, "export_row", export_row)
    assert of_receipt(sessions, confirmation_id)
    assert exported == {
        model
        for model in models()
        if personal_columns.contents_of(model).people is People.CITIZENS
        and any(declared.is_exported for _, declared in personal_columns.personal_columns(model))
    }


def test_what_is_settled_says_until_when_it_is_kept(sessions: sessionmaker[Session], confirmation_id: str) -> None:
    with sessions.begin() as session:
        came_to(session, messages(session, "letter")[1], State.BOUNCED)
    data = of_receipt(sessions, confirmation_id)
    assert data is not None
    assert data["requests"][0]["kept_until"] == (NOW + MONTH).isoformat()


def test_no_other_link_opens_it(sessions: sessionmaker[Session], confirmation_id: str) -> None:
    assert of_receipt(sessions, confirmation_id[:-1]) is None


def test_staff_hand_out_all_campaigns_and_what_waits(
    sessions: sessionmaker[Session], confirmation_id: str, tmp_path: Path
) -> None:
    assert confirmation_id
    settings = SimpleNamespace(retention_days=30)
    site = SimpleNamespace(sessions=sessions, keys=KEYS, now=lambda: NOW, settings=settings)
    file = tmp_path / "person.json"
    for email, requests in ((f" {OTHER.upper()}\n", 1), ("nobody@example.ca", 0)):
        answer = CliRunner().invoke(export, [str(file)], input=email, obj=site)
        assert (answer.exit_code, f": {requests}; " in answer.output) == (0, True), answer.output
        _typed, *written = answer.output.lower().splitlines()
        assert "another" not in " ".join(written)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        read = json.loads(file.read_text())
        assert len(read["requests"]) == requests
        assert NAME not in file.read_text()
    with sessions() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert [(entry.act, entry.subject) for entry in entries] == [("person-exported", "command line")] * 2
