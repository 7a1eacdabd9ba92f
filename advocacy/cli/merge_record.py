"""What a merge was begun with, kept beside its letters: it goes on only with the same, and under its first date."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from advocacy.cli.site import WrongUse
from advocacy.cli.whole_files import write_whole

CHANGED = {
    "sheet": "the sheet is not the one",
    "template": "the letter is not the one",
    "revision": "the letter’s text is not the one",
    "directory": "the directory of legislators is not the one",
    "options": "the options are not the ones",
    "version": "this version of advocacy is not the one",
}
"""What must be the same, and how it is told when it is not."""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the letters follow from: digests (SHA-256) of the sheet, the campaign's files and the directory.

    `late` are the rows that were found to take no such form only when it was made.
    """

    sheet: str
    template: str
    revision: str
    directory: str
    options: Mapping[str, str]
    version: str
    date: str
    late: tuple[int, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        """Read what was written; None where nothing was, WrongUse when it is no record."""
        try:
            kept = cls(**json.loads(path.read_text(encoding="utf-8")))
            return replace(kept, date=date.fromisoformat(kept.date).isoformat(), late=tuple(map(int, kept.late)))
        except FileNotFoundError:
            return None
        except (OSError, TypeError, ValueError):
            raise WrongUse(f"{path} cannot be read; merge again into another place") from None

    def write(self, path: Path) -> None:
        """Keep it beside the letters."""
        write_whole(path, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode())

    def refuse_other(self, now: "Record", where: Path) -> None:
        """Raise WrongUse when a merge that would go on is not the one that was begun."""
        for name in CHANGED:
            if getattr(self, name) != getattr(now, name):
                raise WrongUse(self.told(name, where))

    @staticmethod
    def told(name: str, where: Path) -> str:
        """Say which of these is another than a merge was begun with, and what to do."""
        return f"{CHANGED[name]} that {where} was started with; use the same, or merge into another place"

    def with_late(self, rows: Iterable[int]) -> "Record":
        """Add rows found out late."""
        return replace(self, late=tuple(sorted({*self.late, *rows})))
