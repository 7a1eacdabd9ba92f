"""An office is sent every combination once before any comes twice, and letters near one another share little."""

from collections import Counter
from itertools import combinations, islice

import pytest

from advocacy.campaigns.program import Choice, Program
from advocacy.language import Language
from advocacy.letters.alternatives import allot, sequence
from advocacy.letters.compose import compose
from advocacy.letters.originality import alikeness, windows
from tests.builders import TODAY, a_member, a_senator, a_template, some_answers, the_campaign

FIVE_OF_THREE = Program((), (3, 3, 3, 3, 3, 3), frozenset({0}))


def shared(one: Choice, other: Choice) -> int:
    return sum(mine == yours for mine, yours in zip(one[1:], other[1:], strict=True))


def most_shared(choices: list[Choice]) -> int:
    return max(shared(one, other) for one, other in combinations(choices, 2))


def test_the_first_nine_letters_share_at_most_two_paragraphs_of_five() -> None:
    assert most_shared(list(islice(sequence(FIVE_OF_THREE), 9))) == 2


def test_the_first_81_letters_share_at_most_three_paragraphs_of_five() -> None:
    assert most_shared(list(islice(sequence(FIVE_OF_THREE), 81))) == 3


def test_no_combination_of_paragraphs_comes_twice_before_all_have_come() -> None:
    bodies = [choice[1:] for choice in islice(sequence(FIVE_OF_THREE), 3**5 + 10)]
    assert len(set(bodies[: 3**5])) == 3**5
    assert bodies[3**5 :] == bodies[:10]


def test_subjects_take_turns() -> None:
    assert [choice[0] for choice in islice(sequence(FIVE_OF_THREE), 6)] == [0, 1, 2, 0, 1, 2]


def test_the_least_used_combination_is_drawn_whatever_was_sent_before() -> None:
    order = list(islice(sequence(FIVE_OF_THREE), 5))
    sent = Counter({order[0]: 4, order[2]: 1})
    assert allot(FIVE_OF_THREE, sent)[1:] == order[1][1:]
    assert allot(FIVE_OF_THREE, sent | {order[1]: 1})[1:] == order[3][1:]


def test_counts_from_an_earlier_revision_with_other_groups_do_no_harm() -> None:
    assert allot(FIVE_OF_THREE, {(0, 0, 0, 0, 0, 7): 3, (1, 2): 1}) == allot(FIVE_OF_THREE, {})


@pytest.mark.parametrize(
    ("sizes", "subjects"), [((), ()), ((2,), ()), ((2, 5), ()), ((3, 2, 4), (0,)), ((3,), (0,)), ((2, 2, 2, 2), (1, 2))]
)
def test_letters_of_any_shape_are_allotted(sizes: tuple[int, ...], subjects: tuple[int, ...]) -> None:
    program = Program((), sizes, frozenset(subjects))
    for choice in islice(sequence(program), 40):
        assert len(choice) == len(sizes)
        assert all(0 <= one < size for one, size in zip(choice, sizes, strict=True))


def test_a_mixed_shape_uses_every_combination_before_repeating() -> None:
    program = Program((), (2, 3, 4), frozenset())
    assert len(set(islice(sequence(program), 24))) == 24


def own_words(number: int) -> str:
    """Forty words that no other letter holds."""
    return " ".join(f"w{number}x{place}" for place in range(40))


@pytest.mark.parametrize("letter", the_campaign().letters())
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("recipient", [a_member(), a_senator()], ids=["member", "senator"])
def test_no_two_of_the_first_81_letters_are_more_than_sixty_per_cent_alike(
    letter: str, language: Language, recipient: object
) -> None:
    template = a_template(letter)
    program = template.texts[language]
    bodies = []
    for number, choice in enumerate(islice(sequence(program), 81)):
        answers = some_answers(fields={"relationship": "health_social", "reason": own_words(number)})
        made = compose(template, answers, recipient, language=language, today=TODAY, choice=choice)  # type: ignore[arg-type]
        bodies.append(windows(made.body))
    assert max(alikeness(one, other) for one, other in combinations(bodies, 2)) <= 0.60
