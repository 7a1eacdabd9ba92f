"""Search finds campaigns, letters, questions, people and offices, and nothing of a citizen."""

import pytest
from flask import Flask

from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.staged_site import CAMPAIGN, set_up

LETTERS = f"/staff/campaigns/{CAMPAIGN}/letters"


def found(by: Browser, query: str) -> list[str]:
    return [link["href"] for link in by.page(f"/staff/search?q={query}").select("main .found a")]  # type: ignore[misc]


def test_a_campaign_is_found_by_a_word_of_its_name_in_either_language(browser: NewBrowser) -> None:
    assert found(browser(Role.WRITER), "Protéger les enfants")[0] == f"/staff/campaigns/{CAMPAIGN}"


@pytest.mark.parametrize("query", ["mandatory takedown", "MANDATORY-takedwon", "retrait obligatoire"])
def test_a_letter_is_found_by_its_title_with_a_slip(browser: NewBrowser, query: str) -> None:
    assert f"{LETTERS}/mandatory-takedown" in found(browser(Role.WRITER), query)[:3]


def test_managers_alone_find_people_and_offices(browser: NewBrowser) -> None:
    manager, writer = browser(Role.MANAGER), browser(Role.WRITER)
    assert f"/staff/people/{writer.account_id}" in found(manager, "writer")
    assert "/staff/directory/entry/mp-yasir-naqvi" in found(manager, "Naqvi")
    assert [path for path in found(writer, "writer") + found(writer, "Naqvi") if "campaigns" not in path] == []


@pytest.mark.parametrize("query", ["100%25", "_", "%25", "'; DROP TABLE x", "%00", "a" * 500, "[", ""])
def test_signs_are_only_signs(browser: NewBrowser, query: str) -> None:
    assert [path for path in found(browser(Role.MANAGER), query) if "/people/" in path] == []


def test_nothing_of_a_citizen_is_found(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    set_up(app, runtime, NOW)
    manager = browser(Role.MANAGER)
    for typed in ("Camille", "camille@example.ca", "K1A0A6"):
        assert "deliveries" not in " ".join(found(manager, typed))
