"""Where a merge puts its letters: a file each in a folder, or joined into one file or several numbered ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from advocacy.cli.site import WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import Format, Post
from advocacy.exports.merge import WIDTH_OF_ROW, Merged, letter_name

MOST_JOINED, PART = 500, 180
"""Pages: the most in one file, and, where they are more, the most in each of several.

A typesetter holds half a megabyte for each. What is readied for the mail counts as two: an address sheet is one, and
under a window's address a letter often goes on to another.
"""
PAGES_IN_THE_MAIL = 2
ALWAYS_JOINED = frozenset({"pdf"})
"""Forms for the printer, which come in parts even in a folder."""
WIDTH_OF_PART = 2


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder, and the beginning of the names of joined files; "" gives a file for each letter, of so many `pages`."""

    folder: Path
    form: Format
    stem: str
    pages: int = 1

    @classmethod
    def of(cls, output: Path, form: Format, letter: str, *, post: Post = Post.NONE) -> "Destination":
        """Read what `--output` names: a file by its ending, else a folder; raise WrongUse for what does not fit.

        `letter` is the letter's own name, which joined files in a folder begin with.
        """
        pages = 1 if post is Post.NONE else PAGES_IN_THE_MAIL
        ending = output.suffix.lower().removeprefix(".")
        if output.is_dir() or ending not in FORMATS:
            if output.exists() and not output.is_dir():
                raise WrongUse(f"{output} is a file; name a folder, or a file that ends in .{form.name}")
            return cls(output, form, letter if form.name in ALWAYS_JOINED else "", pages)
        if not form.joins:
            article = "an" if form.name.startswith(tuple("aeiou")) else "a"
            raise WrongUse(f"{article} .{form.name} file holds one letter; name a folder with --output")
        return cls(output.parent, form, output.stem, pages)

    def parts(self, letters: int) -> int:
        """Count the files that hold so many letters."""
        if not self.stem:
            return letters
        return -(-letters // (PART // self.pages)) if letters * self.pages > MOST_JOINED else min(letters, 1)

    def part(self, number: int, parts: int) -> Path:
        """Name one joined file: "letters.pdf", or "letters-03-of-20.pdf" where there are several."""
        width = max(WIDTH_OF_PART, len(str(parts)))
        which = f"-{number:0{width}}-of-{parts:0{width}}" if parts > 1 else ""
        return self.folder / f"{self.stem}{which}.{self.form.name}"

    def letter(self, merged: Merged) -> Path:
        """Name one letter's file, by its row and office: "00002 - Ottawa Centre.txt"."""
        return self.folder / letter_name(merged, self.form)

    @property
    def record(self) -> Path:
        """Where it is written down what the merge was begun with; no joined file's is named as a folder's is."""
        form = self.form.name
        return self.folder / (f".{self.stem}.{form}.merge.json" if self.stem else f".merge.{form}.json")

    def records_of_others(self, letter: str) -> Iterator[Path]:
        """Return where merges of `letter` in other forms keep theirs, if this one goes into a folder."""
        if self.stem not in ("", letter):
            return
        for form in FORMATS.values():
            other = Destination(self.folder, form, letter if form.name in ALWAYS_JOINED else "")
            if form.name != self.form.name:
                yield other.record

    def names(self, name: str) -> bool:
        """Whether a file of this name belongs to this merge: its letters, joined or each alone, or its record."""
        which = rf"{re.escape(self.stem)}(-\d+-of-\d+)?" if self.stem else rf"\d{{{WIDTH_OF_ROW},}} - .+"
        return name == self.record.name or bool(re.fullmatch(rf"{which}\.{self.form.name}", name))

    def taken(self) -> Iterator[Path]:
        """Return what stands already where the letters are to go."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            if not path.name.startswith(".") and (not self.stem or self.names(path.name)):
                yield path
