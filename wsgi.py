"""The web application for any WSGI server: settings from the environment, everything else from the package."""

from contextlib import ExitStack
from datetime import UTC, datetime

from advocacy.app import create_app, open_parts
from advocacy.settings import Settings

stack = ExitStack()
application = create_app(stack.enter_context(open_parts(Settings.from_environment(), now=datetime.now(UTC))))
