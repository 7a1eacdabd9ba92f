"""A source is cut into tokens that know their places, and its prose holds nothing but prose."""

import pytest

from advocacy.campaigns.grammar.tokens import (
    MAX_CHARACTERS,
    Refused,
    Token,
    advance,
    excerpt,
    normalize_source,
    tokenize,
)
from advocacy.problems import Place, complaint


def test_tokens_know_their_lines_and_columns() -> None:
    tokens = [token for token in tokenize("One\ntwo {{ a.b }}\n{% if c %}") if token.kind != "whitespace"]
    assert tokens == [
        Token("data", "One\ntwo ", 1, 1),
        Token("variable_begin", "{{", 2, 5),
        Token("name", "a", 2, 8),
        Token("operator", ".", 2, 9),
        Token("name", "b", 2, 10),
        Token("variable_end", "}}", 2, 12),
        Token("data", "\n", 2, 14),
        Token("block_begin", "{%", 3, 1),
        Token("name", "if", 3, 4),
        Token("name", "c", 3, 7),
        Token("block_end", "%}", 3, 9),
    ]


@pytest.mark.parametrize(
    "sign", list("\\`*_[]{}<|\0\t\v\f\x1f\x7f\x85\xad\u200b\u200e\u2028\u202e\u2066\ufeff\ufffd\ue000\ud800")
)
def test_prose_holds_no_sign_that_means_more_than_words(sign: str) -> None:
    with pytest.raises(Refused) as refused:
        list(tokenize(f"One.\nTwo{sign}"))
    assert (refused.value.line, refused.value.column) == (2, 4)


@pytest.mark.parametrize(
    "prose",
    ["« À 95\u00a0% », dit-elle – c’est vrai; oui…", "R&D; AT&T & co", "100% ~ 5$ #1 @ (a) / 'b' \"c\"", "👍🏽 ½ ±"],
)
def test_prose_holds_what_people_write(prose: str) -> None:
    assert [token.text for token in tokenize(prose)] == [prose]


@pytest.mark.parametrize("entity", ["&amp;", "&#38;", "&#x26;", "&#X26;", "&eacute;", "&nbsp;"])
def test_what_markdown_reads_as_one_sign_is_no_prose(entity: str) -> None:
    with pytest.raises(Refused, match=r"^1:3: “&"):
        list(tokenize(f"a {entity}"))


def test_a_source_of_twenty_thousand_characters_is_not_too_long() -> None:
    assert normalize_source("x" * MAX_CHARACTERS) == "x" * MAX_CHARACTERS


def test_a_source_too_long_is_refused_where_it_is_too_long() -> None:
    with pytest.raises(Refused) as refused:
        normalize_source("ab\r\n" * 5_000 + "the rest")
    assert (refused.value.line, refused.value.column) == (5_001, 1)
    assert "“the rest” goes beyond 20,000 characters" in refused.value.complaint.sentence


def test_line_breaks_of_every_system_are_read_as_one_kind() -> None:
    assert normalize_source("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_a_quoted_piece_is_short_and_can_be_printed_anywhere() -> None:
    assert excerpt("a \n b") == "a b"
    assert excerpt("x" * 41) == "x" * 39 + "…"
    assert excerpt("a\ud800\u202e") == "a[U+D800][U+202E]"
    assert excerpt(" \n") == "…"
    assert len(excerpt("\0" * 41)) == 40


def test_a_place_moves_with_the_text_behind_it() -> None:
    assert advance(3, 5, "ab") == (3, 7)
    assert advance(3, 5, "ab\n\nc") == (5, 2)


def test_a_refusal_can_name_its_file() -> None:
    assert Refused(3, 9, complaint("link")).problem("en.md") == complaint("link").at(Place("en.md", 3, 9))
