"""How `gunicorn wsgi:application`, started in this folder, answers for the site: as `advocacy serve` does."""

import atexit
from contextlib import suppress

from advocacy.logs import start_service_logging
from advocacy.settings import Settings, SettingsError
from advocacy.web.server import THREADS, PrivateLogger, open_metrics_folder

with suppress(SettingsError):  # the application tells of it
    settings = Settings.from_environment()
    start_service_logging(settings.log_level, settings.log_format)
atexit.register(open_metrics_folder())
worker_class = "gthread"
threads = THREADS
logger_class = PrivateLogger
control_socket_disable = True
# The application reads what proxies say, as far as ADVOCACY_PROXY_HOPS trusts them.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
