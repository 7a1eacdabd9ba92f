"""On a narrow screen a page is as wide as the room that is left, and nothing hides beyond its edge."""

import pytest

from advocacy.staff.models import Role
from tests.journeys.conftest import NewWalk, SignIn

pytestmark = pytest.mark.loopback
BAR = 15
"""Pixels that a scroll bar takes where it does not lie over the page."""


def test_the_reviews_bar_ends_where_a_scroll_bar_begins(new_walk: NewWalk) -> None:
    page = new_walk("fr", width=390).reviewed().page
    page.evaluate("bar => { document.documentElement.style.marginRight = `${bar}px`; }", BAR)
    ends = page.locator(".gobar").evaluate("one => [one, document.body].map(e => e.getBoundingClientRect().toJSON())")
    assert [(one["left"], one["right"]) for one in ends] == [(0, 390 - BAR)] * 2


def test_staff_have_one_menu_on_a_phone(signed_in: SignIn) -> None:
    page = signed_in("narrow@example.ca", Role.MANAGER, "/staff/organisation?open=log", width=390, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_text("Menu", exact=True).click()
    links = page.locator(".menu .drop a:visible")
    assert links.count() > 5
    assert all(link["right"] <= 390 for link in links.evaluate_all("all => all.map(e => e.getBoundingClientRect())"))
    assert page.locator(".menu .drop [aria-current]:visible").count() == 1
