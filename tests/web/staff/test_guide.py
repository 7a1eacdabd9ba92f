"""The guide is read inside, in the language of the pages, with its pictures."""

from advocacy.language import Language
from advocacy.staff.models import Role
from tests.web.staff.conftest import NewBrowser


def test_every_page_of_the_guide_opens_from_its_contents(browser: NewBrowser) -> None:
    one = browser(Role.WRITER, language=Language.FR)
    addresses = [str(link["href"]) for link in one.page("/staff/help").select(".contents a")]
    assert len(addresses) > 8
    for address in addresses:
        guide = one.page(address).select_one(".guide")
        assert guide
        assert len(guide.get_text().split()) < 600
        for picture in guide.select("img"):
            assert picture["alt"]
            assert one.get(str(picture["src"])).mimetype == "image/png"
    assert one.get("/staff/help/nothing").status_code == 404
    assert one.get("/staff/help/pictures/..%2fmerge.md").status_code == 404
