"""A worker in a process of its own that sends what is due and is killed with -9 before it writes what came of it.

`python -m tests.digest_worker DATABASE_URL FILE MOMENT`: each mail that it hands over is a line of the file.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from advocacy.database import make_engine
from advocacy.delivery.provider import Accepted, Envelope, Kind
from advocacy.delivery.worker import Worker
from advocacy.letters.digest_delivery import digests_moved
from advocacy.letters.models import MessageKind
from tests.citizens import open_sessions
from tests.digests import the_digest_mails


class KillingProvider:
    """Takes a mail, and kills the process at once."""

    name, rehearses = "killing", False

    def __init__(self, file: Path) -> None:
        self.file = file

    def send(self, envelope: Envelope) -> Accepted:
        with self.file.open("a") as lines:
            lines.write(f"{envelope.subject}\n")
        os.kill(os.getpid(), signal.SIGKILL)
        return Accepted()

    def close(self) -> None:
        """Nothing is open."""


def main(url: str, file: Path, now: datetime) -> None:
    worker = Worker(
        open_sessions(make_engine(url)),
        KillingProvider(file),
        {MessageKind.DIGEST.value: Kind(the_digest_mails(now=now).digest, digests_moved)},
        now=lambda: now,
        chance=lambda: 0.5,
        on_alert=lambda _: None,
        per_hour=60,
    )
    worker.sweep()
    worker.deliver()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
