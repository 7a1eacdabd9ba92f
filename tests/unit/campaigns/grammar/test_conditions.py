"""A condition asks what it says, of the values it is given, and is spoken in one way whoever wrote it."""

from collections.abc import Mapping
from itertools import product

import pytest
from jinja2 import nodes

from advocacy.campaigns.grammar.compiler import compile_condition, condition_text
from advocacy.campaigns.grammar.parser import parse
from advocacy.campaigns.grammar.program import always, choice_key
from tests.unit.campaigns.grammar.attacks import NAMES


def asked(source: str) -> nodes.Node:
    question = parse(f"{{% if {source} %}}x{{% endif %}}", NAMES).tree.body[0]
    assert isinstance(question, nodes.If)
    return question.test


def holds(source: str, values: Mapping[str, str]) -> bool:
    return compile_condition(asked(source), NAMES)(values)


def test_a_name_alone_asks_whether_it_is_filled_in() -> None:
    assert holds("reason", {"reason": "x"})
    assert not holds("reason", {"reason": ""})


@pytest.mark.parametrize(
    "source",
    [
        "reason or today and citizen.name",
        "(reason or today) and citizen.name",
        "not reason or today",
        "not (reason or today)",
        "not reason and not (today and not citizen.name)",
        "reason and today and citizen.name or not today",
    ],
)
def test_and_or_not_and_brackets_bind_as_in_python(source: str) -> None:
    for reason, today, name in product(("", "x"), repeat=3):
        truth = eval(source.replace("citizen.name", "name"), {}, {"reason": reason, "today": today, "name": name})
        assert holds(source, {"reason": reason, "today": today, "citizen.name": name}) is bool(truth)


def test_an_office_is_compared_with_its_name() -> None:
    senator, mayor = {"recipient.office": "senator"}, {"recipient.office": "mayor"}
    assert holds('recipient.office == "senator"', senator)
    assert not holds('recipient.office == "senator"', mayor)
    assert holds('recipient.office in ("senator","minister")', senator)
    assert not holds('recipient.office in ("senator","minister")', mayor)
    assert holds('recipient.office not in ("senator","minister")', mayor)
    assert not holds('recipient.office not in ("senator","minister")', senator)


def test_a_choice_is_compared_by_its_key_and_asked_for_by_its_sentence() -> None:
    parent = {"relationship": "I write as a parent.", choice_key("relationship"): "parent"}
    silent = {"relationship": "", choice_key("relationship"): "educator"}
    assert holds('relationship == "parent"', parent)
    assert not holds('relationship == "parent"', silent)
    assert holds('relationship in ("parent", "educator")', silent)
    assert not holds('relationship not in ("parent", "educator")', parent)
    assert holds("relationship", parent)
    assert not holds("relationship", silent)


def test_words_compared_with_own_words_are_compared_sign_for_sign() -> None:
    assert holds('reason == "l\'été"', {"reason": "l'été"})
    assert not holds('reason == "x"', {"reason": "X"})


def test_a_chain_longer_than_the_stack_is_deep_is_asked_and_spoken() -> None:
    chain = " or ".join(["reason"] * 700 + ["today"])
    values = {"reason": "", "today": "x"}
    assert holds(chain, values)
    assert condition_text(asked(chain)) == f"({chain})"
    mixed = "today" + " or reason and reason" * 350
    assert holds(mixed, values)
    assert condition_text(asked(mixed)).count("(reason and reason)") == 350


@pytest.mark.parametrize(
    ("source", "spoken"),
    [
        ("reason", "reason"),
        ("not  citizen . riding", "not citizen.riding"),
        ('recipient.office == "mayor"', "recipient.office in ('mayor')"),
        ("recipient.office in ('mayor',)", "recipient.office in ('mayor')"),
        ("recipient.office in ('senator', 'mayor')", "recipient.office in ('mayor', 'senator')"),
        ('recipient.office in ("mayor", "senator", "mayor")', "recipient.office in ('mayor', 'senator')"),
        ('not recipient.office not in ("mayor",)', "not recipient.office not in ('mayor')"),
        ("(reason or today) or (citizen.name)", "(reason or today or citizen.name)"),
        ("reason or today and citizen.name", "(reason or (today and citizen.name))"),
        ("(reason or today) and citizen.name", "((reason or today) and citizen.name)"),
    ],
)
def test_two_ways_of_asking_the_same_are_spoken_alike(source: str, spoken: str) -> None:
    assert condition_text(asked(source)) == spoken


def test_else_always_holds() -> None:
    assert always({})
