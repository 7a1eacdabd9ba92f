"""The file of a backup: every table as lines of JSON, compressed, and encrypted with age to a public key.

It is the same for both databases, and needs no program of theirs. It is written and read as a stream: nothing that is
readable touches the disk. The keys of the site are not in it.
"""

import base64
import io
import json
import secrets
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    insert,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from advocacy.migrations import VERSION_TABLE

FORMAT = 1
BATCH = 500
CHUNK = 64 * 1024
QUEUE_TABLES = "huey_"
"""How the names of the task queue's tables begin: it holds nothing that could be lost."""
BINARY, DAY, JSON_TEXT, MOMENT, PLAIN = "binary", "day", "json", "moment", "plain"
KINDS: Sequence[tuple[type[TypeEngine[Any]], str]] = (
    (LargeBinary, BINARY),
    (DateTime, MOMENT),
    (Date, DAY),
    (JSON, JSON_TEXT),
    (Boolean, PLAIN),
    (Integer, PLAIN),
    (Float, PLAIN),
    (String, PLAIN),
)
"""How the values of a type are written."""


class BackupError(Exception):
    """A backup that cannot be made or read; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself: `key_ids` name the data keys that it cannot be read without."""

    id: str
    made_at: str
    revision: str
    key_ids: tuple[str, ...]
    version: str
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def new_header(connection: Connection, *, now: datetime, key_ids: Sequence[str], version: str) -> Header:
    """Return the header of a backup that is made now."""
    revision = connection.execute(select(VERSION_TABLE.c.version_num)).scalar_one()
    return Header(secrets.token_hex(16), now.astimezone(UTC).isoformat(), revision, tuple(key_ids), version)


