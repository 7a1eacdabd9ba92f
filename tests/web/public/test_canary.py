"""A marked name, e-mail and story go through every page and way out, and nothing of them is found anywhere after."""

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from advocacy.app import create_app, open_parts
from advocacy.settings import Settings
from advocacy.web.security import BODY_LIMIT
from tests.builders import SECRET
from tests.web.conftest import NOW
from tests.web.public.visitor import CAMPAIGN, FILLED, Visitor

NAME, EMAIL, STORY = "Canarine Quetzal-Marquée", "canarine.quetzal@marked.example", "Le canari jaune chante à Zanzibar"
CITY, STREET, CODE = "Canariville", "77 rue Quetzal", "K1A 0A6"
TYPED = {**FILLED, "name": NAME, "email": EMAIL, "reason": STORY, "city": CITY, "street": STREET, "postal_code": CODE}
MARKS = ("Quetzal", "quetzal", "canari", "Canari", "Zanzibar", "marked.example", "K1A", "203.0.113.7")


@dataclass
class Cage:
    """A site whose every trace is kept: its folder, its temporary folder and what it logged."""

    app: Flask
    folder: Path
    logged: pytest.LogCaptureFixture

    def traces(self) -> Iterator[tuple[str, bytes]]:
        """Give everything that was written anywhere."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()
        for record in self.logged.records:
            yield f"the log of {record.name}", repr(record.__dict__).encode() + record.getMessage().encode()
        yield "the log as printed", self.logged.text.encode()


@pytest.fixture
def cage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Cage]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    url = f"sqlite:///{tmp_path / 'var' / 'advocacy.sqlite3'}"
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), log_level="DEBUG")
    with open_parts(settings, now=NOW) as parts:
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert before
        yield Cage(create_app(parts, now=lambda: NOW), tmp_path, caplog)


def walk(visitor: Visitor) -> None:
    """Go through every page and way out with the marked answers."""
    for place in ("write", "legislators", "preview", "review", "download/txt", "download/html"):
        assert visitor.post(place, TYPED).status == 200
        assert visitor.post(place, {**TYPED, "go": "switch"}).status == 200
    visitor.post("review", TYPED)
    body = next(name for name, _ in visitor.values() if name.startswith("body-"))
    assert visitor.post("review", {**TYPED, body: f"{STORY} 96 %"}).status == 200
    assert visitor.post("review", {**TYPED, body: f"{STORY} quetzal.example"}).status == 422
    assert visitor.post("review", {**TYPED, "reason": f"{STORY} quetzal.example"}).status == 422
    assert visitor.post("review", {**TYPED, "template": STORY}).status == 422
    assert visitor.post("legislators", {**TYPED, "search": NAME}).status == 200


def stumble(visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meet every error with the marked answers."""
    assert visitor.post("no-such-page", TYPED).status == 404
    assert visitor.post("review", {**TYPED, "reason": STORY * (BODY_LIMIT // 30)}).status == 413
    assert visitor.client.post(visitor.path("review"), data=TYPED).status_code == 400
    assert visitor.client.put(visitor.path("review"), data=TYPED).status_code in {400, 405}
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with monkeypatch.context() as broken:
        broken.setattr("advocacy.web.public.composing.compose", _fails)
        for place in ("write", "preview", "review", "download/txt"):
            assert visitor.post(place, TYPED).status == 500
            assert not any(mark in visitor.answer.text for mark in MARKS)


def _fails(*said: object, **more: object) -> None:
    raise RuntimeError(f"this failure repeats what was typed: {said} {more}")


@pytest.mark.parametrize("base_url", ["http://localhost", "https://letters.example"])
def test_no_byte_of_what_was_typed_is_left_anywhere(cage: Cage, monkeypatch: pytest.MonkeyPatch, base_url: str) -> None:
    for language in ("en", "fr"):
        visitor = Visitor.of(cage.app, base_url=base_url, language=language)
        visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
        walk(visitor)
        stumble(visitor, cage.app, monkeypatch)
    found = [
        (where, mark)
        for where, written in cage.traces()
        for mark in MARKS
        if mark.encode() in written and not _ours(mark, where)
    ]
    assert not found
    assert cage.logged.records, "at DEBUG something is logged, or this test would prove nothing"
    assert not list((cage.folder / "temporary").iterdir())
    assert not (cage.folder / "flask_session").exists()


def test_the_cookie_holds_nothing_but_a_token(cage: Cage) -> None:
    visitor = Visitor.of(cage.app)
    walk(visitor)
    with visitor.client.session_transaction() as session:
        assert set(session) == {"csrf_token"}


def test_pages_of_the_form_are_kept_by_no_cache(cage: Cage) -> None:
    visitor = Visitor.of(cage.app)
    for place in ("write", "legislators", "preview", "review", "download/txt", "download/html"):
        visitor.post(place, TYPED)
        assert visitor.answer.headers["Cache-Control"] == "no-store"
        assert visitor.answer.headers["X-Robots-Tag"] == "noindex"


def test_no_address_of_the_site_carries_an_answer(cage: Cage) -> None:
    visitor = Visitor.of(cage.app)
    for place in ("write", "review", "download/html"):
        visitor.post(place, TYPED)
        attributes = ("href", "action", "formaction", "src")
        addresses = [str(one[name]) for name in attributes for one in visitor.page.select(f"[{name}]")]
        ours = [address for address in addresses if not address.startswith("mailto:")]
        assert not any(mark in address for mark in MARKS for address in ours)
        assert not any("?" in address for address in ours if address.startswith(f"/en/{CAMPAIGN}"))


def _ours(mark: str, where: str) -> bool:
    """The address of Parliament, with its postal code, stands in the shipped directory."""
    return mark == "K1A" and "sqlite3" in where
