"""Of a campaign about something else the pages of the staff say nothing of child protection."""

import re

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
STAFF = (
    *("", "/letters", "/letters/ventilation", "/letters/ventilation/preview", "/letters/new", "/survey", "/audience"),
    *(
        "/settings",
        "/settings/safety",
        "/settings/sentences",
        "/settings/after",
        "/settings/bill",
        "/settings/pictures",
    ),
    *("/results", "/publish"),
)


def test_staff_pages_of_a_campaign_of_another_topic_have_no_word_of_this_one(
    browser: NewBrowser, runtime: Runtime
) -> None:
    with runtime.sessions.begin() as session:
        import_folder(session, presets()[NAME], now=NOW)
    someone = browser(Role.MANAGER, language=Language.FR)
    found = {page: {*STEMS.findall(someone.page(f"/staff/campaigns/{NAME}{page}").text)} for page in STAFF}
    assert {page: words for page, words in found.items() if words} == {}
