"""300 letters of ticked statements alone, to one office, are less than half alike but for one pair in ten."""

from collections.abc import Iterator, Sequence
from itertools import combinations, cycle, islice, product
from types import MappingProxyType

import pytest

from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language
from advocacy.letters.choices import Choices
from advocacy.letters.compose import compose, reader_of
from advocacy.letters.sentence_wordings import ticked_statements
from tests.alikeness import alikeness, windows
from tests.builders import SECRET, TODAY, a_member, a_template, answered, some_answers, the_campaign

LETTERS = 300
MOST_ALIKE = 0.5
"""WriteToThem's threshold, from which it takes a letter for a copy."""
WITH_STATEMENTS = [
    name
    for name in the_campaign().letters()
    if any(field.kind is FieldKind.STATEMENTS for field in the_campaign().letter(name).fields)
]


EVERY_WAY = [*product(WITH_STATEMENTS, Language, ["always the same three", "each three in turn"])]
"""The letter, its language, and what is ticked."""


@pytest.mark.parametrize(
    ("name", "language", "ticks"),
    [
        *EVERY_WAY[::5],
        *(pytest.param(*way, marks=pytest.mark.thorough) for way in EVERY_WAY if way not in EVERY_WAY[::5]),
    ],
)
def test_nine_pairs_of_letters_in_ten_are_less_than_half_alike(name: str, language: Language, *, ticks: str) -> None:
    shares = sorted(shares_of_pairs(bodies(name, language, ticks)))
    assert shares[int(0.9 * len(shares))] < MOST_ALIKE
    assert shares.count(1) <= 1, "of 44,850 pairs, one may be the same: the wordings are drawn for each round"


def shares_of_pairs(texts: Sequence[str]) -> Iterator[float]:
    """Yield the alikeness of every pair: as `alikeness` has it, with a set of windows as the bits of a number."""
    bits: dict[bytes, int] = {}
    sets = [sum(1 << bits.setdefault(window, len(bits)) for window in windows(text)) for text in texts]
    for one, other in combinations(sets, 2):
        yield (one & other).bit_count() / min(one.bit_count(), other.bit_count())


def test_pairs_are_measured_as_any_two_letters_are() -> None:
    texts = bodies("takedown-and-standards", Language.FR, "each three in turn")[:6]
    exact = [alikeness(windows(one), windows(other)) for one, other in combinations(texts, 2)]
    assert list(shares_of_pairs(texts)) == exact


def bodies(name: str, language: Language, ticks: str) -> list[str]:
    """Return the bodies of an office's first letters, each with three statements, as a site allots them."""
    template = a_template(name)
    [field] = [one for one in template.fields if one.kind is FieldKind.STATEMENTS]
    threes = combinations([one.key for one in field.offered], 3)
    sent: dict[tuple[str, str], dict[tuple[int, ...], int]] = {}
    made = []
    for keys in islice(cycle(list(threes)[:1] if ticks == "always the same three" else list(threes)), LETTERS):
        fields = answered(name) | {"relationship": "none", "reason": "", field.key: ";".join(keys)}
        choices = Choices(SECRET, sent=lambda recipient, text: sent.setdefault((recipient, text), {}))
        answers = some_answers(fields=MappingProxyType(fields), language=language)
        reader = reader_of(template, answers, a_member(), today=TODAY)
        choice = choices.of(template, reader, recipient="mp-1", language=language)
        wordings = choices.wordings_of(template, reader, recipient="mp-1", language=language, fields=fields)
        letter = compose(
            template, answers, a_member(), language=language, today=TODAY, choice=choice, wordings=wordings
        )
        assert len(ticked_statements(template, fields, language)[field.key]) == 3
        for place, chosen in choices.made.items():
            counted = sent[place.split()[0], place.split()[-1]]
            counted[chosen] = counted.get(chosen, 0) + 1
        made.append(letter.body)
    return made
