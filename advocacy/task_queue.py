"""The queue of the site's tasks: Huey over SQLite, PostgreSQL or Redis, whose messages are signed JSON."""

import hmac
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, PriorityRedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import PriorityRedisStorage
from redis import ConnectionPool
from sqlalchemy.engine import make_url

from advocacy.database import create_private_file
from advocacy.secret_keys import signing_key
from advocacy.settings import Settings

FILE = "tasks.sqlite3"
"""The queue's file, beside an SQLite database."""
TIMEOUT_S = 2.0
"""How long a page waits for a queue that does not answer."""
DATETIME_FIELDS = frozenset({"eta", "expires_resolved"})


class QueueUnavailable(RuntimeError):
    """The queue cannot be opened for now; the text is its store's own, in one line."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error).strip().split("\n")[0])


class SignedJson(Serializer):  # type: ignore[misc]
    """Writes tasks as JSON and signs them: who can write to the queue still cannot have anything run by it.

    Huey's own signing serializer writes pickles and signs them with SHA-1.
    """

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def serialize(self, data: Any) -> bytes:
        """Return the JSON of a task, a colon and the signature."""
        if isinstance(data, Message):
            fields = {name: value for name, value in data._asdict().items() if value is not None}
            data = {"task": fields}
        # A task carries ids and moments; of anything else, `isoformat` makes a TypeError.
        body = json.dumps(data, default=datetime.isoformat).encode()
        return body + b":" + self._signature(body)

    def deserialize(self, data: bytes) -> Any:
        """Return what was serialized; raises ValueError for what this key did not sign."""
        body, _, signature = data.rpartition(b":")
        if not hmac.compare_digest(signature, self._signature(body)):
            raise ValueError("signature mismatch")
        read = json.loads(body)
        if not isinstance(read, Mapping) or "task" not in read:
            return read
        fields = read["task"]
        moments = {name: datetime.fromisoformat(fields[name]) for name in DATETIME_FIELDS & fields.keys()}
        return Message(**{**fields, **moments, "args": tuple(fields["args"])})

    def _signature(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, sha256).hexdigest().encode()


class QueueConnection(sqlite3.Connection):
    """A connection to a queue's file, which survives a power cut whole: its last tasks may be lost."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.execute("PRAGMA synchronous=NORMAL")


def make_huey(settings: Settings) -> Huey:
    """Return the Huey of a site: Redis where ADVOCACY_QUEUE_URL names one, else its database's, else a file beside it.

    The name is derived from the signing key: two sites may share one Redis, two machines of one site share the name.
    Raises SettingsError without that key, QueueUnavailable where its file or its database cannot be used for now.
    """
    key = hmac.digest(signing_key(settings).encode(), b"advocacy.tasks", "sha256")
    name = f"advocacy_{sha256(key.hex().encode()).hexdigest()[:12]}"
    common = {"results": False, "serializer": SignedJson(key)}
    if settings.queue_url:
        pool = ConnectionPool.from_url(settings.queue_url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        return PriorityRedisHuey(name, connection_pool=pool, **common)
    if settings.database_file is not None:
        file = settings.database_file.with_name(FILE)
        try:
            create_private_file(file)
            return SqliteHuey(name, filename=str(file), timeout=TIMEOUT_S, factory=QueueConnection, **common)
        except (sqlite3.Error, OSError) as error:
            raise QueueUnavailable(error) from None
    dsn = make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    limits = f"-c statement_timeout={TIMEOUT_S * 1000:.0f}"
    import psycopg  # noqa: PLC0415  # a site on SQLite has no use for it

    try:
        return PostgresHuey(name, dsn=dsn, connect_timeout=int(TIMEOUT_S), options=limits, **common)
    except psycopg.Error as error:
        raise QueueUnavailable(error) from None


def remove_damaged(settings: Settings) -> bool:
    """Remove a queue's file that SQLite cannot read, before anything uses it; return whether it was one."""
    if settings.queue_url or settings.database_file is None:
        return False
    file = settings.database_file.with_name(FILE)
    if not file.exists() or _is_readable(file):
        return False
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    return True


def _is_readable(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file, timeout=TIMEOUT_S)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.OperationalError:  # somebody else writes, or it cannot be opened
        return True
    except sqlite3.DatabaseError:
        return False


def close(huey: Huey) -> None:
    """Close the connections that this process has to the queue."""
    huey.storage.close()
    if isinstance(huey.storage, PriorityRedisStorage):
        huey.storage.pool.disconnect()
