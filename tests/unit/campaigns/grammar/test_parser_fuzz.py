"""Whatever a source holds, it is compiled or refused with a place and a reason; and answers come out as typed."""

import re
from pathlib import Path

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from advocacy.campaigns.grammar.allowed_names import AllowedNames
from advocacy.campaigns.grammar.compiler import compile_text
from advocacy.campaigns.grammar.program import Kind, Paragraph, Program
from advocacy.campaigns.grammar.tokens import Refused
from tests.unit.campaigns.grammar.attacks import ATTACKS, NAMES, letter

LETTERS = sorted((Path(__file__).parents[4] / "letters").rglob("??.md"))
SHIPPED = [path.read_text(encoding="utf-8") for path in LETTERS]
TYPED = frozenset({"reason"})
SHIPPED_NAMES = AllowedNames.offered(
    has_bill=True,
    has_acts=True,
    fields=["relationship", "reason", "statements", "first_date", "first_subject"],
    findings=sorted({key for text in SHIPPED for key in re.findall(r"finding\.(\w+)", text)}),
    choices={
        "relationship": frozenset({"parent", *re.findall(r'relationship (?:==|in) \(?"(\w+)"', "".join(SHIPPED))})
    },
)

FRAGMENTS = [
    *("{{ ", " }}", "{% ", " %}", "{%- ", "-%}", "{#", "#}", "{% raw %}", "{% endraw %}"),
    *(
        "{% if reason %}",
        "{% elif today %}",
        "{% else %}",
        "{% endif %}",
        "{% choose %}",
        "{% or %}",
        "{% endchoose %}",
    ),
    *(
        "\n{% choose %}\n",
        "\n{% or %}\n",
        "\n{% endchoose %}\n",
        "\n{% if reason %}\n",
        "\n{% endif %}\n",
        "\n{% else %}\n",
    ),
    *("{{ reason }}", "{{ citizen.name }}", "{{ finding.removal_required }}", "{{ survey.title }}", "{{ 7*7 }}"),
    *("if", "and", "or", "not", "in", "==", "(", ")", "[", "]", ",", ".", "is", "reason", "citizen", "today", "1", "~"),
    *('"senator"', "'a'", '"', "'", "\\", "_", "*", "|", "<b>", "&amp;", "&", "%", "$", "%s", "{", "}", "{}"),
    *("\n", "\n\n", "\r\n", " ", "  ", "    ", "\t", "\u00a0", "\u2028", "\ud800", "\ue000", "é", "👍"),
    *("# ", "## ", "#", "- ", "+ ", "> ", ">", "1. ", "---", "===", "~~~", "```", "-", "word ", "A sentence, whole. "),
]
ANY_SIGN = st.characters(exclude_categories=())
PLACE = re.compile(r"(\d+):(\d+): ")

VALUE = st.one_of(
    st.sampled_from(
        [
            "{{ 7*7 }}",
            "**x**",
            "# y",
            "- z",
            "> q",
            "1. n",
            "<b>",
            "&amp;",
            "%s",
            "%(x)s",
            "%",
            "{% if %}",
            "{0}",
            "\\n",
            "`x`",
        ]
    ),
    st.sampled_from(
        ["\u00a0x\u00a0", "« x »", "\ue000", "_x_", "[x](y)", "$x", "\\1", "\\g<0>", "\ud800", "\u200b", "~~~", "---"]
    ),
    st.text(ANY_SIGN, min_size=1, max_size=20),
).filter(lambda text: bool(text.strip()) and text == text.strip(" ") and text.splitlines() == [text])


def judged(source: str, names: AllowedNames = NAMES) -> Program | None:
    """Compile `source`, or hold its refusal against what every refusal must have; nothing else may be raised."""
    try:
        return compile_text(source, names, typed=TYPED)
    except Refused as found:
        refused = found
    lines = re.split(r"\r\n?|\n", source)
    assert 1 <= refused.line <= len(lines)
    assert 1 <= refused.column <= len(lines[refused.line - 1]) + 1
    assert re.search("“.+”", refused.complaint.sentence)
    assert "; " in refused.complaint.sentence
    assert str(refused).startswith(f"{refused.line}:{refused.column}: ")
    assert refused.complaint.sentence.isprintable()
    assert len(refused.complaint.sentence) < 600
    return None


