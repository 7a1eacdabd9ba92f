"""`advocacy letter`: one command gives a letter; whatever is uncertain is asked or listed, never chosen."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from advocacy.cli import advocacy
from advocacy.cli.site import Site
from advocacy.language import Language
from tests.builders import the_campaign
from tests.databases import Beginning, Files

TAKEDOWN = "child-protection/takedown-and-standards"
CITIZEN = ("--set", "name=Camille Essai", "--set", "city=Ottawa", "--set", "province=ON")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, filled_files: Files) -> str:
    return filled_files.lay(tmp_path_factory.mktemp("site") / "advocacy.sqlite3", Beginning.SITE)


@pytest.fixture(scope="module")
def opened() -> Iterator[Site]:
    """The site, opened by the first command that needs it and kept for the others."""
    with ExitStack() as stack:
        yield Site(stack)


@pytest.fixture
def letter(site: str, opened: Site, monkeypatch: pytest.MonkeyPatch, *, tmp_path: Path) -> "Letter":
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", site)
    monkeypatch.chdir(tmp_path)
    return Letter(opened)


def is_told(text: str, riding: str, language: Language = Language.EN) -> bool:
    """Whether a letter says in one of the campaign's wordings that its writer lives in a riding."""
    said = the_campaign().sentences().why_you[0].wordings
    return any(one.in_language(language).replace("{{ riding }}", riding) in text for one in said)


class Letter:
    def __init__(self, site: Site) -> None:
        self._site = site

    def __call__(self, *arguments: str, template: str = TAKEDOWN, language: str = "en") -> Result:
        return CliRunner().invoke(advocacy, ["letter", template, "--language", language, *arguments], obj=self._site)


def test_a_postal_code_gives_a_letter_to_the_own_member(letter: Letter) -> None:
    result = letter("--postal-code", "k1a0a6", *CITIZEN, language="fr")
    assert result.exit_code == 0
    assert "Ottawa-Centre" in result.stdout
    assert "Ottawa (Ontario)  K1A 0A6" in result.stdout
    assert "suggestion à confirmer" in result.stderr
    assert "suggestion" not in result.stdout


def test_several_candidates_are_listed_and_none_is_chosen(letter: Letter) -> None:
    result = letter("--postal-code", "H3R 3A7", *CITIZEN)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "choose yours with --legislator ID" in result.stderr
    assert "mp-anthony-housefather  Anthony Housefather  Mount Royal" in result.stderr
    assert "mp-rachel-bendayan" in result.stderr


def test_the_first_half_of_a_code_in_one_riding_gives_a_letter_without_a_postal_code(letter: Letter) -> None:
    result = letter("--postal-code", "m5v", *CITIZEN)
    assert result.exit_code == 0, result.stderr
    assert is_told(result.stdout, "Spadina—Harbourfront")
    assert "\nCamille Essai\nOttawa ON\n" in result.stdout
    assert "M5V" not in result.stdout
    assert "the whole code says more" in result.stderr
    assert letter(*CITIZEN, "--set", "postal_code=M5V").stdout == result.stdout


def test_one_of_the_candidates_named_is_written_to_as_a_constituent(letter: Letter) -> None:
    result = letter("--postal-code", "H3R 3A7", "--legislator", "mp-rachel-bendayan", *CITIZEN)
    assert result.exit_code == 0
    assert is_told(result.stdout, "Outremont")


@pytest.mark.parametrize("riding", ["35079", "Ottawa-Centre", "ottawa centre"])
def test_a_riding_will_do_and_the_postal_code_line_is_left_out(letter: Letter, riding: str) -> None:
    result = letter("--riding", riding, *CITIZEN)
    assert result.exit_code == 0
    assert is_told(result.stdout, "Ottawa Centre")
    assert "\nCamille Essai\nOttawa ON\n" in result.stdout


def test_a_vacant_seat_is_said_and_written_to(letter: Letter) -> None:
    result = letter("--riding", "24066", *CITIZEN)
    assert result.exit_code == 0
    assert "This seat is vacant" in result.stderr
    assert "The Office of the Member of Parliament" in result.stdout


@pytest.mark.parametrize(
    ("name", "begins"), [("mine.docx", b"PK"), ("mine.PDF", b"%PDF"), ("mine.html", b"<!doctype"), ("mine", b"Ottawa")]
)
def test_the_ending_of_the_file_names_the_form(letter: Letter, tmp_path: Path, *, name: str, begins: bytes) -> None:
    assert letter("--riding", "35079", *CITIZEN, "--output", name).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


