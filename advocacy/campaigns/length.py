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
        return _inline(block.inline, words_of)
    held = block.alternatives if isinstance(block, Choose) else tuple(inner for _, inner in block.cases)
    return max((longest_words(inner, words_of) for inner in held), default=0)


def _inline(inline: Inline, words_of: Mapping[str, int]) -> int:
    total = 0
    for part in inline:
        if isinstance(part, str):
            total += len(part.split())
        elif isinstance(part, Slot):
            total += words_of.get(part.name, BLANK)
        elif isinstance(part, Branch):
            total += max(_inline(held, words_of) for _, held in part.cases)
    return total
