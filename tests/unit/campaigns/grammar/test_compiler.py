"""A source becomes a program of paragraphs, alternatives and conditions, with an outline of what stands where."""

from collections.abc import Mapping
from itertools import product

import pytest
from jinja2 import nodes

from advocacy.campaigns.grammar.compiler import compile_condition, compile_text, condition_text
from advocacy.campaigns.grammar.parser import parse
from advocacy.campaigns.grammar.program import (
    Choose,
    Kind,
    OutlineEntry,
    Paragraph,
    Program,
    RenderedParagraph,
    Slot,
    When,
    always,
    choice_key,
)
from advocacy.campaigns.grammar.tokens import Refused
from tests.unit.campaigns.grammar.attacks import NAMES


def parse_condition(source: str) -> nodes.Node:
    question = parse(f"{{% if {source} %}}x{{% endif %}}", NAMES).tree.body[0]
    assert isinstance(question, nodes.If)
    return question.test


def holds(source: str, values: Mapping[str, str]) -> bool:
    return compile_condition(parse_condition(source), NAMES)(values)


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
    assert condition_text(parse_condition(chain)) == f"({chain})"
    mixed = "today" + " or reason and reason" * 350
    assert holds(mixed, values)
    assert condition_text(parse_condition(mixed)).count("(reason and reason)") == 350


