"""Codes by which letters are verified: what is in them, who can make one, and how they may be typed."""

import hmac
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.encryption import Keys
from advocacy.legislators.postal_codes import candidates, read_postal_code
from advocacy.legislators.recipient import Office
from advocacy.letters.letter import own_word_count
from advocacy.letters.models import RidingMatch
from advocacy.letters.verification_codes import (
    ALPHABET,
    FILE_LENGTH,
    SENT_LENGTH,
    FileCodes,
    FileFacts,
    find_by_number,
    make_file_code,
    make_sent_code,
    number_of,
    plain_code,
    read_file_code,
    riding_match,
)
from tests.builders import TODAY, a_member
from tests.citizens import written_to

KEYS = Keys((b"k" * 32,))
FACTS = FileFacts(number_of("child-protection", "campaign"), number_of("mp-1", "office"), TODAY, 43, True, None)
FACTS_OF_FILES = st.builds(
    FileFacts,
    campaign=st.integers(0, 2**24 - 1),
    office=st.integers(0, 2**37 - 1),
    day=st.dates(date(2026, 1, 1), date(2115, 1, 1)),
    own_words=st.integers(0, 4095),
    edited=st.booleans(),
    riding_match=st.sampled_from([None, *RidingMatch]),
)


@given(FACTS_OF_FILES)
def test_a_files_code_tells_what_it_was_made_of(facts: FileFacts) -> None:
    code = make_file_code(facts, keys=KEYS)
    assert len(code) <= 45
    assert read_file_code(code, keys=KEYS) == facts


def test_a_files_code_is_the_same_each_time_and_a_sent_letters_is_not() -> None:
    assert make_file_code(FACTS, keys=KEYS) == make_file_code(FACTS, keys=KEYS)
    codes = {make_sent_code() for _ in range(100)}
    assert len(codes) == 100
    assert {len(plain_code(code)) for code in codes} == {SENT_LENGTH}


def test_a_code_may_be_typed_in_small_letters_without_hyphens_and_with_letters_for_digits() -> None:
    code = make_file_code(FACTS, keys=KEYS)
    typed = code.lower().replace("-", " ").replace("1", "l").replace("0", "o")
    assert read_file_code(f"  {typed}\n", keys=KEYS) == FACTS
    assert read_file_code(code.replace("1", "I").replace("-", ""), keys=KEYS) == FACTS


def test_no_code_with_one_character_changed_is_read() -> None:
    code = plain_code(make_file_code(FACTS, keys=KEYS))
    for place in range(FILE_LENGTH):
        other = ALPHABET[(ALPHABET.index(code[place]) + 1) % len(ALPHABET)]
        assert read_file_code(code[:place] + other + code[place + 1 :], keys=KEYS) is None


@pytest.mark.parametrize("typed", ["", "-", "0" * FILE_LENGTH, "0" * SENT_LENGTH, "U" * FILE_LENGTH, "é" * FILE_LENGTH])
def test_what_is_no_files_code_is_not_read(typed: str) -> None:
    assert read_file_code(typed, keys=KEYS) is None


def test_a_code_stays_readable_when_keys_are_changed_until_its_own_is_gone() -> None:
    code, new = make_file_code(FACTS, keys=KEYS), b"n" * 32
    assert read_file_code(code, keys=Keys((new, *KEYS.newest_first))) == FACTS
    assert read_file_code(code, keys=Keys((new,))) is None


def test_the_same_is_compared_for_every_text_that_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """By each key once, whether the text is a code, is forged, or is none at all."""
    compared: list[int] = []

    def count(one: str, other: str) -> bool:
        compared.append(len(one) + len(other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", count)
    two = Keys((b"n" * 32, *KEYS.newest_first))
    work = []
    for typed in (make_file_code(FACTS, keys=KEYS), "0" * FILE_LENGTH, make_sent_code(), "nonsense", ""):
        compared.clear()
        read_file_code(typed, keys=two)
        work.append(tuple(compared))
    assert set(work) == {(40, 40)}


def test_more_own_words_than_a_code_can_tell_are_as_many_as_it_can() -> None:
    found = read_file_code(make_file_code(replace(FACTS, own_words=5000), keys=KEYS), keys=KEYS)
    assert found is not None
    assert found.own_words == 4095


def test_a_letter_carries_the_address_of_its_code() -> None:
    letter = written_to("mp-1")
    made = FileCodes(KEYS, "https://letters.example.ca").add_to(
        letter, template="child-protection/takedown", day=TODAY, edited=False, match=RidingMatch.LIES_IN
    )
    site, _, code = made.verification.partition("/v/")
    found = read_file_code(code, keys=KEYS)
    assert site == "https://letters.example.ca"
    assert found is not None
    assert find_by_number(found.campaign, "campaign", ["other", "child-protection"]) == "child-protection"
    assert find_by_number(found.office, "office", ["mp-2", "mp-1"]) == "mp-1"
    assert found.own_words == own_word_count(letter) > 0
    assert replace(made, verification="") == letter


@pytest.mark.parametrize(
    ("postal_code", "riding", "match"),
    [
        ("K1P 1J1", "35079", RidingMatch.LIES_IN),
        ("K1P 1J1", "24001", RidingMatch.ELSEWHERE),
        ("", "35079", RidingMatch.NOT_GIVEN),
        ("K1P 1J1", None, None),
    ],
)
def test_a_postal_code_is_held_against_the_riding(postal_code: str, riding: str | None, match: RidingMatch) -> None:
    assert riding_match(postal_code, a_member(riding_code=riding)) is match


def test_a_rural_postal_code_may_lie_in_several_ridings() -> None:
    several = candidates(read_postal_code("K0A 1A0")).riding_codes
    assert len(several) > 1
    assert riding_match("K0A 1A0", a_member(riding_code=several[-1])) is RidingMatch.MAY_LIE_IN


def test_a_minister_may_be_written_to_from_elsewhere() -> None:
    assert riding_match("K1P 1J1", a_member(riding_code="24001", office=Office.MINISTER)) is None
