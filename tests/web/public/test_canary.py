"""A marked name, e-mail and story go every way: nothing is found of them after, sent and erased included."""

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from advocacy.app import create_app
from advocacy.dispatch import make_worker
from advocacy.exports import FORMATS
from advocacy.letters.erasure import scrub
from advocacy.logs import make_handler, service_formatter
from advocacy.runtime import Runtime, open_runtime
from advocacy.web.security import BODY_LIMIT
from tests.web.public.sender import AGREED
from tests.web.public.visitor import CAMPAIGN, FILLED, Visitor
from tests.web.shared_site import NOW, settings_in

NAME, EMAIL, STORY = "Canarine Quetzal-Marquée", "canarine.quetzal@marked.example", "Le canari jaune chante à Zanzibar"
CITY, STREET, CODE = "Canariville", "77 rue Quetzal", "K1A 0A6"
TYPED = {**FILLED, "name": NAME, "email": EMAIL, "reason": STORY, "city": CITY, "street": STREET, "postal_code": CODE}
MARKS = ("Quetzal", "quetzal", "canari", "Canari", "Zanzibar", "marked.example", "K1A", "203.0.113.7")


@dataclass
class Cage:
    """A site whose every trace is kept: its folder, its temporary folder and what it logged."""

    app: Flask
    runtime: Runtime
    folder: Path
    logged: pytest.LogCaptureFixture
    lines: StringIO

    def traces(self) -> Iterator[tuple[str, bytes]]:
        """Return everything that was written anywhere."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()
        for record in self.logged.records:
            yield f"the log of {record.name}", repr(record.__dict__).encode() + record.getMessage().encode()
        yield "the log as printed", self.logged.text.encode()
        yield "the log as JSON", repr([json.loads(line) for line in self.lines.getvalue().splitlines()]).encode()

    def found(self) -> list[tuple[str, str]]:
        """Return every mark that is found, with where it stands."""
        traces = [(where, mark, written) for where, written in self.traces() for mark in MARKS]
        return [(where, mark) for where, mark, written in traces if mark.encode() in written and not _ours(mark, where)]

    @property
    def outgoing(self) -> Path:
        """Where mail lies that goes nowhere."""
        return self.folder / "var" / "outgoing"

    def link(self, page: str) -> str:
        """Deliver all that is due; give the path of the link that the mail about it leads to."""
        worker = make_worker(self.runtime, now=lambda: NOW)
        while worker.deliver():
            pass
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in self.outgoing.iterdir()]
        texts = [body.get_content() for mail in mails if (body := mail.get_body(("plain",)))]
        [path] = {found[0] for text in texts for found in re.finditer(rf"/(en|fr)/{page}/[\w.-]+", text)}
        return path


@pytest.fixture
def cage(
    tmp_path: Path, filled: Path, *, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Cage]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    shutil.copytree(filled, tmp_path / "var")
    settings = settings_in(tmp_path / "var").model_copy(update={"network_points_per_minute": 0})
    with open_runtime(settings, now=NOW) as runtime:
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert before
        handler = make_handler(service_formatter(as_json=True), lines := StringIO())
        logging.getLogger().addHandler(handler)
        yield Cage(create_app(runtime, now=lambda: NOW), runtime, tmp_path, caplog, lines)
        logging.getLogger().removeHandler(handler)


DOWNLOADS = tuple(f"download/{form}" for form in FORMATS)


def walk(visitor: Visitor) -> None:
    """Go through every page and way out with the marked answers."""
    for place in ("write", "legislators", "preview", "review", *DOWNLOADS):
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
        broken.setattr("advocacy.web.public.request.compose", _fails)
        for place in ("write", "preview", "review", *DOWNLOADS):
            assert visitor.post(place, TYPED).status == 500
            assert not any(mark in visitor.answer.text for mark in MARKS)


def _fails(*said: object, **more: object) -> None:
    raise RuntimeError(f"this failure repeats what was typed: {said} {more}")


def test_no_byte_of_what_was_typed_is_left_anywhere(cage: Cage, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor.of(cage.app)
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    walk(visitor)
    with visitor.client.session_transaction() as session:
        assert set(session) == {"csrf_token"}
    stumble(visitor, cage.app, monkeypatch)
    assert not cage.found()
    assert cage.logged.records, "at DEBUG something is logged, or this test would prove nothing"
    failures = [line for line in cage.lines.getvalue().splitlines() if json.loads(line).get("error") == "RuntimeError"]
    assert len(failures) >= len(DOWNLOADS)
    assert not list((cage.folder / "temporary").iterdir())
    assert not (cage.folder / "flask_session").exists()


class Overheard:
    """Every address that a server is asked for, and every page a browser says it comes from."""

    def __init__(self, app: Flask) -> None:
        self.addresses: list[str] = []
        self._inner: Any = app.wsgi_app
        app.wsgi_app = self  # type: ignore[assignment, method-assign]

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Note the address, and answer."""
        said = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_REFERER", ""))
        self.addresses += map(unquote, said)
        answer: Iterable[bytes] = self._inner(environ, start)
        return answer


def sent_and_erased(cage: Cage, visitor: Visitor) -> None:
    """Have the marked letter sent, confirm it, read and take along its receipt, erase it."""

    def press(path: str, **fields: str) -> int:
        data = {"csrf_token": visitor.token, **fields}
        return visitor.read(visitor.client.post(path, data=data, base_url=visitor.base_url)).status

    def follow(path: str) -> Visitor:
        return visitor.read(visitor.client.get(path, base_url=visitor.base_url))

    visitor.post("review", TYPED)
    assert visitor.press('[formaction$="/send"]').status == 422
    visitor.post("review", TYPED)
    assert visitor.press('[formaction$="/send"]', **AGREED).status == 303
    assert not any(mark in visitor.get("sent").answer.text for mark in MARKS)
    asked = cage.link("confirm")
    assert NAME in follow(asked).answer.text
    assert press(asked, act="send") == 303
    receipt = cage.link("receipt")
    assert STORY in follow(receipt).answer.text
    assert len(list(cage.outgoing.iterdir())) == 3, "what is asked, the letter, what became of it"
    kept = {Path(where).parent for where, _ in cage.found()}
    assert kept == {cage.outgoing}, "what is stored is sealed, and nothing is logged"
    assert STORY in follow(f"{receipt}/data").answer.text
    assert follow(f"{receipt}/data.json").status == 200
    follow(receipt)
    assert press(f"{receipt}/delete") == 200
    assert follow(receipt).status == follow(asked).status == 410


def test_no_byte_of_what_was_sent_is_left_once_it_is_erased(cage: Cage) -> None:
    overheard = Overheard(cage.app)
    visitor = Visitor.of(cage.app, base_url="https://letters.example", language="fr")
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    sent_and_erased(cage, visitor)
    assert scrub(cage.runtime.engine)
    assert not cage.found()
    assert not list(cage.outgoing.iterdir())
    assert not list((cage.folder / "temporary").iterdir())
    assert [mark for mark in MARKS for address in overheard.addresses if mark in address] == []
    assert any("/receipt/" in address for address in overheard.addresses)


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
