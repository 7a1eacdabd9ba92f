"""A colleague's change is told word by word, gone before new, labels whole."""

from advocacy.campaigns.word_differences import GONE, KEPT, MOST, NEW, Patience, Piece, pieces


def test_words_are_compared_and_labels_whole() -> None:
    assert pieces("I live in [own riding] today.", "I live in [riding] now.") == [
        Piece(KEPT, "I live in "),
        Piece(GONE, "[own riding]"),
        Piece(NEW, "[riding]"),
        Piece(KEPT, " "),
        Piece(GONE, "today"),
        Piece(NEW, "now"),
        Piece(KEPT, "."),
    ]


def test_a_passage_too_long_to_compare_is_gone_and_new_whole() -> None:
    long = "word " * MOST
    assert pieces(long, "short") == [Piece(GONE, long), Piece(NEW, "short")]


def test_a_passage_of_the_same_signs_over_and_over_is_not_compared_for_minutes() -> None:
    before, after = "." * (MOST // 2), ".," * (MOST // 4)
    assert pieces(before, after) == [Piece(GONE, before), Piece(NEW, after)]


def test_patience_is_one_for_all_passages_of_a_page() -> None:
    patience, said = Patience(left=3), [Piece(GONE, "here"), Piece(NEW, "there"), Piece(KEPT, " now")]
    assert pieces("here now", "there now", patience) == said
    assert 0 < patience.left < 3
    assert pieces("here now", "there now", patience) == [Piece(GONE, "here now"), Piece(NEW, "there now")]
