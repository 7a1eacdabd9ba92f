"""`advocacy demo --second-campaign` publishes a sample campaign once, and only where nothing is really sent."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from advocacy.campaigns.campaign_folder import read_folder
from advocacy.campaigns.checks.campaign_check import check_advice, check_folder
from advocacy.cli import advocacy
from advocacy.cli.demo import SECOND_CAMPAIGN
from advocacy.language import Language
from tests.databases import Beginning, Files

FOLDER = read_folder(SECOND_CAMPAIGN)


def demo(url: str, *options: str, **environment: str) -> Result:
    variables = {"ADVOCACY_DATABASE_URL": url, **environment}
    return CliRunner().invoke(advocacy, ["demo", *options], env=variables)


@pytest.fixture
def url(tmp_path: Path, filled_files: Files) -> str:
    return filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)


def test_the_sample_campaign_has_nothing_to_fix_and_nothing_to_consider() -> None:
    assert check_folder(FOLDER) == []
    assert check_advice(FOLDER) == []


def test_it_says_that_its_survey_is_invented() -> None:
    survey, campaign = FOLDER.survey(), FOLDER.campaign()
    assert campaign.deck
    said = {Language.EN: "invented", Language.FR: "inventé"}
    for language, word in said.items():
        assert word in survey.source.in_language(language)
        assert word in campaign.deck.in_language(language)
        assert word in survey.facts(language)["method"]


def test_it_is_published_once_and_what_was_made_of_it_stays(tmp_path: Path, url: str) -> None:
    first = demo(url, "--second-campaign")
    assert first.exit_code == 0, first.output
    assert "“Clean air in schools” is published on this site:" in first.output
    assert "http://localhost:8000/fr/clean-air-in-schools/\n" in first.output
    second = demo(url, "--second-campaign")
    assert second.exit_code == 0
    assert "was on this site already and stays as it is:" in second.output
    variables = {"ADVOCACY_DATABASE_URL": url}
    exported = CliRunner().invoke(advocacy, ["letters", "export", str(tmp_path / "out")], env=variables)
    assert exported.exit_code == 0
    assert read_folder(tmp_path / "out" / FOLDER.name) == FOLDER


def test_a_site_that_sends_letters_does_without(url: str) -> None:
    mail = {"ADVOCACY_PROVIDER": "smtp", "ADVOCACY_SMTP_URL": "smtp://localhost", "ADVOCACY_FROM_EMAIL": "a@example.ca"}
    refused = demo(url, "--second-campaign", **mail)
    assert refused.exit_code == 1
    assert "this site sends letters" in refused.output
    assert demo(url, "--second-campaign", **mail, ADVOCACY_TEST_RECIPIENT="tries@example.ca").exit_code == 0


def test_alone_it_prints_two_letters_and_publishes_nothing(url: str) -> None:
    result = demo(url)
    assert result.exit_code == 0
    assert result.output.count("Camille Essai") >= 2
    assert "clean-air" not in result.output
