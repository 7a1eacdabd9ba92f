"""What a campaign's files say, joined with its texts: the names a letter is offered and the values it is given."""

from pathlib import Path

import pytest

from advocacy.campaigns import letter_template as module
from advocacy.campaigns.campaign_files import CampaignFile, LetterFile
from advocacy.campaigns.campaign_folder import CampaignFolder, read_folders
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.grammar.allowed_names import SURVEY
from advocacy.campaigns.grammar.program import Paragraph, Slot, choice_key
from advocacy.campaigns.grammar.tokens import Refused
from advocacy.campaigns.letter_template import allowed_names, compile_letter, constants, source_note
from advocacy.language import Language, Wording
from advocacy.toml_source import TomlProblems, read_toml

(FOLDER,) = read_folders(Path(module.__file__).parents[2] / "letters")
CAMPAIGN, SURVEY_FILE = FOLDER.campaign(), FOLDER.survey()
LETTER = FOLDER.letter("takedown-and-standards")
FIXED = {language: constants(CAMPAIGN, SURVEY_FILE, letter=LETTER, language=language) for language in Language}

OPTION = '\n[[choices.role]]\nkey = "{}"\nlabel = {{ en = "a", fr = "b" }}\n'
TOML = """\
name = { en = "n", fr = "n" }
ask = { en = "a", fr = "a" }
chambers = ["senate"]
source_note = { en = "s", fr = "s" }
"""


def test_two_answers_of_one_list_need_two_keys() -> None:
    with pytest.raises(TomlProblems, match="two answers of this list are called “parent”"):
        read_toml(TOML + OPTION.format("parent") * 2, CampaignFile, file="campaign.toml")
    file = read_toml(TOML + OPTION.format("parent") + OPTION.format("none"), CampaignFile, file="campaign.toml")
    assert [option.key for option in file.choices["role"]] == ["parent", "none"]


@pytest.mark.parametrize("language", Language)
def test_what_is_fixed_is_what_the_names_offer_of_campaign_and_survey(language: Language) -> None:
    names = allowed_names(LETTER, CAMPAIGN, fixed=FIXED[language])
    roots = ("campaign.", "finding.", "survey.")
    assert {name for name in names.texts if name.startswith(roots)} <= set(FIXED[language])
    assert set(SURVEY_FILE.facts(language)) == SURVEY
    assert all(isinstance(text, str) for text in FIXED[language].values())


def test_a_letter_is_offered_its_fields_and_the_findings_it_declares() -> None:
    names = allowed_names(LETTER, CAMPAIGN, fixed=FIXED[Language.EN])
    assert {"relationship", "reason"} <= names.texts
    assert {name for name in names.texts if name.startswith("finding.")} == {
        f"finding.{key}" for key in LETTER.findings
    }
    assert names.choices == {"relationship": {option.key for option in CAMPAIGN.choices["relationship"]}}


def test_a_finding_that_the_survey_does_not_have_is_not_offered_even_if_declared() -> None:
    letter = LetterFile(title=LETTER.title, ask=LETTER.ask, findings=("invented", *LETTER.findings))
    with pytest.raises(Refused, match=r"^1:6: “finding.invented” is not a name a letter can use; offered are finding"):
        compile_letter("# {{ finding.invented }}", CAMPAIGN, letter=letter, fixed=FIXED[Language.EN])


def test_a_finding_that_is_not_declared_is_not_offered() -> None:
    letter = LetterFile(title=LETTER.title, ask=LETTER.ask)
    with pytest.raises(Refused, match=r"“finding.removal_required” is not a name .*; letter.toml lists the findings$"):
        compile_letter("# {{ finding.removal_required }}", CAMPAIGN, letter=letter, fixed=FIXED[Language.EN])


def test_own_words_are_marked_and_what_is_fixed_is_text() -> None:
    source = "# Subject\n\n{{ reason }} {{ relationship }} {{ finding.removal_required }}"
    program = compile_letter(source, CAMPAIGN, letter=LETTER, fixed=FIXED[Language.FR])
    paragraph = program.blocks[1]
    assert isinstance(paragraph, Paragraph)
    cited = Slot("finding.removal_required", text="95\u00a0%")
    assert paragraph.inline == (Slot("reason", typed=True), " ", Slot("relationship"), " ", cited)


def test_a_choice_is_refused_when_it_is_compared_with_what_nobody_can_choose() -> None:
    source = '# Subject\n\n{% if relationship == "parrent" %}x{% endif %}'
    with pytest.raises(
        Refused, match=r"^3:23: “parrent” is never what “relationship” is; it can be .*grandparent, .*parent"
    ):
        compile_letter(source, CAMPAIGN, letter=LETTER, fixed=FIXED[Language.EN])


def test_a_source_note_is_offered_the_survey_alone() -> None:
    note = source_note(CAMPAIGN, SURVEY_FILE, letter=LETTER, language=Language.FR)
    assert note.startswith("Source\u00a0: ")
    assert "{" not in note
    asking = CAMPAIGN.model_copy(update={"source_note": Wording.same("By {{ citizen.name }}")})
    with pytest.raises(Refused, match=r"“citizen.name” is not a name .* offered are survey.duration, survey.method"):
        source_note(asking, SURVEY_FILE, letter=LETTER, language=Language.EN)


def test_a_template_finds_its_fields_and_those_of_every_letter() -> None:
    template = FOLDER.template("takedown-and-standards")
    assert template.path == "child-protection/takedown-and-standards"
    assert template.typed_fields == {"reason"}
    found = template.field("relationship"), template.field("postal_code"), template.field("nothing")
    assert [field and field.kind for field in found] == [FieldKind.CHOICE, FieldKind.POSTAL_CODE, None]
    assert choice_key("relationship") == "relationship#"


def test_a_template_is_compiled_once_for_the_same_files() -> None:
    again = CampaignFolder.of(FOLDER.name, dict(FOLDER.files))
    assert again.template("takedown-and-standards") is FOLDER.template("takedown-and-standards")
