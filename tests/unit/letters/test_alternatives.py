"""An office is sent every combination once before any comes twice, and letters near one another share little."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from math import prod
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.letter_text import Choice
from advocacy.language import Language
from advocacy.legislators.recipient import Recipient
from advocacy.letters.alternatives import Options, allot, sequence
from advocacy.letters.choices import Choices
from advocacy.letters.compose import compose, reader_of
from advocacy.letters.letter import Letter
from advocacy.sentences import split_sentences
from tests.alikeness import alikeness, windows
from tests.bills import at_stage
from tests.builders import SECRET, TODAY, a_member, a_senator, answered, some_answers, the_campaign


def options(*sizes: int) -> Options:
    """A subject and sections of so many alternatives."""
    return tuple(tuple(range(size)) for size in sizes)


FIVE_OF_THREE = options(3, 3, 3, 3, 3, 3)


def shared(one: Choice, other: Choice) -> int:
    return sum(mine == yours for mine, yours in zip(one[1:], other[1:], strict=True))


def most_shared(choices: list[Choice]) -> int:
    return max(shared(one, other) for one, other in combinations(choices, 2))


@pytest.mark.parametrize(("letters", "paragraphs"), [(9, 2), (81, 3)])
def test_the_first_letters_share_few_paragraphs_of_five(letters: int, paragraphs: int) -> None:
    assert most_shared(list(islice(sequence(FIVE_OF_THREE), letters))) == paragraphs


def test_subjects_take_turns() -> None:
    assert [choice[0] for choice in islice(sequence(FIVE_OF_THREE), 6)] == [0, 1, 2, 0, 1, 2]


def test_the_least_used_combination_is_drawn_whatever_was_sent_before() -> None:
    order = list(islice(sequence(FIVE_OF_THREE), 5))
    sent = Counter({order[0]: 4, order[2]: 1})
    assert allot(FIVE_OF_THREE, sent)[1:] == order[1][1:]
    assert allot(FIVE_OF_THREE, sent | {order[1]: 1})[1:] == order[3][1:]


def test_counts_from_an_earlier_revision_with_other_sections_do_no_harm() -> None:
    assert allot(FIVE_OF_THREE, {(0, 0, 0, 0, 0, 7): 3, (1, 2): 1}) == allot(FIVE_OF_THREE, {})


def test_a_reader_gets_only_what_is_for_them() -> None:
    some: Options = ((0,), (1, 3), (), (0, 1))
    choices = {choice[1:] for choice in islice(sequence(some), 4)}
    assert choices == {(1, 0, 0), (1, 0, 1), (3, 0, 0), (3, 0, 1)}
    assert allot(some, {(0, 1, 0, 0): 1, (0, 2, 0, 0): 5})[1:] != (1, 0, 0)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_every_combination_comes_once_before_any_comes_twice(sizes: list[int]) -> None:
    some = options(1, *sizes)
    first = list(islice(sequence(some), prod(sizes)))
    assert len(set(first)) == prod(sizes)
    assert allot(some, Counter(first)) == first[0]


def test_many_sections_are_allotted_without_looking_at_all_combinations() -> None:
    assert len(set(islice(sequence(options(*(2,) * 28)), 100))) == 100


# --- the shipped letters

SHIPPED = list(the_campaign().letters())
MOST_ALIKE = {"short": 0.75, "follow-up": 0.75, "thanks": 0.75}
"""Letters of fewer words, in which forty own words weigh more and each paragraph too: measured, with a little room."""
OFFICES = {
    "member, stage unknown, in English": (Language.EN, a_member(), the_campaign()),
    "senator, in committee, in French": (Language.FR, a_senator(), at_stage(Stage.COMMITTEE)),
}


def letters_to(
    folder: CampaignFolder, letter: str, recipient: Recipient, *, language: Language, count: int, sent: Counter[str]
) -> Iterator[tuple[Choice, Letter]]:
    """Yield the first letters that an office gets, each of somebody with forty words of their own; count them in `sent`."""
    template = folder.template(letter)

    def counted(_recipient: str, text: str) -> Mapping[Choice, int]:
        counts = {place.partition(" ")[2]: number for place, number in sent.items() if place.startswith(f"{text} ")}
        return {tuple(map(int, choice.split("."))): number for choice, number in counts.items()}

    for number in range(count):
        own = " ".join(f"w{number}x{place}" for place in range(40))
        fields = MappingProxyType(answered(letter) | {"relationship": "health_social", "reason": own})
        answers, choices = some_answers(fields=fields), Choices(SECRET, sent=counted)
        reader = reader_of(template, answers, recipient, today=TODAY)
        choice = choices.of(template, reader, recipient=recipient.id, language=language)
        wordings = choices.wordings_of(template, reader, recipient=recipient.id, language=language, fields=fields)
        sent[f"{template.fingerprints[language]} {'.'.join(map(str, choice))}"] += 1
        sent.update(f"{sentence} {wording}" for sentence, wording in wordings.items())
        yield (
            choice,
            compose(template, answers, recipient, language=language, today=TODAY, choice=choice, wordings=wordings),
        )


@pytest.mark.parametrize("first", [27, pytest.param(81, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("letter", SHIPPED)
@pytest.mark.parametrize(("language", "recipient", "folder"), OFFICES.values(), ids=list(OFFICES))
def test_no_two_of_the_first_letters_to_an_office_are_much_alike(
    letter: str, language: Language, *, recipient: Recipient, folder: CampaignFolder, first: int
) -> None:
    combined = prod(folder.template(letter).sizes[1:])
    made = list(letters_to(folder, letter, recipient, language=language, count=min(first, combined), sent=Counter()))
    bodies = [windows(one.body) for _, one in made]
    assert max(alikeness(one, other) for one, other in combinations(bodies, 2)) <= MOST_ALIKE.get(letter, 0.61)


@pytest.mark.parametrize("language", Language)
def test_no_sentence_is_in_more_than_a_quarter_of_the_letters_to_a_member_but_the_survey_s_own(
    language: Language,
) -> None:
    """Offices that read the same words many times stop reading: 96 letters, eight of each."""
    folder, sent, said = the_campaign(), Counter[str](), Counter[str]()
    quotes = " ".join(quote.in_language(language) for quote in folder.survey().every_quote)
    for letter in SHIPPED:
        for _, made in letters_to(folder, letter, a_member(), language=language, count=8, sent=sent):
            said.update({*split_sentences(made.body)})
    own = folder.sentences().choices["relationship"]
    written = {option.sentence.in_language(language) for option in own if option.sentence}
    often = {sentence for sentence, number in said.items() if number > 24 and sentence not in quotes}
    assert often <= written
