"""Links and addresses are found however they are written, and ordinary sentences are left in peace."""

import pickle
import random
import traceback
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.language import Language
from advocacy.letters.screening import (
    BlockedKind,
    BlockedSpan,
    TextRefused,
    advice,
    refuse_links,
    screen,
    screen_letter,
    wants_safety_copy,
)
from advocacy.letters.screening.domains import BLOCKED_CONTACT, BLOCKED_EMAIL, BLOCKED_LINK, MISSING_SPACE
from advocacy.letters.text_cleaning import clean
from tests.unit.letters.sentences import sentences, unmarked

REFUSED = [tuple(row.split(": ", 1)) for row in sentences("screening_refused.txt")]
GLUED = list(sentences("screening_spaces.txt"))
ACCEPTED = list(sentences("screening_accepted.txt"))
LINKS = (
    "https://exemple.ca/a",
    "example.com",
    "nom@exemple.ca",
    "photo.jpg",
    "example[.]com",
    "@pseudo",
    "exemple . com",
)

awkward = st.text(st.sampled_from("ab1IL .·。:/\\@[]()-_\n\u200b\u0301ｅ．éЖ。%2eµ") | st.characters(), max_size=60)


def is_found(kind: str, marked: str) -> bool:
    text, spans = unmarked(marked)
    return screen(text) == tuple(BlockedSpan(BlockedKind(kind), start, end) for start, end in spans)


def corrected(marked: str) -> str:
    text, spans = unmarked(marked)
    for _, end in reversed(spans):
        text = f"{text[:end]} {text[end:]}"
    return text


def test_links_and_addresses_are_found_where_they_stand() -> None:
    assert [row for row in REFUSED if not is_found(*row)] == []


def test_two_sentences_without_a_space_are_answered_with_the_point_to_correct() -> None:
    assert [marked for marked in GLUED if not is_found(BlockedKind.MISSING_SPACE, marked)] == []


def test_a_space_after_each_such_point_corrects_the_text() -> None:
    assert [marked for marked in GLUED if screen(corrected(marked))] == []


def test_an_ordinary_sentence_is_accepted() -> None:
    assert [sentence for sentence in ACCEPTED if screen(sentence)] == []


def test_an_ordinary_sentence_is_accepted_once_it_is_cleaned() -> None:
    both = [(sentence, lines) for sentence in ACCEPTED for lines in (True, False)]
    assert [sentence for sentence, lines in both if screen(clean(sentence, lines=lines))] == []


def test_cleaning_uncovers_nothing_to_hide_behind() -> None:
    assert [marked for _, marked in REFUSED if not screen(clean(unmarked(marked)[0], lines=True))] == []


def test_ordinary_sentences_stay_ordinary_side_by_side() -> None:
    assert screen(" ".join(ACCEPTED)) == ()
    assert screen("\n".join(ACCEPTED)) == ()


def test_a_link_is_found_in_any_sentence() -> None:
    for link, sentence in product(LINKS, random.Random(7).sample(ACCEPTED, 12)):
        found = screen(f"{sentence} {link}\n{sentence}")
        assert [one.is_address for one in found] == [True], (link, sentence)


def test_an_address_that_ends_in_a_word_is_still_an_address() -> None:
    for ending in ("it", "my", "il", "de", "to", "be"):
        for host in (f"example.{ending}", f"EXAMPLE.{ending.upper()}"):
            assert [found.kind for found in screen(host)] == [BlockedKind.LINK], host


def test_a_capital_or_a_closing_abbreviation_makes_it_two_sentences() -> None:
    for glued in ("school.My", "etc.Il", "school.It", "fini.De", "etc.il", "etc.de"):
        assert [found.kind for found in screen(glued)] == [BlockedKind.MISSING_SPACE], glued


def test_what_was_found_says_where_and_never_what() -> None:
    text = "Voyez exemple-secret.com et moi-secret@exemple.ca.Merci"
    found = screen(text)
    assert len(found) == 2
    shown = [repr(found), str(found), *(repr(pickle.dumps(one)) for one in found)]
    shown += [passage.in_language(language) for passage in advice(found) for language in Language]
    assert not [words for words in shown if "secret" in words or "exemple" in words]


def test_a_refusal_repeats_nothing_of_the_text() -> None:
    with pytest.raises(TextRefused) as refusal:
        refuse_links("Voyez exemple-secret.com")
    shown = [str(refusal.value), repr(refusal.value), "".join(traceback.format_exception_only(refusal.value))]
    assert refusal.value.found == (BlockedSpan(BlockedKind.LINK, 6, 24),)
    assert not [words for words in shown if "secret" in words]


def test_advice_speaks_of_the_address_first_and_of_each_matter_once() -> None:
    assert advice(screen("fini.Il faut agir. C’est fini.La loi")) == (MISSING_SPACE,)
    assert advice(screen("exemple.com et exemple.org")) == (BLOCKED_LINK,)
    assert advice(screen("Suivez @renard_22 sur moi@exemple.ca")) == (BLOCKED_CONTACT, BLOCKED_EMAIL)
    assert advice(screen("fini.Il y en a sur exemple.com")) == (BLOCKED_LINK, MISSING_SPACE)
    assert advice(()) == ()


def test_what_to_do_with_found_material_is_shown_for_links_only() -> None:
    assert wants_safety_copy(screen("C’est sur exemple.com"))
    assert wants_safety_copy(screen("C’est fini.Il y en a sur exemple.com"))
    assert not wants_safety_copy(screen("C’est fini.Il faut agir."))
    assert not wants_safety_copy(screen("Écrivez-moi à moi@exemple.ca, ou sur WhatsApp au 819 555-0123."))
    assert not wants_safety_copy(())


LETTER = ("Ottawa, le 25 novembre 2026", "", "J’ai vu cela.", "", "Marie Roy", "marie@exemple.ca")


def test_the_lines_of_our_own_making_are_exempt() -> None:
    assert screen_letter(LETTER, composed=frozenset(LETTER)) == ()
    assert screen_letter(LETTER, composed=frozenset({"marie@exemple.ca"})) == ()


def test_a_line_changed_by_one_sign_is_no_longer_ours() -> None:
    composed = frozenset(LETTER)
    for line in (
        "marie@exemple.ca ",
        " marie@exemple.ca",
        "Marie@exemple.ca",
        "marie@exemple.ca\u200b",
        "marie@exemple.co",
    ):
        assert screen_letter((*LETTER[:-1], line), composed=composed), line


def test_a_line_of_ours_inside_another_line_is_not_exempt() -> None:
    edited = (*LETTER, "Écrivez-moi: marie@exemple.ca")
    start = len("\n".join(LETTER)) + 1 + len("Écrivez-moi: ")
    assert screen_letter(edited, composed=frozenset(LETTER)) == (BlockedSpan(BlockedKind.ADDRESS, start, start + 16),)


def test_an_address_parted_over_two_lines_is_found() -> None:
    assert screen_letter(("exemple", ". com"), composed=frozenset())


@given(awkward)
def test_places_stand_inside_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for found in screen(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(awkward, st.sampled_from(LINKS))
def test_nothing_around_a_link_hides_it(text: str, link: str) -> None:
    assert screen(f"{text} {link}")
    assert screen(f"{link} {text}")


@given(st.text(st.characters(), max_size=40))
def test_a_link_split_by_what_cannot_be_seen_is_found(text: str) -> None:
    hidden = "".join(char for char in text if not clean(f"a{char}b", lines=True).removeprefix("a").removesuffix("b"))
    assert screen(f"exam{hidden}ple.{hidden}com")
