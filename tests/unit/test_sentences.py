"""A text is divided where its sentences end, and not at abbreviations, decimals or initials."""

import pytest

from advocacy.sentences import LONGEST, sentence_spans, split_sentences

NBSP = "\u00a0"
DIVIDED = [
    ["One.", "Two!", "Three?", "Four"],
    ["One law.", "Two laws!", "Three laws?"],
    ["My M.P. is Mr. Roy.", "He sits for St. John’s.", "J. R. Smith does not."],
    ["P. T. Smith and St. John.", "95% agreed."],
    ["It grew by 23.5 per cent.", "In 2019, 23,700 people answered."],
    ["They wait… and wait.", "And so it goes…", "Still they wait."],
    ["She asked “Why not?” and left.", "“Because,” he said, “I can.”", "(It was so.)", "He left."],
    ['He said "No."', '"Why?" she asked.', "[He left.]", "('So.')"],
    ["Would you read No. 5?", "95% would.", "No.", "I would not, e.g. Monday."],
    ["This is version 2.0 of it."],
    ["About 3.5 of 4.2. next"],
    ["Une loi.", "À quand la suivante?", "Écrivez-moi!"],
    ["M. Roy et Mme Roy ont écrit.", "MM. Roy aussi, p. ex. Mmes. Cyr, c.-à-d. Tous."],
    [f"«{NBSP}Pourquoi pas?{NBSP}» dit-elle.", f"«{NBSP}Parce que.{NBSP}»", "Il partit."],
    ["« Oui. »", "Il le dit.", "« Non. »", "« Si! »"],
    ["Ils attendent… et attendent.", "Œuvrons ensemble…", "Enfin!"],
    [f"Plus de 23{NBSP}700 personnes ont répondu.", f"95{NBSP}% sont d’accord."],
    ["Soit 95 p. 100 des gens, selon l’art. 5.", "Bon.", "Il y en a.", "Voilà."],
    ["- one"],
    [],
]  # fmt: skip


@pytest.mark.parametrize("sentences", DIVIDED)
def test_sentences_end_where_they_end(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


def test_a_line_break_ends_a_sentence_and_the_spaces_around_it_belong_to_none() -> None:
    text = "  One line\n\n\tanother.  The third \n \n"
    assert sentence_spans(text) == [(2, 10), (13, 21), (23, 32)]
    assert split_sentences(text) == ["One line", "another.", "The third"]


def test_what_goes_on_too_long_is_cut_at_a_space() -> None:
    first, second, *rest = split_sentences(f"{'words ' * 300}end. Next.")
    assert max(map(len, (first, second, *rest))) <= LONGEST
    assert first == second == "words " * 132 + "words"
    assert rest[-2:] == ["words " * 34 + "end.", "Next."]
    assert [len(piece) for piece in split_sentences("x" * 2_000)] == [LONGEST, LONGEST, 400]


@pytest.mark.parametrize(
    "piece", [".", ". ", "J. ", ".”", "a.\u00a0“", "A. ", "a", " ", ". (", ". ((((", "\n", ".\n", "No. 5 ", "…”A"]
)
def test_no_text_takes_long(piece: str) -> None:
    """A way of dividing that tries every place anew would take hours, and none may lose a letter."""
    text = (piece * 120_000)[:120_000]
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())
