"""A campaign about something else says nothing of child protection, on its pages and on the staff's."""

import re

import pytest

from advocacy.campaigns.library import import_folder
from advocacy.campaigns.skeletons import presets
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.conftest import app as app
from tests.web.staff.conftest import browser as browser
from tests.web.staff.conftest import clock as clock
from tests.web.staff.conftest import runtime as runtime

NAME = "clean-air-in-schools"
STEMS = re.compile(
    r"survivor|survivant|exploit|sexual|sexuel|abuse image|cybertip|cyberaide|stolen|volée|image intime|intimate|"
    r"takedown|child protection|protection de l’enfance|C-34",
    re.IGNORECASE,
)
PUBLIC = ("", "write")
STAFF = (
    *("", "/letters", "/letters/ventilation", "/letters/ventilation/preview", "/letters/new", "/survey", "/audience"),
    *(
        "/settings",
        "/settings/safety",
        "/settings/answers",
        "/settings/statements",
        "/settings/after",
        "/settings/bill",
        "/settings/pictures",
    ),
    *("/results", "/publish"),
)


@pytest.mark.parametrize("language", Language)
def test_a_campaign_of_another_topic_has_no_word_of_this_one(
    browser: NewBrowser, runtime: Runtime, language: Language
) -> None:
    with runtime.sessions.begin() as session:
        import_folder(session, presets()[NAME], now=NOW)
    someone = browser(Role.MANAGER, language=language)
    pages = {f"/{language}/{NAME}/{page}" for page in PUBLIC} | {f"/staff/campaigns/{NAME}{page}" for page in STAFF}
    found = {page: sorted({*STEMS.findall(someone.get(page).text)}) for page in sorted(pages)}
    assert {page: words for page, words in found.items() if words} == {}
    assert "data-leave" not in someone.get(f"/{language}/{NAME}/write").text
