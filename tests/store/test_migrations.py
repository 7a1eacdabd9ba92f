"""The tables come up from nothing, are those of the models, go down again, and two starters do not collide."""

import pkgutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    column,
    delete,
    func,
    insert,
    inspect,
    select,
    table,
    text,
    update,
)

import advocacy
from advocacy.database import Base, make_engine, table_of
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.recipient import Office
from advocacy.letters.models import (
    Confirmation,
    Digest,
    DigestLetter,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
)
from advocacy.migrations import RETRY_AFTER_S, migrate, newest_revision
from advocacy.migrations.alembic_upgrade import make_config
from advocacy.offices.models import OfficeEmail
from tests.databases import both_databases

NOW = datetime(2026, 11, 25, 22, 16, tzinfo=UTC)
A_MEMBER = {
    "id": "mp-1",
    "chamber": COMMONS,
    "office": Office.MEMBER,
    "status": Status.SITTING,
    "first_name": "",
    "last_name": "",
    "name": "",
    "honorific": "",
    "privy_councillor": False,
    "addresses": [],
    "note": "",
    "source": "a test",
    "as_of": date(2026, 11, 1),
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def models() -> list[str]:
    """The modules that declare tables, all imported, so that no room's tables are forgotten."""
    found = [module.name for module in pkgutil.walk_packages(advocacy.__path__, "advocacy.")]
    names = [name for name in found if name.endswith(".models")]
    return [import_module(name).__name__ for name in names]


@both_databases
def test_the_migrated_tables_are_those_of_the_models(engine: Engine, models: list[str]) -> None:
    assert "advocacy.legislators.models" in models
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing_and_says_nothing(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    migrate(engine)
    migrate(engine)
    assert capsys.readouterr().out == ""
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    assert heads == tuple(ScriptDirectory.from_config(make_config()).get_heads()) == (newest_revision(),)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_migration_gives_way_to_a_page_that_holds_a_table_and_is_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(engine)
    config = make_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    pauses = []
    with engine.connect() as page:
        page.execute(text("LOCK TABLE submissions IN ACCESS SHARE MODE"))

        def answer_page(seconds: float) -> None:
            pauses.append(seconds)
            page.execute(text("SELECT count(*) FROM messages"))  # would be waited for crosswise
            page.rollback()

        monkeypatch.setattr("advocacy.migrations.sleep", answer_page)
        monkeypatch.setattr("advocacy.migrations.LOCK_TIMEOUT_MS", 50)
        migrate(engine)
    assert pauses == [RETRY_AFTER_S]
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == (newest_revision(),)


@both_databases
def test_every_migration_can_be_taken_back(engine: Engine) -> None:
    migrate(engine)
    config = make_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)


@both_databases
def test_two_processes_that_start_together_both_find_the_tables(database_url: str) -> None:
    engines = [make_engine(database_url) for _ in range(4)]
    failures: list[BaseException] = []

    def start(engine: Engine) -> None:
        try:
            migrate(engine)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert "legislators" in inspect(engines[0]).get_table_names()
    for engine in engines:
        engine.dispose()


@both_databases
def test_whoever_heard_of_a_letter_that_came_back_is_not_told_again(engine: Engine) -> None:
    config = make_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        # As the table was at that revision: the model has gained columns since.
        legislators = Table("legislators", MetaData(), autoload_with=connection)
        connection.execute(insert(legislators).values(A_MEMBER))
        for name, state, told_at in (
            ("sent", State.ACCEPTED, NOW),
            ("bounced", State.BOUNCED, NOW),
            ("on-its-way", State.SENDING, None),
        ):
            put_letter(connection, name, state, told_at=told_at)
        command.upgrade(config, "head")
        now = table_of(Confirmation)
        marks = connection.execute(select(now.c.id, now.c.bounce_told_at).order_by(now.c.id)).all()
    assert [tuple(one) for one in marks] == [("bounced", NOW), ("on-its-way", None), ("sent", None)]


@both_databases
def test_a_site_that_goes_back_before_daily_mails_loses_no_letter_and_sends_none_twice(engine: Engine) -> None:
    config = make_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.execute(insert(table_of(Legislator)).values(A_MEMBER))
        for name in ("waits", "in-ready", "in-sending", "posted"):
            put_letter(connection, name, State.DIGEST, told_at=None)
        messages, letters = table_of(Message), table_of(StoredLetter)
        connection.execute(delete(messages).where(messages.c.ref == "posted"))
        connection.execute(update(letters).where(letters.c.id == "posted").values(posted_on=NOW.date()))
        for part, state in enumerate((State.READY, State.SENDING)):
            digest = {"id": state.value, "legislator_id": "mp-1", "day": NOW.date(), "part": part}
            connection.execute(insert(table_of(Digest)).values(digest))
            connection.execute(insert(table_of(DigestLetter)).values(letter_id=f"in-{state}", digest_id=state.value))
            put_message(connection, MessageKind.DIGEST, state.value, state=state)
        put_message(connection, MessageKind.ANSWER_QUESTION, "waits", state=State.READY)
        put_message(connection, OfficeEmail.LINK, "link", state=State.ACCEPTED)
        command.downgrade(config, "0028")
        kinds = messages.c.kind
        states = connection.execute(select(kinds, messages.c.ref, messages.c.state).order_by(messages.c.ref)).all()
        moves = table_of(MessageMove)
        assert connection.scalar(select(func.count()).select_from(moves).where(moves.c.state == State.DIGEST)) == 0
        assert connection.scalar(select(letters.c.written_before).where(letters.c.id == "posted")) == NOW.date()
        command.upgrade(config, "head")
    assert [tuple(one) for one in states] == [
        ("letter", "in-ready", State.READY),
        ("letter", "in-sending", State.NEEDS_STAFF),
        ("letter", "waits", State.READY),
    ]


def put_message(connection: Connection, kind: str, ref: str, *, state: State) -> None:
    """Put a message, with the move by which it came to its state."""
    values = {"public_id": f"{kind} {ref}"[:32], "kind": kind, "ref": ref, "state": state, "due_at": NOW}
    message = insert(table_of(Message)).values(**values, created_at=NOW, changed_at=NOW, attempt=0, tries=0)
    id_ = connection.scalar(message.values(resent=False, reason="", priority=0).returning(table_of(Message).c.id))
    move = {"message_id": id_, "at": NOW, "state": state, "by": Actor.SWEEP, "reason": ""}
    connection.execute(insert(table_of(MessageMove)).values(move))


def put_letter(connection: Connection, name: str, state: State, *, told_at: datetime | None) -> None:
    """Store one letter that came to a state, with its submission and confirmation, all by this name."""
    common = {"campaign": "child-protection", "language": Language.EN, "created_at": NOW}
    confirmation = {**common, "id": name, "token_hash": name, "due_at": NOW, "expires_at": NOW, "told_at": told_at}
    submission = {"id": name, "key_hash": name, "confirmation_id": name, "standing": SubmissionStatus.CONFIRMED}
    letter = {"id": name, "submission_id": name, "place": 0, "template": "a/b", "pins": {}, "legislator_id": "mp-1"}
    message = {"public_id": name, "kind": "letter", "ref": name, "state": state, "due_at": NOW, "created_at": NOW}
    for model, row in (
        (Confirmation, confirmation),
        (Submission, {**common, **submission, "consent_text": "1", "consented_at": NOW}),
        (StoredLetter, {**common, **letter, "edited": False}),
        (Message, {**message, "attempt": 0, "tries": 0, "resent": False, "reason": "", "changed_at": NOW}),
    ):
        # Without the model's defaults: it has gained columns since.
        columns = (column(name, table_of(model).c[name].type) for name in row)
        connection.execute(insert(table(table_of(model).name, *columns)).values(row))
