"""Which cells may hold what a form cannot show: those with more than the letters and signs of English and French."""

import re
from collections.abc import Iterable, Mapping

_RARE = re.compile("[^\t\n\r -~\u00a0-\u024f\u2010-\u2027]")


def is_rare(texts: Iterable[str]) -> bool:
    """Return whether any character is beyond what every font at hand shows."""
    return any(_RARE.search(text) for text in texts)


def rare_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """Return those of the cells that have such a character."""
    return {column: cell for column, cell in cells.items() if _RARE.search(cell)}
