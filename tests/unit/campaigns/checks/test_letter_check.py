"""Whatever is wrong with a letter is said once, at the text that it is in, with what to do."""

import pytest

from advocacy.campaigns.campaign_folder import LEFT_OUT, CampaignFolder
from advocacy.campaigns.checks.letter_check import MAX_WORDS, check_letter, longest_letter
from advocacy.campaigns.letter_text import cells
from advocacy.language import Language
from advocacy.problems import Problem
from advocacy.toml_source import TomlProblems
from tests.campaign_files import (
    CAMPAIGN,
    FINDINGS,
    LETTER,
    LETTER_TOML,
    STATEMENTS_FIELD,
    campaign,
    campaign_with_statements,
    changed,
    with_field,
    with_section,
)

FILE = f"{LETTER}/letter.toml"
NBSP = "\u00a0"
IN_ENGLISH, IN_FRENCH = "In a survey, {{ finding.opening_yes }} of", "Dans un sondage, {{ finding.opening_yes }} des"


def problems(folder: CampaignFolder) -> list[Problem]:
    return list(check_letter(folder, LETTER))


def found(folder: CampaignFolder) -> list[tuple[str, str]]:
    """Each problem by the section and the language that it is in, and its sentence."""
    sections = folder.letter(LETTER).sections
    return [
        (f"{sections[int(problem.place.path[1])].key}.{problem.place.path[-1]}", problem.sentence)
        for problem in problems(folder)
    ]


def codes(folder: CampaignFolder) -> list[str]:
    return [problem.code for problem in problems(folder)]


def in_survey(english: str, french: str) -> CampaignFolder:
    """The campaign with a sentence in each language before what the letter says of the survey."""
    text = LETTER_TOML.replace(IN_ENGLISH, f"{english} {IN_ENGLISH}").replace(IN_FRENCH, f"{french} {IN_FRENCH}")
    return campaign({FILE: text})


@pytest.mark.parametrize(
    ("english", "french", "code", "about"),
    [
        ("Say {{ town }}.", "Dites.", "blank-unknown", "{{ town }}"),
        ("Say {% if x %}.", "Dites.", "braces", "{% if x %}"),
        ("Say 62% of us.", "Dites.", "figure-typed", "62%"),
        ("Nine in ten agree.", "Dites.", "figure-not-in-survey", "Nine in ten"),
        ("Say.", "Dites 4 300 personnes.", "figure-typed", "4 300"),
        ("Say [your town].", "Dites.", "to-fill-in", "[your town]"),
        ("WRITE THIS soon.", "Dites.", "to-write", "WRITE THIS"),
        ("See https://example.org now.", "Dites.", "link", "https://example.org"),
        ("Bill C-34 must pass.", "Dites.", "bill-typed", "C-34"),
        ("The bill has passed.", "Dites.", "stage-typed", "has passed"),
        ("It's so.", "Dites.", "apostrophe", "'"),
        ("Say.", "Oui : dites.", "colon-space", " :"),
        ("Say.", "Est-ce vrai ?", "sign-space", " "),
    ],
)
def test_what_no_reader_should_see_is_marked_at_its_characters(
    english: str, french: str, *, code: str, about: str
) -> None:
    folder = in_survey(english, french)
    [problem] = [one for one in problems(folder) if one.code == code]
    [text] = [cell.text for cell in cells(folder.letter(LETTER).sections) if cell.path == problem.place.path]
    line, column = problem.line, problem.column
    source = folder.text(FILE).split("\n")[line - 1]
    assert source[column - 1 : column - 1 + problem.place.length] == about
    assert about in text


def test_a_typed_figure_is_told_what_cites_it() -> None:
    [problem] = problems(in_survey("Say 62% of us.", "Dites."))
    assert problem.params["citable"] == (("finding.opening_yes", 4, 3),)


def test_a_subject_has_no_colon_and_no_dash() -> None:
    folder = changed(FILE, "Libraries open on Sunday", "Libraries: open – on Sunday")
    assert codes(folder) == ["subject-colon", "subject-dash"]


def test_a_word_of_a_blank_is_not_typed_beside_it() -> None:
    folder = changed(FILE, "{{ finding.opening_yes }} of", "{{ finding.opening_yes }} per cent of")
    assert found(folder) == [
        ("survey.en", "“per cent” is already part of “finding.opening_yes”, which says “62%”. Remove it here.")
    ]


def test_a_quotation_brings_its_own_marks() -> None:
    quote = """
[[quote]]
key = "quote_reader"
statement = { en = "“Open them, please.”", fr = "«\u00a0Ouvrez-les.\u00a0»" }
attribution = { en = "A reader", fr = "Une lectrice" }
"""
    letter = with_section("quote", "“{{ finding.quote_reader }}”", f"«{NBSP}{{{{ finding.quote_reader }}}}{NBSP}»")
    folder = campaign({"findings.toml": FINDINGS + quote, FILE: letter})
    assert set(codes(folder)) == {"word-doubled"}


# --- languages and alternatives side by side


