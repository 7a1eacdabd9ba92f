"""`make bench`: every measured claim, beside its peer or limit, in one run. Exit 1 when a limit is missed.

`--short` measures little of everything, to show that it can be measured, and holds no figure against a limit.
"""

import sys

from benchmarks import command, directory, documents, letters, merge, provenance, sending, site, staff
from benchmarks.report import IS_SHORT, SHORT, Row

PARTS = {
    "letters": letters.measure,
    "provenance": provenance.measure,
    "command": command.measure,
    "directory": directory.measure,
    "site": site.measure,
    "documents": documents.measure,
    "merge": merge.measure,
    "sending": sending.measure,
    "staff": staff.measure,
}
WHEN_NAMED = {"million": sending.million}
"""Too long for every run."""


def main(names: list[str]) -> int:
    """Measure the parts named, all when none is, and print each as it comes."""
    rows: list[Row] = []
    for name in [name for name in names if name != SHORT] or PARTS:
        print(f"{name}:")
        for row in (PARTS | WHEN_NAMED)[name]():
            print(f"  {row}", flush=True)
            rows.append(row)
    if IS_SHORT:
        print(f"{len(rows)} figures of a short run, held against no limit")
        return 0
    missed = sum(not row.holds for row in rows)
    print(f"{len(rows)} figures, {missed} beyond their limit" if missed else f"{len(rows)} figures, every limit kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
