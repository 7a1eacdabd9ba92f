"""A letter's length is counted along its longest way."""

import pytest

from advocacy.campaigns.checks.letter_check import BLANK_WORDS, longest_words
from advocacy.campaigns.grammar.compiler import compile_text
from tests.unit.campaigns.grammar.attacks import NAMES


def count(body: str) -> int:
    program = compile_text(f"# Two words\n\n{body}", NAMES, typed=frozenset({"reason"}))
    return longest_words(program.blocks, {"reason": 90, "relationship": 0}) - 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", 0),
        ("One two\nthree.\n\n- four\n- five\n\n> six", 6),
        ("{{ citizen.riding }}", BLANK_WORDS),
        ("In {{ citizen.city }}, ({{ today }}).", 1 + 2 * BLANK_WORDS),
        ("Say{{ relationship }}.", 1),
        ("{{ reason }}", 90),
        ("{% if reason %}\none two\n{% elif today %}\none\n{% else %}\none two three\n{% endif %}", 3),
        ("a{% if reason %} one two{% elif today %} one{% else %} one two three{% endif %}.", 4),
        ("{% choose %}\none\n{% or %}\none\n\ntwo\n{% endchoose %}", 2),
        ("{% choose %}\n{% if reason %}\n{{ reason }}\n{% endif %}\n{% or %}\none\n{% endchoose %}\n\nz", 91),
        ("{% if reason %}\na\n{% endif %}\n{% if not reason %}\nb\n{% endif %}", 2),
    ],
)
def test_the_longest_way_is_counted(body: str, words: int) -> None:
    assert count(body) == words
