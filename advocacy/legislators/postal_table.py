"""Every postal code's ridings in one small file, read once; a page of codes is unpacked when it is asked for.

`python -m advocacy.legislators.postal_table` makes the file anew from `postal_ridings.csv.gz` and
`fsa_ridings.csv`.

The file is a magic word, the length of a header, the header (zlib, JSON), and one page (zlib) per forward
sortation area. A page has a byte for each of the 2,000 codes that can exist there: 0 for a code not
known, else the place, from 1, of the code's ridings in the area's list of choices.
"""

import csv
import gzip
import io
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias

from advocacy.legislators.postal import DIGITS, LETTERS, PostalCode

MAGIC = b"POSTAL1\n"
LENGTH_BYTES = 4
PAGE_SIZE = len(DIGITS) * len(LETTERS) * len(DIGITS)
PAGES_KEPT = 256
DATA = files("advocacy.legislators").joinpath("data")
TABLE_NAME = "postal_ridings.bin"

Ridings: TypeAlias = tuple[str, ...]
Codes: TypeAlias = Mapping[str, Ridings]


class PostalTable:
    """Postal code → federal riding codes, the likeliest first."""

    def __init__(self, content: bytes) -> None:
        """Take a file made by `pack`; raise ValueError for anything else."""
        if not content.startswith(MAGIC):
            raise ValueError(f"not a postal table; make one with python -m {__name__}")
        start = len(MAGIC) + LENGTH_BYTES
        end = start + int.from_bytes(content[len(MAGIC) : start], "big")
        self._areas: dict[str, list[str]] = {}
        self._choices: dict[str, list[list[str]]] = {}
        self._places: dict[str, tuple[int, int]] = {}
        for fsa, (size, choices, ridings) in json.loads(zlib.decompress(content[start:end])).items():
            self._areas[fsa], self._choices[fsa], self._places[fsa] = ridings, choices, (end, end + size)
            end += size
        self._content = content
        self._page = lru_cache(maxsize=PAGES_KEPT)(self._unpack)

    def ridings_of(self, code: PostalCode) -> Ridings:
        """Give the ridings the whole code may lie in; none for a code not known."""
        if code.fsa not in self._places:
            return ()
        choice = self._page(code.fsa)[_place(code.plain)]
        return tuple(self._choices[code.fsa][choice - 1]) if choice else ()

    def ridings_of_area(self, fsa: str) -> Ridings:
        """Give the ridings of the codes that begin with these three characters; none for an unknown area."""
        return tuple(self._areas.get(fsa, ()))

    def _unpack(self, fsa: str) -> bytes:
        start, end = self._places[fsa]
        return zlib.decompress(self._content[start:end])


@cache
def shipped_table() -> PostalTable:
    """Give the table that comes with the package, read on first use and kept."""
    return PostalTable(DATA.joinpath(TABLE_NAME).read_bytes())


def read_codes(source: Traversable) -> dict[str, Ridings]:
    """Read the auditable list: postal code → its riding, then those within 200 m."""
    with source.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        return {code: (riding, *others.split()) for code, riding, others in rows}


def read_areas(source: Traversable) -> dict[str, Ridings]:
    """Read the list of forward sortation areas: first three characters → ridings by rank."""
    areas: dict[str, list[str]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(source.read_text(encoding="utf-8"), newline="")):
        areas[row["fsa"]].append(row["fed_code"])
    return {fsa: tuple(ridings) for fsa, ridings in areas.items()}


def pack(codes: Codes, areas: Mapping[str, Ridings]) -> bytes:
    """Make the table's file. The same lists always make the same bytes."""
    by_area: dict[str, dict[str, Ridings]] = defaultdict(dict)
    for code, ridings in codes.items():
        by_area[code[:3]][code] = ridings
    header: dict[str, tuple[int, list[Ridings], Ridings]] = {}
    pages: list[bytes] = []
    for fsa in sorted(areas):
        choices = sorted(set(by_area[fsa].values()))
        pages.append(_pack_page(by_area[fsa], choices))
        header[fsa] = (len(pages[-1]), choices, areas[fsa])
    packed = zlib.compress(json.dumps(header, separators=(",", ":")).encode(), 9)
    return b"".join([MAGIC, len(packed).to_bytes(LENGTH_BYTES, "big"), packed, *pages])


def _pack_page(codes: Codes, choices: list[Ridings]) -> bytes:
    page = bytearray(PAGE_SIZE)
    numbers = {ridings: number for number, ridings in enumerate(choices, start=1)}
    for code, ridings in codes.items():
        page[_place(code)] = numbers[ridings]
    return zlib.compress(bytes(page), 9)


def _place(code: str) -> int:
    return (int(code[3]) * len(LETTERS) + LETTERS.index(code[4])) * len(DIGITS) + int(code[5])


def main(folder: Traversable = DATA, *, target: Path | None = None) -> Iterator[str]:
    """Make the file beside its sources, or at `target`; give what was done, in sentences."""
    codes = read_codes(folder.joinpath("postal_ridings.csv.gz"))
    content = pack(codes, read_areas(folder.joinpath("fsa_ridings.csv")))
    path = target or Path(str(folder)) / TABLE_NAME
    path.write_bytes(content)
    yield f"{path}: {len(codes):,} postal codes in {len(content):,} bytes\n"


if __name__ == "__main__":
    sys.stdout.writelines(main())
