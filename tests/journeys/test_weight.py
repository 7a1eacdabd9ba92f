"""The campaign's page stays light, and asks for nothing that its language does not need."""

import pytest

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
