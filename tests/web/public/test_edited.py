"""An edited letter keeps what stands as composed, and takes the rest as the citizen wrote it."""

from hypothesis import given
from hypothesis import strategies as st

from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.letter import Kind, Letter
from advocacy.web.public.edited import body_of, problems, with_edits
from tests.builders import TODAY, a_member, a_template, some_answers


def a_letter() -> Letter:
    return compose(a_template(), some_answers(), a_member(), language=Language.EN, today=TODAY)


def test_what_comes_back_unchanged_is_the_composed_letter() -> None:
    letter = a_letter()
    assert with_edits(letter, None, None) == letter
    assert with_edits(letter, letter.subject, body_of(letter)) == letter
    assert with_edits(letter, f" {letter.subject} ", body_of(letter).replace("\n", "\r\n") + "\r\n") == letter


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
    edited = with_edits(letter, None, f"New.\n\n{body_of(letter)}")
    assert edited.paragraphs[1:] == letter.paragraphs
    assert edited.subject == letter.subject


def test_only_words_change() -> None:
    letter = a_letter()
    edited = with_edits(letter, "Another", "Words.")
    assert (edited.date_line, edited.recipient_block, edited.signature) == (
        letter.date_line,
        letter.recipient_block,
        letter.signature,
    )


@given(st.text())
def test_any_text_is_a_body_that_reads_the_same_again(text: str) -> None:
    letter = a_letter()
    once = with_edits(letter, None, text)
    assert with_edits(letter, None, body_of(once)).body == once.body
    assert all("\n" not in one.text and one.text for one in once.paragraphs)


def test_a_letter_needs_words_and_not_too_many() -> None:
    assert list(problems(None, None)) == []
    assert [name for name, _ in problems(" ", "\n\n")] == ["subject", "body"]
    assert [name for name, _ in problems("A" * 201, "a " * 6001)] == ["subject", "body"]
    assert list(problems("A" * 200, "a" * 12_000)) == []
