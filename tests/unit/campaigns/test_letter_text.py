"""A letter's text is data: braces fill in or are refused, an empty blank vanishes with its space, readers get theirs."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.letter_text import (
    Alternative,
    Blank,
    Kind,
    Paragraph,
    Refused,
    Section,
    fill,
    read_text,
)
from advocacy.campaigns.only_for import OnlyFor, Reader
from advocacy.language import Language
from advocacy.toml_source import TomlProblems, read_toml
from tests.campaign_files import LETTER_TOML

VALUES = {"who": "", "riding": "Ottawa Centre", "why": "I live here.", "words": "First.\nSecond.", "finding.yes": "62%"}


def rendered(text: str) -> list[str]:
    return [paragraph.text for read in read_text(text) for paragraph in fill(read, VALUES)]


def test_a_blank_line_parts_paragraphs_and_lines_of_one_are_joined() -> None:
    assert read_text("A {{ riding }}\nb.\n\n> Said\n> so.\n\n- one\n- two {{ finding.yes }}") == (
        Paragraph(Kind.PARAGRAPH, ("A ", Blank("riding"), " b.")),
        Paragraph(Kind.QUOTATION, ("Said so.",)),
        Paragraph(Kind.BULLET, ("one",)),
        Paragraph(Kind.BULLET, ("two ", Blank("finding.yes"))),
    )


@pytest.mark.parametrize(
    "text",
    [
        *("{% if riding %}x{% endif %}", "{% include 'x' %}", "{{ riding | upper }}", "{{ riding.upper() }}", "{{ 7 * 7 }}"),
        *("{{ 'x' }}", "{{ riding['x'] }}", "{{ a.b.c }}", "{{ }}", "{{ riding", "{{- riding -}}", "{# note #}", "{{riding}}"),
        *("{% raw %}{{ riding }}{% endraw %}", "{% set x = 1 %}", "{{ self.__init__ }}", "{{ true }}", "{{ riding }", "{{ a ~ b }}"),
        *("{{" + "(" * 500, "{% for x in y %}" * 50, "{{ x if y }}"),
    ],
)  # fmt: skip
def test_braces_that_are_no_blank_are_refused_with_their_place(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_text(f"Before. {text}")
    assert refused.value.fault.complaint.code == "braces"
    assert refused.value.fault.start == len("Before. ")


@given(st.text(st.sampled_from("{}%#ab. -\n>'\"()_|[]\\\u00a0é"), max_size=60))
def test_whatever_is_read_stands_in_the_letter_as_it_was_typed(text: str) -> None:
    try:
        paragraphs = read_text(text)
    except Refused:
        return
    words = "".join(part for paragraph in paragraphs for part in paragraph.parts if isinstance(part, str))
    assert set(words) <= {*text, " "}
    assert "{%" not in text or "{%" in words


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("{{ who }} {{ why }} I ask.", ["I live here. I ask."]),
        ("I ask. {{ who }}", ["I ask."]),
        ("I ask. {{ who }} Now.", ["I ask. Now."]),
        ("{{ who }} {{ who }} I ask.", ["I ask."]),
        ("{{ who }}\n\nI ask.", ["I ask."]),
        ("{{ words }} I ask.", ["First.", "Second. I ask."]),
        ("In {{ riding }}, {{ finding.yes }}.", ["In Ottawa Centre, 62%."]),
    ],
)
def test_an_empty_blank_vanishes_with_its_space(text: str, letter: list[str]) -> None:
    assert rendered(text) == letter


def test_each_piece_knows_the_blank_it_filled() -> None:
    [paragraph] = fill(read_text("In {{ riding }}, yes.")[0], VALUES)
    assert [(piece.text, piece.blank) for piece in paragraph.pieces] == [
        ("In ", ""),
        ("Ottawa Centre", "riding"),
        (", yes.", ""),
    ]


def section(*only_for: OnlyFor | None, **more: OnlyFor) -> Section:
    alternatives = tuple(Alternative(texts=dict.fromkeys(Language, "x"), only_for=one) for one in only_for)
    return Section(key="ask", alternatives=alternatives, **more)


SENATOR = OnlyFor(roles=(Role.SENATOR,))
PENDING = OnlyFor(stages=("pending",))


@pytest.mark.parametrize(
    ("only_for", "reader", "fitting"),
    [
        ((None, None), Reader(Role.SENATOR, Stage.UNKNOWN), [0, 1]),
        ((None, SENATOR), Reader(Role.SENATOR, Stage.UNKNOWN), [1]),
        ((None, SENATOR), Reader(Role.OWN_MEMBER, Stage.UNKNOWN), [0]),
        ((PENDING, PENDING), Reader(Role.OTHER, Stage.COMMITTEE), [0, 1]),
        ((PENDING,), Reader(Role.OTHER, Stage.PASSED), []),
        ((OnlyFor(given=("reason",)),), Reader(Role.OTHER, Stage.PASSED, given=frozenset({"reason", "email"})), [0]),
        (
            (OnlyFor(portfolios=("Minister of Justice",)), None),
            Reader(Role.MINISTER, Stage.PASSED, "Minister of Justice and Attorney General of Canada"),
            [0],
        ),
    ],
)
def test_a_reader_gets_what_is_for_them_alone_or_else_what_is_for_everybody(
    only_for: Iterable[OnlyFor | None], reader: Reader, fitting: list[int]
) -> None:
    assert section(*only_for).fitting(reader) == fitting


def letter(text: str) -> LetterFile:
    return read_toml(text, LetterFile, file="letter.toml")


def test_a_letter_is_offered_while_each_section_says_something() -> None:
    text = LETTER_TOML.replace(
        'of respondents agreed."""\n', 'of respondents agreed."""\nonly_for = { stages = ["pending"] }\n'
    )
    offered = {stage for stage in Stage if letter(text).is_offered_at(stage)}
    assert offered == set(Stage) - {Stage.PASSED, Stage.DIED}
    assert all(letter(LETTER_TOML).is_offered_at(stage) for stage in Stage)


def test_a_letter_cites_what_its_texts_print() -> None:
    assert letter(LETTER_TOML).findings == ("opening_yes",)
    assert letter(LETTER_TOML).blanks == ("role", "finding.opening_yes", "reason")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('key = "subject"', 'key = "title"', "subject-missing"),
        ('key = "closing"', 'key = "opening"', "section-twice"),
        ('{ given = ["email"] }', "{ given = [] }", "only-for-empty"),
        ('{ given = ["email"] }', '{ roles = ["king"] }', "value-choice"),
        ('key = "survey"', 'key = "survey"\nif = "x"', "extra-forbidden"),
    ],
)
def test_what_no_letter_can_be_is_refused(old: str, new: str, code: str) -> None:
    assert LETTER_TOML.count(old) == 1
    with pytest.raises(TomlProblems) as refused:
        letter(LETTER_TOML.replace(old, new))
    assert code in {problem.code for problem in refused.value.problems}
