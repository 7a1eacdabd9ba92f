"""The queue of the site's tasks: Huey over SQLite, PostgreSQL or Redis."""

from hashlib import sha256

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from sqlalchemy.engine import make_url

from advocacy.database import create_private_file
from advocacy.secret_keys import signing_key
from advocacy.settings import Settings

FILE = "tasks.sqlite3"
"""The queue's file, beside an SQLite database."""
TIMEOUT_S = 2
"""How long a page waits for a queue that does not answer."""


def make_huey(settings: Settings) -> Huey:
    """Return the Huey of a site: Redis where ADVOCACY_QUEUE_URL names one, else its database's, else a file beside it.

    The name is derived from the signing key: two sites may share one Redis, two machines of one site share the name.
    Raises SettingsError without that key, and the errors of its store.
    """
    key = signing_key(settings)
    name = f"advocacy_{sha256(f'queue {key}'.encode()).hexdigest()[:12]}"
    options = {"results": False, "serializer": SignedSerializer(key, salt="advocacy.tasks")}
    if settings.queue_url:
        pool = ConnectionPool.from_url(settings.queue_url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        return RedisHuey(name, connection_pool=pool, **options)
    if settings.database_file is not None:
        file = settings.database_file.with_name(FILE)
        create_private_file(file)
        return SqliteHuey(name, filename=str(file), timeout=TIMEOUT_S, **options)
    dsn = make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey(name, dsn=dsn, connect_timeout=TIMEOUT_S, **options)
