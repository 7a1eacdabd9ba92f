"""The privacy page says how long each thing is kept that the map of personal data names, in both languages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.personal_columns import Kept, People, contents_of
from advocacy.runtime import open_runtime
from advocacy.settings import Settings
from scripts.data_map import models
from tests.databases import Beginning, Files
from tests.web.shared_site import NOW

UNUSUAL = {"unconfirmed_hours": 37, "retention_days": 41, "backup_days": 43}
"""Numbers that no other sentence of the page has."""
WORDS = {
    Kept.ASKED_DAYS: {"en": "75 days", "fr": "75 jours"},
    Kept.COUNTED: {"en": "24 hours", "fr": "24 heures"},
    Kept.SUPPRESSED: {
        "en": "until you ask us to write again",
        "fr": "jusqu’à ce que vous nous demandiez de vous écrire de nouveau",
    },
    Kept.RECORD: {"en": "An anonymous record stays", "fr": "Il reste une mention anonyme"},
}
TOLD = {kept for model in models() if contents_of(model).people is People.CITIZENS for kept in contents_of(model).kept}


@pytest.fixture(scope="module")
def client(filled_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    file = tmp_path_factory.mktemp("privacy") / "advocacy.sqlite3"
    variables = {f"ADVOCACY_{name.upper()}": str(number) for name, number in UNUSUAL.items()}
    settings = Settings.from_mapping({**variables, "ADVOCACY_DATABASE_URL": filled_files.lay(file, Beginning.SITE)})
    with open_runtime(settings, now=NOW) as runtime:
        app: Flask = create_app(runtime, now=lambda: NOW)
        yield app.test_client()


@pytest.mark.parametrize("language", Language)
def test_the_page_says_how_long(client: FlaskClient, language: Language) -> None:
    page = client.get(f"/{language}/privacy").text.replace("\N{NO-BREAK SPACE}", " ")
    assert {kept.name.lower() for kept in TOLD - WORDS.keys()} < UNUSUAL.keys()
    for words in (*(one[language.value] for one in WORDS.values()), *(f" {number} " for number in UNUSUAL.values())):
        assert words in page
