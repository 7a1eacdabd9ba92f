"""Results, deliveries and the directory in a real browser, on a phone and on a wide screen."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from advocacy.language import Language, day_of
from advocacy.letters.models import LetterTally
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.loopback
RESULTS = "/staff/campaigns/the-same-again/results"


def test_the_map_leads_to_a_riding_and_the_box_keeps_who_wants_mail(signed_in: SignIn, runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        session.add(
            LetterTally(
                day=day_of(datetime.now(UTC)) - timedelta(days=3),
                campaign="the-same-again",
                template="the-same-again/takedown-and-standards",
                language=Language.FR,
                riding_code="35079",
                letters=12,
            )
        )
    page = signed_in("watcher", Role.WRITER, RESULTS)
    expect(page.locator(".chart")).to_have_count(2)
    page.locator(".hexmap a", has=page.locator("title", has_text="Ottawa-Centre")).click()
    expect(page.locator("#r35079 td")).to_have_text("12")
    expect(page.locator("#r35079")).to_be_in_viewport()
    page.get_by_label("M’envoyer ces résultats par courriel le lundi matin").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_label("M’envoyer ces résultats par courriel le lundi matin")).to_be_checked()
