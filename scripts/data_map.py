"""Bring the map of personal data in docs/privacy.md up to date with advocacy/letters/data_map.toml.

python -m scripts.data_map
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA_MAP = ROOT / "advocacy" / "letters" / "data_map.toml"
PAGE = ROOT / "docs" / "privacy.md"
BEGIN, END = "<!-- data map: made by scripts/data_map.py -->\n", "<!-- end of the data map -->"
TITLES = {"citizens": "About citizens", "staff": "About staff", "legislators": "About legislators"}


def markdown_tables() -> str:
    """Return the map in Markdown: a table for each column about citizens, a line for each table about others."""
    return "\n".join(_lines(tomllib.loads(DATA_MAP.read_text(encoding="utf-8"))))


def _lines(read: Mapping[str, Any]) -> Iterator[str]:
    tables, retention = read["tables"], read["retention"]
    for about, title in TITLES.items():
        yield f"### {title}\n"
        yield "| table | for | what, and how it is protected | kept |\n|---|---|---|---|"
        for name, table in tables.items():
            if table["about"] == about:
                personal = "<br>".join(f"`{column}` {what}" for column, what in table.get("personal", {}).items())
                kept = "; ".join(_kept(retention, one) for one in table.get("kept", ()))
                yield f"| `{name}` | {table['purpose']} | {personal} | {kept} |"
        yield ""
    yield "### About nobody\n"
    yield ", ".join(f"`{name}`" for name, table in tables.items() if table["about"] == "nobody") + "."


def _kept(retention: Mapping[str, Any], name: str) -> str:
    one = retention[name]
    return f"`ADVOCACY_{name.upper()}` {one['what']}" if "setting" in one else str(one["what"])


def main() -> None:
    """Write the map between its two marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{markdown_tables()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
