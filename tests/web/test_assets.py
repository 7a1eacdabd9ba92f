"""Styles, scripts, fonts and pictures come from the site itself, packed, under addresses that never change meaning."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from advocacy.web.assets import OURS
from advocacy.web.security import HEADERS

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


@pytest.mark.parametrize("path", ["/static/", "/static/{v}/", "/static/{v}/../app.py", "/static/{v}/%2e%2e/app.py"])
def test_nothing_beside_the_files_is_served(client: FlaskClient, address: str, path: str) -> None:
    assert client.get(path.format(v=address.split("/")[2])).status_code == 404


def test_every_file_of_ours_is_served(client: FlaskClient, app: Flask) -> None:
    names = [path.relative_to(OURS).as_posix() for path in OURS.rglob("*") if path.is_file()]

    assert names
    assert {get(client, address_of(app, name)).status_code for name in names} == {200}
