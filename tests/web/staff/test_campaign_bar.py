"""The bar of a campaign's pages says where the campaign stands and leads to the next step."""

from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_publish import CAMPAIGN, better

PAGE = f"/staff/campaigns/{CAMPAIGN}/publish"


def test_the_bar_says_what_is_not_public_and_with_whom_it_is(runtime: Runtime, browser: NewBrowser) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    made = better(runtime, writer)

    bar = writer.page(PAGE).select_one(".bar")
    assert bar
    assert [state.get_text() for state in bar.select(".state.on")] == ["Open"]
    assert "1 change is not public yet." in bar.get_text()

    writer.post(f"/staff/review/{made}/ask", {"reviewer": str(publisher.account_id), "request_note": ""})
    bar = publisher.page(PAGE).select_one(".bar")
    assert bar
    assert "With Publisher" in bar.get_text()
    assert "If you change something, it comes back to you." in bar.get_text()
