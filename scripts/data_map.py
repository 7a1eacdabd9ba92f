"""Bring the map of personal data in docs/privacy.md up to date with what the models declare.

python -m scripts.data_map
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import advocacy
from advocacy.database import Base
from advocacy.personal_columns import People, contents_of, personal_columns

PAGE = Path(__file__).parent.parent / "docs" / "privacy.md"
BEGIN, END = "<!-- data map: made by scripts/data_map.py -->\n", "<!-- end of the data map -->"


def models() -> list[type[Base]]:
    """Return every model of the database, by the names of their tables."""
    for module in walk_packages(advocacy.__path__, "advocacy."):
        if module.name.endswith(".models"):
            import_module(module.name)
    return sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__tablename__)


def markdown_tables() -> str:
    """Return the map in Markdown: a table for each kind of people, and the names of the other tables."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for people in (People.CITIZENS, People.STAFF, People.LEGISLATORS):
        yield f"### About {people}\n"
        yield "| table | for | what, and how it is protected | kept |\n|---|---|---|---|"
        for model in models():
            contents = contents_of(model)
            if contents.people is people:
                columns = "<br>".join(
                    f"`{name}` {declared.protection}: {declared.what}" for name, declared in personal_columns(model)
                )
                yield f"| `{model.__tablename__}` | {contents.purpose} | {columns} | {'; '.join(contents.kept)} |"
        yield ""
    yield "### About nobody\n"
    yield ", ".join(f"`{one.__tablename__}`" for one in models() if contents_of(one).people is People.NOBODY) + "."


def main() -> None:
    """Write the map between its two marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{markdown_tables()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
