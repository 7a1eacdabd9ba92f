"""A letter's source as cells: what stands where, what a language lacks, what is too intricate, and edits to both."""

from advocacy.campaigns.editor import labels, manuscript, manuscript_source
from advocacy.campaigns.editor.manuscript import Case, Manuscript, map_texts
from advocacy.campaigns.editor.manuscript_source import CellRange, UnknownLabel
from advocacy.campaigns.editor.notation import labels_to_names, names_to_labels
from advocacy.language import Language
from tests.campaign_files import EN, FR
from tests.unit.campaigns.editor.manuscripts import labels_for, opened, rewritten

EN_, FR_ = Language.EN, Language.FR
SMALL = labels_for(EN, FR)


def plan(found: Manuscript) -> list[tuple[str, str, str, str]]:
    """Every cell: its key, what it asks, and its text in English and French."""
    return [(key, case.test, case.text(EN_), case.text(FR_)) for key, case in manuscript.cells(found)]


def of(key: str, english: str, french: str, *, test: str = "") -> tuple[str, str, str, str]:
    return key, test, english, french


def test_a_letter_opens_as_facing_cells() -> None:
    assert plan(opened(EN, FR)) == [
        of("s0.v0.c0", "Libraries open on Sunday", "Des bibliothèques ouvertes le dimanche"),
        of("s1.v0.c0", "I ask you to open libraries on Sunday.[if I write as given] [I write as][end]", "Je vous demande d’ouvrir les bibliothèques le dimanche.[si le champ «\u00a0j’écris comme\u00a0» est rempli] [j’écris comme][fin]"),
        of("s1.v1.c0", "Please support libraries that open on Sunday.[if I write as given] [I write as][end]", "Merci d’appuyer l’ouverture des bibliothèques le dimanche.[si le champ «\u00a0j’écris comme\u00a0» est rempli] [j’écris comme][fin]"),
        of("s2.v0.c0", "In a survey, [62% · yes] of respondents agreed.", "Dans un sondage, [62\u00a0% · oui] des personnes ayant répondu étaient de cet avis."),
        of("s3.v0.c0", "[own words]", "[ses propres mots]", test="reason"),
        of("s4.v0.c0", "Please reply by e-mail.", "Merci de me répondre par courriel.", test="citizen.email"),
        of("s4.v0.c1", "Please tell me where you stand.", "Merci de me dire ce que vous en pensez.", test="else"),
    ]  # fmt: skip


def test_paragraphs_lists_and_quotations_are_sections_of_their_own() -> None:
    english = "# A\nOne\nline.\n\n\n- x\n- y\n\n> {{ finding.opening_yes }}  \n"
    assert [row[2] for row in plan(opened(english, english))] == ["A", "One\nline.", "- x\n- y", "> [62% · yes]"]
    assert rewritten(english)[0] == "# A\n\nOne\nline.\n\n- x\n- y\n\n> {{ finding.opening_yes }}\n"


def test_a_paragraph_that_one_language_lacks_leaves_its_cell_empty() -> None:
    without = FR.replace("Dans un sondage, {{ finding.opening_yes }} des personnes ayant répondu étaient de cet avis.\n\n", "")  # fmt: skip
    found = plan(opened(EN, without))
    assert [row[0] for row in found if not row[3]] == ["s2.v0.c0"]
    assert len(found) == 7
    assert rewritten(EN, without) == (EN, without)
    assert [row[0] for row in plan(opened(without, EN)) if not row[2]] == ["s2.v0.c0"]


def test_a_variant_and_a_case_that_one_language_lacks_are_empty_there_and_stay_unwritten() -> None:
    english = "{% choose %}\n\nx\n\n{% or %}\n\ny\n\n{% or %}\n\nz\n\n{% endchoose %}\n"
    french = "{% choose %}\n\nx\n\n{% or %}\n\ny\n\n{% endchoose %}\n"
    assert plan(opened(english, french))[1:] == [
        of("s1.v0.c0", "x", "x"),
        of("s1.v1.c0", "y", "y"),
        of("s1.v2.c0", "z", ""),
    ]
    assert rewritten(english, french) == (english, french)
    asking, all_in = "{% if reason %}\na\n{% else %}\nb\n{% endif %}\n", "{% if reason %}\na\n{% endif %}\n"
    assert plan(opened(asking, all_in))[1:] == [
        of("s1.v0.c0", "a", "a", test="reason"),
        of("s1.v0.c1", "b", "", test="else"),
    ]
    assert rewritten(asking, all_in) == (asking, all_in)


