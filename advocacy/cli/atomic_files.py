"""Files that are whole or not there: written under a temporary name, made to last, and renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, content: bytes) -> None:
    """Write one file; raise OSError with its name."""
    with open_file(path) as file:
        file.write(content)


@contextmanager
def open_file(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Open one file to be written as a stream; raise OSError with its name, and leave the old file then."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        unfinished.unlink(missing_ok=True)
