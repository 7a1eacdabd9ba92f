"""A colleague's change is told word by word, gone before new, labels whole."""

from advocacy.campaigns.word_differences import DELETED, INSERTED, MAX_WORDS, SAME, Piece, StepBudget, compare_words


def test_words_are_compared_and_labels_whole() -> None:
    assert compare_words("I live in [own riding] today.", "I live in [riding] now.") == [
        Piece(SAME, "I live in "),
        Piece(DELETED, "[own riding]"),
        Piece(INSERTED, "[riding]"),
        Piece(SAME, " "),
        Piece(DELETED, "today"),
        Piece(INSERTED, "now"),
        Piece(SAME, "."),
    ]


def test_a_passage_too_long_to_compare_is_gone_and_new_whole() -> None:
    long = "word " * MAX_WORDS
    assert compare_words(long, "short") == [Piece(DELETED, long), Piece(INSERTED, "short")]


def test_a_passage_of_the_same_signs_over_and_over_is_not_compared_for_minutes() -> None:
    before, after = "." * (MAX_WORDS // 2), ".," * (MAX_WORDS // 4)
    assert compare_words(before, after) == [Piece(DELETED, before), Piece(INSERTED, after)]


def test_patience_is_one_for_all_passages_of_a_page() -> None:
    patience, said = StepBudget(left=3), [Piece(DELETED, "here"), Piece(INSERTED, "there"), Piece(SAME, " now")]
    assert compare_words("here now", "there now", patience) == said
    assert 0 < patience.left < 3
    assert compare_words("here now", "there now", patience) == [
        Piece(DELETED, "here now"),
        Piece(INSERTED, "there now"),
    ]
