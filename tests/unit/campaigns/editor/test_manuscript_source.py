"""What a writer opens and saves unchanged stays as it is: shipped letters to the byte, anything else after one saving."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocacy.campaigns.editor import labels, manuscript, manuscript_source
from advocacy.campaigns.editor.labels import LabelKind, Labels
from advocacy.campaigns.editor.manuscript import Case, Manuscript, Section, Variant
from advocacy.language import Language
from tests.campaign_files import EN, FR, LETTER, campaign
from tests.naughty import strings
from tests.unit.campaigns.editor.manuscripts import SHIPPED, labels_for, labels_of, opened, rewritten, small, texts_of
from tests.unit.campaigns.grammar.attacks import ATTACKS, NAMES, WITHOUT_SUBJECT, Attack, letter
from tests.unit.campaigns.grammar.test_parser_fuzz import ANY_SIGN, BODIES, FRAGMENTS, choices, judged

SMALL = labels_for(EN, FR)
TESTS = ["reason", "citizen.email", "citizen.is_constituent"]
WORDS = st.text("aé .,;\u00a0’é–", min_size=1, max_size=12).map(str.strip).filter(bool)


def settled(english: str, french: str) -> None:
    """Whatever is opened can be saved, and what is saved opens and saves as it is, with its labels made anew."""
    once = rewritten(english, french)
    assert rewritten(*once) == once


@pytest.mark.parametrize("name", SHIPPED.letters())
def test_a_shipped_letter_is_written_back_to_the_byte(name: str) -> None:
    found, texts = labels_of(SHIPPED, name), texts_of(SHIPPED, name)
    read = manuscript_source.read(texts, found)
    assert manuscript_source.write(read, found) == (texts, [])
    assert not any(section.source for section in read.sections)
    assert [section.is_subject for section in read.sections] == [True, *[False] * (len(read.sections) - 1)]
    assert "{" not in "".join(case.text(language) for _, case in manuscript.cells(read) for language in Language)


def test_the_small_letter_is_written_back_to_the_byte() -> None:
    assert rewritten(EN, FR) == (EN, FR)


@pytest.mark.parametrize("refused", [ATTACKS, WITHOUT_SUBJECT], ids=["attacks", "without subject"])
def test_a_source_that_the_wall_refuses_opens_and_settles(refused: Mapping[str, Attack]) -> None:
    for attack in refused.values():
        settled(attack.source, f"{FR}\n{attack.source}")


TELLING = [
    *("", " ", "\n", "\r\n\r\n", "a\u2028b", "a\x00b", "a\u200bb", "\u202e", "a" * 600, "(" * 200),
    *("# x", "- x", "> x", "1. x", "x  ", "```", "---", "[x](y)", "[[x]]", "&amp;", "<b>x</b>", "<script>x</script>"),
    *("{{", "}}", "{%", "{{ 7*7 }}", "{% if 1 %}x{% endif %}", "{# x #}", "{% choose %}a{% or %}b{% endchoose %}"),
    *("{{ citizen.email }}", "{% raw %}", "%(name)s", "«\u00a0x\u00a0»", "👩‍👩‍👧‍👦"),
]


@pytest.mark.parametrize("typed", [TELLING, pytest.param(strings(), marks=pytest.mark.thorough)], ids=["some", "all"])
def test_naughty_strings_open_and_settle_as_source_and_as_typed(typed: list[str]) -> None:
    for naughty in typed:
        for texts in ({Language.EN: naughty}, manuscript_source.write(with_typed(naughty), SMALL)[0]):
            written, _ = manuscript_source.write(manuscript_source.read(texts, SMALL), SMALL)
            assert manuscript_source.write(manuscript_source.read(written, SMALL), SMALL)[0] == written


def with_typed(text: str) -> Manuscript:
    """The small letter with one text typed into a subject, an alternative and a case, in both languages."""
    found = manuscript_source.read({Language.EN: EN, Language.FR: FR}, SMALL)
    for key in ("s0.v0.c0", "s1.v1.c0", "s4.v0.c1"):
        for language in Language:
            found = manuscript.with_text(found, key, language=language, text=text)
    return found


LINES = [
    *("", "", "# A", "a", "- b", "> c", "{{ reason }}", "{{ citizen.email }}", "{% if reason %}", "{% if reason %}"),
    *("{% elif citizen.email %}", "{% else %}", "{% endif %}", "{% endif %}", "{% choose %}", "{% or %}"),
    *("{% endchoose %}", "[riding]", "[end]", "  d", "{% if reason %}e{% endif %}"),
]


SHOWN = ["[", "]", "[own words]", "[fin]", "[otherwise]"]
TEXTS = {
    "lines": st.lists(st.sampled_from(LINES), max_size=24).map("\n".join),
    "pieces": st.lists(st.sampled_from([*FRAGMENTS, *SHOWN]), max_size=25).map("".join),
    "signs": st.text(ANY_SIGN, max_size=60),
    "signs of the language": st.text("[]{}%# -\n\rif", max_size=60),
}


@given(st.one_of(*TEXTS.values()), st.one_of(*TEXTS.values()))
def any_text_settles(english: str, french: str) -> None:
    settled(english, french)


@pytest.mark.parametrize("many", [40, pytest.param(3_000, marks=pytest.mark.thorough)], ids=["some", "many"])
def test_any_lines_pieces_and_signs_settle(many: int) -> None:
    settings(max_examples=many)(any_text_settles)()


@settings(max_examples=40)
@given(BODIES, st.lists(st.sampled_from(LINES), max_size=24).map("\n".join))
def test_what_is_saved_says_what_the_opened_text_said(body: str, other: str) -> None:
    source = letter(body)
    program = judged(source)
    if program is not None:
        found = labels.make_labels(*small(), texts={Language.EN: source, Language.FR: other})
        read = manuscript_source.read({Language.EN: source, Language.FR: other}, found)
        saved = judged(manuscript_source.write(read, found)[0][Language.EN])
        assert saved is not None
        assert saved.groups == program.groups
        for choice in choices(program):
            for value in ("", "x"):
                values = {**dict.fromkeys(NAMES.texts | NAMES.flags, value), "relationship#": value}
                assert saved.render(values, choice) == program.render(values, choice)


def cell_text(language: Language) -> st.SearchStrategy[str]:
    """Words and labels as a writer types them, one paragraph."""
    shown = [f"[{words}]" for words, label in SMALL.by_words[language].items() if label.kind not in TURNS]
    pieces = st.one_of(WORDS, st.sampled_from(shown))
    return st.lists(pieces, min_size=1, max_size=4).map(" ".join)


TURNS = {LabelKind.CONDITION, LabelKind.OTHERWISE, LabelKind.END}


@st.composite
def sections(draw: st.DrawFn, *, subject: bool = False) -> Section:
    """A section that both languages have: what a writer made of it, without loose ends."""
    variants = []
    for _ in range(draw(st.integers(1, 3))):
        tests = draw(st.sampled_from([[""], [""], ["reason"], ["citizen.is_constituent", "else"], [*TESTS, "else"]]))
        texts = [{language: draw(cell_text(language)) for language in Language} for _ in tests]
        variants.append(Variant(tuple(Case(test, text) for test, text in zip(tests, texts, strict=True))))
    return Section(tuple(variants), is_subject=subject)


MANUSCRIPTS = st.builds(
    lambda first, rest, tight: Manuscript((first, *rest), tight if any_choose((first, *rest)) else frozenset()),
    sections(subject=True),
    st.lists(sections(), max_size=4),
    st.sampled_from([frozenset(), frozenset(Language), frozenset({Language.FR})]),
)


def any_choose(found: tuple[Section, ...]) -> bool:
    return any(len(section.variants) > 1 for section in found)


@settings(max_examples=25)
@given(MANUSCRIPTS)
def test_what_a_writer_made_is_read_back_as_it_was_made_every_line_in_its_cell(made: Manuscript) -> None:
    written, unknown = manuscript_source.write(made, SMALL)
    assert unknown == []
    assert manuscript_source.read(written, SMALL) == made
    assert manuscript.from_json(manuscript.to_json(made)) == made
    for language in Language:
        found, laid = [], manuscript_source.lay_out(made, SMALL, language)
        for number, line in enumerate(written[language].split("\n")[:-1], start=1):
            place = manuscript_source.find_range_in(laid, line=number)
            assert place is not None
            if line and not line.startswith("{%"):
                found.append(place.key)
        assert found == [key for key, _ in manuscript.cells(made)]


def typed(found: Manuscript, language: Language) -> Mapping[str, str]:
    return {key: case.text(language) for key, case in manuscript.cells(found)}


@settings(max_examples=40)
@given(st.text("ab \n\r[]#{}%", max_size=40), st.sampled_from(list(Language)))
def test_whatever_is_typed_into_a_cell_stays_in_the_source(text: str, language: Language) -> None:
    made = manuscript.with_text(opened(EN, FR), "s2.v0.c0", language=language, text=text)
    written, _ = manuscript_source.write(made, SMALL)
    assert "".join(text.split()) in "".join(written[language].split())
    assert typed(made, language)["s2.v0.c0"] == text


def sources_of(found: Labels, made: Manuscript) -> Mapping[Language, str]:
    return manuscript_source.write(made, found)[0]


def test_a_campaign_s_own_letter_is_what_the_small_labels_are_made_for() -> None:
    assert labels_of(campaign(), LETTER) == SMALL
    assert sources_of(SMALL, opened(EN, FR)) == {Language.EN: EN, Language.FR: FR}
