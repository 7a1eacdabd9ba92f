"""A rehearsal leaves one file a message, whole, and readable by its owner alone."""

import errno
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NoReturn

import pytest

from advocacy.delivery.provider import Mailbox, NotAllowed, Refused, TryLater
from advocacy.providers.mail_folder import MailFolder
from tests.providers.benches import NOW, an_envelope, now, read

NAME = "2026-11-25T143000-0123456789abcdef0123456789abcdef.eml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "outgoing"


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir())


def test_it_makes_its_folder_only_when_something_is_sent(path: Path) -> None:
    folder = MailFolder(path, now=now)
    assert not path.exists()
    folder.send(an_envelope())
    assert names(path) == [NAME]


def test_a_file_is_named_by_its_time_and_number_and_says_nothing_of_anyone(path: Path) -> None:
    there = NOW.astimezone(timezone(-timedelta(hours=5))) + timedelta(seconds=5)
    MailFolder(path, now=lambda: there).send(an_envelope(id="abc"))
    assert names(path) == ["2026-11-25T143005-abc.eml"]


def test_only_its_owner_may_read_it(path: Path) -> None:
    MailFolder(path, now=now).send(an_envelope())
    assert path.stat().st_mode & 0o777 == 0o700
    assert (path / NAME).stat().st_mode & 0o777 == 0o600


def test_the_same_message_again_later_and_by_another_process_leaves_the_first(path: Path) -> None:
    MailFolder(path, now=now).send(an_envelope())
    first = (path / NAME).read_bytes()
    MailFolder(path, now=lambda: datetime(2026, 12, 1, tzinfo=UTC)).send(an_envelope(subject="Another"))
    assert names(path) == [NAME]
    assert (path / NAME).read_bytes() == first


def test_what_a_kill_left_unfinished_is_finished_by_the_next_try(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    folder = MailFolder(path, now=now)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            folder.send(an_envelope())
    assert names(path) == [f".{an_envelope().id}.unfinished"]
    folder.send(an_envelope())
    assert names(path) == [NAME]
    assert read((path / NAME).read_bytes()).text == an_envelope().text


def test_what_is_refused_makes_no_file(path: Path) -> None:
    with pytest.raises(Refused):
        MailFolder(path, now=now).send(an_envelope(to=Mailbox("", "nobody")))
    assert not path.exists()


@pytest.mark.parametrize(
    ("trouble", "asked"),
    [
        (OSError(errno.ENOSPC, "full", "secret.eml"), TryLater),
        (OSError(errno.EIO, "broken"), TryLater),
        (PermissionError(errno.EACCES, "no"), NotAllowed),
    ],
)
def test_a_folder_in_trouble_fails_no_message(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, trouble: OSError, asked: type[Exception]
) -> None:
    def fails(*_: Any, **__: Any) -> NoReturn:
        raise trouble

    monkeypatch.setattr("advocacy.providers.mail_folder.os.open", fails)
    with pytest.raises(asked, match=r"^folder$"):
        MailFolder(path, now=now).send(an_envelope())


def test_a_file_in_place_of_the_folder_holds_everything(tmp_path: Path) -> None:
    (tmp_path / "outgoing").write_text("")
    for path in (tmp_path / "outgoing", tmp_path / "outgoing" / "inner"):
        with pytest.raises(NotAllowed):
            MailFolder(path, now=now).send(an_envelope())
