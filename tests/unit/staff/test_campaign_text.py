"""What is typed in a campaign's form becomes the values of its file that changed, and no others."""

import tomllib
from datetime import date

import pytest

from advocacy.campaigns.campaign import CampaignFile
from advocacy.campaigns.folder import CAMPAIGN, CampaignFolder
from advocacy.campaigns.toml_documents import edited
from advocacy.language import Language
from advocacy.shipped import shipped_folder
from advocacy.staff import campaign_text
from advocacy.staff.campaign_text import field_at, fields, joined, read, typed_of
from tests import campaign_files

SHIPPED = (shipped_folder() / "child-protection" / CAMPAIGN).read_bytes()


def campaign(content: bytes = SHIPPED) -> CampaignFile:
    """Read a file."""
    return CampaignFolder.of("a-campaign", {CAMPAIGN: content}).campaign()


def saved(**typed: str) -> bytes:
    """Save the shipped campaign's form with some fields typed anew; `_` stands for the hyphen before a language."""
    whole = typed_of(campaign())
    for name, text in typed.items():
        whole[name.replace("_en", "-en").replace("_fr", "-fr")] = text
    said = read(whole, campaign())
    assert said.wrong == {}
    return edited(SHIPPED, said.changes)


def test_a_form_that_nobody_touched_changes_no_byte() -> None:
    assert saved() == SHIPPED
    lines = {name: text.replace("\n", "\r\n") for name, text in typed_of(campaign()).items()}  # as browsers send them
    assert edited(SHIPPED, read(lines, campaign()).changes) == SHIPPED


def test_one_text_changes_one_line() -> None:
    content = saved(name_en="Safer online")
    assert content == SHIPPED.replace(b'"Protecting children online"', b'"Safer online"', 1)


def test_days_are_added_and_taken_away() -> None:
    content = saved(opens="2026-12-01", closes="2027-06-30")
    read_back = campaign(content)
    assert (read_back.opens, read_back.closes) == (date(2026, 12, 1), date(2027, 6, 30))
    assert b"# The small print" in content
    assert edited(content, read({**typed_of(read_back), "opens": "", "closes": ""}, read_back).changes) == SHIPPED


def test_what_may_be_empty_is_taken_out_in_both_languages() -> None:
    table = tomllib.loads(saved(deck_en="", deck_fr="", headline_en="", headline_fr="").decode())
    assert {"deck", "headline"} & set(table) == set()


def test_asks_of_the_headline_are_changed_added_and_taken_away() -> None:
    one = saved(
        headline_fr="Retirer les images volées.\nUn autre texte.\nRendre les entreprises criminellement responsables."
    )
    assert one == SHIPPED.replace("Imposer des normes de sécurité.".encode(), b"Un autre texte.")
    two = campaign(saved(headline_fr="Un\nDeux", headline_en="One\nTwo\n\n"))
    assert [line.spoken(Language.FR) for line in two.headline] == ["Un", "Deux"]


def test_who_answers_is_added_with_quotes_in_it() -> None:
    read_back = campaign(
        saved(organiser_en='The "Yes" \\ side', organiser_fr="Le camp du « oui »", privacy_contact="a@b.ca")
    )
    assert read_back.organiser
    assert read_back.organiser.spoken(Language.EN) == 'The "Yes" \\ side'
    assert read_back.privacy_contact == "a@b.ca"


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("name-fr", " ", campaign_text.MISSING),
        ("deck-en", "", campaign_text.ONE_LANGUAGE),
        ("leave-en", "http://example.ca/", campaign_text.NOT_HTTPS),
        ("headline-en", "One", campaign_text.UNPAIRED),
        ("opens", "soon", campaign_text.NO_DAY),
        ("ask-en", "x" * 2001, campaign_text.TOO_LONG),
    ],
)
def test_what_cannot_be_is_said_at_its_field(field: str, text: str, why: object) -> None:
    assert read({**typed_of(campaign()), field: text}, campaign()).wrong == {field: why}


def test_a_campaign_closes_after_it_opens_and_is_written_to_somebody() -> None:
    typed = {**typed_of(campaign()), "opens": "2026-12-02", "closes": "2026-12-01"}
    typed = {name: text for name, text in typed.items() if not name.startswith("chambers-")}
    assert read(typed, campaign()).wrong == {
        "closes": campaign_text.CLOSES_FIRST,
        "chambers-house-of-commons": campaign_text.NO_CHAMBER,
    }


def test_two_people_who_changed_different_fields_lose_nothing() -> None:
    base, theirs = campaign(), campaign(saved(name_en="Theirs", ask_fr="Les leurs"))
    mine = {**typed_of(base), "deck-en": "Mine", "ask-fr": "Les miens"}
    whole, both = joined(mine, base, theirs)
    assert (whole["name-en"], whole["deck-en"], whole["ask-fr"]) == ("Theirs", "Mine", "Les miens")
    assert both == {"ask-fr": "Les leurs"}


def test_places_of_the_file_have_their_field() -> None:
    assert field_at(("headline", 2, "fr")) == "headline-fr"
    assert field_at(("chambers", 1)) == "chambers-house-of-commons"
    assert field_at(("closes",)) == "closes"
    assert field_at(("choices", "role", 0, "label", "en")) == ""
    assert {field_at(path) for path in (("name", "en"), ("source_note",))} <= set(fields())


def test_dates_are_dates_in_order() -> None:
    for line in ('opens = "2026-01-01"', "opens = 2026-01-01T00:00:00", "closes = 2026-01-01\nopens = 2026-01-02"):
        with pytest.raises(ValueError, match=r"campaign\.toml:1:1: "):
            campaign(f"{line}\n{campaign_files.CAMPAIGN}".encode())
