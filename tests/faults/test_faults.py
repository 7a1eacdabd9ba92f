"""The short form: every fault at a small scale through SendGrid; on PostgreSQL and by mail, those that differ there."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from tests.conftest import DatabaseAt
from tests.databases import Beginning, Files
from tests.faults.faults import PLAN, Form, go_through
from tests.faults.opening import opened
from tests.faults.place import NAME, Trial
from tests.faults.proof import prove
from tests.faults.sinks import SendgridSink, Sink, SmtpSink

SEED = 25_11


pytestmark = pytest.mark.loopback


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)], indirect=True)
def test_through_sendgrid_no_letter_is_lost_or_doubled(tmp_path: Path, database: str, database_at: DatabaseAt) -> None:
    form: Form = "short" if database == "sqlite" else "elsewhere"
    break_everything(tmp_path, database_at(Beginning.SITE), SendgridSink(tmp_path), form=form)


def test_through_a_mail_server_no_letter_is_lost_or_doubled(tmp_path: Path, filled_files: Files) -> None:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    break_everything(tmp_path, url, SmtpSink(tmp_path), form="elsewhere")


def break_everything(folder: Path, database_url: str, sink: Sink, *, form: Form) -> None:
    with opened(folder, database_url, sink, seed=SEED) as place:
        rows = list(go_through(place, form))
        assert place.unconfirmed() > 0
    assert {row.name: row.proof.wrong for row in rows if row.proof.wrong} == {}
    assert len(rows) == sum(planned.times(form, reports=sink.reports) > 0 for planned in PLAN)


def test_what_is_wrong_is_seen(tmp_path: Path, filled_files: Files) -> None:
    sink = SendgridSink(tmp_path)
    with opened(tmp_path, filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE), sink, seed=SEED) as place:
        once, never = place.letters(2)
        with place.runtime.sessions.begin() as session:
            session.execute(update(Message).where(Message.public_id == never).values(state=State.DELIVERED))
        place.settle()
        sink.journal.write_text(
            sink.journal.read_text() + "".join(f'{{"id": "{id_}"}}\n' for id_ in (once, "nobody’s"))
        )
        (tmp_path / "spoken.log").write_text(f"{NAME} wrote")
        wrong = prove(place, Trial(0, most_copies=1), after=0).wrong
    seen = [re.sub(r"message \d+", "message", one) for one in wrong]
    assert seen == [
        "nobody’s left and nobody put it",
        "message is delivered after ready",
        "message (letter) has 2 copies, is accepted",
        "message (letter) has 0 copies, is delivered",
        "spoken.log tells 1 things of people",
    ]
