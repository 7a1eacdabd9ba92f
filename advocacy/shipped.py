"""Where the files lie that ship beside the code: inside an installed package, or next to it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped_folder(name: str = "letters") -> Path:
    """Return the folder of the shipped campaigns ("letters"), the pages' "templates" or the guide ("docs/guide")."""
    inside = PACKAGE / "_shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name
