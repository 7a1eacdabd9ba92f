"""How `gunicorn wsgi:application`, started in this folder, answers for the site: as `advocacy serve` does."""

from advocacy.web.server import THREADS, PrivateLogger, StoppingWorker

worker_class = StoppingWorker
threads = THREADS
logger_class = PrivateLogger
control_socket_disable = True
# The application reads what proxies say, as far as ADVOCACY_PROXY_HOPS trusts them.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