def test_languages_that_ask_other_things_stand_apart() -> None:
    english, french = "{% if reason %}\na\n{% endif %}\n", "{% if citizen.email %}\na\n{% endif %}\n"
    assert plan(opened(english, french))[1:] == [
        of("s1.v0.c0", "a", "", test="reason"),
        of("s2.v0.c0", "", "a", test="citizen.email"),
    ]


def test_a_letter_without_subject_has_an_empty_cell_for_it() -> None:
    found = opened("Hello.", "# Objet\n\nBonjour.")
    assert plan(found) == [of("s0.v0.c0", "", "Objet"), of("s1.v0.c0", "Hello.", "Bonjour.")]
    assert [section.is_subject for section in found.sections] == [True, False]
    assert opened("", "").sections[0].is_subject


def test_what_is_too_intricate_is_source() -> None:
    english = "# A\n\n{% if reason %}\n{% if citizen.email %}\na\n{% endif %}\n{% endif %}\n\nb\n"
    found = opened(english, english)
    assert [section.source for section in found.sections] == [False, True, False]
    assert plan(found)[1][2] == "{% if reason %}\n{% if citizen.email %}\na\n{% endif %}\n{% endif %}"
    two = "{% choose %}\n\na\n\n{% if reason %}\nb\n{% endif %}\n\n{% or %}\n\nc\n\n{% endchoose %}\n"
    twice = two.replace("a\n", "{% if reason %}\na\n{% endif %}\n", 1)
    for source in (two, twice):
        assert [section.source for section in opened(source, source).sections] == [False, True]
        assert rewritten(source, source) == (source, source)


def test_labels_are_kept_by_their_names_and_source_is_kept_as_it_is() -> None:
    source = "{% if reason %}\n{% if citizen.email %}\n[riding]\n{% endif %}\n{% endif %}"
    found = opened(f"# A\n\n{source}\n\n[riding], [nothing], {{{{ citizen.name }}}}\n")
    assert [section.source for section in found.sections] == [False, True, False]
    named = labels_to_names(found, SMALL)
    assert [row[2] for row in plan(named)] == [
        "A",
        source,
        "\ue000citizen.riding\ue001, [nothing], \ue000citizen.name\ue001",
    ]
    assert names_to_labels(named, SMALL) == found
    assert plan(names_to_labels(named, labels.Labels.of([])))[2][2] == "[citizen.riding], [nothing], [citizen.name]"
    other = map_texts(found, lambda _key, _language, _text: "\ue000citizen.name\ue001")
    assert [row[2] for row in plan(names_to_labels(other, SMALL))] == ["[name]", "\ue000citizen.name\ue001", "[name]"]


def test_a_text_whose_tags_do_not_close_opens_whole_beside_the_other_languages_cells() -> None:
    broken = FR.replace("{% endchoose %}\n\n", "")
    found = opened(EN, broken)
    assert [(section.source, section.is_subject) for section in found.sections].count((True, False)) == 1
    assert [case.text(FR_) for _, case in manuscript.cells(found) if case.text(FR_)] == [broken.rstrip("\n")]
    assert rewritten(EN, broken) == (EN, broken)
    whole = opened(broken, broken).sections
    assert [section.source for section in whole] == [True]


def test_braces_that_have_no_label_stay_as_they_are() -> None:
    source = "# A\n\n{{ citizen.nam }} {% for x in y %} {{citizen.name}} {%if  reason%}{{7*7}}{%endif%}\n"
    assert plan(opened(source))[1][2] == "{{ citizen.nam }} {% for x in y %} [name] [if own words given]{{7*7}}[end]"
    assert rewritten(source)[0].endswith(" {{ citizen.name }} {% if reason %}{{7*7}}{% endif %}\n")


