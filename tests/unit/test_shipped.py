"""What ships beside the code is found in a checkout and in an installed package."""

from pathlib import Path

import pytest

from advocacy import shipped


def test_in_a_checkout_it_lies_next_to_the_package() -> None:
    root = Path(shipped.__file__).parents[1]
    assert shipped.shipped_folder() == root / "letters"
    assert (shipped.shipped_folder("templates") / "pdf" / "letters.typ").is_file()


def test_in_an_installed_package_it_lies_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inside = tmp_path / "_shipped" / "templates"
    inside.mkdir(parents=True)
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path)
    assert shipped.shipped_folder("templates") == inside
