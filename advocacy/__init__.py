"""Letters that citizens sign, to their own legislators, in which every figure is the survey's own."""

from pathlib import Path

__version__ = "1.0.0"

PACKAGE = Path(__file__).parent


def shipped_folder(name: str = "letters") -> Path:
    """Return the folder of the shipped campaigns ("letters"), the pages' "templates" or the guide ("docs/guide").

    It is inside an installed package, and next to it in a checkout.
    """
    inside = PACKAGE / "_shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name