def test_words_in_brackets_that_are_no_label_are_reported_with_the_nearest() -> None:
    made = manuscript.with_text(opened(EN, FR), "s2.v0.c0", language=FR_, text="Dans [circonscripsion], [zzzz], [NOM].")
    written, unknown = manuscript_source.write(made, SMALL)
    assert unknown == [
        UnknownLabel("s2.v0.c0", FR_, "circonscripsion", "circonscription"),
        UnknownLabel("s2.v0.c0", FR_, "zzzz", ""),
    ]
    assert "\n\nDans [circonscripsion], [zzzz], {{ citizen.name }}.\n\n" in written[FR_]
    assert written[EN_] == EN


def test_a_label_of_the_other_language_is_no_label_here() -> None:
    _, unknown = manuscript_source.write(
        manuscript.with_text(opened(EN, FR), "s2.v0.c0", language=FR_, text="[riding]"), SMALL
    )
    assert [(found.language, found.words) for found in unknown] == [(FR_, "riding")]


def test_a_subject_is_written_on_one_line() -> None:
    made = manuscript.with_text(opened(EN, FR), "s0.v0.c0", language=EN_, text="  Open\r\n [62% · yes]\n")
    assert manuscript_source.write(made, SMALL)[0][EN_].startswith("# Open {{ finding.opening_yes }}\n\n{% choose %}")


def test_typed_line_breaks_of_any_kind_become_the_letters_own() -> None:
    made = manuscript.with_text(opened(EN, FR), "s2.v0.c0", language=EN_, text="\r\na  \r\n\r\n\r\n b\rc\n\n")
    assert "\n\na\n\n b\nc\n\n{% if reason %}" in manuscript_source.write(made, SMALL)[0][EN_]


def test_a_place_in_the_source_is_found_in_its_cell() -> None:
    found = opened(EN, FR)
    line = EN.split("\n").index("In a survey, {{ finding.opening_yes }} of respondents agreed.") + 1

    def at(line: int, column: int) -> CellRange | None:
        return manuscript_source.find_range(found, SMALL, EN_, line=line, column=column)

    assert at(line, 4) == CellRange("s2.v0.c0", 3, 3)
    assert at(line, 17) == at(line, 36) == CellRange("s2.v0.c0", 13, 24)
    after = CellRange("s2.v0.c0", 25, 25)
    assert at(line, len("In a survey, {{ finding.opening_yes }} ") + 1) == after
    assert at(line, 99) == CellRange("s2.v0.c0", 47, 47)
    assert at(1, 1) == CellRange("s0.v0.c0", 0, 0)
    assert at(1, 5) == CellRange("s0.v0.c0", 2, 2)
    assert at(3, 1) == CellRange("s1.v0.c0", 0, 0)
    assert at(EN.count("\n"), 1) == CellRange("s4.v0.c1", 0, 0)
    assert at(999, 1) == at(EN.count("\n"), 1)
    assert manuscript_source.find_range(Manuscript(()), SMALL, EN_, line=1) is None


def test_places_count_in_the_text_as_it_was_typed() -> None:
    made = manuscript.with_text(opened(EN, FR), "s2.v0.c0", language=EN_, text="\r\none  \r\n\r\n\r\ntwo [xx]")
    line = manuscript_source.write(made, SMALL)[0][EN_].split("\n").index("two [xx]") + 1
    assert manuscript_source.find_range(made, SMALL, EN_, line=line, column=2) == CellRange("s2.v0.c0", 14, 14)
    assert manuscript_source.find_range(made, SMALL, EN_, line=line, column=6) == CellRange("s2.v0.c0", 17, 21)


