"""The campaign's page stays light on the network and on paper, and asks for nothing that its language does not need."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import NewWalk

pytestmark = pytest.mark.loopback
MAX_BYTES = 150_000


def test_the_french_campaign_page_weighs_less_than_150_kb_with_its_fonts(new_walk: NewWalk) -> None:
    walk = new_walk("fr")
    sizes: dict[str, int] = {}
    walk.page.on("requestfinished", lambda asked: sizes.__setitem__(asked.url, asked.sizes()["responseBodySize"]))
    walk.go()
    walk.page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < MAX_BYTES, sizes
    assert not [url for url in sizes if "-ext.woff2" in url]
    assert len([url for url in sizes if url.endswith(".woff2")]) == 2


def test_the_campaign_page_prints_on_two_sheets_and_none_is_empty(new_walk: NewWalk) -> None:
    walk = new_walk("fr").go()
    pages = PdfReader(BytesIO(walk.page.pdf(format="Letter", prefer_css_page_size=True))).pages
    assert len(pages) <= 2
    assert [len(page.extract_text().split()) < 40 for page in pages].count(True) == 0
