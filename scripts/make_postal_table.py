"""Make the file of every postal code's ridings from the auditable lists beside it.

    python -m scripts.make_postal_table

The lists are `postal_ridings.csv.gz` and `fsa_ridings.csv`; `advocacy/legislators/postal_codes.py` describes the file.
"""

import csv
import gzip
import io
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias

from advocacy.legislators.legislatures import DATA
from advocacy.legislators.postal_codes import LENGTH_BYTES, MAGIC, PAGE_SIZE, TABLE_NAME, Ridings, place_of

Codes: TypeAlias = Mapping[str, Ridings]


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
        page[place_of(code)] = numbers[ridings]
    return zlib.compress(bytes(page), 9)


def main(folder: Traversable = DATA, *, target: Path | None = None) -> Iterator[str]:
    """Make the file beside its sources, or at `target`; give what was done, in sentences."""
    codes = read_codes(folder.joinpath("postal_ridings.csv.gz"))
    content = pack(codes, read_areas(folder.joinpath("fsa_ridings.csv")))
    path = target or Path(str(folder)) / TABLE_NAME
    path.write_bytes(content)
    yield f"{path}: {len(codes):,} postal codes in {len(content):,} bytes\n"


if __name__ == "__main__":
    sys.stdout.writelines(main())