def choices(program: Program) -> list[tuple[int, ...]]:
    return [program.first_choice, tuple(size - 1 for size in program.groups)]


def named(name: str) -> str:
    return f"⟦{name}⟧"


def spoken_with(program: Program, values: dict[str, str], choice: tuple[int, ...]) -> list[tuple[str, str]]:
    subject, paragraphs = program.render(values, choice)
    return [("subject", subject), *((paragraph.kind, paragraph.text) for paragraph in paragraphs)]


def speaks_as_typed(program: Program, values: dict[str, str]) -> None:
    """Hold that every value stands, sign for sign, where its name would stand."""
    names = {name: named(name) for name in values}
    for choice in choices(program):
        expected = [
            (kind, re.sub("⟦(.*?)⟧", lambda found: values[found[1]], text))
            for kind, text in spoken_with(program, names, choice)
        ]
        assert spoken_with(program, values, choice) == expected
        for paragraph in program.render(values, choice)[1]:
            assert paragraph.text
            assert all(piece.text for piece in paragraph.pieces)
            assert {piece.blank for piece in paragraph.pieces} <= {"", *values}


@st.composite
def values_of_everything(draw: st.DrawFn) -> dict[str, str]:
    pool = draw(st.lists(VALUE, min_size=1, max_size=4))
    names = sorted(NAMES.texts | NAMES.flags | SHIPPED_NAMES.texts | frozenset(SHIPPED_NAMES.compared))
    values = {name: pool[place % len(pool)] for place, name in enumerate(names)}
    return {**values, "relationship#": pool[0]}


@st.composite
def mutated_letters(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SHIPPED))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 2, 10, 300])))
        put = draw(st.one_of(st.just(""), st.sampled_from(FRAGMENTS), st.just(text[start:end] * 2)))
        text = text[:start] + put + text[end:]
    return text


WHOLE = st.sampled_from(
    [
        *(
            "A sentence.",
            "{{ reason }}",
            "Dear {{ citizen.name }},",
            "- one\n- {{ survey.title }}",
            "> {{ reason }}",
            "one\ntwo",
        ),
        "{% if reason %}{{ reason }}{% else %}{{ today }}{% endif %}",
        "I am {% if relationship %}here, {{ relationship }}{% elif reason %}there{% endif %}: {{ reason }}",
        "100% {% if not (reason or today) %}%s{% endif %} %d",
        "- a{% if citizen.riding %} {{ citizen.riding }}{% endif %}",
    ]
)
ASKED = st.sampled_from(
    ["reason", "not reason", 'recipient.office == "mayor"', 'relationship in ("parent", "educator") or today']
)
BODIES = st.recursive(
    WHOLE,
    lambda inner: st.one_of(
        st.tuples(ASKED, inner, inner).map(lambda t: f"{{% if {t[0]} %}}\n{t[1]}\n{{% else %}}\n{t[2]}\n{{% endif %}}"),
        st.tuples(ASKED, inner).map(lambda t: f"{{% if {t[0]} %}}\n{t[1]}\n{{% endif %}}"),
        st.tuples(inner, inner).map(lambda t: f"{{% choose %}}\n{t[0]}\n{{% or %}}\n{t[1]}\n{{% endchoose %}}"),
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
    ),
    max_leaves=8,
)


@given(st.text(ANY_SIGN, max_size=200))
def test_any_text_is_compiled_or_refused(source: str) -> None:
    judged(source)
    judged(letter(source))


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_any_mixture_of_the_languages_pieces_is_compiled_or_refused(source: str) -> None:
    judged(source)
    judged(letter(source))


@given(
    st.lists(st.sampled_from([attack.source for attack in ATTACKS.values() if len(attack.source) < 500]), max_size=3)
)
def test_any_mixture_of_attacks_is_compiled_or_refused(sources: list[str]) -> None:
    judged(letter("\n".join(sources)))


@settings(max_examples=40)
@given(mutated_letters(), values_of_everything())
def test_a_letter_changed_anyhow_is_compiled_or_refused(source: str, values: dict[str, str]) -> None:
    program = judged(source, SHIPPED_NAMES)
    if program is not None:
        speaks_as_typed(program, values)


