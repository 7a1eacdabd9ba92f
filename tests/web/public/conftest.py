"""One site for all tests that change nothing, one of its own for each that sends; each has a browser of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from tests.builders import SECRET
from tests.databases import Beginning, Files
from tests.web.conftest import NOW
from tests.web.public.sender import Sender


@pytest.fixture(scope="session")
def app(runtime: Runtime) -> Flask:
    """The web application, at a time that stands still."""
    return create_app(runtime, now=lambda: NOW)


@pytest.fixture(scope="session")
def open_app(runtime: Runtime) -> Flask:
    """The same without the form's token, for thousands of requests."""
    app = create_app(runtime, now=lambda: NOW)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def sender(tmp_path: Path, filled_files: Files) -> Iterator[Sender]:
    """A site of the test's own, which letters are sent from."""
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET))
    with open_runtime(settings, now=NOW) as runtime:
        yield Sender(runtime)
