"""Tags are taken in the order of the source; those alone on their line are known, and every name is one that is offered."""

import pytest

from advocacy.campaigns.grammar.tags import MAX_TOKENS, TagChecker
from advocacy.campaigns.grammar.tokens import Refused, tokenize
from tests.unit.campaigns.grammar.attacks import NAMES


def take(source: str) -> TagChecker:
    tags = TagChecker(source, NAMES)
    for token in tokenize(source):
        tags.add(token)
    tags.finish()
    return tags


def test_tags_alone_on_their_lines_are_reported_from_those_in_a_paragraph() -> None:
    source = "{% if reason %}\na {% if today %}b{% endif %}\n  {% else %}  \nc\n{% endif %}"
    assert take(source).alone == {1, 3, 5}


def test_two_tags_on_a_line_are_not_alone() -> None:
    assert take("{% if reason %}{% endif %}").alone == set()


def test_five_levels_and_five_brackets_are_allowed() -> None:
    assert take("{% if (((((reason))))) %}" * 5 + "x" + "{% endif %}" * 5).tokens


def test_as_many_words_and_signs_as_allowed_are_taken() -> None:
    assert take("{{ reason }}" * MAX_TOKENS).tokens
    with pytest.raises(Refused, match="1,500"):
        take("{{ reason }}" * (MAX_TOKENS + 1))


def test_no_space_is_needed_inside_braces_and_more_do_no_harm() -> None:
    assert take("{{reason}}{%if reason%}x{%   endif   %}{{   citizen.name\u00a0}}").tokens


def test_a_name_in_a_condition_may_answer_yes_or_no() -> None:
    assert take("{% if citizen.is_constituent and not survey.is_translated %}x{% endif %}").tokens


@pytest.mark.parametrize("word", ["true", "none", "is", "for", "if", "and", "or", "not", "in", "else"])
def test_a_word_of_the_language_is_no_name(word: str) -> None:
    with pytest.raises(Refused, match=rf"^1:4: “{word}” (is not allowed|cannot stand)"):
        take(f"{{{{ {word} }}}}")


@pytest.mark.parametrize(
    ("source", "place", "alone", "until"),
    [
        ("a {% if reason %}b  \nc", (1, 3), False, 19),
        ("{% if reason %}a\n\nb{% endif %}", (1, 1), False, 17),
        ("a {% if reason %}b\n{% if today %}\nc\n{% endif %}\n{% endif %}", (1, 3), False, 19),
        ("x {% if reason %}{% if today %}y\n\nz{% endif %}", (1, 18), False, 33),
        ("{% if reason %}\n\na\nb\n\nc", (1, 1), True, 5),
        ("{% if reason %}\na\n{% choose %}\n\nb\n\n{% endchoose %}\n", (1, 1), True, 3),
        ("a\n\n{% if reason %}", (3, 1), True, 4),
        ("{% if reason %}\n\n\n", (1, 1), True, 2),
    ],
)
def test_a_condition_that_is_not_closed_can_end_with_its_line_or_paragraph(
    source: str, place: tuple[int, int], *, alone: bool, until: int
) -> None:
    """`until` is the column after the line's words, or for a tag alone on its line the line after its paragraph."""
    with pytest.raises(Refused) as refused:
        take(source)
    found = refused.value
    assert (found.complaint.code, found.line, found.column) == ("condition-not-closed", *place)
    assert (found.complaint.params["alone"], found.complaint.params["until"]) == (alone, until)


@pytest.mark.parametrize(
    ("source", "said", "length"),
    [
        ("{{ citizen.is_constituent }}", "1:4: “citizen.is_constituent” answers yes or no; use it in an if", 7),
        ("{{ raeson }}", "1:4: “raeson” is not a name a letter can print; offered are campaign.…, ", 6),
        (
            "{% if raeson %}x{% endif %}",
            "1:7: “raeson” is not a name a letter can ask for; offered are campaign.…, ",
            6,
        ),
        ("{{ finding.no }}", "1:4: “finding.no” is not a name a letter can use; offered are finding.removal_", 10),
        ("a{{ reason", "1:2: “{{ reason” does not close on its line; write “}}”", 2),
        ("a {% if reason\n %}", "1:3: “{% if reason” does not close on its line; write “%}”", 2),
        ("{{ reason. }}", "1:10: “.” cannot stand last; allowed are text, {{ name }}, ", 1),
        ("{% if reason and %}x", "1:14: “and” cannot stand last; a condition is names with and, or, not", 3),
        ("{% if reason %}\na {% endif %}", "2:3: “endif” must stand on a line of its own; its “if” does", 2),
    ],
)
def test_a_refusal_has_its_place_its_words_and_its_length(source: str, said: str, length: int) -> None:
    with pytest.raises(Refused) as refused:
        take(source)
    assert str(refused.value).startswith(said)
    assert refused.value.length == length