@settings(max_examples=50)
@given(BODIES, values_of_everything())
def test_an_accepted_text_speaks_every_answer_as_typed(body: str, values: dict[str, str]) -> None:
    program = judged(letter(body))
    if program is not None:
        speaks_as_typed(program, values)


@settings(max_examples=50)
@given(BODIES)
def test_an_accepted_text_speaks_for_empty_answers_too(body: str) -> None:
    program = judged(letter(body))
    if program is not None:
        values = {**dict.fromkeys(NAMES.texts | NAMES.flags, ""), "relationship#": ""}
        for choice in choices(program):
            subject, paragraphs = program.render(values, choice)
            assert subject == "A subject"
            assert all(paragraph.text.strip() for paragraph in paragraphs)


@given(
    st.text(ANY_SIGN, max_size=60),
    st.sampled_from(["{{ reason }}", "- {{ reason }}", "Why: {{ reason }}!", "# {{ reason }} x"]),
)
@example("one\n\ntwo\r\n  three  ", "Why: {{ reason }}!")
@example("\n", "{{ reason }}")
def test_own_words_never_bring_a_line_break_into_a_paragraph(reason: str, source: str) -> None:
    heading = source.startswith("#")
    program = compile_text(source, NAMES, typed=TYPED, has_subject=heading)
    subject, paragraphs = program.render({"reason": reason}, ())
    out = [subject] if heading else [paragraph.text for paragraph in paragraphs]
    assert all(len(text.splitlines()) == 1 for text in out)
    before, after = source.lstrip("#- ").split("{{ reason }}")
    typed = "\n".join([*filter(str.strip, (line.strip(" ") for line in (before + reason + after).splitlines()))])
    if heading:
        assert subject.split() == (before + reason + after).split()
    else:
        assert "\n".join(out) == typed


PLAIN = MarkdownIt("commonmark")
LINES = st.lists(
    st.one_of(
        st.lists(
            st.sampled_from(
                [
                    *("- ", ">", "> ", "# ", "  ", " ", "1. ", "-", "#", "+ ", "=", "~"),
                    *("a", "b, c.", "d & e", "R&D;", "x  y", "é\u00a0%"),
                ]
            ),
            max_size=5,
        ).map("".join),
        st.sampled_from(["", "", "- a", "> b", "c", "  d"]),
    ),
    max_size=8,
)


def by_common_mark(source: str) -> list[tuple[Kind, str]]:
    """Read a source by CommonMark alone; any inline mark-up, or any block that letters lack, fails."""
    kinds = {"bullet_list_open": Kind.BULLET, "blockquote_open": Kind.QUOTATION, "heading_open": Kind.HEADING}
    around, found = [Kind.PARAGRAPH], []
    for token in PLAIN.parse(source):
        if token.type in kinds:
            around.append(kinds[token.type])
        elif token.type in {kind.replace("_open", "_close") for kind in kinds}:
            around.pop()
        elif token.type == "inline":
            assert len(around) <= 2
            signs = {"text": None, "softbreak": " "}
            found.append((around[-1], "".join(signs[child.type] or child.content for child in token.children or ())))
        else:
            assert token.type in {"paragraph_open", "paragraph_close", "list_item_open", "list_item_close"}
    return [(kind, text) for kind, text in found if text]


@given(LINES)
@example(["- a", "b"])
@example(["> a", "b", "> c"])
@example(["- a", "", "", "- b", "", "c"])
@example(["# a #", "# "])
def test_an_accepted_text_without_tags_is_what_common_mark_reads(lines: list[str]) -> None:
    source = letter("\n".join(lines))
    program = judged(source)
    assume(program is not None)
    assert program is not None
    blocks = [block for block in program.blocks if isinstance(block, Paragraph)]
    assert len(blocks) == len(program.blocks)
    assert [(block.kind, "".join(map(str, block.inline))) for block in blocks] == by_common_mark(source)
    assert [entry.what for entry in program.outline] == [block.kind for block in blocks]


def test_every_shipped_letter_passes() -> None:
    assert SHIPPED
    for source in SHIPPED:
        assert judged(source, SHIPPED_NAMES) is not None
