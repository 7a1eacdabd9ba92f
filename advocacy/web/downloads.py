"""Files that pages hand out."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence

from flask import Response

from advocacy.exports.merge.rejected import neutral


def csv_answer(rows: Iterable[Sequence[str]], name: str) -> Response:
    """Return rows as spreadsheet programs read them; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    answer = Response(BOM_UTF8 + text.getvalue().encode(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
