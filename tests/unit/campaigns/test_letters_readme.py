"""What `letters/README.md` teaches is true: its examples compile, its blanks say what it says, its refusals are refused."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.campaign_folder import CampaignFolder, read_folder
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.checks.letter_check import MAX_WORDS
from advocacy.campaigns.checks.readability import MAX_SENTENCE_WORDS, scale_of
from advocacy.campaigns.fields import FieldKind, citizen_fields
from advocacy.campaigns.grammar.allowed_names import BILL, CITIZEN, RECIPIENT, SURVEY
from advocacy.campaigns.legislation import Role, Stage
from advocacy.cli.letters_command import letters
from advocacy.findings import read_survey
from advocacy.language import Language
from advocacy.toml_source import TomlProblems, read_toml

LETTERS = Path(__file__).parents[3] / "letters"
README = (LETTERS / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([^|]+?)` \| ([^|]+) \|$", re.MULTILINE)
BLOCKS = BLOCK.findall(README)
(
    CAMPAIGN_TOML,
    ALSO_TOML,
    CLAIMS_TOML,
    FINDINGS_TOML,
    SAFETY_TOML,
    BILL_TOML,
    LETTER_TOML,
    STATEMENTS_TOML,
    FIELD_TOML,
) = (text for kind, text in BLOCKS if kind == "toml")
WHOLE, *PIECES = (text for kind, text in BLOCKS if kind == "markdown")
BLANKS, REFUSED = (
    ROW.findall(README.split(f"\n## {title}\n")[1].split("\n## ")[0]) for title in ("Blanks", "What is refused")
)
SPEAKS = {"relationship": "I am writing as a parent."}


@cache
def shipped() -> CampaignFolder:
    return read_folder(LETTERS / "child-protection")


def with_letter(english: str) -> CampaignFolder:
    """The shipped campaign with one letter, the README's, whose French is not held against its English here."""
    files = {name: content for name, content in shipped().files if "/" not in name}
    letter = {"readme/letter.toml": LETTER_TOML, "readme/en.md": english, "readme/fr.md": english}
    return CampaignFolder.of(shipped().name, {**files, **{name: text.encode() for name, text in letter.items()}})


def told(english: str) -> list[str]:
    problems = check_folder(with_letter(english))
    return [
        str(problem).removeprefix("child-protection/readme/") for problem in problems if "fr.md" not in str(problem)
    ]


def test_the_readme_has_examples_of_each_kind() -> None:
    assert [kind for kind, _ in BLOCKS] == ["text", *["toml"] * 9, "markdown", "markdown", "text"]
    assert (len(BLANKS), len(REFUSED)) == (11, 10)


def test_the_example_of_a_campaign_toml_lacks_only_its_source_note() -> None:
    note = 'source_note.en = "Source: {{ survey.source }}."\nsource_note.fr = "Source : {{ survey.source }}."\n'
    files = {"campaign.toml": (CAMPAIGN_TOML + note).encode()}
    campaign = CampaignFolder.of("example", {**dict(shipped().files), **files}).campaign()
    assert (campaign.opens, campaign.closes) == (date(2026, 12, 1), date(2027, 6, 30))
    assert len(campaign.chambers) == 2


def test_the_example_of_a_survey_is_one() -> None:
    [question] = read_survey(FINDINGS_TOML, file="findings.toml").questions
    assert question.several_answers
    assert [option.key for option in question.options] == ["wanted_filters"]


def test_the_examples_of_whom_else_to_write_to_and_of_a_safety_toml_need_no_mending() -> None:
    files = dict(shipped().files)
    added = {"campaign.toml": files["campaign.toml"] + ALSO_TOML.encode(), "safety.toml": SAFETY_TOML.encode()}
    folder = CampaignFolder.of(shipped().name, {**files, **added})
    assert check_folder(folder) == []
    assert folder.campaign().also[-1].minister == "Minister of Health"
    safety = folder.safety()
    assert safety
    assert [line.key for line in safety.support] == ["lung_line"]


