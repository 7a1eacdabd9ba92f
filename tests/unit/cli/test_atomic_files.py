"""A file is whole under its name, or not there."""

import os
from pathlib import Path

import pytest

from advocacy.cli import atomic_files
from advocacy.cli.atomic_files import FileBatch, remove_unfinished, temporary, write_file

GONE = 2**22 + 1
"""No process has this number: Linux gives none higher than 2**22."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_over_at_once(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    for content in (b"first", b"second"):
        write_file(path, content)
        assert path.read_bytes() == content
    assert names(tmp_path) == ["letter.txt"]


def test_what_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "letter.txt"
    write_file(path, b"first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space") as failed:
        write_file(path, b"second")
    assert failed.value.filename == str(path)
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["letter.txt"]


def test_what_fails_among_many_is_told_by_its_name_and_leaves_nothing_aside(tmp_path: Path) -> None:
    files = FileBatch(tmp_path)
    files.write(tmp_path / "1", b"one")
    with pytest.raises(FileNotFoundError) as failed:
        files.write(tmp_path / "nowhere" / "2", b"two")
    assert failed.value.filename == str(tmp_path / "nowhere" / "2")
    assert names(tmp_path) == []


def test_a_name_that_is_taken_fails_and_leaves_nothing_aside(tmp_path: Path) -> None:
    files = FileBatch(tmp_path)
    for name in ("1", "2"):
        files.write(tmp_path / name, b"content")
    (tmp_path / "1").mkdir()
    with pytest.raises(IsADirectoryError) as failed:
        files.finish()
    assert failed.value.filename == str(tmp_path / "1")
    assert names(tmp_path) == ["1"]


def test_many_files_take_their_names_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_files, "MAX_BATCH", 2)
    files = FileBatch(tmp_path)
    files.write(tmp_path / "1", b"one")
    assert [path.exists() for path in (tmp_path / "1", temporary(tmp_path / "1"))] == [False, True]
    files.write(tmp_path / "2", b"two")
    files.write(tmp_path / "3", b"three")
    assert [name for name in names(tmp_path) if name[0] != "."] == ["1", "2"]
    files.finish()
    assert names(tmp_path) == ["1", "2", "3"]
    assert (tmp_path / "3").read_bytes() == b"three"


def test_what_a_killed_process_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    ours = {"all.txt", ".all.txt.merge.json"}
    gone = (f".all.txt.{GONE}.unfinished", f"..all.txt.merge.json.{GONE}.unfinished", f".all.txt.{10**20}.unfinished")
    kept = (
        *(".all.txt", f".all-x.txt.{GONE}.unfinished", f".other.txt.{GONE}.unfinished", "all.unfinished"),
        *(".all.txt.x.unfinished", f"all.txt.{GONE}.unfinished"),
    )
    for name in (*gone, *kept):
        (tmp_path / name).touch()
    remove_unfinished(tmp_path, ours.__contains__)
    assert names(tmp_path) == sorted(kept)


def test_what_a_living_process_writes_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_: int, __: int) -> None:
        raise PermissionError

    living = (f".all.{os.getppid()}.unfinished", ".all.1.unfinished")
    for name in living:
        (tmp_path / name).touch()
    remove_unfinished(tmp_path, "all".__eq__)
    assert names(tmp_path) == sorted(living)
    monkeypatch.setattr("os.kill", forbidden)
    remove_unfinished(tmp_path, "all".__eq__)
    assert names(tmp_path) == sorted(living)


def test_what_this_process_left_before_is_cleared(tmp_path: Path) -> None:
    temporary(tmp_path / "all").touch()
    remove_unfinished(tmp_path, "all".__eq__)
    assert names(tmp_path) == []
