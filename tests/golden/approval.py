"""What somebody has read and approved: ADVOCACY_TEST_APPROVE=1 writes it anew, to be read before it is committed."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def approved(text: str, file: str) -> str:
    """Return what was approved under this name, which is `text` where it is written anew."""
    path = FOLDER / file
    if os.environ.get("ADVOCACY_TEST_APPROVE") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return path.read_text(encoding="utf-8")
