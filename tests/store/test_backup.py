"""A backup that is restored brings nobody back and sends nothing twice, on either database."""

import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy import dispatch
from advocacy.backup import archive, restoration
from advocacy.cli.backup_command import backup, restore
from advocacy.cli.personal_data import erase_person
from advocacy.cli.site import Site
from advocacy.delivery import claims, holds, outbox
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Accepted, Envelope, TryLater
from advocacy.delivery.states import State, move
from advocacy.delivery.worker import Worker
from advocacy.encryption import Keys
from advocacy.erasure_ledger import ErasureLedger, LedgerUnavailable
from advocacy.language import Language
from advocacy.letters import encrypted_columns, receipts
from advocacy.letters.answers import put_questions
from advocacy.letters.confirmation import withdraw
from advocacy.letters.encrypted_columns import re_encrypt
from advocacy.letters.models import Confirmation, MessageKind, StoredLetter, Suppression
from advocacy.offices.models import OfficeLink, OfficeLinkKind
from advocacy.offices.office_links import send_link
from advocacy.offices.office_settings import OfficeValues, change, settings_of
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff import audit_log, invitations
from advocacy.staff.models import Account, Role
from tests.citizens import KEYS, NOW, confirmed, sent_in, settle_in
from tests.conftest import DatabaseAt
from tests.databases import Beginning, both_databases
from tests.digests import MORNING, make_all, take_digests

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Provider:
    """Takes everything, and counts what it took: by recipient and reply address, which name a letter."""

    name: str = "counted"
    rehearses: bool = False
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    defers: bool = False

    def send(self, envelope: Envelope) -> Accepted:
        reply_to = envelope.reply_to.address if envelope.reply_to else ""
        if self.defers:
            raise TryLater("smtp_450")
        self.taken[envelope.to.address, reply_to] += 1
        return Accepted()

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Place:
    """A site on a database, and the commands as an operator types them; `time` is its clock."""

    settings: Settings
    folder: Path
    time = NOW
    provider: Provider = field(default_factory=Provider)

    @contextmanager
    def opened(self) -> Iterator[Runtime]:
        with open_runtime(self.settings, now=self.time) as runtime:
            yield runtime

    def run(self, command: object, *words: str) -> Result:
        with ExitStack() as stack:
            site = Site(stack, lambda: self.time)
            return CliRunner().invoke(command, words, obj=site)  # type: ignore[arg-type]

    def deliver(self, runtime: Runtime, *, until: timedelta = HOUR) -> None:
        """Let a worker deliver what falls due in this time."""
        kinds = dispatch.make_kinds(self.settings, KEYS, now=lambda: self.time)
        worker = Worker(
            runtime.sessions,
            self.provider,
            kinds,
            now=lambda: self.time,
            chance=lambda: 0.5,
            on_alert=lambda _: None,
            per_hour=60,
        )
        end = self.time + until
        while self.time < end:
            while worker.deliver():
                pass
            self.time += 10 * MINUTE

    @property
    def identity(self) -> Path:
        return self.folder / "identity.txt"

    def back_up(self, name: str = "site.age") -> Path:
        if not self.identity.exists():
            assert self.run(backup, "--make-identity", str(self.identity)).exit_code == 0
        recipient = self.identity.read_text().split("public key: ")[1].split()[0]
        answer = self.run(backup, str(self.folder / name), "--to", recipient)
        assert answer.exit_code == 0, answer.output
        return self.folder / name

    def restore(self, file: Path, *more: str) -> Result:
        return self.run(restore, str(file), "--identity", str(self.identity), *more)


