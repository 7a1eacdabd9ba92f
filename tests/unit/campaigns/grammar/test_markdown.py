"""Lines are read as paragraphs, items, quotations and headings, as CommonMark reads them."""

import pytest

from advocacy.campaigns.grammar.markdown import MarkdownBlock, read_blocks
from advocacy.campaigns.grammar.program import Kind
from advocacy.campaigns.grammar.tokens import Refused

P, B, Q, H = Kind.PARAGRAPH, Kind.BULLET, Kind.QUOTATION, Kind.HEADING

READ = {
    "": [],
    "\n  \n": [],
    "a\n  b \n\n c": [(P, "a b", 1), (P, "c", 4)],
    "a\n      b": [(P, "a b", 1)],
    "# a\nb\n# c #\nd": [(H, "a", 1), (P, "b", 2), (H, "c", 3), (P, "d", 4)],
    "#a\n#7": [(P, "#a #7", 1)],
    "# a#": [(H, "a#", 1)],
    "#": [(H, "", 1)],
    "# #": [(H, "", 1)],
    "- a\n- b\n\n\n-  c": [(B, "a", 1), (B, "b", 2), (B, "c", 5)],
    "- a\n  b\nc\n- d": [(B, "a b c", 1), (B, "d", 4)],
    "- a\n\nb": [(B, "a", 1), (P, "b", 3)],
    "- a\n - b": [(B, "a", 1), (B, "b", 2)],
    "-a\n-5 degrees": [(P, "-a -5 degrees", 1)],
    "a\n- b": [(P, "a", 1), (B, "b", 2)],
    "> a\n> b\nc\n\nd": [(Q, "a b c", 1), (P, "d", 5)],
    ">a\n>\n>b": [(Q, "a", 1), (Q, "b", 3)],
    "> a\n>\nb": [(Q, "a", 1), (P, "b", 3)],
    "a\n> b\n- c\n# d": [(P, "a", 1), (Q, "b", 2), (B, "c", 3), (H, "d", 4)],
    "- a\n# b\n  c": [(B, "a", 1), (H, "b", 2), (P, "c", 3)],
    "founded in\n1867. Then": [(P, "founded in 1867. Then", 1)],
    "== a": [(P, "== a", 1)],
    "\u00a0a\u00a0": [(P, "\u00a0a\u00a0", 1)],
    "a  ": [(P, "a", 1)],
}


@pytest.mark.parametrize("source", READ)
def test_shapes_are_read_with_their_lines(source: str) -> None:
    assert read_blocks(source, 1, source.split("\n")) == [MarkdownBlock(*shape) for shape in READ[source]]


@pytest.mark.parametrize(
    ("source", "place", "why"),
    [
        ("a\nb  \nc", "2:1", "ends with two spaces"),
        ("- a  \nb", "1:1", "ends with two spaces"),
        (">  a\n>     ---", "2:7", "makes a heading of the line above it"),
        ("-- a\n=", "2:1", "makes a heading of the line above it"),
        ("founded in\n1. Then", "2:1", "starts a numbered list with “1.”"),
        ("2) a", "1:1", "starts a numbered list with “2)”"),
        ("-\na", "1:1", "is an empty item"),
        ("-     a", "1:7", "is code"),
        (">     a", "1:7", "is code"),
        ("    a", "1:5", "is code"),
        ("- a\n\n      b", "3:7", "is a second paragraph"),
        ("- a\n  > b", "2:3", "starts a quotation inside a list"),
        ("> a\n> - b", "2:3", "starts a list inside a quotation"),
        ("> a\n    > b", "2:5", "starts a quotation inside a quotation"),
        ("> 1. a", "1:3", "starts a numbered list inside a quotation"),
        ("- ~~~", "1:3", "starts code inside a list"),
        (" - - -", "1:2", "draws a rule"),
        ("###### a", "1:1", "starts a heading with “######”"),
    ],
)
def test_other_shapes_are_refused_where_they_start(source: str, place: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_blocks(source, 1, source.split("\n"))
    assert f"{refused.value.line}:{refused.value.column}" == place
    assert f"” {why}" in refused.value.complaint.sentence
    assert "a letter has paragraphs, “- ” lists" in refused.value.complaint.sentence


def test_lines_are_counted_from_where_the_text_starts() -> None:
    lines = ["# s", "", "{% if x %}", "a", "b", "1. c"]
    assert read_blocks("\na\nb", 3, lines) == [MarkdownBlock(P, "a b", 4)]
    with pytest.raises(Refused, match=r"^6:1: “1. c”"):
        read_blocks("\na\nb\n1. c", 3, lines)
