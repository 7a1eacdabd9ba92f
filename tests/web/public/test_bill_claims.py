"""What a citizen writes of the bill is asked about beside what the campaign knows of it, in the reader's language."""

from flask import Flask

from tests.web.public.visitor import FILLED, Visitor

CLAIMED, KNOWN = "Le projet de loi C-34 a été adopté.", "Bill C-34 was introduced on June 10, 2026."


def reviewed(app: Flask, reader: str, added: str, **fields: str) -> Visitor:
    """Review a letter, add a paragraph to it, and update it."""
    visitor = Visitor.of(app, language=reader).post("review", {**FILLED, **fields})
    [(name, body)] = [pair for pair in visitor.values() if pair[0].startswith("body-")]
    return visitor.press(".again button", **{name: f"{body}\n\n{added}"})


def words_of(visitor: Visitor, selector: str) -> list[str]:
    return [found.get_text(" ", strip=True) for found in visitor.page.select(selector)]


def test_what_is_known_is_told_in_the_readers_language_whatever_the_letters(app: Flask) -> None:
    visitor = reviewed(app, "en", CLAIMED, language="fr")
    assert visitor.status == 200
    [claim] = words_of(visitor, "#own-words .claim")
    assert CLAIMED in claim
    [bill] = words_of(visitor, "#own-words .beside li")
    assert bill.startswith(KNOWN)
    assert not visitor.page.select(".notes .mend")