def make_identity() -> tuple[str, str]:
    """Make a pair of keys; return the identity, which decrypts and is kept apart, and the recipient."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def read_recipients(texts: Sequence[str]) -> Sequence[Any]:
    """Read public keys as `age1…`; raises BackupError."""
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in texts]
    except pyrage.RecipientError:
        raise BackupError(
            "name the public key that backups are encrypted to, as age1…; advocacy backup --make-identity makes one"
        ) from None


def read_identities(content: str) -> Sequence[Any]:
    """Read the lines of a file of identities, as age-keygen writes it; raises BackupError."""
    lines = [line.strip() for line in content.splitlines()]
    try:
        identities = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        identities = []
    if not identities:
        raise BackupError("name the file that holds the identity, a line that begins with AGE-SECRET-KEY-")
    return identities


def snapshot(engine: Engine) -> Connection:
    """Open a transaction that sees the database as it is now, whoever writes meanwhile."""
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    # Python's sqlite3 begins no transaction to read.
    connection = engine.connect()
    connection.exec_driver_sql("BEGIN")
    return connection


def write(connection: Connection, header: Header, file: BinaryIO, *, recipients: Sequence[Any]) -> int:
    """Write a backup of what a `snapshot` sees; return how many rows it holds. Raises BackupError."""
    counts: Counter[str] = Counter()
    try:
        pyrage.encrypt_io(_Source(_compressed(_lines(connection, header, counts))), file, recipients)
    except pyrage.EncryptError as error:
        raise BackupError(f"the backup could not be written ({error})") from None
    return counts.total()


def read(path: Path, identities: Sequence[Any], *, on_header: Callable[[Header], "Loader"]) -> Mapping[str, int]:
    """Read a backup into what `on_header` returns; return the number of rows of each table.

    Raises BackupError for a file that is no backup, is damaged or cut short, or is encrypted to another key.
    """
    sink = _Sink(on_header)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, sink, identities)
    except pyrage.DecryptError as error:
        sentence = "this identity does not open it" if "keys" in str(error) else "it is no backup, or it is damaged"
        raise BackupError(f"{path.name} cannot be read: {sentence}") from None
    except (zlib.error, ValueError, KeyError):
        raise BackupError(f"{path.name} cannot be read: it is damaged, or another program wrote it") from None
    except OSError as error:
        if error.errno is None:  # age's own: what follows was changed
            raise BackupError(f"{path.name} cannot be read: it is damaged") from None
        raise
    return sink.close(path.name)


class Loader:
    """Puts rows into empty tables of the revision that a backup was made of."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.tables = own_tables(connection)
        self.counts: Counter[str] = Counter()
        self._table: Table | None = None
        self._statement: Any = None
        self._decode: Sequence[Callable[[Any], Any]] = ()
        self._columns: Sequence[str] = ()
        self._rows: list[dict[str, Any]] = []

    def begin_table(self, name: str, columns: Sequence[str]) -> None:
        """Go on with a table; raises KeyError for one that this revision does not have."""
        self.flush()
        self._table, self._columns = self.tables[name], [f"value_{place}" for place in range(len(columns))]
        found = [self._table.c[column] for column in columns]
        self._decode = [DECODE[_kind(column)] for column in found]
        values = {
            column.name: bindparam(bind, type_=JSON(none_as_null=True) if _kind(column) == JSON_TEXT else column.type)
            for column, bind in zip(found, self._columns, strict=True)
        }
        self._statement = insert(self._table).values(values).inline()

    def add(self, row: Sequence[Any]) -> None:
        decoded = (None if value is None else decode(value) for decode, value in zip(self._decode, row, strict=True))
        self._rows.append(dict(zip(self._columns, decoded, strict=True)))
        if len(self._rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if self._rows and self._table is not None:
            self._connection.execute(self._statement, self._rows)
            self.counts[self._table.name] += len(self._rows)
            self._rows = []


def own_tables(connection: Connection) -> Mapping[str, Table]:
    """Return the tables of the site as they are, each after those it refers to: all but the queue's and Alembic's."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != VERSION_TABLE.name and not name.startswith(QUEUE_TABLES))
    return {table.name: table for table in found.sorted_tables}


def _lines(connection: Connection, header: Header, counts: Counter[str]) -> Iterator[bytes]:
    yield _line({"advocacy backup": asdict(header)})
    for name, table in own_tables(connection).items():
        yield _line({"table": name, "columns": [column.name for column in table.columns]})
        encode = [ENCODE[_kind(column)] for column in table.columns]
        columns = [cast(column, Text) if _kind(column) == JSON_TEXT else column for column in table.columns]
        rows = select(*columns).order_by(*table.primary_key)
        for row in connection.execution_options(yield_per=BATCH).execute(rows):
            counts[name] += 1
            yield _line([None if one is None else to(one) for to, one in zip(encode, row, strict=True)])
    yield _line({"end": dict(counts)})


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _compressed(lines: Iterator[bytes]) -> Iterator[bytes]:
    # Most of it is encrypted columns, from which no level but the first takes anything.
    packer = zlib.compressobj(level=1)
    for line in lines:
        if packed := packer.compress(line):
            yield packed
    yield packer.flush()


def _kind(column: Column[Any]) -> str:
    for type_, kind in KINDS:
        if isinstance(column.type, type_):
            return kind
    raise BackupError(f"the type of {column.table.name}.{column.name} is not known to backups")


def _decode_json(value: str) -> Any:
    """Return JSON as it was stored: its `null` apart from SQL's."""
    return JSON.NULL if value == "null" else json.loads(value)


def _encode_moment(value: datetime) -> str:
    # SQLite's have no zone: they are UTC (`UtcDateTime`).
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


ENCODE: Mapping[str, Callable[[Any], Any]] = {
    BINARY: lambda value: base64.b64encode(value).decode(),
    DAY: date.isoformat,
    JSON_TEXT: str,
    MOMENT: _encode_moment,
    PLAIN: lambda value: value,
}
DECODE: Mapping[str, Callable[[Any], Any]] = {
    BINARY: base64.b64decode,
    DAY: date.fromisoformat,
    JSON_TEXT: _decode_json,
    MOMENT: datetime.fromisoformat,
    PLAIN: lambda value: value,
}


class _Source(io.RawIOBase):
    """A file to read from, made of pieces as they are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = CHUNK) -> bytes:
        collected = [self._rest]
        length = len(self._rest)
        while length < size and (piece := next(self._pieces, None)) is not None:
            collected.append(piece)
            length += len(piece)
        content = b"".join(collected)
        self._rest = content[size:]
        return content[:size]


class _Sink:
    """A file to write to, which reads the lines of a backup as they come."""

    def __init__(self, on_header: Callable[[Header], Loader]) -> None:
        self._on_header = on_header
        self._unpacker = zlib.decompressobj()
        self._rest = b""
        self._loader: Loader | None = None
        self._end: Mapping[str, int] | None = None

    def write(self, packed: bytes) -> int:
        *lines, self._rest = (self._rest + self._unpacker.decompress(packed)).split(b"\n")
        for line in lines:
            self._read(json.loads(line))
        return len(packed)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self, name: str) -> Mapping[str, int]:
        if self._loader is None or self._end is None or dict(self._loader.counts) != self._end:
            raise BackupError(f"{name} cannot be read: it is cut short")
        return self._loader.counts

    def _read(self, value: Any) -> None:
        if isinstance(value, list):
            if self._loader is not None:
                self._loader.add(value)
        elif "advocacy backup" in value:
            fields = value["advocacy backup"]
            if fields["format"] != FORMAT:
                raise BackupError("a newer version of advocacy made this backup; install it first")
            self._loader = self._on_header(Header(**{**fields, "key_ids": tuple(fields["key_ids"])}))
        elif self._loader is not None and "table" in value:
            self._loader.begin_table(value["table"], value["columns"])
        elif self._loader is not None:
            self._loader.flush()
            self._end = {table: count for table, count in value["end"].items() if count}


def reset_sequences(connection: Connection) -> None:
    """Have new rows numbered after those that came with their numbers: only PostgreSQL counts apart from the rows."""
    if connection.dialect.name != "postgresql":
        return
    for table in own_tables(connection).values():
        for column in table.primary_key:
            sequence = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": f'"{table.name}"', "column": column.name},
            )
            if sequence:
                highest = connection.scalar(select(column).order_by(column.desc()).limit(1))
                values = {"sequence": sequence, "number": highest or 1, "used": highest is not None}
                connection.execute(text("SELECT setval(:sequence, :number, :used)"), values)
