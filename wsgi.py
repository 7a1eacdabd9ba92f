"""The web application for any WSGI server: settings from the environment, everything else from the package."""

from contextlib import ExitStack

from advocacy.app import create_app
from advocacy.logs import start_service_logging
from advocacy.runtime import open_runtime, utc_now
from advocacy.settings import Settings

settings = Settings.from_environment()
start_service_logging(settings.log_level, settings.log_format)
stack = ExitStack()
runtime = stack.enter_context(open_runtime(settings, now=utc_now()))
application = create_app(runtime)
