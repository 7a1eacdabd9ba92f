"""A campaign's folder is read as it is and written as it was; what keeps it from being one is said with its place."""

from pathlib import Path

import pytest

from advocacy.campaigns.campaign_folder import (
    CampaignFolder,
    campaign_folders,
    digest,
    read_folder,
    read_folders,
    write_folder,
)
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.language import Language
from advocacy.toml_source import TomlProblems
from tests.campaign_files import CAMPAIGN, FILES, LETTER, NAME, TEXTS, campaign, with_section

TOML = f"{LETTER}/letter.toml"

ODD = {
    "campaign.toml": "\ufeff# BOM\r\nname = 1\r\n".encode(),
    "findings.toml": b"",
    "letter-b/notes.md": b"no final newline",
    "letter-b/letter.toml": b"\x00\xff not text \n\n\n",
    "letter-a/letter.toml": "é\u00a0œ\n# comment last".encode(),
    "sub/deeper/still": b"1",
}


def write(root: Path, files: dict[str, bytes], name: str = NAME) -> Path:
    folder = root / name
    for file, content in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
    return folder


def test_every_byte_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = read_folder(write(tmp_path / "one", ODD))
    write_folder(folder, tmp_path / "two")
    assert dict(folder.files) == ODD
    assert read_folder(tmp_path / "two" / NAME) == folder


def test_writing_leaves_other_files_alone(tmp_path: Path) -> None:
    write(tmp_path, {"mine.txt": b"mine", "campaign.toml": b"old"})
    write_folder(campaign(), tmp_path)
    assert (tmp_path / NAME / "mine.txt").read_bytes() == b"mine"
    assert (tmp_path / NAME / "campaign.toml").read_text(encoding="utf-8") == CAMPAIGN


def test_hidden_files_and_folders_are_not_part_of_a_campaign(tmp_path: Path) -> None:
    folder = write(tmp_path, {**FILES, ".DS_Store": b"", ".git/config": b"", f"{LETTER}/.letter.toml.swp": b""})
    assert read_folder(folder) == campaign()


def test_a_folder_holds_several_campaigns_or_is_one(tmp_path: Path) -> None:
    one, two = write(tmp_path, dict(FILES)), write(tmp_path, dict(FILES), "another")
    write(tmp_path, dict(FILES), ".hidden")
    write(tmp_path, {"notes.txt": b""}, "no-campaign")
    (tmp_path / "README.md").write_text("campaign.toml")
    assert campaign_folders(tmp_path) == [two, one]
    assert campaign_folders(one) == [one]
    assert [folder.name for folder in read_folders(tmp_path)] == ["another", NAME]


def test_the_files_are_grouped_into_what_is_revised_as_a_whole() -> None:
    assert {name: sorted(files) for name, files in campaign().documents().items()} == {
        "campaign": ["campaign.toml"],
        "findings": ["findings.toml"],
        "sentences": ["sentences.toml"],
        LETTER: [f"{LETTER}/letter.toml"],
    }


def test_a_letter_is_a_folder_with_a_letter_s_file() -> None:
    folder = campaign({"b/letter.toml": "", "a/fr.md": "", "c/notes.txt": "", "d/e/letter.toml": ""})
    assert folder.letters() == ["b", LETTER]
    assert folder.unknown_files() == ["a/fr.md", "c/notes.txt", "d/e/letter.toml"]


def test_a_digest_is_of_names_and_bytes_in_any_order() -> None:
    files = {"a": b"1", "b": b"2"}
    assert digest(files) == digest({"b": b"2", "a": b"1"})
    assert len({digest(files), digest({"a": b"12", "b": b""}), digest({"ab": b"12"}), digest({"a": b"1"})}) == 4


def test_a_letter_knows_its_source_note_and_its_answers() -> None:
    template = campaign().template(LETTER)
    assert template.path == f"{NAME}/{LETTER}"
    assert template.notes == {
        Language.EN: "Source: Readers of Canada, “Reading on Sunday.” Survey by mail; more than 4,300 people over 7 months.",
        Language.FR: "Source\u00a0: Le Canada qui lit, «\u00a0Lire le dimanche\u00a0». Sondage par la poste; plus de "
        "4\u00a0300 personnes en 7\u00a0mois.",
    }
    assert template.sizes == (1, 2, 1, 1, 2)
    assert [option.key for option in template.fields[0].options] == ["none", "reader"]


def problems(folder: CampaignFolder) -> list[str]:
    with pytest.raises(TomlProblems) as refused:
        folder.template(LETTER)
    return [str(problem.place.path[-1]) for problem in refused.value.problems]


def test_what_is_wrong_in_both_languages_is_reported_at_once() -> None:
    text = TEXTS[TOML].replace("In a survey", "In {{ no }}").replace("Dans un sondage", "{% if x %}")
    assert problems(campaign({TOML: text})) == ["en", "fr"]


@pytest.mark.parametrize("file", [None, "# none\n"])
def test_a_campaign_without_a_survey_has_letters_that_cite_none(file: str | None) -> None:
    text = (
        TEXTS[TOML]
        .replace(" {{ finding.opening_yes }} of", " most of")
        .replace(" {{ finding.opening_yes }} des", " la plupart des")
    )
    folder = campaign({"findings.toml": file, TOML: text})
    assert check_folder(folder) == []
    assert set(folder.template(LETTER).notes.values()) == {""}


def test_a_letter_that_cites_two_surveys_names_both_as_its_sources() -> None:
    second = TEXTS["findings.toml"].replace("Readers of Canada", "Friends of Books").replace('"opening', '"again')
    head, _, rest = second.partition("[[question]]")
    both = f"{TEXTS['findings.toml']}\n[[survey]]\n{head}" + f"[[question]]{rest}".replace("[[", "[[survey.")
    again = TEXTS[TOML].replace("opening_yes", "again_yes")
    of_both = with_section("more", "{{ finding.opening_no }} did not.", "{{ finding.opening_no }}, non.", letter=again)
    for text, names in ((again, ["Friends of Books"]), (of_both, ["Readers of Canada", "Friends of Books"])):
        template = campaign({"findings.toml": both, TOML: text}).template(LETTER)
        assert [note.split(",")[0] for note in template.notes[Language.EN].split("Source: ")[1:]] == names
        assert template.constants[Language.EN]["survey.source"] == names[0]
