"""Styles, scripts, fonts and pictures come from the site itself, packed, under addresses that never change meaning."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from advocacy.web import assets
from advocacy.web.assets import OURS, Assets
from advocacy.web.security import HEADERS

TAKES_PACKED = {"Accept-Encoding": "br, gzip"}
STYLE = "css/site.css"


@pytest.fixture
def address(app: Flask) -> str:
    return address_of(app, STYLE)


def address_of(app: Flask, name: str) -> str:
    asset: Callable[[str], str] = app.jinja_env.globals["asset"]  # type: ignore[assignment]
    return asset(name)


def get(client: FlaskClient, address: str, **headers: str) -> Response:
    """Ask for a file and close it."""
    with client.get(address, headers=headers) as answer:
        answer.get_data()
        return answer


def test_an_address_names_the_version_and_is_kept_for_ever(client: FlaskClient, address: str) -> None:
    answer = get(client, address)

    assert re.fullmatch(rf"/static/[0-9a-f]{{12}}/{STYLE}", address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_what_shrinks_is_sent_packed_to_whoever_can_unpack_it(client: FlaskClient, address: str) -> None:
    plain, packed = get(client, address), get(client, address, **TAKES_PACKED)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 4
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_a_browser_that_has_a_file_is_not_sent_it_again(client: FlaskClient, address: str) -> None:
    etag = get(client, address).headers["ETag"]
    again = get(client, address, **TAKES_PACKED, **{"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


def test_head_and_parts_are_answered(client: FlaskClient, address: str) -> None:
    head = client.head(address, headers=TAKES_PACKED)
    part = get(client, address, **TAKES_PACKED, Range="bytes=0-9")

    assert (head.status_code, head.data, head.headers["Content-Encoding"]) == (200, b"", "gzip")
    assert (part.status_code, len(part.data)) == (206, 10)
    assert client.post(address, headers=TAKES_PACKED).status_code == 405


@pytest.mark.parametrize("path", ["/static/", "/static/{v}/", "/static/{v}/../app.py", "/static/{v}/%2e%2e/app.py"])
def test_nothing_beside_the_files_is_served(client: FlaskClient, address: str, path: str) -> None:
    assert client.get(path.format(v=address.split("/")[2])).status_code == 404


def test_every_file_of_ours_is_served(client: FlaskClient, app: Flask) -> None:
    names = [path.relative_to(OURS).as_posix() for path in OURS.rglob("*") if path.is_file()]

    assert names
    assert {get(client, address_of(app, name)).status_code for name in names} == {200}


def test_a_page_that_names_a_file_that_is_not_there_is_a_mistake(app: Flask) -> None:
    with pytest.raises(LookupError, match=r"no-such\.css"):
        address_of(app, "no-such.css")


def test_a_change_of_any_file_changes_every_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "OURS", tmp_path)
    prefixes = set()
    for name, content in [("a.css", "one"), ("a.css", "two"), ("b.css", "two")]:
        (tmp_path / name).write_text(content)
        prefixes.add(Assets(None).prefix)

    assert len(prefixes) == 3


def test_a_font_is_not_packed_twice(client: FlaskClient, app: Flask) -> None:
    font = get(client, address_of(app, "fonts/newsreader.woff2"), **TAKES_PACKED)

    assert (font.status_code, font.mimetype) == (200, "font/woff2")
    assert "Content-Encoding" not in font.headers


def test_no_style_or_script_asks_another_site_for_anything() -> None:
    asked = [
        f"{path.name}: {found[0]}"
        for path in OURS.rglob("*")
        if path.suffix in {".css", ".js"}
        for found in re.finditer(
            r"""(?:url\(|import |from |fetch\()\s*["']?(?:https?:)?//[^"')]*""", path.read_text("utf-8")
        )
    ]

    assert asked == []
