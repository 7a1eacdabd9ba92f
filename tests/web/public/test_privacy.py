"""The privacy page says how long each thing is kept that the map of personal data names, in both languages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.runtime import open_runtime
from advocacy.settings import Settings
from tests.databases import Beginning, Files
from tests.unit.letters.test_data_map import RETENTION, TABLES
from tests.web.shared_site import NOW

UNUSUAL = {"unconfirmed_hours": 37, "retention_days": 41, "backup_days": 43}
"""Numbers that no other sentence of the page has."""
TOLD = sorted({one for table in TABLES.values() if table["about"] == "citizens" for one in table["kept"]})


@pytest.fixture(scope="module")
def client(filled_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    file = tmp_path_factory.mktemp("privacy") / "advocacy.sqlite3"
    variables = {f"ADVOCACY_{name.upper()}": str(number) for name, number in UNUSUAL.items()}
    settings = Settings.from_mapping({**variables, "ADVOCACY_DATABASE_URL": filled_files.lay(file, Beginning.SITE)})
    with open_runtime(settings, now=NOW) as runtime:
        app: Flask = create_app(runtime, now=lambda: NOW)
        yield app.test_client()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", TOLD)
def test_the_page_says_how_long(client: FlaskClient, name: str, language: Language) -> None:
    page = client.get(f"/{language}/privacy").text.replace("\N{NO-BREAK SPACE}", " ")
    one = RETENTION[name]
    expected = f" {UNUSUAL[one['setting']]} " if "setting" in one else one[language.value]
    assert expected in page


def test_every_setting_of_retention_is_told() -> None:
    assert {one["setting"] for one in RETENTION.values() if "setting" in one} == UNUSUAL.keys()
