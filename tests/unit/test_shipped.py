"""What ships beside the code is found in a checkout and in an installed package."""

from pathlib import Path

import pytest

import advocacy


def test_in_a_checkout_it_lies_next_to_the_package() -> None:
    root = Path(advocacy.__file__).parents[1]
    assert advocacy.shipped_folder() == root / "letters"
    assert (advocacy.shipped_folder("templates") / "pdf" / "letters.typ").is_file()


def test_in_an_installed_package_it_lies_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inside = tmp_path / "_shipped" / "templates"
    inside.mkdir(parents=True)
    monkeypatch.setattr(advocacy, "PACKAGE", tmp_path)
    assert advocacy.shipped_folder("templates") == inside
