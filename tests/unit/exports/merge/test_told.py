"""A blank is filled in every language, a wording in each its own."""

from advocacy.exports.merge.told import filled
from advocacy.language import Wording


def test_blanks_are_filled_with_values_and_with_wordings() -> None:
    sentence = Wording.of(en="{number} {thing}", fr="{thing}\u00a0: {number}")
    thing = Wording.of(en="rows", fr="lignes")
    assert filled(sentence, number=3, thing=thing) == Wording.of(en="3 rows", fr="lignes\u00a0: 3")
    assert filled(sentence, number="{x}", thing="{y}") == Wording.of(en="{x} {y}", fr="{y}\u00a0: {x}")
