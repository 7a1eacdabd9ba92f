"""The rows left out are named in a file beside the sheet, which only the same sheet and letter replace or remove."""

import json
from dataclasses import dataclass
from pathlib import Path

from advocacy.cli.site import WrongUse
from advocacy.cli.whole_files import write_whole
from advocacy.exports.merge import is_rejected_file


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """`people.rejected.csv` of the sheet `people.csv`, merged with one letter."""

    sheet: Path
    letter: str

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.sheet.with_name(f"{self.sheet.stem}.rejected.csv")

    @property
    def note(self) -> Path:
        """Where it is written down whose rows the file names; `people.xlsx` has a file of the same name."""
        return self.path.with_name(f".{self.path.name}.merge.json")

    def refuse_to_write_over(self) -> None:
        """Raise WrongUse when what stands there is somebody's own, or of another sheet or letter."""
        try:
            with self.path.open("rb") as file:
                of_a_merge = is_rejected_file(file)
        except FileNotFoundError:
            return
        except OSError:
            of_a_merge = False
        if not of_a_merge:
            told = f"{self.path} is not from a merge, and rows left out would be named there"
            raise WrongUse(f"{told}; move it away, or rename the sheet")
        if self._noted() != self._mine:
            told = f"{self.path} names rows left out of another sheet, or with another letter"
            raise WrongUse(f"{told}; move it away when it has been read, or rename the sheet")

    def write(self, content: bytes) -> None:
        """Write the file, whole or not at all; raise OSError."""
        write_whole(self.note, json.dumps(self._mine, ensure_ascii=False).encode())
        write_whole(self.path, content)

    def remove(self) -> None:
        """Take it away, as no row is left out any more; raise OSError."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    @property
    def _mine(self) -> dict[str, str]:
        return {"sheet": self.sheet.name, "letter": self.letter}

    def _noted(self) -> object:
        try:
            return json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
