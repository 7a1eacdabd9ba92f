"""Names in addresses and keys in files, made of what somebody called a thing, each another than those taken."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from advocacy.campaigns.check import LONGEST_NAME
from advocacy.language import fold

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


def made_name(title: str, taken: Collection[str]) -> str:
    """Return a name for addresses, made of a title; another than those taken."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[: LONGEST_NAME - 4].strip("-") or "campaign"
    return next(name for name in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if name not in taken)


def made_key(label: str, taken: Collection[str]) -> str:
    """Return a key made of a label; another than those taken."""
    stem = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40] or "answer"
    stem = stem if stem[0].isalpha() else f"n_{stem}"
    return next(key for key in (stem, *(f"{stem}_{number}" for number in range(2, 10_000))) if key not in taken)


def give_keys(rows: Sequence[dict[str, Any]], label: str) -> None:
    """Return each table that has no key one made of its English `label`."""
    taken = {row.get("key", "") for row in rows}
    for row in rows:
        row["key"] = row.get("key") or made_key(row.get(label, {}).get("en", ""), taken)
        taken.add(row["key"])
