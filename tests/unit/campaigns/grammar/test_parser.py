"""The parser refuses what is not listed, each thing at its line and column, in a sentence that says what is allowed."""

import sys

import pytest
from jinja2 import nodes

from advocacy.campaigns.grammar.compiler import compile_text
from advocacy.campaigns.grammar.parser import dotted_name, parse
from advocacy.campaigns.grammar.tags import TagChecker
from advocacy.campaigns.grammar.tokens import Refused, Token
from tests.unit.campaigns.grammar.attacks import ATTACKS, NAMES, WITHOUT_SUBJECT, Attack, letter


def refused(source: str) -> Refused:
    with pytest.raises(Refused) as found:
        compile_text(source, NAMES, typed=frozenset({"reason"}))
    return found.value


def wrong(name: str, source: str, attack: Attack) -> str | None:
    """What a refusal lacks of its place, the words it must hold, the piece it quotes and what to do."""
    found = refused(source)
    whole = (
        all(words in found.complaint.sentence for words in ("“", "; ", *attack.says))
        and found.complaint.sentence.isprintable()
    )
    if whole and f"{found.line}:{found.column}" == attack.place:
        return None
    return f"{name}: {found.line}:{found.column}: {found.complaint.sentence}"


def test_an_attack_is_refused_at_its_place_with_its_piece_and_what_to_do() -> None:
    wrong_ones = [wrong(name, letter(attack.source), attack) for name, attack in ATTACKS.items()]
    assert list(filter(None, wrong_ones)) == []


def test_a_text_that_may_have_no_subject_or_two_is_refused() -> None:
    wrong_ones = [wrong(name, attack.source, attack) for name, attack in WITHOUT_SUBJECT.items()]
    assert list(filter(None, wrong_ones)) == []


@pytest.mark.parametrize("tag", ["{{ reason", "{% if reason"])
def test_a_tag_that_the_text_ends_in_is_quoted_from_its_braces(tag: str) -> None:
    assert f"“{tag}”" in refused(letter(f"One {tag}")).complaint.sentence


def test_a_refusal_counts_lines_the_same_whatever_ends_them() -> None:
    source = letter("One.\n\nTwo {{ 7 }}.")
    places = {
        (found.line, found.column) for end in ("\n", "\r\n", "\r") for found in [refused(source.replace("\n", end))]
    }
    assert places == {(5, 8)}


def test_the_first_thing_that_is_wrong_is_the_one_that_is_reported() -> None:
    found = refused(letter("One {{ reason }}\n\n{{ citizen.nam }} <b>\n\n{% for %}"))
    assert (found.line, found.column) == (5, 4)


def test_a_tree_knows_the_token_of_each_of_its_nodes() -> None:
    parsed = parse("Dear {{ citizen.name }},\n\n{% if reason %}\nx\n{% endif %}\n", NAMES)
    output, question = parsed.tree.body[0], parsed.tree.body[1]
    assert isinstance(output, nodes.Output)
    assert dotted_name(output.nodes[1]) == "citizen.name"
    assert parsed.token(output.nodes[1]) == Token("name", "citizen", 1, 9)
    assert parsed.token(question) == Token("name", "if", 3, 4)
    assert parsed.opening(question) == Token("block_begin", "{%", 3, 1)
    assert parsed.is_alone(question)


def test_what_slips_by_the_first_step_is_stopped_by_the_third(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TagChecker, "add", lambda self, token: self.tokens.append(token))
    for source in (
        "{% for x in reason %}{% endfor %}",
        "{% set x = 1 %}",
        "{{ reason|upper }}",
        "{{ reason() }}",
        "{{ 'a' * 9 }}",
        "{% if reason() %}{% endif %}",
        "{% if reason > 'a' %}{% endif %}",
        "{% if reason == today %}{% endif %}",
        "{% if (reason).upper %}{% endif %}",
        "{% if citizen.other %}{% endif %}",
        "{% if 1 %}{% endif %}",
        "{% if reason == %}{% endif %}",
        "{% include 'x' %}",
        "{% block x %}{% endblock %}",
    ):
        with pytest.raises(Refused, match=r"“.*”"):
            parse(source, NAMES)


def test_a_parser_that_runs_out_of_stack_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TagChecker, "add", lambda self, token: self.tokens.append(token))
    deep = sys.getrecursionlimit()
    with pytest.raises(Refused, match="nested too deep") as found:
        parse(f"{{% if {'(' * deep}reason{')' * deep} %}}x{{% endif %}}", NAMES)
    assert "allowed are text" in found.value.complaint.sentence


def test_every_form_of_condition_passes() -> None:
    for asked in (
        "reason",
        "not reason",
        "citizen.is_constituent and not (reason or today)",
        'recipient.office in ("senator","minister")',
        "recipient.office not in ('senator', 'minister',)",
        "not recipient.office == 'mayor'",
        'relationship == "parent" or relationship in ("educator",)',
        'citizen.province == "Québec"',
        "(((((reason)))))",
        "survey . title",
        "citizen.name" + " or reason" * 700,
    ):
        assert parse(f"{{%if {asked}%}}x{{%  endif  %}}", NAMES).tree.body
