"""Paragraphs render values as they are; what is empty is left out, and nobody's words change kind, line or owner."""

import pytest

from advocacy.campaigns.grammar.program import (
    Branch,
    Comparison,
    Kind,
    Paragraph,
    Piece,
    Program,
    RenderedParagraph,
    Slot,
    Values,
)

HOSTILE = [
    *(
        "{{ 7*7 }}",
        "**x**",
        "# y",
        "- z",
        "> q",
        "<b>",
        "&amp;",
        "%s",
        "%",
        "%%",
        "%(x)s",
        "{% if %}",
        "{0}",
        "\\n",
        "`x`",
    ),
    *("\u00a0x\u00a0", "« x\u00a0»", "\ue000", "\ud800", "\u200b", "[x](y)", "a  b", "$1"),
]
REASON, NAME = Slot("reason", typed=True), Slot("citizen.name")


def render(*inline: str | Slot | Branch, kind: Kind = Kind.PARAGRAPH, **values: str) -> list[RenderedParagraph]:
    return list(Paragraph(kind, inline).render({"citizen.name": "Camille", **values}))


def texts(*inline: str | Slot | Branch, **values: str) -> list[str]:
    return [paragraph.text for paragraph in render(*inline, kind=Kind.PARAGRAPH, **values)]


def has_reason(values: Values) -> bool:
    return bool(values["reason"])


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_comes_out_as_typed(value: str) -> None:
    assert render(REASON, reason=value) == [RenderedParagraph(Kind.PARAGRAPH, (Piece(value, "reason"),))]
    assert render("100% ", Slot("reason"), "%s", reason=value) == [
        RenderedParagraph(Kind.PARAGRAPH, (Piece("100% ", ""), Piece(value, "reason"), Piece("%s", "")))
    ]
    branch = Branch(((has_reason, ("(", Slot("reason"), ")")),))
    assert texts("a ", branch, " b%", reason=value) == [f"a ({value}) b%"]
    assert texts("a ", REASON, ", b", reason=value) == [f"a {value}, b"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_comes_out_as_typed_in_a_subject(value: str) -> None:
    program = Program((Paragraph(Kind.HEADING, ("On ", Slot("reason"), ".")),), (), frozenset())
    assert program.render({"reason": value}, ()) == (f"On {value}.", ())


def test_every_piece_has_the_name_of_its_blank() -> None:
    (paragraph,) = render("I say: ", REASON, " ", NAME, reason="“Now!”")
    assert paragraph.pieces == (
        Piece("I say: ", ""),
        Piece("“Now!”", "reason"),
        Piece(" ", ""),
        Piece("Camille", "citizen.name"),
    )


def test_what_a_blank_holds_in_every_letter_needs_no_value() -> None:
    (paragraph,) = render("Most, ", Slot("finding.yes", text="95%"), ".")
    assert paragraph.pieces == (Piece("Most, ", ""), Piece("95%", "finding.yes"), Piece(".", ""))


def test_what_is_left_empty_is_left_out() -> None:
    branch = Branch(((has_reason, ("So: ", REASON)),))
    assert texts(REASON, reason="") == texts(" ", REASON, " ", reason=" ") == texts(branch, reason="") == []
    assert texts(Slot("reason"), " ", reason="\u00a0") == []


def test_spaces_around_a_paragraph_are_taken_off() -> None:
    assert render(" a ", REASON, " ", reason=" x ")[0].pieces == (Piece("a ", ""), Piece(" x", "reason"))
    assert texts(" ", NAME, " ") == ["Camille"]
    assert render(" ", REASON, " b", reason="  ")[0].pieces == (Piece("b", ""),)


def test_own_words_alone_in_their_paragraph_keep_their_paragraphs() -> None:
    assert render(REASON, reason="one\n\n  two \r\n# three\n") == [
        RenderedParagraph(Kind.PARAGRAPH, (Piece(text, "reason"),)) for text in ("one", "two", "# three")
    ]


def test_own_words_under_an_if_lose_nothing_that_stands_beside_them() -> None:
    branch = Branch(((has_reason, (REASON, " And more.")),))
    assert texts(branch, reason="Why.") == ["Why. And more."]
    assert texts(branch, reason="One.\nTwo.") == ["One.", "Two. And more."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_line_break_in_a_value_starts_a_new_paragraph_of_the_same_kind(end: str) -> None:
    assert texts("Why: ", REASON, "!", reason=f"one{end}two") == ["Why: one", "two!"]
    assert texts("Why: ", Slot("reason"), "!", reason=f"one{end}two") == ["Why: one", "two!"]
    assert [paragraph.kind for paragraph in render(REASON, kind=Kind.QUOTATION, reason=f"a{end}b")] == [
        Kind.QUOTATION
    ] * 2
    assert [paragraph.text for paragraph in render("A ", REASON, kind=Kind.HEADING, reason=f"a{end}b")] == ["A a b"]


def test_a_branch_without_a_case_that_holds_says_nothing() -> None:
    never = Branch(((has_reason, ("x",)),))
    assert texts("a", never, "b", reason="") == ["ab"]


def test_a_value_of_an_office_is_spoken_as_its_word() -> None:
    assert texts("To the ", Slot("recipient.office"), **{"recipient.office": Kind.BULLET}) == ["To the bullet"]


def test_the_first_choice_is_the_first_of_every_group() -> None:
    assert Program((), (3, 2), frozenset()).first_choice == (0, 0)


def test_letters_that_came_before_change_nothing_in_one_that_follows() -> None:
    here = Branch(((Comparison("recipient.role", frozenset({"senator"})), ("Senator ", Slot("citizen.city"))),))
    named = Branch(((lambda values: bool(values["citizen.name"]), (" from ", Slot("citizen.name"))),))
    blocks = (Paragraph(Kind.PARAGRAPH, (here, named, ".")),)
    several = [
        {"recipient.role": role, "citizen.city": city, "citizen.name": name}
        for role in ("senator", "member")
        for city in ("Ottawa", "Laval")
        for name in ("", "Camille", "Dominique")
    ]
    program = Program(blocks, (), frozenset())
    for values in (*several, *reversed(several)):
        assert program.render(values, ()) == Program(blocks, (), frozenset()).render(values, ())
