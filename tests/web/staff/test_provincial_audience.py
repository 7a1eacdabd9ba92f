"""A campaign writes to a province's legislature: from a list in the directory to the letter that a citizen reviews."""

from datetime import date

from advocacy.language import Wording
from advocacy.legislators.directory_queries import record_import
from advocacy.legislators.list_merge import merge
from advocacy.legislators.models import SourceRecord
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.public.test_second_campaign import TYPED
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW
from tests.web.staff.conftest import Clock, NewBrowser
from tests.web.staff.test_campaigns import ask, publish
from tests.web.staff.test_new_campaign import fields

NAME = "clean-air-in-schools"
HOME = f"/staff/campaigns/{NAME}"
ONTARIO = "legislative-assembly-of-ontario"
MEMBER = SourceRecord(
    chamber="assembly",
    name="Zoé Roe",
    first_name="Zoé",
    last_name="Roe",
    province="ON",
    district=Wording.same("Nickel Belt"),
    email="zoe.roe@ola.example",
)


def test_a_member_of_a_provincial_legislature_is_chosen_found_and_addressed(
    browser: NewBrowser, runtime: Runtime, clock: Clock
) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    new = {"start": f"preset:{NAME}", "name-en": "Clean air in schools", "name-fr": "De l’air pur à l’école"}
    writer.post("/staff/campaigns/new", new)
    assert ONTARIO not in writer.get(f"{HOME}/audience").text, "the directory has nobody of it"

    with runtime.sessions.begin() as session:
        merge(session, [MEMBER], source="a list", as_of=date(2026, 11, 20))
        record_import(session, ("assembly", "ON"), source="a list", as_of=date(2026, 11, 20), now=NOW)
    clock.set(minutes=1)  # the directory is read again
    audience = {**fields(writer, f"{HOME}/audience"), "chambers": [ONTARIO]}
    assert writer.post(f"{HOME}/audience", audience).status_code == 303
    assert "Members of the Legislative Assembly of Ontario" in writer.get(f"{HOME}/audience").text
    ask(writer, NAME)
    assert publish(publisher, NAME).status_code == 303

    citizen = Visitor.of(writer.client.application, campaign=NAME)
    citizen.post("legislators", {**TYPED, "search": "nickel belt"})
    (choice,) = citizen.page.select("input[name=recipient]")
    citizen.post("review", {**TYPED, "recipient": str(choice["value"])})
    (sheet,) = citizen.sheets()
    assert "Zoé Roe, MPP" in str(sheet)
    assert "Member of Provincial Parliament" in str(sheet)
