"""A link from a mail changes nothing when it is opened; one press sends or erases, once, and tells nobody of the link."""

from datetime import timedelta

from sqlalchemy import select

from advocacy.delivery.models import Message
from advocacy.language import Language
from advocacy.letters.models import SubmissionStatus
from tests.builders import the_campaign
from tests.citizens import mails_left
from tests.web.public.sender import Sender
from tests.web.public.visitor import STORY, sheet_text
from tests.web.shared_site import NOW


def put(sender: Sender) -> list[str]:
    with sender.runtime.sessions() as session:
        return sorted(session.scalars(select(Message.kind)))


def test_opening_the_link_changes_nothing(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    for method in ("get", "head", "get"):
        assert getattr(sender.visitor.client, method)(link).status_code == 200
    page = sender.follow(link)
    assert "Camille Essai" in page.answer.text
    assert "Yasir Naqvi" in page.answer.text
    assert put(sender) == ["confirmation"]
    assert sender.stored()[0].status is SubmissionStatus.AWAITING


def test_the_letter_is_shown_whole_as_it_will_be_sent(sender: Sender) -> None:
    sheet = sender.visitor.post("review").sheets()[0]
    sender.sent()
    page = sender.follow(sender.link()).page
    assert [sheet_text(one) for one in page.select("details[open] .sheet")] == [sheet]
    assert STORY in page.select_one(".sheet p.yours").get_text()  # type: ignore[union-attr]
    assert page.select_one(".key .pen") is not None
    assert page.select_one(".edited") is None
    said = page.get_text(" ", strip=True)
    assert "camille.essai@example.ca" in said, "where answers go"
    [button] = page.select(".btn-main")
    assert str(page).index("sheet") < str(page).index(str(button))


def test_one_press_sends_and_leads_to_the_receipt(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    sender.follow(link)
    page = sender.answer(link, act="send")
    assert page.status == 303
    where = page.answer.headers["Location"]
    assert where.startswith("/en/receipt/")
    assert put(sender) == ["confirmation", "letter"]
    assert sender.answer(link, act="send").answer.headers["Location"] == where
    assert put(sender) == ["confirmation", "letter"]
    assert sender.follow(where).status == 200


TITLE = the_campaign().letter("takedown-and-standards").title
TICKS = 'input[type="checkbox"][name="submission"][form="acts"]'


def two_forms(
    sender: Sender, *, seconds: int = 60, first: str = "Somebody Else", **second: str
) -> tuple[str, list[str]]:
    """Have two forms sent in under one link, the `first` by that name; give the link and their ids."""
    sender.sent(name=first)
    sender.clock[0] = NOW + timedelta(seconds=seconds)
    sender.sent(**{"city": "Gatineau", **second})
    assert put(sender) == ["confirmation"], "the second form joined the first"
    link = sender.link()
    return link, [str(box["value"]) for box in sender.follow(link).page.select(TICKS)]


def unsent(sender: Sender, link: str, *forms: str) -> str:
    """Press the button with these forms ticked; see that nothing moved and that they are still so; give what is said."""
    before = {one.id for one in sender.stored()}
    page = sender.answer(link, act="send", submission=list(forms))
    assert page.status == 422
    assert {box["value"] for box in page.page.select(f"{TICKS}[checked]")} == set(forms) & before
    assert ({one.id for one in sender.stored()}, put(sender)) == (before, ["confirmation"])
    assert {one.status for one in sender.stored()} == {SubmissionStatus.AWAITING}
    summary = page.page.select_one("#errors")
    assert summary is not None
    return summary.get_text(" ", strip=True)


def test_of_several_forms_none_is_chosen_for_their_writer(sender: Sender) -> None:
    link, forms = two_forms(sender)
    page = sender.follow(link).page
    assert len(forms) == len(page.select(TICKS)) == 2
    assert page.select(f"{TICKS}[checked]") == []
    assert page.select_one("form#acts") is not None
    said = page.get_text(" ", strip=True)
    assert "2 forms were filled in with your address. Tick only what you wrote yourself." in said
    assert "What you don’t tick is deleted and never sent." in said
    assert "Hello" not in said, "whoever signed last may be somebody else"


def test_forms_of_one_minute_are_named_by_their_second_and_shown_folded(sender: Sender) -> None:
    link, _ = two_forms(sender.speaking(Language.FR), seconds=5, first="Camille Essai")
    page = sender.follow(link).page
    said = [label.get_text(" ", strip=True) for label in page.select(".signed label.check")]
    assert said[0].startswith("Formulaire 1, signé par Camille Essai, le ")
    assert said[1].endswith("à 7\u00a0h\u00a000\u00a0min\u00a005\u00a0s (heure de l’Est).")
    assert page.get_text().count(f"Demande\u00a0: {TITLE[Language.FR]}.") == 2
    assert STORY not in " ".join(said)
    assert [fold.get("open") for fold in page.select(".to-send details")] == [None, None]
    assert [STORY in sheet.get_text() for sheet in page.select(".to-send .sheet")] == [True, True]


def test_a_form_of_somebody_elses_is_seen_and_left_out(sender: Sender) -> None:
    link, (_, own) = two_forms(sender)
    assert sender.answer(link, act="send", submission=own).status == 303
    assert [one.id for one in sender.stored()] == [own]
    assert put(sender) == ["confirmation", "letter"]


def test_with_nothing_ticked_or_two_forms_to_one_office_nothing_is_sent(sender: Sender) -> None:
    link, forms = two_forms(sender)
    assert "Nothing is ticked, so nothing was sent" in unsent(sender, link)
    assert "Nothing is ticked, so nothing was sent" in unsent(sender, link, "of another")
    assert "several ticked forms write to Yasir Naqvi" in unsent(sender, link, *forms)


def test_one_form_alone_is_named_without_a_choice(sender: Sender) -> None:
    sender.speaking(Language.FR).sent()
    page = sender.follow(sender.link()).page
    assert "Signée par Camille Essai, le " in page.get_text()
    assert page.select('input[name="submission"]') == []
    assert [button.get_text(strip=True) for button in page.select(".acts .btn-main")] == ["Envoyer ma lettre"]
    assert "Demande\u00a0:" not in page.get_text()


def test_a_used_an_expired_and_an_unknown_link_answer_alike(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    sender.follow(link)
    sender.answer(link, act="send")
    answers = [sender.follow(link).answer, sender.follow("/en/confirm/unknown").answer]
    sender.clock[0] = NOW + timedelta(minutes=11)
    answers.append(sender.answer(link, act="send").answer)
    sender.sent(email="other@example.ca")
    late = sender.link()
    mails_left(sender.runtime.sessions, now=sender.clock[0])
    sender.clock[0] = NOW + timedelta(days=3)
    answers += [sender.follow(late).answer, sender.answer(late, act="send").answer]
    assert {answer.status_code for answer in answers} == {410}
    pages = {answer.text.replace(answer.request.path.rpartition("/")[2], "") for answer in answers}
    assert len(pages) == 1
    assert put(sender).count("letter") == 1


def test_not_me_erases_and_no_more_mail_goes_there(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    sender.follow(link)
    assert sender.answer(link, act="delete").status == 200
    assert sender.follow(link).status == 410
    assert sender.answer(link, act="delete").status == 410
    before = put(sender)
    assert sender.sent(city="Gatineau").status == 303, "the answer looks the same"
    assert put(sender) == before


def test_another_act_is_none(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    sender.follow(link)
    assert sender.answer(link, act="Send").status == 400
    assert put(sender) == ["confirmation"]


def test_a_secret_address_is_told_to_nobody(sender: Sender) -> None:
    sender.sent()
    for path in ("/en/confirm/unknown", "/fr/receipt/unknown", sender.link()):
        answer = sender.visitor.client.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert sender.visitor.client.get("/en/help").headers["Referrer-Policy"] == "same-origin"


def test_the_other_language_keeps_the_link(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    lang = sender.follow(link).page.select_one(".mast .lang")
    assert lang is not None
    assert lang["href"] == link.replace("/en/", "/fr/")
