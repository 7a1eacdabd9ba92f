"""A letter as a writer sees it: paragraphs in facing languages, their variants, whom each is for; and the way back."""

from advocacy.campaigns.manuscript_editing import (
    add_case,
    add_section,
    add_variant,
    change_case,
    move,
    remove_case,
    remove_section,
    remove_variant,
)
from advocacy.campaigns.manuscript_parts import (
    Case,
    Manuscript,
    Section,
    UnknownLabel,
    Variant,
    cell,
    cells,
    dump,
    key_of,
    keys,
    load,
    with_text,
)
from advocacy.campaigns.manuscript_reading import read
from advocacy.campaigns.manuscript_writing import Line, Place, lay_out, locate, place_in, write

__all__ = [
    "Case",
    "Line",
    "Manuscript",
    "Place",
    "Section",
    "UnknownLabel",
    "Variant",
    "add_case",
    "add_section",
    "add_variant",
    "cell",
    "cells",
    "change_case",
    "dump",
    "key_of",
    "keys",
    "lay_out",
    "load",
    "locate",
    "move",
    "place_in",
    "read",
    "remove_case",
    "remove_section",
    "remove_variant",
    "with_text",
    "write",
]
