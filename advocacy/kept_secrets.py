"""A secret that nobody has to type: made once, and kept in a file that only its owner can read."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Read the secret at `path`, made first where there is none; processes that start together agree on one."""
    if not path.exists():
        _keep(path, make())
    return path.read_text(encoding="ascii", errors="replace").strip()


def _keep(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ours = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
        file.flush()
        os.fsync(file.fileno())  # what is made with a secret must not outlast it
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(ours)  # whole or not at all, and the first one wins
    ours.unlink()