WRONG = {
    "no such choice": (("--riding", "35079", *CITIZEN, "--set", "relationship=x"), "Concerned citizen; Parent"),
    "another ending": (
        ("--riding", "35079", *CITIZEN, "--output", "mine.docx", "--format", "pdf"),
        "mine.docx ends in .docx and --format is pdf; make them the same",
    ),
    "an ending of no form": (("--riding", "35079", *CITIZEN, "--output", "mine.doc"), "mine.doc ends in .doc, and"),
    "no recipient": (CITIZEN, "say who the letter goes to with --postal-code, --riding or --legislator"),
    "a missing name": (("--riding", "35079", "--set", "city=Ottawa"), "name: Enter your name."),
    "an unknown field": (("--riding", "35079", *CITIZEN, "--set", "colour=blue"), "its fields are name, city"),
    "no equals sign": (("--riding", "35079", "--set", "name"), "--set takes FIELD=TEXT"),
    "a field twice": (("--riding", "35079", *CITIZEN, "--set", "city=Hull"), "city is given twice"),
    "an unknown riding": (("--riding", "Springfield", *CITIZEN), "no riding is called “Springfield”"),
    "an unknown id": (("--legislator", "mp-nobody", *CITIZEN), "no legislator has the id “mp-nobody”"),
    "a mistyped code": (("--postal-code", "K1AOA6", *CITIZEN), "Did you mean K1A 0A6?"),
    "a code of elsewhere": (("--postal-code", "90210", *CITIZEN), "K1A\u00a00A6"),
    "another format": (("--riding", "35079", *CITIZEN, "--format", "odt"), "--format takes txt"),
    "post without paper": (("--riding", "35079", *CITIZEN, "--post", "sheet"), "--post is for paper"),
    "wrapped paper": (("--riding", "35079", *CITIZEN, "--format", "pdf", "--wrap", "60"), "--wrap is for text"),
    "a link": (("--riding", "35079", *CITIZEN, "--set", "reason=see www.example.com"), "1-866-658-9022"),
}


@pytest.mark.parametrize(("arguments", "sentence"), list(WRONG.values()), ids=list(WRONG))
def test_wrong_use_is_answered_in_a_sentence(letter: Letter, arguments: tuple[str, ...], sentence: str) -> None:
    result = letter(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)


def test_a_postal_code_given_in_two_ways_is_wrong_use(letter: Letter) -> None:
    result = letter("--postal-code", "K1A 0A6", *CITIZEN, "--set", "postal_code=H3R 3A7")
    assert result.exit_code == 2
    assert "postal_code is given twice" in result.stderr


def test_own_words_on_the_survey_or_a_bill_are_listed_and_left_as_typed(letter: Letter) -> None:
    words = "96% of respondents want this. I am tired. Bill C-34 has passed."
    asked = letter("--riding", "35079", *CITIZEN, "--set", f"reason={words}")
    assert asked.stderr.splitlines()[-3:] == [
        "These words are yours: they give a figure, or speak of the survey or the bill.",
        "  “96% of respondents want this.”",
        "  “Bill C-34 has passed.”",
    ]
    assert f"\n{words}\n" in asked.stdout
    plain = letter("--riding", "35079", *CITIZEN, "--set", "reason=My two children are online.")
    assert "These words are yours" not in plain.stderr


def test_bytes_that_are_no_text_are_wrong_use(letter: Letter) -> None:
    result = letter("--riding", "\udcff", *CITIZEN)
    assert result.exit_code == 2
    assert "not UTF-8" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["letter", TAKEDOWN], "Missing option '--language'. Choose from: en, fr; see advocacy letter --help"),
        (["letter", TAKEDOWN, "--language", "de"], "'de' is not one of 'en', 'fr'; see advocacy letter --help"),
        (["lettre"], "No such command 'lettre'"),
    ],
)
def test_clicks_own_complaints_are_one_line(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(advocacy, arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert sentence in result.stderr


def test_an_answer_that_cannot_be_written_is_a_failure_in_one_sentence() -> None:
    command = [sys.executable, "-m", "advocacy", "--version"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert done.returncode == 1
    assert b"could not be written" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_is_a_failure(letter: Letter) -> None:
    result = letter("--riding", "35079", *CITIZEN, "--output", "no/such/folder/mine.txt")
    assert result.exit_code == 1
    assert "name another file" in result.stderr


def test_on_a_terminal_the_citizen_is_asked_which_is_theirs(site: str, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "advocacy", "letter", TAKEDOWN, "--language", "fr", "--postal-code", "H3R 3A7"]
    process = subprocess.Popen(
        [*command, *CITIZEN],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "ADVOCACY_DATABASE_URL": site, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
    )
    os.write(ours, b"2\n")
    out, err = (stream.decode() for stream in process.communicate(timeout=60))
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, err
    assert "Laquelle de ces personnes vous représente? " in err
    assert is_told(out, "Outremont", Language.FR)


def test_the_readme_shows_the_letter_that_its_command_gives(letter: Letter) -> None:
    readme = Path(__file__).parents[3].joinpath("README.md").read_text(encoding="utf-8")
    shown = readme.split('tablette."\n\n')[1].split("```")[0]
    words = ("--set", "relationship=parent", "--set", "reason=Ma fille a huit ans et commence à utiliser une tablette.")
    made = letter("--postal-code", "K1A0A6", *CITIZEN, *words, language="fr").stdout
    assert shown.split("\n\n", 1)[1] == made.split("\n\n", 1)[1]