@pytest.mark.parametrize(
    ("source", "text"),
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
def test_two_ways_of_writing_a_condition_have_one_text(source: str, text: str) -> None:
    assert condition_text(parse_condition(source)) == text


def test_else_always_holds() -> None:
    assert always({})


SOURCE = """\
{% choose %}
# One
{% or %}
  {% if citizen.is_constituent %}
# {{ citizen.riding }}: two
  {% else %}
# Two
  {% endif %}
{% endchoose %}

{% choose %}
Say {{ finding.removal_required }}.

- a
- b{% if reason %}, {{ reason }}{% endif %}
{% or %}
> Quoted
{% or %}
Third.
{% endchoose %}

{% if relationship == "parent" %}
A parent.
{% elif relationship %}
{{ relationship }}
{% else %}
Nobody.
{% endif %}
Last{% if today %} today{% elif reason %} with reason{% else %} of all{% endif %}, {{ citizen.name }}.
"""
EMPTY = {**dict.fromkeys(NAMES.texts | NAMES.flags, ""), "relationship#": ""}


def compiled(source: str = SOURCE) -> Program:
    return compile_text(source, NAMES, typed=frozenset({"reason"}))


def said(program: Program, choice: tuple[int, ...], **values: str) -> list[str]:
    filled = {**EMPTY, **{name.replace("__", "."): value for name, value in values.items()}}
    subject, paragraphs = program.render(filled, choice)
    return [subject, *(paragraph.text for paragraph in paragraphs)]


def test_each_choose_is_a_group_and_the_subjects_are_known() -> None:
    program = compiled()
    assert program.groups == (2, 3)
    assert program.subject_groups == {0}
    assert [type(block) for block in program.blocks] == [Choose, Choose, When, Paragraph]


def test_a_choice_names_one_alternative_of_each_group() -> None:
    assert said(compiled(), (0, 1)) == ["One", "Quoted", "Nobody.", "Last of all, ."]
    assert said(compiled(), (0, 2))[1] == "Third."


def test_exactly_one_subject_comes_out_whatever_is_chosen() -> None:
    program = compiled()
    riding = {"citizen__riding": "Laval", "citizen__is_constituent": "yes"}
    for first, second in product(range(2), range(3)):
        assert said(program, (first, second), **riding)[0] == ("One", "Laval: two")[first]
        assert said(program, (first, second))[0] == ("One", "Two")[first]


def test_the_first_case_that_holds_speaks() -> None:
    program = compiled()
    assert said(program, (0, 2), **{"relationship": "I am.", "relationship#": "parent"})[2] == "A parent."
    assert said(program, (0, 2), relationship="I am.")[2] == "I am."
    assert said(program, (0, 2))[2] == "Nobody."
    assert said(program, (0, 2), today="x", reason="y")[3] == "Last today, ."
    assert said(program, (0, 2), reason="y")[3] == "Last with reason, ."


def test_an_alternative_may_hold_several_paragraphs_of_every_kind() -> None:
    _, paragraphs = compiled().render({**EMPTY, "finding.removal_required": "95%", "reason": "why"}, (0, 0))
    assert [(paragraph.kind, paragraph.text) for paragraph in paragraphs[:3]] == [
        (Kind.PARAGRAPH, "Say 95%."),
        (Kind.BULLET, "a"),
        (Kind.BULLET, "b, why"),
    ]


def test_the_outline_says_what_stands_on_which_line() -> None:
    assert compiled().outline == (
        OutlineEntry("choose", 1, ("2",)),
        OutlineEntry("heading", 2, ()),
        OutlineEntry("if", 4, ("citizen.is_constituent",)),
        OutlineEntry("heading", 5, ("citizen.riding",)),
        OutlineEntry("else", 6, ()),
        OutlineEntry("heading", 7, ()),
        OutlineEntry("choose", 11, ("3",)),
        OutlineEntry("paragraph", 12, ("finding.removal_required",)),
        OutlineEntry("bullet", 14, ()),
        OutlineEntry("bullet", 15, ("reason", "if reason")),
        OutlineEntry("quotation", 17, ()),
        OutlineEntry("paragraph", 19, ()),
        OutlineEntry("if", 22, ("relationship in ('parent')",)),
        OutlineEntry("paragraph", 23, ()),
        OutlineEntry("if", 24, ("relationship",)),
        OutlineEntry("paragraph", 25, ("relationship",)),
        OutlineEntry("else", 26, ()),
        OutlineEntry("paragraph", 27, ()),
        OutlineEntry("paragraph", 29, ("citizen.name", "if today", "if reason", "if else")),
    )


def test_what_is_known_at_compile_time_keeps_its_name_and_own_words_are_marked() -> None:
    program = compile_text(
        "# s\n\n{{ survey.title }} {{ reason }} {{ today }}",
        NAMES,
        typed=frozenset({"reason"}),
        fixed={"survey.title": "**T** {{ x }}"},
    )
    paragraph = program.blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.inline == (
        Slot("survey.title", text="**T** {{ x }}"),
        " ",
        Slot("reason", typed=True),
        " ",
        Slot("today"),
    )


def test_a_tag_alone_on_its_line_ends_the_paragraph_before_it() -> None:
    assert said(compiled("# s\none\n{% if not reason %}\ntwo\n{% endif %}\nthree"), ()) == ["s", "one", "two", "three"]


def test_the_lines_of_a_paragraph_are_joined_by_one_space() -> None:
    assert said(compiled("# s\n\none \n  {{ today }}\nthree"), (), today="2") == ["s", "one 2 three"]


def test_a_text_without_subject_is_one_when_it_takes_none() -> None:
    program = compile_text("Note.", NAMES, has_subject=False)
    assert program.render({}, ()) == ("", (RenderedParagraph(Kind.PARAGRAPH, program.render({}, ())[1][0].pieces),))
    with pytest.raises(Refused, match=r"^1:1: “# Note” can come out as a subject too many; this text takes no"):
        compile_text("# Note", NAMES, has_subject=False)


def test_a_subject_may_be_told_by_an_if_inside_it_that_ends_with_else() -> None:
    program = compiled("# {% if reason %}Yes{% else %}No{% endif %}")
    assert said(program, (), reason="x") == ["Yes"]
    assert said(program, ()) == ["No"]


def test_an_if_that_holds_nothing_says_nothing() -> None:
    assert said(compiled("# s\n{% if not reason %}\n{% endif %}\na{% if today %}{% endif %}b"), ()) == ["s", "ab"]


def test_text_that_looks_like_a_list_only_after_a_blank_is_text() -> None:
    assert said(compiled("# s\n\n{{ reason }}- a\n\nb {% if not reason %}- {% endif %}c"), ()) == ["s", "- a", "b - c"]


def test_as_many_blanks_as_allowed_keep_their_places() -> None:
    names = sorted(NAMES.texts)
    source = "# s\n\n" + " ".join(f"{{{{ {names[place % len(names)]} }}}}" for place in range(500))
    values = {name: f"<{name}>" for name in names}
    _, (paragraph,) = compiled(source).render(values, ())
    assert paragraph.text == " ".join(values[names[place % len(names)]] for place in range(500))


def letter_of(*groups: int) -> str:
    """Return a letter with a subject of three alternatives, then one `choose` for each number of alternatives."""
    chooses = (["# A"] * 3, *([f"Words {number}."] * size for number, size in enumerate(groups)))
    return "\n\n".join("{% choose %}\n" + "\n{% or %}\n".join(words) + "\n{% endchoose %}" for words in chooses)


@pytest.mark.parametrize(
    ("groups", "refused"),
    [
        ((2,) * 11, None),
        ((2,) * 12, r"^75:1: this “choose” is one too many; a letter has at most 12$"),
        ((12, 12, 12), None),
        ((2, 13), r"^15:1: this “choose” offers 13 alternatives; at most 12 are allowed$"),
        ((5, 5, 5, 5, 5, 6), None),
        (
            (2, 2, 2, 2, 2, 5, 5, 5, 6),
            r"^\d+:1: up to here the alternatives combine to 24,000 letters; at most 20,000 are",
        ),
    ],
)
def test_alternatives_that_multiply_beyond_what_a_site_can_read_are_refused(
    groups: tuple[int, ...], refused: str | None
) -> None:
    if refused is None:
        assert compile_text(letter_of(*groups), NAMES).groups == (3, *groups)
        return
    with pytest.raises(Refused, match=refused):
        compile_text(letter_of(*groups), NAMES)
