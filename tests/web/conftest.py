"""Sites over databases that are filled once: one that no page writes to, and one that is put back for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from advocacy.app import create_app
from advocacy.database import make_engine
from advocacy.runtime import Runtime, open_runtime
from advocacy.web.staff.sign_in import ARGON2
from tests.web.shared_site import NOW, SharedSite, settings_in


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocacy.web.staff.sign_in.ARGON2", ARGON2 | {"argon2__time_cost": 1, "argon2__memory_cost": 8})
        yield


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that has the shipped letters and legislators, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    with open_runtime(settings_in(folder), now=NOW) as runtime:
        create_app(runtime, now=lambda: NOW)  # makes the data keys
    return folder


@pytest.fixture(scope="session")
def runtime(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The parts of a site with the shipped letters and legislators, which no page writes to."""
    folder = tmp_path_factory.mktemp("site") / "files"
    shutil.copytree(filled, folder)
    with open_runtime(settings_in(folder), now=NOW) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def app(runtime: Runtime) -> Flask:
    """The web application, at a time that stands still."""
    return create_app(runtime, now=lambda: NOW)


@pytest.fixture
def own_app(runtime: Runtime) -> Flask:
    """The same for a test alone, which may change it."""
    return create_app(runtime, now=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps its cookies."""
    return app.test_client()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """A database whose tables are made and empty."""
    engine = make_engine(store_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def opened_site(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSite]:
    """A site that tests change one after another."""
    folder = tmp_path_factory.mktemp("shared") / "site"
    shutil.copytree(filled, folder)
    with open_runtime(settings_in(folder), now=NOW) as runtime:
        yield SharedSite(runtime, folder=folder, filled=filled)


@pytest.fixture
def shared_site(opened_site: SharedSite) -> SharedSite:
    """The site as it was when it was filled."""
    opened_site.put_back()
    return opened_site
