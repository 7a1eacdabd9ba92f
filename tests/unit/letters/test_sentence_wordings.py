"""Statements that a citizen ticked are the letter's where they wrote nothing, each office getting every wording in turn."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.letter_template import SentenceTexts
from advocacy.campaigns.letter_text import Choice
from advocacy.language import Language
from advocacy.letters.choices import Choices
from advocacy.letters.compose import Answers, compose, reader_of
from advocacy.letters.forms import AnswersRefused, read_answers
from advocacy.letters.letter import Letter
from advocacy.letters.sentence_wordings import Wordings, allot_wording, ticked_statements, wording_at
from tests.builders import TODAY, a_member
from tests.campaign_files import LETTER, campaign_with_statements

EN, FR = Language.EN, Language.FR
KEY = "a key of the tests' own, known to everybody"
TEMPLATE = campaign_with_statements().template(LETTER)
GOOD = {"name": "Camille Essai", "city": "Ottawa", "province": "ON", "postal_code": "K1A 0A6", "email": "c@example.ca"}


def answers(**typed: str) -> Answers:
    return read_answers({**GOOD, **typed}, TEMPLATE, language=EN)


READER = reader_of(TEMPLATE, answers(), a_member(), today=TODAY)


def a_letter(language: Language = EN, wordings: Wordings | None = None, **typed: str) -> Letter:
    return compose(TEMPLATE, answers(**typed), a_member(), language=language, today=TODAY, wordings=wordings or {})


def a_statement(size: int = 4, name: str = "one") -> SentenceTexts:
    return SentenceTexts(name, tuple(f"Sentence {number} of {name}." for number in range(size)), is_sensitive=False)


@given(size=st.integers(4, 12), letters=st.integers(0, 100), name=st.text(min_size=1, max_size=5))
def test_each_wording_is_used_as_often_as_any_other_or_once_more(size: int, letters: int, name: str) -> None:
    statement, sent = a_statement(size, name), Counter[Choice]()
    for letter in range(letters):
        wording = allot_wording(statement, sent)
        assert wording == wording_at(statement, letter)
        sent[wording,] += 1
    assert all(sent[wording,] in {letters // size, -(-letters // size)} for wording in range(size))


@given(counts=st.lists(st.integers(0, 9), min_size=4, max_size=8))
def test_what_was_sent_least_comes_next_whatever_was_sent(counts: list[int]) -> None:
    statement = a_statement(len(counts))
    wording = allot_wording(statement, {(place,): count for place, count in enumerate(counts)})
    assert counts[wording] == min(counts)


def test_statements_that_are_always_ticked_together_do_not_keep_their_wordings_together() -> None:
    statements = [a_statement(4, name) for name in ("one", "two", "three")]
    letters = [tuple(wording_at(one, turn) for one in statements) for turn in range(256)]
    for some in combinations(range(3), 2):
        pairs = Counter(tuple(letter[place] for place in some) for letter in letters)
        assert len(pairs) == 16
        assert max(pairs.values()) <= 2 * 256 / 16  # each pair would come 16 times if all came alike
    assert len(set(letters)) >= 60  # of 64 threes


@pytest.mark.parametrize(
    ("language", "prose"),
    [
        (EN, "I found mine closed. My children ask for books. I study, and my flat is loud."),
        (FR, "J’ai trouvé la mienne fermée. Mes enfants demandent des livres. J’étudie, et mon logement est bruyant."),
    ],
)
def test_ticked_sentences_stand_in_the_letter_as_prose(language: Language, prose: str) -> None:
    letter = a_letter(language, statements="children;closed;study")
    assert [one.text for one in letter.paragraphs][2] == prose


@pytest.mark.parametrize(
    "typed",
    [
        "study;closed",
        "closed; study",
        "I need a quiet place; closed",
        "Ma bibliothèque est fermée pendant mon congé;study",
    ],
)
def test_the_same_ticks_are_the_same_letter_however_they_were_given(typed: str) -> None:
    assert answers(statements=typed).fields["statements"] == "closed;study"


def test_own_words_win_over_statements() -> None:
    own = a_letter(statements="closed", reason="I want to read.")
    assert own == a_letter(reason="I want to read.")
    assert ticked_statements(TEMPLATE, {"statements": "closed", "reason": "I want to read."}, EN) == {}


def test_statements_are_the_campaigns_text_and_not_own_words() -> None:
    letter = a_letter(statements="closed")
    assert not any(letter.is_own(piece) for paragraph in letter.paragraphs for piece in paragraph.pieces)
    assert "I found mine closed." in [paragraph.text for paragraph in letter.paragraphs]


def test_a_fourth_sentence_is_refused() -> None:
    with pytest.raises(AnswersRefused) as refused:
        answers(statements="closed;children;study;ill")
    assert refused.value.reasons["statements"].in_language(EN) == "Check at most 3 sentences."
    assert refused.value.reasons["statements"].in_language(FR) == "Cochez au plus 3 phrases."


def test_a_sentence_that_is_not_offered_is_refused_without_repeating_it() -> None:
    with pytest.raises(AnswersRefused) as refused:
        answers(statements="closed;mine")
    words = refused.value.reasons["statements"].in_language(EN)
    assert words.startswith("Check only sentences that are offered: My library is closed on my day off;")
    assert "mine" not in words


class Office:
    """What an office was sent, as the database counts it."""

    def __init__(self) -> None:
        self.sent: defaultdict[str, Counter[Choice]] = defaultdict(Counter)

    def read(self, _recipient: str, fingerprint: str) -> Mapping[Choice, int]:
        return self.sent[fingerprint]

    def send(self, **fields: str) -> Wordings:
        choices = Choices(KEY, sent=self.read)
        wordings = choices.wordings_of(TEMPLATE, READER, recipient="mp-1", language=EN, fields=fields)
        for statement in chain.from_iterable(ticked_statements(TEMPLATE, fields, EN).values()):
            if not statement.is_sensitive:
                self.sent[statement.fingerprint][wordings[statement.fingerprint],] += 1
        return wordings


def test_an_office_gets_each_wording_once_before_any_twice_whatever_else_is_ticked() -> None:
    office = Office()
    for turn in range(20):
        office.send(statements="closed;children" if turn % 2 else "study;closed")
    [closed] = ticked_statements(TEMPLATE, {"statements": "closed"}, EN)["statements"]
    assert office.sent[closed.fingerprint] == {(wording,): 4 for wording in range(5)}


def test_a_wording_once_allotted_stays_and_travels_signed() -> None:
    fields = {"statements": "closed;study"}
    first = Choices(KEY)
    wordings = first.wordings_of(TEMPLATE, READER, recipient="mp-1", language=EN, fields=fields)
    again = Choices.read(first.signed(), KEY, lambda *_: pytest.fail("asked how often a wording was sent"))
    assert again.wordings_of(TEMPLATE, READER, recipient="mp-1", language=EN, fields=fields) == wordings
    assert again.signed() == first.signed()


def test_a_sensitive_statement_takes_another_wording_with_each_letter_and_is_never_counted() -> None:
    office, fields = Office(), {"statements": "ill"}
    seen: list[int] = []
    for _ in range(4):
        seen += office.send(**fields).values()
        office.sent[TEMPLATE.fingerprints[EN]][0, 0, 0, 0, 0] += 1  # as submit counts the letter
    assert sorted(seen) == [0, 1, 2, 3]
    [ill] = ticked_statements(TEMPLATE, fields, EN)["statements"]
    assert not office.sent[ill.fingerprint]
