"""A legislature is data: an entry, a form of address and a list are all that an invented one needs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_files import CampaignFile
from advocacy.language import Language
from advocacy.legislators import forms_of_address, legislatures, search
from advocacy.legislators.directory_queries import everyone
from advocacy.legislators.directory_snapshot import DirectorySnapshot
from advocacy.legislators.models import to_recipient
from advocacy.letters.compose import compose
from advocacy.letters.samples import Kind, kinds_of, somebody
from tests.builders import a_template, some_answers

EN, FR = Language.EN, Language.FR
Sessions = sessionmaker[Session]
# By its name: the package shows the command group under the module's own name.
commands = import_module("advocacy.cli.legislators")

COUNCIL = """
[[legislature]]
division = "ocd-division/country:ca/province:ns"
province = "NS"
name = { en = "Legislature of Nova Scotia", fr = "Législature de la Nouvelle-Écosse" }
[[legislature.chamber]]
key = "ns_council"
slug = "legislative-council-of-nova-scotia"
name = { en = "Legislative Council of Nova Scotia", fr = "Conseil législatif de la Nouvelle-Écosse" }
members = { en = "Legislative councillors", fr = "Membres du Conseil législatif" }
seats = "district"
id_prefix = "councillor"
words = ["councillor", "councillors", "MLC", "conseillère"]
[legislature.chamber.offices]
provincial_member = ["MLC", "Conseillère législative"]
[legislature.chamber.forms]
provincial_member = "legislative_councillor"
[legislature.chamber.titles]
by_language.en = { letters = "MLC", neutral = "Member of the Legislative Council" }
by_language.fr = { f = "Conseillère législative", m = "Conseiller législatif" }
status = "unverified"
source = "A test"
[legislature.chamber.address]
name = { en = "Province House", fr = "Province House" }
city = { en = "Halifax", fr = "Halifax" }
province = "NS"
postal_code = "B3J 2T3"
status = "unverified"
source = "A test"
"""
STYLES = """
[office.legislative_councillor.en]
status = "unverified"
source = "A test"
[office.legislative_councillor.en.neutral]
block = ["{full}, {letters}", "Legislative Councillor|for {riding}"]
appel = "Dear Councillor {last}:"
[office.legislative_councillor.fr]
status = "unverified"
source = "A test"
[office.legislative_councillor.fr.neutral]
block = ["{full}", "{member}"]
appel = "Madame, Monsieur,"
[office.legislative_councillor.fr.f]
block = ["Madame {full}", "{member}"]
appel = "Madame la Conseillère,"
"""
LIST = "Name,District name,Primary role,Gender,Email\nZoé Comeau,Cape Breton,MLC,F,zoe.comeau@council.example\n"


@pytest.fixture
def _council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the program read copies of its files, each with an entry more."""
    for name, more in (("legislatures.toml", COUNCIL), ("styles.toml", STYLES)):
        text = legislatures.DATA.joinpath(name).read_text("utf-8")
        before, table, after = text.partition("\n[[search]]")
        (tmp_path / name).write_text(f"{before}\n{more}{table}{after}", encoding="utf-8")
    caches = (
        *(
            legislatures.legislatures,
            legislatures._provinces_by_name,
            search.role_phrases,
            forms_of_address.shipped_styles,
        ),
        forms_of_address.form_of_address,
    )
    for cached in caches:
        cached.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(legislatures, "DATA", tmp_path)
        patched.setattr(forms_of_address, "DATA", tmp_path)
        yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("_council")
def test_an_invented_legislature_is_imported_found_and_written_to(directory_sessions: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "council.csv"
    file.write_text(LIST, encoding="utf-8")
    site = SimpleNamespace(sessions=directory_sessions, now=lambda: datetime(2026, 11, 25, 12, tzinfo=UTC))

    imported = CliRunner().invoke(commands.legislators, ["import", str(file)], obj=site)
    assert imported.exit_code == 0, imported.output
    with directory_sessions() as session:
        directory = DirectorySnapshot(everyone(session))
        session.expunge_all()

    for typed in ("comeau", "cape breton mlc", "conseillère"):
        assert "councillor-zoe-comeau" in [row.id for row in directory.search(typed)]
    (member,) = directory.of_chamber("legislative-council-of-nova-scotia")
    recipient = to_recipient(member)
    campaign = CampaignFile.model_validate(
        {
            "name": {"en": "A", "fr": "A"},
            "ask": {"en": "B", "fr": "B"},
            "chambers": ["legislative-council-of-nova-scotia"],
        }
    )
    audience = campaign.audience("council")
    assert [row.id for row in directory.search("cape breton", audience) if audience.includes(row)] == [member.id]
    assert kinds_of(campaign) == [Kind.MEMBER]
    with directory_sessions() as session:
        assert somebody(session, Kind.MEMBER, campaign, name="council") == recipient

    letters = {
        language: compose(a_template(), some_answers(), recipient, language=language, today=date(2026, 11, 25))
        for language in Language
    }
    assert letters[EN].recipient_block == (
        "Zoé Comeau, MLC",
        "Legislative Councillor for Cape Breton",
        "Province House",
        "Halifax NS  B3J 2T3",
    )
    assert letters[FR].recipient_block == (
        "Madame Zoé Comeau",
        "Conseillère législative",
        "Province House",
        "Halifax (Nouvelle-Écosse)  B3J 2T3",
    )
    assert [letters[language].appel for language in (EN, FR)] == ["Dear Councillor Comeau:", "Madame la Conseillère,"]