def test_alternatives_are_added_and_taken_away_in_both_languages() -> None:
    found = opened(EN, FR)
    more = manuscript.add_variant(found, 4)
    assert [case.test for case in more.sections[4].variants[1].cases] == ["citizen.email", "else"]
    assert manuscript_source.write(manuscript.add_variant(found, 1), SMALL)[0][EN_].count("{% or %}") == 2
    assert manuscript.remove_variant(more, 4, 1) == found
    less = manuscript.remove_variant(found, 1, 0)
    assert "choose" not in manuscript_source.write(less, SMALL)[0][FR_]
    assert manuscript.remove_variant(less, 1, 0) == less


def test_an_alternative_that_is_empty_so_far_is_written_so_that_it_is_missed() -> None:
    more = manuscript.add_variant(opened(EN, FR), 1)
    written = manuscript_source.write(more, SMALL)[0]
    assert manuscript_source.read(written, SMALL) == more
    assert "{% or %}\n\n{% endchoose %}" in written[EN_]
    half = manuscript.with_text(more, "s1.v2.c0", language=EN_, text="New.")
    written = manuscript_source.write(half, SMALL)[0]
    assert (written[EN_].count("{% or %}"), written[FR_]) == (2, FR)
    assert manuscript_source.read(written, SMALL) == half


def test_sections_are_added_moved_and_taken_away() -> None:
    found = opened(EN, FR)
    more = manuscript.add_section(found, after=2)
    assert plan(more)[4] == of("s3.v0.c0", "", "")
    assert manuscript_source.write(more, SMALL)[0] == {EN_: EN, FR_: FR}
    assert manuscript.remove_section(more, 3) == found
    assert manuscript.add_section(found, after=-1).sections[1:] == found.sections
    assert manuscript.add_section(found, after=99).sections[:-1] == found.sections
    moved = manuscript.move_section(found, 1, by=2)
    assert [moved.sections.index(section) for section in found.sections] == [0, 3, 1, 2, 4]
    assert manuscript.move_section(moved, 3, by=-2) == found
    assert manuscript.move_section(found, 0, by=-1) == found
    assert manuscript.remove_section(found, 0) == found


def test_cases_are_added_and_taken_away() -> None:
    found = opened(EN, FR)
    more = manuscript.add_case(found, 2, "citizen.is_constituent")
    assert [(case.test, bool(case.text(EN_))) for case in more.sections[2].variants[0].cases] == [
        ("citizen.is_constituent", False),
        ("else", True),
    ]
    assert manuscript.remove_case(more, 2, "citizen.is_constituent") == found
    assert manuscript.add_case(more, 2, "citizen.is_constituent") == more
    third = manuscript.add_case(found, 4, "reason").sections[4].variants[0].cases
    assert [case.test for case in third] == ["citizen.email", "reason", "else"]
    assert manuscript.remove_case(found, 3, "reason").sections[3].variants[0].cases == (Case("", {EN_: "", FR_: ""}),)


def test_what_cannot_be_done_changes_nothing() -> None:
    found = opened(EN, FR)
    for number in (-1, 5):
        assert manuscript.add_variant(found, number) == found
        assert manuscript.remove_variant(found, number, 0) == found
        assert manuscript.remove_section(found, number) == found
        assert manuscript.move_section(found, number, by=1) == found
        assert manuscript.add_case(found, number, "reason") == found
        assert manuscript.remove_case(found, number, "reason") == found
    assert manuscript.remove_variant(found, 1, 2) == manuscript.remove_variant(found, 1, -1) == found
    assert manuscript.add_case(found, 1, "else") == found
    for key in ("s9.v0.c0", "s0.v9.c0", "s0.v0.c9", "s0", "", "s-1.v0.c0"):
        assert manuscript.cell(found, key) is None
        assert manuscript.with_text(found, key, language=EN_, text="x") == found


def test_texts_of_very_many_paragraphs_are_paired_in_order() -> None:
    english, french = "# A\n" + "\na\n" * 300, "\nb\n" * 250
    found = plan(opened(english, french))
    assert (found[0], found[1]) == (of("s0.v0.c0", "A", ""), of("s1.v0.c0", "", "b"))
    assert (found[2], found[-1]) == (of("s2.v0.c0", "a", "b"), of("s301.v0.c0", "a", ""))
    assert rewritten(english, french) == (english, french.lstrip())
