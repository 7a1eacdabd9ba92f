"""An office is sent every combination once before any comes twice, and letters near one another share little."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, islice
from math import prod
from threading import Barrier
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.campaign_files import Length, Offer
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.grammar.program import Choice, Program
from advocacy.campaigns.legislation import Stage
from advocacy.language import Language
from advocacy.legislators.recipient import Recipient
from advocacy.letters.alikeness import alikeness, windows
from advocacy.letters.alternatives import allot, sequence
from advocacy.letters.compose import compose
from tests.bills import at_stage
from tests.builders import TODAY, a_member, a_senator, a_template, answered, some_answers, the_campaign

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


@given(st.lists(st.integers(2, 5), min_size=1, max_size=4))
def test_every_combination_comes_once_before_any_comes_twice(sizes: list[int]) -> None:
    program = Program((), tuple(sizes), frozenset())
    first = list(islice(sequence(program), prod(sizes)))
    assert len(set(first)) == prod(sizes)
    assert allot(program, Counter(first)) == first[0]


@pytest.mark.parametrize(("sizes", "most"), [((4, 5, 5, 5, 4), 2), ((3, 4, 3, 4), 2), ((3, 3, 4, 3, 3), 3)])
def test_the_first_nine_letters_share_few_paragraphs_also_where_groups_differ_in_size(
    sizes: tuple[int, ...], most: int
) -> None:
    choices = list(islice(sequence(Program((), (1, *sizes), frozenset({0}))), 9))
    assert most_shared(choices) == most


def test_many_groups_are_allotted_without_looking_at_all_combinations() -> None:
    program = Program((), (2,) * 28, frozenset())
    assert len(set(islice(sequence(program), 100))) == 100


def test_letters_allotted_at_once_get_the_answer_of_one_alone() -> None:
    """Once, what threads shared here answered some with an error."""
    programs = [Program((), (5, 6, 7, size), frozenset()) for size in range(2, 12)]
    sent = Counter(islice(sequence(programs[0]), 60))
    started = Barrier(8)

    def allot_all() -> list[Choice]:
        started.wait()
        return [allot(program, sent) for program in programs]

    with ThreadPoolExecutor(8) as pool:
        answers = [future.result() for future in [pool.submit(allot_all) for _ in range(8)]]
    assert answers == [[allot(program, sent) for program in programs]] * 8


# --- the shipped letters

SHIPPED = list(the_campaign().letters())
WHOLE = [name for name in SHIPPED if len(a_template(name).texts[Language.EN].groups) == 6]
MOST_ALIKE = {"short": 0.75, "follow-up": 0.75, "thanks": 0.75}
"""Letters of fewer words, in which forty own words weigh more and each paragraph too: measured, with a little room."""
OFFICES = {
    "member, stage unknown, in English": (Language.EN, a_member(), the_campaign()),
    "senator, in committee, in French": (Language.FR, a_senator(), at_stage(Stage.COMMITTEE)),
}


def own_words(number: int) -> str:
    """Forty words that no other letter holds."""
    return " ".join(f"w{number}x{place}" for place in range(40))


WIDE = dict.fromkeys(("takedown-and-standards", "mandatory-takedown", "safety-standards"), (3, 4, 5, 5, 5, 4))
"""Letters with more alternatives, for people who write nothing of their own."""


def test_full_letters_have_a_subject_and_five_paragraphs_of_three_alternatives_or_more() -> None:
    full = [name for name in SHIPPED if a_template(name).letter.length is Length.FULL]
    offered = [name for name in full if a_template(name).letter.offer in {Offer.ALWAYS, Offer.STAGE_KNOWN}]
    assert set(offered) <= set(WHOLE)
    for name in WHOLE:
        for program in a_template(name).texts.values():
            assert (program.groups, len(program.subject_groups)) == (WIDE.get(name, (3,) * 6), 1), name
            choices = list(islice(sequence(program), 9))
            body = [place for place in range(6) if place not in program.subject_groups]
            for one, other in combinations(choices, 2):
                assert sum(one[place] == other[place] for place in body) <= 2


@pytest.mark.parametrize("first", [27, pytest.param(81, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("letter", SHIPPED)
@pytest.mark.parametrize(("language", "recipient", "folder"), OFFICES.values(), ids=list(OFFICES))
def test_no_two_of_the_first_letters_to_an_office_are_much_alike(
    letter: str, language: Language, *, recipient: Recipient, folder: CampaignFolder, first: int
) -> None:
    template = folder.template(letter)
    program, bodies = template.texts[language], []
    body = [place for place in range(len(program.groups)) if place not in program.subject_groups]
    combined = prod(program.groups[place] for place in body)
    choices = list(islice(sequence(program), min(first, combined)))
    for number, choice in enumerate(choices):
        fields = answered(letter) | {"relationship": "health_social", "reason": own_words(number)}
        answers = some_answers(fields=MappingProxyType(fields))
        made = compose(template, answers, recipient, language=language, today=TODAY, choice=choice)
        bodies.append(windows(made.body))
    pairs = {pair: sum(choices[pair[0]][at] == choices[pair[1]][at] for at in body) for pair in every_pair(bodies)}
    near = [(one, other) for (one, other), same in pairs.items() if same >= max(pairs.values()) - 1]
    assert max(alikeness(bodies[one], bodies[other]) for one, other in near) <= MOST_ALIKE.get(letter, 0.61)


def every_pair(of: Sequence[object]) -> Iterator[tuple[int, int]]:
    return combinations(range(len(of)), 2)
