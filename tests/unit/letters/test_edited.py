"""An edited letter keeps what stands as composed, and takes the rest as the citizen wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.edited import (
    body_problem,
    editable_body,
    subject_problem,
    with_edits,
    without_idle_source,
)
from advocacy.letters.letter import ON_SHEET, Kind, Letter, from_json, to_json
from advocacy.letters.provenance import is_of_survey
from tests.builders import TODAY, a_member, a_template, some_answers


def a_letter() -> Letter:
    return compose(a_template(), some_answers(), a_member(), language=Language.EN, today=TODAY)


def test_what_comes_back_unchanged_is_the_composed_letter() -> None:
    letter = a_letter()
    assert with_edits(letter, None, None) == letter
    assert with_edits(letter, letter.subject, editable_body(letter)) == letter
    assert with_edits(letter, f" {letter.subject} ", editable_body(letter).replace("\n", "\r\n") + "\r\n") == letter


def test_paragraphs_are_parted_by_blank_lines_and_by_nothing_else() -> None:
    edited = with_edits(a_letter(), None, "One\nand the same.\n\n \n\nTwo.\n\n\n\nThree.")
    assert [one.text for one in edited.paragraphs] == ["One and the same.", "Two.", "Three."]


def test_lines_with_marks_are_a_list() -> None:
    edited = with_edits(a_letter(), None, "I ask for\n\n- one\n• two\n* three\n\n- not a list\nthis line says")
    kinds = [(one.kind, one.text) for one in edited.paragraphs]
    assert kinds == [
        (Kind.PARAGRAPH, "I ask for"),
        (Kind.BULLET, "one"),
        (Kind.BULLET, "two"),
        (Kind.BULLET, "three"),
        (Kind.PARAGRAPH, "- not a list this line says"),
    ]


def test_untouched_paragraphs_keep_whose_words_they_are() -> None:
    letter = a_letter()
    edited = with_edits(letter, None, f"New.\n\n{editable_body(letter)}")
    assert edited.paragraphs[1:] == letter.paragraphs
    assert edited.subject == letter.subject


def test_only_words_change() -> None:
    letter = a_letter()
    edited = with_edits(letter, "Another", "Words.")
    assert (edited.date_line, edited.recipient_block, edited.sender) == (
        letter.date_line,
        letter.recipient_block,
        letter.sender,
    )


@given(st.text())
def test_any_text_is_a_body_that_reads_the_same_again(text: str) -> None:
    letter = a_letter()
    once = with_edits(letter, None, text)
    assert with_edits(letter, None, editable_body(once)).body == once.body
    assert all("\n" not in one.text and one.text for one in once.paragraphs)


def test_a_letter_needs_words_and_not_too_many() -> None:
    assert subject_problem(" ") is not None
    assert subject_problem("A" * 201) is not None
    assert subject_problem("A" * 200) is None
    assert body_problem("\n\n") is not None
    assert body_problem("a " * 6001) is not None
    assert body_problem("a" * 12_000) is None


@pytest.mark.parametrize("language", Language)
def test_the_source_goes_with_the_last_paragraph_that_cites_the_survey(language: Language) -> None:
    template = a_template()
    letter = compose(template, some_answers(), a_member(), language=language, today=TODAY)
    kept: list[str] = []
    gone: list[str] = []
    for one in letter.paragraphs:
        (kept if any(map(is_of_survey, one.pieces)) else gone).append(one.text)
    assert kept
    for body, has_source in (([*gone, kept[0]], True), (gone, False), (["One sentence of mine."], False)):
        edited = without_idle_source(with_edits(letter, None, "\n\n".join(body)), letter, template)
        assert bool(edited.source_note) is has_source


def test_a_cited_paragraph_that_was_reworded_keeps_its_source() -> None:
    letter = a_letter()
    constants = a_template().constants[Language.EN]
    source, figure = constants["survey.source"], constants["finding.removal_required"]
    for body, has_source in ((f"I read what {source} found.", True), (f"In my town {figure} agree.", False)):
        edited = without_idle_source(with_edits(letter, None, body), letter, a_template())
        assert bool(edited.source_note) is has_source


def test_a_letter_as_composed_keeps_its_source_whatever_it_says() -> None:
    letter = a_letter()
    assert without_idle_source(letter, letter, a_template()) == letter
    assert without_idle_source(with_edits(letter, "Another", None), letter, a_template()).source_note


def test_what_was_written_on_the_letter_is_marked_in_the_letters_language_and_what_stands_is_not() -> None:
    letter = a_letter()
    edited = with_edits(letter, None, f"{editable_body(letter)}\n\nMine.\n\n- one\n- two")
    assert edited.paragraphs[: len(letter.paragraphs)] == letter.paragraphs
    added = edited.paragraphs[len(letter.paragraphs) :]
    assert {piece.blank for one in added for piece in one.pieces} == {ON_SHEET}
    assert {language for one in added for _, language in edited.passages(one)} == {letter.language}
    assert from_json(to_json(edited)) == edited
