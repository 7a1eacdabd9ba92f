"""How long a letter can get: the words of its longest way through alternatives and conditions."""

from collections.abc import Mapping

from advocacy.campaigns.program import Block, Blocks, Branch, Choose, Inline, Paragraph, Slot

BLANK = 2
"""Words counted for a blank whose length is not known: a name, a riding, a figure."""


def longest_words(blocks: Blocks, words_of: Mapping[str, int]) -> int:
    """Count the words of the longest letter; `words_of` says how many a field may hold."""
    return sum(_block(block, words_of) for block in blocks)


def _block(block: Block, words_of: Mapping[str, int]) -> int:
    if isinstance(block, Paragraph):
        return len(_longest(block.inline, words_of).split())
    held = block.alternatives if isinstance(block, Choose) else tuple(inner for _, inner in block.cases)
    return max((longest_words(inner, words_of) for inner in held), default=0)


def _longest(inline: Inline, words_of: Mapping[str, int]) -> str:
    """Write a paragraph out with stand-ins for its blanks, so that a comma behind a blank is no word of its own."""
    return "".join(_part(part, words_of) for part in inline)


def _part(part: str | Slot | Branch, words_of: Mapping[str, int]) -> str:
    if isinstance(part, Slot):
        return " ".join("x" * words_of.get(part.name, BLANK))
    if isinstance(part, Branch):
        return max((_longest(held, words_of) for _, held in part.cases), key=lambda text: len(text.split()))
    return part
