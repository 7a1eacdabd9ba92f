"""A letter kept as text comes back the same letter, word for word."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticSerializationError

from advocacy.campaigns.letter_text import Piece
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Gender, Office, Recipient
from advocacy.letters.compose import compose
from advocacy.letters.letter import Kind, Letter, RenderedParagraph, Sender, from_json, to_json
from tests import naughty
from tests.builders import TODAY, a_member, a_minister, a_senator, a_template, a_vacant_seat, some_answers

WORDS = st.text(st.characters(codec="utf-8"))
WORDINGS = st.builds(lambda en, fr: Wording.of(en=en, fr=fr), WORDS, WORDS)
RECIPIENTS = st.builds(
    Recipient,
    id=WORDS,
    office=st.sampled_from(Office),
    first_name=WORDS,
    last_name=WORDS,
    name=WORDS,
    gender=st.none() | st.sampled_from(Gender),
    riding_code=st.none() | WORDS,
    riding=st.none() | WORDINGS,
    province=st.none() | WORDS,
    title=st.none() | WORDINGS,
    privy_councillor=st.booleans(),
    email=st.none() | WORDS,
    vacant=st.booleans(),
    city=st.none() | WORDINGS,
    responsible_for=st.frozensets(WORDS, max_size=1),  # the repr of two has no order
)
PIECES = st.builds(Piece, WORDS, WORDS)
LINES = st.lists(WORDS, max_size=3).map(tuple)
LETTERS = st.builds(
    Letter,
    language=st.sampled_from(Language),
    words_language=st.sampled_from(Language),
    recipient=RECIPIENTS,
    date_line=WORDS,
    recipient_block=LINES,
    subject=WORDS,
    appel=WORDS,
    paragraphs=st.lists(
        st.builds(RenderedParagraph, st.sampled_from(Kind), st.lists(PIECES, max_size=3).map(tuple)), max_size=4
    ).map(tuple),
    closing=WORDS,
    sender=st.builds(Sender, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS),
    source_note=WORDS,
    typed_fields=st.frozensets(WORDS, max_size=1),
)


def a_letter(recipient: Recipient, language: Language = Language.EN) -> Letter:
    return compose(a_template(), some_answers(), recipient, language=language, today=TODAY)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("recipient", [a_member(), a_senator(gender=Gender.F), a_minister(), a_vacant_seat()])
def test_a_composed_letter_comes_back_the_same_in_value_and_in_kind(recipient: Recipient, language: Language) -> None:
    letter = a_letter(recipient, language)

    back = from_json(to_json(letter))

    assert back == letter
    assert repr(back) == repr(letter), "plain strings and lists that only compare equal are not the same letter"
    assert hash(back) == hash(letter)


@given(LETTERS)
def test_whatever_stands_in_a_letter_comes_back(letter: Letter) -> None:
    assert repr(from_json(to_json(letter))) == repr(letter)


def test_whatever_was_typed_comes_back_as_it_was_typed() -> None:
    for typed in naughty.strings():
        words = (RenderedParagraph(Kind.PARAGRAPH, (Piece(typed, "reason"),)),)
        sender = Sender(typed, typed, typed, typed, typed, typed)
        back = from_json(to_json(replace(a_letter(a_member()), paragraphs=words, sender=sender)))

        assert (back.paragraphs, back.sender) == (words, sender)


def test_the_bills_of_a_minister_come_back() -> None:
    kept = json.loads(to_json(a_letter(a_minister(responsible_for=frozenset({"S-210", "C-34"})))))
    assert from_json(json.dumps(kept)).recipient.responsible_for == {"C-34", "S-210"}


def test_a_letter_kept_before_a_language_came_to_the_site_is_still_read() -> None:
    kept = json.loads(to_json(a_letter(a_member())))
    del kept["recipient"]["riding"]["fr"]

    riding = from_json(json.dumps(kept)).recipient.riding

    assert riding == Wording.same("Ottawa Centre")


def test_something_else_than_a_letter_is_not_written() -> None:
    with pytest.raises(PydanticSerializationError, match="set"):
        to_json(replace(a_letter(a_member()), sender={"Ottawa"}))  # type: ignore[arg-type]
