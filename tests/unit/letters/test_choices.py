"""The alternatives of a letter are allotted once, travel signed, and are allotted anew when they cannot be trusted."""

from collections import Counter
from collections.abc import Mapping

import pytest

from advocacy.campaigns.letter_text import Choice
from advocacy.language import Language
from advocacy.letters.choices import Choices
from advocacy.letters.compose import reader_of
from tests.builders import TODAY, a_member, a_template, some_answers

KEY = "a key of the tests' own, known to everybody"
READER = reader_of(a_template(), some_answers(), a_member(), today=TODAY)


def test_a_choice_once_drawn_stays() -> None:
    template = a_template()
    first = Choices(KEY)
    drawn = first.of(template, READER, recipient="mp-1", language=Language.FR)
    again = Choices.read(first.signed(), KEY)
    assert again.of(template, READER, recipient="mp-1", language=Language.FR) == drawn
    assert again.signed() == first.signed()


def test_every_alternative_is_spoken_and_no_two_of_an_offices_letters_are_alike() -> None:
    template = a_template()
    counted: Counter[Choice] = Counter()
    asked: set[tuple[str, str]] = set()

    def sent(recipient: str, text: str) -> Mapping[Choice, int]:
        asked.add((recipient, text))
        return counted

    for _ in range(20):
        counted[Choices(KEY, sent=sent).of(template, READER, recipient="mp-1", language=Language.EN)] += 1
    assert set(counted.values()) == {1}
    assert tuple(len({choice[place] for choice in counted}) for place in range(len(template.sizes))) == template.sizes
    assert asked == {("mp-1", template.fingerprints[Language.EN])}


def test_what_travels_signed_is_not_counted_again() -> None:
    first = Choices(KEY)
    drawn = first.of(a_template(), READER, recipient="mp-1", language=Language.FR)
    again = Choices.read(first.signed(), KEY, lambda *_: pytest.fail("asked how often a choice was sent"))
    assert again.of(a_template(), READER, recipient="mp-1", language=Language.FR) == drawn


@pytest.mark.parametrize("signed", ["", "x", "e30.x", "{}", "a.b.c", "\x00"])
def test_what_nobody_here_signed_counts_for_nothing(signed: str) -> None:
    assert Choices.read(signed, KEY).made == {}


def test_another_sites_choice_counts_for_nothing() -> None:
    theirs = Choices("another key, of thirty-two signs at least")
    theirs.of(a_template(), READER, recipient="mp-1", language=Language.FR)
    assert Choices.read(theirs.signed(), KEY).made == {}


def test_a_choice_for_another_text_is_left_aside() -> None:
    one, other = a_template(), a_template("safety-standards")
    assert one.fingerprints[Language.FR] != other.fingerprints[Language.FR]
    choices = Choices(KEY)
    choices.of(one, READER, recipient="mp-1", language=Language.FR)
    assert len(choices.of(other, READER, recipient="mp-1", language=Language.FR)) == len(other.sizes)
    assert len(choices.made) == 2
