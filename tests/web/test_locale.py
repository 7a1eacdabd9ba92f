"""A page's language is in its address; who names none is led to the one their browser asks for."""

import pytest
from flask import Flask, render_template_string, url_for
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.web.locale import accepted, alternate, current_language, language_switch
from advocacy.web.security import form_page, public
from advocacy.web.services import current_campaign
from tests.web.shared_site import NOW

CAMPAIGN = "/fr/child-protection/probe"


@pytest.fixture(scope="module")
def probed(runtime: Runtime) -> Flask:
    """The site with pages that show what a view is given."""
    app = create_app(runtime, now=lambda: NOW)

    @app.route("/<lang:language>/<campaign>/probe", methods=["GET", "POST"])
    @form_page
    def probe(language: Language, campaign: str) -> str:
        return f"{language.name} {current_language().name} {campaign} {current_campaign() is not None} {language_switch()['urls']} {language_switch()['post']}"

    @app.get("/<lang:language>/read")
    @public
    def read(language: Language) -> str:
        return f"{language_switch()['urls']} {language_switch()['post']}"

    @app.get("/<lang:language>/asked")
    @public
    def asked(language: Language) -> str:
        return render_template_string("{{ 95|percent }}")

    return app


@pytest.mark.parametrize(
    ("asks", "place"),
    [
        ("", "/en/"),
        ("fr", "/fr/"),
        ("fr-CA,en;q=0.3", "/fr/"),
        ("en-CA,fr;q=0.9", "/en/"),
        ("de,fr;q=0.2", "/fr/"),
        ("de", "/en/"),
        ("FR_ca, ;;;", "/fr/"),
        ("\x80\xff", "/en/"),
    ],
)
def test_the_door_leads_to_the_language_the_browser_asks_for(client: FlaskClient, asks: str, place: str) -> None:
    answer = client.get("/", headers={"Accept-Language": asks})

    assert (answer.status_code, answer.headers["Location"]) == (302, place)
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_language_that_is_not_offered_is_an_address_that_does_not_exist(client: FlaskClient) -> None:
    for path in ("/de/", "/FR/", "/fr-CA/", "/de/child-protection/"):
        assert client.get(path).status_code == 404, path


def test_a_view_is_given_the_language_as_a_value_and_the_campaign_by_its_name(probed: Flask) -> None:
    said = probed.test_client().get(CAMPAIGN).text

    assert said.startswith("FR FR child-protection True")


def test_the_switch_keeps_the_place_and_takes_along_what_a_form_holds(probed: Flask) -> None:
    client = probed.test_client()

    assert f"{ {Language.EN: '/en/child-protection/probe'} } True" in client.get(CAMPAIGN).text
    assert f"{ {Language.EN: '/en/read'} } False" in client.get("/fr/read").text


def test_nothing_asked_in_an_address_is_taken_along_by_the_switch(probed: Flask) -> None:
    assert "canary" not in probed.test_client().get(f"{CAMPAIGN}?name=canary").text


def test_where_the_place_is_unknown_the_switch_leads_to_the_first_page(app: Flask) -> None:
    with app.test_request_context("/fr/no/such/place"):
        assert language_switch() == {"urls": {Language.EN: "/en/"}, "post": False}
        assert alternate(Language.FR) == "/fr/"


def test_links_stay_in_the_language_of_the_page_unless_they_name_another(probed: Flask) -> None:
    with probed.test_request_context(CAMPAIGN):
        assert url_for("read") == "/fr/read"
        assert url_for("read", language=Language.EN) == "/en/read"
        assert url_for("health.up") == "/healthz"


def test_outside_of_any_language_the_browser_is_believed(app: Flask) -> None:
    with app.test_request_context("/healthz", headers={"Accept-Language": "fr"}):
        assert current_language() is accepted() is Language.FR


def test_percentages_are_spoken_in_the_language_of_the_page(probed: Flask) -> None:
    assert [probed.test_client().get(f"/{language}/asked").text for language in Language] == ["95%", "95\u00a0%"]