def test_the_example_of_further_words_needs_no_mending() -> None:
    files = dict(shipped().files)
    folder = CampaignFolder.of(
        shipped().name, {**files, "campaign.toml": files["campaign.toml"] + CLAIMS_TOML.encode()}
    )
    assert check_folder(folder) == []
    assert folder.campaign().claim_words["survey"] == ("questionnaire*",)


def test_the_example_of_a_bill_lacks_only_the_acts_for_other_roles_and_stages() -> None:
    note = 'source_note.en = "Source: {{ survey.source }}."\nsource_note.fr = "Source : {{ survey.source }}."\n'
    text = (CAMPAIGN_TOML + note + BILL_TOML).encode()
    folder = CampaignFolder.of("example", {**dict(shipped().files), "campaign.toml": text})
    with pytest.raises(TomlProblems) as found:
        folder.campaign()
    told = [problem.sentence for problem in found.value.problems]
    assert len(told) == len(Role)
    assert all(sentence.startswith("no act is for ") for sentence in told)
    assert not any("'committee'" in sentence for sentence in told if "member" in sentence)


def test_the_example_of_a_letter_toml_is_one() -> None:
    letter = read_toml(LETTER_TOML, LetterFile, file="letter.toml")
    assert [field.kind for field in letter.fields] == [FieldKind.CHOICE, FieldKind.WORDS]


def test_the_example_of_statements_needs_no_mending() -> None:
    files = dict(with_letter(WHOLE + "\n{% if statements %}\n{{ statements }}\n{% endif %}\n").files)
    files["campaign.toml"] += STATEMENTS_TOML.encode()
    files["readme/letter.toml"] += FIELD_TOML.encode()
    problems = check_folder(CampaignFolder.of(shipped().name, files))
    assert [problem for problem in problems if "fr.md" not in problem.file] == []


def test_the_whole_example_needs_no_mending() -> None:
    assert told(WHOLE) == []


@pytest.mark.parametrize("piece", PIECES)
def test_each_smaller_example_needs_no_mending(piece: str) -> None:
    assert told(f"{WHOLE}\n{piece}") == []


@pytest.mark.parametrize(("blank", "says"), BLANKS)
def test_each_blank_comes_out_as_the_readme_says(blank: str, says: str) -> None:
    template = with_letter(f"{WHOLE}\n{blank}\n").template("readme")
    program = template.texts[Language.EN]
    filled = dict.fromkeys(("citizen.email", "citizen.is_constituent", "recipient.office", "reason"), "")
    _, paragraphs = program.render({**template.constants[Language.EN], **filled, **SPEAKS}, program.first_choice)
    spoken, cut, _ = paragraphs[-1].text.partition(says.removesuffix("…").strip())
    assert (spoken, bool(cut)) == ("", True)
    assert says.endswith("…") or paragraphs[-1].text == says


@pytest.mark.parametrize("source", [source for source, _ in REFUSED])
def test_what_the_readme_says_is_refused_is_refused(source: str) -> None:
    line = f"{WHOLE}\n{source}\n".count("\n")
    assert [problem for problem in told(f"{WHOLE}\n{source}\n") if problem.startswith(f"en.md:{line}:")]


def test_the_readme_names_every_blank_and_every_kind_of_field() -> None:
    named = set(re.findall(r"\w+", README))
    fields = {field.key for field in citizen_fields()}
    assert {*BILL, *Role, *(word for stage in Stage for word in stage.split("-"))} - named == set()
    assert (CITIZEN | RECIPIENT | SURVEY | fields | {kind.value for kind in FieldKind}) - named == set()


def test_the_readme_names_every_command_and_the_limit_of_a_page() -> None:
    assert set(re.findall(r"^advocacy letters (\w+)", README, re.MULTILINE)) == set(letters.commands)
    assert f"one page of {MAX_WORDS} words" in README


def test_the_readme_names_the_limits_of_what_is_easy_to_read() -> None:
    english, french = scale_of(Language.EN), scale_of(Language.FR)
    assert f"no sentence over {MAX_SENTENCE_WORDS} words" in README
    assert f"no letter above grade {english.target:g} on the {english.formula.name} scale in English" in README
    assert f"below {french.target:g} on the {french.formula.name} scale in French" in README
    assert any("--readability" in option.opts for option in letters.commands["check"].params)
