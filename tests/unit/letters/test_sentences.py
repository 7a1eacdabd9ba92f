"""A letter is divided where its sentences end, and not at abbreviations, decimals or initials."""

import pytest

from advocacy.letters.sentences import sentences
from advocacy.numerals import plain_text


def divided(text: str) -> list[str]:
    read = plain_text(text)
    return [text[slice(*read.span(sentence.start, sentence.end))] for sentence in sentences(read)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("« Oui. » Il le dit.", ["« Oui. »", "Il le dit."]),
        ("He said “No.” Then he left.", ["He said “No.”", "Then he left."]),
        ("Mme. Roy et M. Cyr, p. ex., sont là. Voilà.", ["Mme. Roy et M. Cyr, p. ex., sont là.", "Voilà."]),
        ("P. T. Smith and St. John. 95% agreed.", ["P. T. Smith and St. John.", "95% agreed."]),
        ("Soit 95 p. 100 des gens. Bon.", ["Soit 95 p. 100 des gens.", "Bon."]),
        ("See no. 5 of the list. Then go.", ["See no. 5 of the list.", "Then go."]),
        ("About 3.5 of 4.2. next", ["About 3.5 of 4.2. next"]),
        ("First line\nstill the first. Second.\n\nThird", ["First line\nstill the first.", "Second.", "Third"]),
        ("- one\n- two", ["- one", "- two"]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: list[str]) -> None:
    assert divided(text) == parts


def test_paragraphs_are_counted() -> None:
    found = sentences(plain_text("One. Two.\n\nThree."))
    first, second, third = (sentence.paragraph for sentence in found)
    assert first == second < third
