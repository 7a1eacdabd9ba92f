"""One site for all tests of the public pages: none of them changes it, and each has a browser of its own."""

import pytest
from flask import Flask

from advocacy.app import Parts, create_app
from tests.web.conftest import NOW


@pytest.fixture(scope="session")
def app(parts: Parts) -> Flask:
    """The web application, at a time that stands still."""
    return create_app(parts, now=lambda: NOW)


@pytest.fixture(scope="session")
def open_app(parts: Parts) -> Flask:
    """The same without the form's token, for thousands of requests."""
    app = create_app(parts, now=lambda: NOW)
    app.config["WTF_CSRF_ENABLED"] = False
    return app