def test_a_text_that_is_missing_is_reported_and_left_out_of_a_preview() -> None:
    folder = changed(FILE, 'fr = """Merci de me répondre par courriel."""\n', "")
    assert found(folder) == [("closing.fr", "This text is still to be written.")]
    template, _ = folder.readable_template(LETTER)
    assert template.letter.sections[-1].alternatives[1].texts[Language.FR] == LEFT_OUT
    with pytest.raises(TomlProblems):
        folder.template(LETTER)


def test_a_blank_of_one_language_is_missing_in_the_other() -> None:
    folder = changed(FILE, "{{ finding.opening_yes }} des", "La plupart des")
    assert found(folder) == [("survey.fr", "In the other language, and missing here: finding.opening_yes.")]


def test_a_question_that_only_some_ways_use_is_reported_where_it_is_missing() -> None:
    text = LETTER_TOML.replace("open on Sunday. {{ role }}", "open on Sunday.").replace(
        "des bibliothèques le dimanche. {{ role }}", "des bibliothèques le dimanche."
    )
    assert found(campaign({FILE: text})) == [
        ("opening.en", "Other ways of this section use role, and this one does not. Use it here too.")
    ]


def test_a_section_that_leaves_readers_without_a_text_is_reported() -> None:
    text = LETTER_TOML.replace('ask you to open libraries on Sunday. {{ role }}"""', 'ask. {{ role }}"""')
    for_senators = text.replace('de cet avis."""\n', 'de cet avis."""\nonly_for = { roles = ["senator"] }\n')
    [(place, sentence)] = found(campaign({FILE: for_senators}))
    assert (place, "their MP" in sentence) == ("survey.en", True)


def test_a_stage_may_be_named_in_a_text_for_that_stage_alone() -> None:
    passed = 'de cet avis. Le projet de loi a été adopté."""\nonly_for = { stages = ["passed"] }\n'
    only = changed(FILE, 'de cet avis."""\n', passed)
    assert "stage-typed" not in codes(only)


def test_a_text_that_was_not_written_anew_is_a_piece_of_advice() -> None:
    folder = changed(FILE, 'de cet avis."""\n', 'de cet avis."""\nstale.fr = """Before"""\n')
    [problem] = problems(folder)
    assert problem.is_advice
    assert problem.sentence == "The French text was not updated since the other one changed."


def test_a_long_sentence_is_a_piece_of_advice() -> None:
    [problem] = problems(in_survey(f"Say {'so ' * 30}.", "Dites."))
    assert problem.is_advice
    assert problem.params["words"] == 31


# --- blanks that may be empty


@pytest.mark.parametrize(
    ("english", "is_gap"),
    [
        ("I ask as {{ role }}", True),
        ("{{ role }}, I ask.", True),
        ("I say: {{ role }} So.", True),
        ("{{ role }} I ask.", False),
        ("I ask. {{ role }} Now.", False),
        ("“I ask.” {{ role }}", False),
        ("{{ role }} {{ reason }} I ask.", False),
    ],
)
def test_a_blank_that_may_be_empty_is_a_sentence_of_its_own(english: str, is_gap: bool) -> None:
    blanks = " ".join(f"{{{{ {name} }}}}" for name in ("role", "reason") if name in english)
    folder = campaign({FILE: with_section("more", english, blanks)})
    assert ("blank-may-be-empty" in codes(folder)) == is_gap


def test_a_riding_may_stand_in_a_sentence_for_whoever_lives_there() -> None:
    letter = with_section("more", "In {{ riding }}, yes.", "À {{ riding }}, oui.")
    assert codes(campaign({FILE: letter})) == ["blank-may-be-empty"] * 2
    for_them = (
        letter + 'only_for = { given = ["riding"] }\n\n[[section.alternative]]\nen = """Yes."""\nfr = """Oui."""\n'
    )
    assert codes(campaign({FILE: for_them})) == []


# --- what the letter asks


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("riding", "field-reserved"),
        ("act", "field-reserved"),
        ("role", "field-twice"),
        ("street", "field-twice"),
        ("template", "field-of-form"),
    ],
)
def test_a_question_has_a_key_of_its_own(key: str, code: str) -> None:
    field = f'[[field]]\nkey = "{key}"\nkind = "line"\nlabel = {{ en = "A", fr = "B" }}'
    assert code in codes(campaign({FILE: with_field(field)}))


def test_a_question_that_the_text_does_not_use_is_reported() -> None:
    folder = campaign({FILE: with_field(STATEMENTS_FIELD)})
    assert sorted(codes(folder)) == ["field-unused", "statement-list-missing"]


# --- its length


def test_a_letter_that_can_outgrow_its_page_is_reported_in_each_language() -> None:
    folder = in_survey(f"{'word ' * 300}.", "Dites.")
    [problem] = [one for one in problems(folder) if one.code == "letter-too-long"]
    assert problem.params["most"] == MAX_WORDS
    assert "English letter" in problem.sentence


def test_own_words_and_statements_are_never_counted_both() -> None:
    with_both, with_words = campaign_with_statements().template(LETTER), campaign().template(LETTER)
    assert longest_letter(with_both, Language.EN) == longest_letter(with_words, Language.EN)


def test_a_survey_that_is_not_there_is_not_cited() -> None:
    folder = campaign({"findings.toml": None, "campaign.toml": CAMPAIGN})
    assert set(codes(folder)) == {"blank-unknown"}
