"""The directory's speed and memory: opening the postal table, looking a code up, filling a database, searching it."""

import gc
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from advocacy.database import make_engine, make_sessions
from advocacy.language import Wording
from advocacy.legislators import directory_queries
from advocacy.legislators.legislatures import DATA
from advocacy.legislators.list_merge import merge
from advocacy.legislators.models import SourceRecord
from advocacy.legislators.postal_codes import candidates, read_postal_code, shipped_table
from advocacy.legislators.search import Index
from advocacy.legislators.seed import seed
from advocacy.migrations import migrate
from benchmarks.report import Row, size
from scripts.make_postal_table import read_codes

LOOKUPS = size(20_000, 200)
NAMESAKES = size(2_000, 50)
ROUNDS = size(5, 1)
QUERIES = ("naqvi", "otawa center", "Québec", "vallee du haut saint laurent", "melanie jolly")
FRESH = """
import time
from advocacy.legislators.postal_codes import candidates
from advocacy.legislators.postal_codes import read_postal_code
start = time.perf_counter()
candidates(read_postal_code("K1A 0A6"))
print(time.perf_counter() - start)
"""


def measure() -> list[Row]:
    """Return every figure."""
    return [*postal_lookup(), *postal_memory(), *filling_and_searching()]


def postal_lookup() -> list[Row]:
    """Time the first lookup of fresh processes, then known, spread-out and unknown codes, reading included."""
    codes = list(read_codes(DATA.joinpath("postal_ridings.csv.gz")))
    spread = random.Random(1).sample(codes, LOOKUPS)
    return [
        Row("postal code, first lookup of a fresh process", _fresh() * 1e3, "ms"),
        Row("postal code, the same again", _each(["k1a 0a6"] * LOOKUPS), "µs"),
        Row("postal code, any of 882,496", _each(spread), "µs"),
        Row("postal code, unknown", _each(["K1A 9Z9"] * LOOKUPS), "µs"),
    ]


def postal_memory() -> list[Row]:
    """Weigh the table after it was opened, and after every area was asked for."""
    codes = list(read_codes(DATA.joinpath("postal_ridings.csv.gz")))
    shipped_table.cache_clear()
    gc.collect()
    tracemalloc.start()
    candidates(read_postal_code("K1A 0A6"))
    opened = tracemalloc.get_traced_memory()[0]
    for code in codes[::97]:
        candidates(read_postal_code(code))
    full = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return [
        Row("postal table in memory", opened / 1e6, "MB"),
        Row("postal table in memory, every area asked for", full / 1e6, "MB"),
    ]


def filling_and_searching() -> list[Row]:
    """Time migrating and seeding an empty SQLite file, then the search over it."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        sessions = make_sessions(engine)
        migrating = _time(lambda: migrate(engine))
        with sessions.begin() as session:
            seeding = _time(lambda: seed(session, now=datetime.now(UTC)))
        with sessions.begin() as session:
            loading = _time(lambda: Index(directory_queries.everyone(session)).search("warm"))
            index = Index(directory_queries.everyone(session))
            searching = [_time(partial(index.search, text)) for text in QUERIES * ROUNDS]
        towns = [
            SourceRecord(chamber="council", name="Zoé Roe", district=Wording.same(f"Town {number}"), province="QC")
            for number in range(NAMESAKES)
        ]
        with sessions.begin() as session:
            merging = _time(lambda: merge(session, towns, source="a file", as_of=date(2026, 11, 25)))
        engine.dispose()
    return [
        Row("tables made in an empty SQLite file", migrating, "s"),
        Row("directory seeded into it", seeding, "s"),
        Row("directory loaded and made ready for search", loading * 1e3, "ms"),
        Row("search of the whole directory", median(searching) * 1e3, "ms"),
        Row(f"{NAMESAKES:,} people of one name merged into it", merging, "s"),
    ]


def _fresh() -> float:
    runs = [
        subprocess.run([sys.executable, "-c", FRESH], check=True, capture_output=True, text=True) for _ in range(ROUNDS)
    ]
    return median(float(run.stdout) for run in runs)


def _each(typed: list[str]) -> float:
    """Return the microseconds that one of `typed` takes to be read and looked up, the median of some rounds."""
    return (
        median(_time(lambda: [candidates(read_postal_code(text)) for text in typed]) for _ in range(ROUNDS))
        / len(typed)
        * 1e6
    )


def _time(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
