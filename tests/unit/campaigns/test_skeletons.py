"""What a new campaign begins with, and how its names and keys are made of what was typed."""

from collections.abc import Callable, Collection
from typing import Any

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.skeletons import add_missing_keys, blank_campaign, new_key, new_name
from advocacy.language import Wording


@pytest.mark.parametrize(
    ("make", "typed", "taken", "made"),
    [
        (new_name, "De l’air pur à l’école !", (), "de-l-air-pur-a-l-ecole"),
        (new_name, "Clean air", ("clean-air",), "clean-air-2"),
        (new_name, "Clean air", ("clean-air", "clean-air-2"), "clean-air-3"),
        (new_name, "…", (), "campaign"),
        (new_key, "J’ai un enfant", (), "j_ai_un_enfant"),
        (new_key, "Parent", ("parent",), "parent_2"),
        (new_key, "Parent", ("parent", "parent_2"), "parent_3"),
        (new_key, "95 %", (), "n_95"),
        (new_key, "!", (), "answer"),
    ],
)
def test_a_name_and_a_key_are_made_of_what_was_typed(
    make: Callable[[str, Collection[str]], str], *, typed: str, taken: Collection[str], made: str
) -> None:
    assert make(typed, taken) == made


def test_rows_without_a_key_get_one_that_no_other_has() -> None:
    rows: list[dict[str, Any]] = [
        {"key": "parent"},
        {"label": {"en": "Parent", "fr": "Parent"}},
        {"label": {"en": "", "fr": "Enseignante"}},
        {},
    ]
    add_missing_keys(rows, "label")
    assert [row["key"] for row in rows] == ["parent", "parent_2", "enseignante", "answer"]


def test_a_blank_campaign_has_its_name_and_ask_and_writes_to_the_house_of_commons() -> None:
    name, ask = Wording.of(en="Clean air", fr="De l’air pur"), Wording.of(en="Air filters", fr="Des filtres à air")
    campaign = CampaignFolder.of("clean-air", blank_campaign(name, ask)).campaign()
    assert (campaign.name, campaign.ask, campaign.chambers) == (name, ask, ("house-of-commons",))
