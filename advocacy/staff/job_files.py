"""The files of a job, encrypted in pieces: neither a worker nor a page holds more of a large one than a piece."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from sqlalchemy import Select, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate, insert_rows
from advocacy.encryption import CannotDecrypt, Keys, decrypt_bytes, encrypt_bytes, is_newest
from advocacy.staff.models import JobFile

INPUT, RESULT, REPORT = "input", "result", "report"
"""What a job was given, what it made to be downloaded, and what its page tells row by row."""
MADE = (RESULT, REPORT)
PIECE_BYTES = 1_000_000


def store(session: Session, job_id: int, role: str, *, content: bytes, keys: Keys, first: int = 0) -> int:
    """Encrypt a file, or what follows of it from the piece `first` on; return the number of the next piece."""
    numbers = range(first, first + -(-len(content) // PIECE_BYTES))
    for number in numbers:
        start = (number - first) * PIECE_BYTES
        piece = content[start : start + PIECE_BYTES]
        sealed = encrypt_bytes(keys, piece, of=_place(job_id, role, number))
        insert_rows(session, JobFile, {"job_id": job_id, "role": role, "number": number, "content_sealed": sealed})
    return numbers.stop


def read(session: Session, job_id: int, role: str, *, keys: Keys) -> bytes:
    """Return a whole file, b"" where there is none; raises CannotDecrypt."""
    return b"".join(
        decrypt_bytes(keys, row.content_sealed, of=_place(job_id, role, row.number))
        for row in session.scalars(_pieces(job_id, role))
    )


def pieces(sessions: sessionmaker[Session], job_id: int, role: str, *, keys: Keys) -> Iterator[bytes]:
    """Return a file piece by piece, each read for itself; raises CannotDecrypt."""
    number = 0
    while True:
        with sessions() as session:
            row = session.get(JobFile, (job_id, role, number))
        if row is None:
            return
        yield decrypt_bytes(keys, row.content_sealed, of=_place(job_id, role, number))
        number += 1


def are_readable(session: Session, job_id: int, *, keys: Keys) -> bool:
    """Whether the keys of a job's files are known: the first piece of each is tried."""
    for row in session.scalars(select(JobFile).where(JobFile.job_id == job_id, JobFile.number == 0)):
        try:
            decrypt_bytes(keys, row.content_sealed, of=_place(job_id, row.role, 0))
        except CannotDecrypt:
            return False
    return True


def delete(session: Session, job_id: int, roles: Collection[str] = (INPUT, *MADE)) -> None:
    """Delete files of a job."""
    session.execute(delete_rows(JobFile).where(JobFile.job_id == job_id, JobFile.role.in_(roles)))


def encrypt_again(sessions: sessionmaker[Session], *, keys: Keys) -> int:
    """Encrypt every piece with the newest key, each in a transaction of its own; return how many changed.

    A piece whose key is not known stays as it is: it is deleted within a day.
    """
    with sessions() as session:
        places = session.execute(select(JobFile.job_id, JobFile.role, JobFile.number)).all()
    changed = 0
    for job_id, role, number in places:
        with immediate(sessions) as session:
            row = session.get(JobFile, (job_id, role, number), with_for_update=True)
            if row is None or is_newest(keys, row.content_sealed):
                continue
            place = _place(job_id, role, number)
            with suppress(CannotDecrypt):
                row.content_sealed = encrypt_bytes(keys, decrypt_bytes(keys, row.content_sealed, of=place), of=place)
                changed += 1
    return changed


def _pieces(job_id: int, role: str) -> Select[JobFile]:
    return select(JobFile).where(JobFile.job_id == job_id, JobFile.role == role).order_by(JobFile.number)


def _place(job_id: int, role: str, number: int) -> str:
    return f"job_files.content_sealed:{job_id}/{role}/{number}"
