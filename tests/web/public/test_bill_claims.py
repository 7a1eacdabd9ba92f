"""What a citizen writes of the bill is asked about beside what the campaign knows of it, in the reader's language."""

import pytest
from flask import Flask

from tests.web.public.visitor import FILLED, Visitor

ON_BILL = {
    "en": "Bill C-34 has passed.",
    "fr": "Le projet de loi C-34 a été adopté.",
}
KNOWN = {
    "en": "Bill C-34 was introduced on June 10, 2026.",
    "fr": "Le projet de loi C-34 a été déposé le 10 juin 2026.",
}
BOTH = pytest.mark.parametrize("language", ["en", "fr"])


def reviewed(app: Flask, reader: str, added: str, **fields: str) -> Visitor:
    """Review a letter, add a paragraph to it, and update it."""
    visitor = Visitor.of(app, language=reader).post("review", {**FILLED, **fields})
    [(name, body)] = [pair for pair in visitor.values() if pair[0].startswith("body-")]
    return visitor.press(".again button", **{name: f"{body}\n\n{added}"})


def words_of(visitor: Visitor, selector: str) -> list[str]:
    return [found.get_text(" ", strip=True) for found in visitor.page.select(selector)]


@BOTH
def test_what_is_said_of_the_bill_is_asked_about_beside_what_is_known(app: Flask, language: str) -> None:
    added = ON_BILL[language]
    visitor = reviewed(app, language, added)
    assert visitor.status == 200
    [claim] = words_of(visitor, "#own-words .claim")
    assert added in claim
    [bill] = words_of(visitor, "#own-words .beside li")
    assert bill.startswith(KNOWN[language])
    assert not visitor.page.select(".notes .mend")


def test_what_is_known_is_told_in_the_readers_language_whatever_the_letters(app: Flask) -> None:
    visitor = reviewed(app, "en", ON_BILL["fr"], language="fr")
    assert ON_BILL["fr"] in words_of(visitor, "#own-words .claim")[0]
    assert words_of(visitor, "#own-words .beside li")[0].startswith(KNOWN["en"])


@BOTH
def test_what_is_said_of_the_bill_is_sent_once_it_is_confirmed(app: Flask, language: str) -> None:
    visitor = reviewed(app, language, ON_BILL[language])
    assert visitor.press('[formaction$="download/txt"]').status == 422
    visitor.press("#question [name=go_on]")
    assert visitor.status == 200
    assert ON_BILL[language] in visitor.answer.text
