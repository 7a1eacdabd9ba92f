"""A file is whole under its name, or not there."""

from pathlib import Path

import pytest

from advocacy.cli.atomic_files import write_file


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
