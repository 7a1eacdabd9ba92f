"""One site for all tests that change nothing, one that is put back for each that sends."""

import pytest
from flask import Flask

from advocacy.app import create_app
from advocacy.runtime import Runtime
from tests.web.public.sender import Sender
from tests.web.shared_site import NOW, SharedSite


@pytest.fixture(scope="session")
def open_app(runtime: Runtime) -> Flask:
    """The same without the form's token, for thousands of requests."""
    app = create_app(runtime, now=lambda: NOW)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def sender(shared_site: SharedSite) -> Sender:
    """A site which letters are sent from."""
    return Sender.on(shared_site)