@pytest.fixture
def place(database_at: DatabaseAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    variables = {
        "ADVOCACY_DATABASE_URL": database_at(Beginning.SITE),
        "ADVOCACY_DATA_KEYS": KEYS.text,
        "ADVOCACY_SECRET_KEY": "s" * 40,
        "ADVOCACY_ERASURE_LEDGER": str(tmp_path / "erasures"),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Place(Settings.from_mapping(variables), tmp_path)


def address(name: str) -> str:
    return f"{name}@example.ca"


def write_and_confirm(runtime: Runtime, name: str, *, to: str = "mp-1", now: object = NOW) -> str:
    confirmation_id = sent_in(runtime.sessions, to=(to,), key=name, email=address(name), name=f"Citizen {name}")
    receipt = confirmed(runtime.sessions, confirmation_id)
    assert receipt is not None
    return receipt


def states(session: Session, name: str) -> list[State]:
    """Return the states of the letters of somebody."""
    theirs = Confirmation.email_hash.in_(encrypted_columns.address_hashes(KEYS, address(name)))
    letters = select(StoredLetter.id).join(StoredLetter.submission).join(Confirmation).where(theirs)
    found = select(Message.state).where(Message.kind == MessageKind.LETTER, Message.ref.in_(letters))
    return list(session.scalars(found))


def is_known(session: Session, name: str) -> bool:
    hashes = encrypted_columns.address_hashes(KEYS, address(name))
    return bool(session.scalar(select(func.count(Confirmation.id)).where(Confirmation.email_hash.in_(hashes))))


def last_entry(runtime: Runtime) -> str:
    with runtime.sessions() as session:
        return audit_log.last_hash(session)


def test_nobody_is_back_and_nothing_is_sent_twice(place: Place) -> None:
    with place.opened() as runtime:
        sessions = runtime.sessions
        settle_in(sessions)
        confirmation_ids = {}
        for name in ("late", "refuses"):
            confirmation_ids[name] = sent_in(sessions, to=("mp-1",), key=name, email=address(name))
        place.deliver(runtime)  # the mails that ask to confirm
        write_and_confirm(runtime, "early")
        erased = write_and_confirm(runtime, "gone", to="mp-2")
        before = last_entry(runtime)
    file = place.back_up()
    with place.opened() as runtime:
        sessions = runtime.sessions
        assert last_entry(runtime) != before  # that a backup was made is in the log
        confirmed(sessions, confirmation_ids["late"], now=place.time)
        place.deliver(runtime)
        with sessions() as session:
            assert states(session, "early") == states(session, "late") == [State.ACCEPTED]
        with sessions.begin() as session:
            assert receipts.delete(session, erased, now=place.time)
            assert withdraw(session, confirmation_ids["refuses"], now=place.time)
    sent = place.provider.taken.copy()
    assert sent["mp-1@parl.example", address("early")] == 1
    assert sent["mp-1@parl.example", address("late")] == 1
    assert sent["mp-2@parl.example", address("gone")] == 1

    refused = place.restore(file)
    assert (refused.exit_code, "say --replace" in refused.output) == (1, True)
    answer = place.restore(file, "--replace")
    assert answer.exit_code == 0, answer.output
    assert "requests: " not in answer.output
    with place.opened() as runtime:
        sessions = runtime.sessions
        with sessions() as session:
            assert holds.current(session).reason == holds.RESTORED  # type: ignore[union-attr]
            assert not is_known(session, "gone")
            assert not is_known(session, "refuses")
            assert session.scalar(select(func.count()).select_from(Suppression)) == 1
            assert states(session, "early") == states(session, "late") == [State.ACCEPTED]
            assert list(audit_log.find_breaks(session)) == []
        place.deliver(runtime)
        assert place.provider.taken == sent  # nothing at all leaves before somebody resumes
        with sessions.begin() as session:
            assert holds.release(session)
        assert confirmed(sessions, confirmation_ids["late"], now=place.time)  # the link works, and sends nothing again
        place.deliver(runtime, until=3 * HOUR)
        letters = {key: count for key, count in place.provider.taken.items() if key[0].endswith("parl.example")}
        assert letters == {key: count for key, count in sent.items() if key[0].endswith("parl.example")}


def test_what_a_worker_had_in_hand_when_everything_stopped_is_for_a_person(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        write_and_confirm(runtime, "in_hand")
        write_and_confirm(runtime, "waits", to="mp-2")
    file = place.back_up()
    with place.opened() as runtime:
        # Claimed; the machine is lost before anybody writes what came of it.
        letter = select(Message).where(Message.pace_key == "mp-1")
        with runtime.sessions.begin() as session:
            for other in session.scalars(select(Message).where(Message.pace_key.is_distinct_from("mp-1"))):
                other.due_at = place.time + DAY
            ours = session.scalars(letter).one().id
        claimed = claims.claim(runtime.sessions, now=place.time)
        assert claimed is not None
        assert claimed.id == ours
    answer = place.restore(file, "--replace")
    assert "They may have left: 1 messages." in answer.output
    with place.opened() as runtime, runtime.sessions() as session:
        assert states(session, "in_hand") == [State.NEEDS_STAFF]
        assert states(session, "waits") == [State.READY]


def test_what_was_deferred_still_waits_and_what_staff_cancelled_stays_cancelled(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        write_and_confirm(runtime, "deferred")
        write_and_confirm(runtime, "cancelled", to="mp-2")
    file = place.back_up()
    with place.opened() as runtime:
        place.provider.defers = True
        place.deliver(runtime)
        with runtime.sessions.begin() as session:
            theirs = session.scalars(select(Message).where(Message.pace_key == "mp-2")).one()
            outbox.cancel_by_staff(session, theirs.id, now=place.time)
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime, runtime.sessions() as session:
        assert states(session, "deferred") == [State.READY]
        assert states(session, "cancelled") == [State.CANCELLED]


def test_keys_may_change_between_the_backup_and_its_return(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        for name in ("early", "gone"):
            write_and_confirm(runtime, name)
    file = place.back_up()
    newer = Keys((b"n" * 32, *KEYS.newest_first))
    monkeypatch.setenv("ADVOCACY_DATA_KEYS", newer.text)
    place.settings = Settings.from_environment()
    with place.opened() as runtime:
        re_encrypt(runtime.sessions)
    assert place.run(erase_person, "--email", address("gone")).exit_code == 0
    assert "Erased again, as they were since: 1 requests." in place.restore(file, "--replace").output
    with place.opened() as runtime, runtime.sessions() as session:
        assert is_known(session, "early")
        assert not is_known(session, "gone")
    monkeypatch.setenv("ADVOCACY_DATA_KEYS", KEYS.text)
    assert "written with a data key that is not known here" in place.restore(file, "--replace").output


@both_databases
def test_a_backup_is_of_one_moment_whoever_writes_meanwhile(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        write_and_confirm(runtime, "before")
        identity, recipient = archive.make_identity()
        place.identity.write_text(identity)
        file = place.folder / "site.age"
        with archive.snapshot(runtime.engine) as connection, file.open("wb") as target:
            header = archive.new_header(connection, now=NOW, key_ids=restoration.key_ids(KEYS), version="1.0.0")
            write_and_confirm(runtime, "meanwhile")
            ErasureLedger(place.settings.ledger_folder).note_backup(header.id, now=NOW)
            archive.write(connection, header, target, recipients=archive.read_recipients([recipient]))
        with runtime.sessions() as session:
            assert is_known(session, "meanwhile")
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime, runtime.sessions() as session:
        assert (is_known(session, "before"), is_known(session, "meanwhile")) == (True, False)


def test_a_restored_site_lets_nobody_in_by_what_was_open_then(place: Place) -> None:
    with place.opened() as runtime, runtime.sessions.begin() as session:
        session.add(Account(email="m@example.ca", name="M", role=Role.MANAGER, language=Language.EN, created_at=NOW))
        session.flush()
        account = session.scalars(select(Account)).one()
        uniquifier = account.fs_uniquifier
        invitation = invitations.invite(session, "new@example.ca", Role.WRITER, by=None, now=NOW)
    file = place.back_up()
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime, runtime.sessions() as session:
        assert session.scalars(select(Account.email)).all() == ["m@example.ca"]
        assert session.scalars(select(Account.fs_uniquifier)).one() != uniquifier
        assert invitations.find(session, invitation.id, now=NOW) is None


def test_offices_letters_go_to_the_directorys_addresses_on_a_restored_site_and_their_links_end(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        with runtime.sessions.begin() as session:
            values = OfficeValues(email="own@parl.example", email_from=NOW, takes_digest=True)
            change(session, "mp-1", values, now=NOW)
            send_link(session, "mp-1", OfficeLinkKind.SETTINGS, language=Language.EN, now=NOW)
    file = place.back_up()
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime, runtime.sessions() as session:
        assert settings_of(session, "mp-1") == OfficeValues(takes_digest=True)
        assert session.scalars(select(OfficeLink)).all() == []


def test_the_file_and_the_ledger_tell_nothing_to_who_has_no_key(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        receipt = write_and_confirm(runtime, "canary")
        place.deliver(runtime)
        with runtime.sessions() as session:
            ids = [*session.scalars(select(Confirmation.id)), *session.scalars(select(Message.public_id))]
        with runtime.sessions.begin() as session:
            receipts.delete(session, receipt, now=place.time)
    file = place.back_up()
    written = file.read_bytes() + b"".join(path.read_bytes() for path in (place.folder / "erasures").iterdir())
    assert b"erased" in written
    assert not any(word.encode() in written for word in ("canary", "Citizen", receipt, *ids, KEYS.text))
    for path in (file, place.identity, *(place.folder / "erasures").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def damaged(content: bytes) -> bytes:
    return content[:-200] + bytes(byte ^ 1 for byte in content[-200:])


@pytest.mark.parametrize("change", [lambda content: content[:-20_000], damaged, lambda _: b"age?"])
def test_a_damaged_backup_changes_nothing(place: Place, change: Callable[[bytes], bytes]) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        write_and_confirm(runtime, "stays")
    file = place.back_up()
    file.write_bytes(change(file.read_bytes()))
    answer = place.restore(file, "--replace")
    assert (answer.exit_code, "nothing was changed" in answer.output) == (1, True), answer.output
    with place.opened() as runtime, runtime.sessions() as session:
        assert is_known(session, "stays")
        assert holds.current(session) is None


def test_a_backup_without_its_keys_its_ledger_or_its_time_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
    file = place.back_up()
    with monkeypatch.context() as patch:
        patch.setenv("ADVOCACY_DATA_KEYS", Keys.make().text)
        assert "put back the copy of its data keys" in place.restore(file, "--replace").output
    with monkeypatch.context() as patch:
        patch.setenv("ADVOCACY_ERASURE_LEDGER", str(place.folder / "elsewhere"))
        assert "does not know this backup" in place.restore(file, "--replace").output
    other = archive.make_identity()[0]
    (place.folder / "other.txt").write_text(other)
    answer = place.run(restore, str(file), "--identity", str(place.folder / "other.txt"), "--replace")
    assert "this identity does not open it" in answer.output
    place.time += 31 * DAY
    assert "older than ADVOCACY_BACKUP_DAYS" in place.restore(file, "--replace").output


def test_a_backup_goes_into_the_other_kind_of_database(
    place: Place, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        write_and_confirm(runtime, "moves")
        with runtime.sessions.begin() as session:
            audit_log.write(session, audit_log.Act.COMMENTED, "a", by=None, now=NOW, before={"é": [None, 1.5]})
    file = place.back_up()
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", postgresql_url)
    answer = place.restore(file)
    assert answer.exit_code == 0, answer.output
    place.settings = Settings.from_environment()
    with place.opened() as runtime:
        with runtime.sessions() as session:
            assert states(session, "moves") == [State.READY]
            assert list(audit_log.find_breaks(session)) == []
        write_and_confirm(runtime, "new", to="mp-2")  # new rows are numbered after the old


def test_a_backup_is_always_encrypted(place: Place) -> None:
    target = place.folder / "plain"
    assert place.run(backup, str(target)).exit_code == 2
    assert place.run(backup, str(target), "--to", "age1nobody").exit_code == 2
    assert not target.exists()


def test_old_facts_go_once_no_backup_can_need_them(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        receipt = write_and_confirm(runtime, "gone")
        with runtime.sessions.begin() as session:
            receipts.delete(session, receipt, now=place.time)
        (only,) = (place.folder / "erasures").iterdir()
        dispatch.apply_retention(runtime, now=NOW + 31 * DAY)
        assert only.exists()
        dispatch.apply_retention(runtime, now=NOW + 33 * DAY)
        assert not only.exists()


def test_a_line_that_a_power_cut_left_half_written_hides_no_other(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        receipt = write_and_confirm(runtime, "gone")
    file = place.back_up()
    (ledger,) = (place.folder / "erasures").iterdir()
    with ledger.open("a") as cut:
        cut.write('\n{"day":"2026-11-')
    with place.opened() as runtime, runtime.sessions.begin() as session:
        receipts.delete(session, receipt, now=place.time)
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime, runtime.sessions() as session:
        assert not is_known(session, "gone")


def test_where_the_ledger_cannot_be_written_nothing_is_erased_and_nothing_sent(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        receipt = write_and_confirm(runtime, "stays")
        (place.folder / "erasures").write_text("no folder")
        with pytest.raises(LedgerUnavailable), runtime.sessions.begin() as session:
            receipts.delete(session, receipt, now=place.time)
        with pytest.raises(LedgerUnavailable):
            place.deliver(runtime)
        with runtime.sessions() as session:
            assert states(session, "stays") == [State.READY]
    assert not place.provider.taken


@pytest.mark.parametrize("wanted", restoration.PATHS)
@pytest.mark.parametrize("current", restoration.UNSETTLED)
def test_wherever_a_message_was_it_comes_to_where_it_is_by_moves_there_are(current: State, wanted: State) -> None:
    for step in restoration.steps(current, wanted):
        current = move(current, step)
    assert current is wanted


def test_what_left_in_a_daily_mail_since_does_not_leave_again(place: Place) -> None:
    place.time = MORNING - HOUR
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        take_digests(runtime.sessions)
        for name in ("left", "erased"):
            write_and_confirm(runtime, name)
    file = place.back_up()
    place.time = MORNING
    with place.opened() as runtime:
        make_all(runtime.sessions, now=place.time)
        place.deliver(runtime)
        assert states(runtime.sessions(), "left") == [State.ACCEPTED]
    assert place.provider.taken[("mp-1@parl.example", "")] == 1
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime:
        with runtime.sessions() as session:
            assert states(session, "left") == states(session, "erased") == [State.ACCEPTED]
        assert make_all(runtime.sessions, now=place.time) == []


def test_what_was_in_a_daily_mail_that_nobody_knows_of_is_for_a_person(place: Place) -> None:
    place.time = MORNING - HOUR
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        take_digests(runtime.sessions)
        write_and_confirm(runtime, "in_hand")
    file = place.back_up()
    place.time = MORNING
    with place.opened() as runtime:
        make_all(runtime.sessions, now=place.time)
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime, runtime.sessions() as session:
        assert states(session, "in_hand") == [State.NEEDS_STAFF]


def test_a_restored_site_asks_nobody_a_third_time_whether_they_got_an_answer(place: Place) -> None:
    with place.opened() as runtime:
        settle_in(runtime.sessions)
        email = address("asks")
        confirmation_id = sent_in(runtime.sessions, to=("mp-1",), key="asks", email=email, asks_for_answers=True)
        assert confirmed(runtime.sessions, confirmation_id)
        place.deliver(runtime)
    place.time = NOW + 15 * DAY
    file = place.back_up()

    def ask(runtime: Runtime) -> int:
        with runtime.sessions.begin() as session:
            return put_questions(session, now=place.time)

    with place.opened() as runtime:
        before = place.provider.taken[email, ""]
        assert ask(runtime) == 1
        place.deliver(runtime)
        assert place.provider.taken[email, ""] == before + 1
    assert place.restore(file, "--replace").exit_code == 0
    with place.opened() as runtime:
        with runtime.sessions.begin() as session:
            holds.release(session)
        assert ask(runtime) == 0
        place.time += 8 * DAY
        assert ask(runtime) == 1
        place.deliver(runtime)
        place.time += 30 * DAY
        assert ask(runtime) == 0
        assert place.provider.taken[email, ""] == before + 2
