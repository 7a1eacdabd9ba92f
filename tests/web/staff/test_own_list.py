"""A campaign writes to a list of its own: from the CSV file in the browser to the mail that leaves, and in a merge."""

from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

from advocacy.dispatch import make_worker
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.public.sender import AGREED
from tests.web.public.test_second_campaign import TYPED
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW
from tests.web.staff.conftest import Clock, NewBrowser
from tests.web.staff.test_campaigns import ask, publish
from tests.web.staff.test_new_campaign import fields, take
from tests.web.staff.test_sheet import bring, files, make

NAME = "clean-air-in-schools"
HOME = f"/staff/campaigns/{NAME}"
LIST = "Nom;Fonction;Courriel;Langue\nAda Roy;Trustee;ada@example.ca;en\nBo Li;Trustee;bo@example.ca;fr\n"


def test_a_letter_to_somebody_of_the_list_is_delivered_and_merged(
    browser: NewBrowser, runtime: Runtime, clock: Clock
) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    new = {"start": f"preset:{NAME}", "name-en": "Clean air in schools", "name-fr": "De l’air pur à l’école"}
    assert writer.post("/staff/campaigns/new", new).headers["Location"] == f"{HOME}/setup"
    audience = {**fields(writer, f"{HOME}/audience"), "chambers": [], "own_list": "y"}
    assert writer.post(f"{HOME}/audience", audience).status_code == 303
    file = {"archive": (BytesIO(LIST.encode()), "list.csv")}
    assert writer.post(f"{HOME}/audience/list", file, content_type="multipart/form-data").status_code == 303
    take(writer, HOME)
    ask(writer, NAME)
    assert publish(publisher, NAME).status_code == 303

    clock.set(minutes=1)  # the directory is read anew
    citizen = Visitor.of(writer.client.application, campaign=NAME)
    choices = citizen.get("write").page.select("#own-list input[name=recipient]")
    [ada] = [str(one["value"]) for one in choices if "Ada Roy" in one.find_parent("label").get_text()]  # type: ignore[union-attr]
    assert len(choices) == 2
    citizen.post("review", {**TYPED, "recipient": ada})
    assert len(citizen.sheets()) == 1
    citizen.press('[formaction$="/send"]', **AGREED)
    assert citizen.status == 303
    [confirmation] = delivered(runtime, runtime.settings.mail_folder, to=TYPED["email"])
    link = next(word for word in confirmation.split() if "/confirm/" in word)
    citizen.read(citizen.client.get(link))
    citizen.read(citizen.client.post(link, data={"csrf_token": citizen.token, "act": "send"}))
    [letter] = delivered(runtime, runtime.settings.mail_folder, to="ada@example.ca")
    assert TYPED["reason"] in " ".join(letter.split())

    sheet = (
        "name,city,province,language,legislator\nZoé Roe,Ottawa,ON,en,Ada Roy\nJean Roy,Ottawa,ON,fr,bo@example.ca\n"
    )
    answer = bring(publisher, sheet.encode(), letter=f"{NAME}/ventilation")
    made = files(make(publisher, answer, runtime=runtime, clock=clock))
    assert len(made) == 2
    assert "Ada Roy" in next(iter(made.values())).decode()


def delivered(runtime: Runtime, folder: Path, *, to: str) -> list[str]:
    """Deliver all that is due an hour later, and give the words of every mail to somebody."""
    worker = make_worker(runtime, now=lambda: NOW + timedelta(hours=1))
    while worker.deliver():
        pass
    worker.close()
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.iterdir())]
    bodies = [mail.get_body(("plain",)) for mail in mails if to in str(mail["To"])]
    return [body.get_content() for body in bodies if body]
