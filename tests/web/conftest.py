"""A site over a database that is filled once, which no page writes to; each test has an application of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from tests.builders import SECRET

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The parts of a site with the shipped letters and legislators."""
    file = tmp_path_factory.mktemp("site") / "advocacy.sqlite3"
    settings = Settings(database_url=f"sqlite:///{file}", secret_key=SecretStr(SECRET))
    with open_runtime(settings, now=NOW) as runtime:
        yield runtime


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """The web application, at a time that stands still."""
    return create_app(runtime, now=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps its cookies."""
    return app.test_client()
