"""A link from a mail changes nothing when it is opened; one press sends or erases, once, and tells nobody of the link."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.delivery.models import Message
from advocacy.language import Language
from advocacy.letters.models import Standing
from tests.citizens import mails_left
from tests.web.conftest import NOW
from tests.web.public.sender import Sender


def put(sender: Sender) -> list[str]:
    with sender.parts.sessions() as session:
        return sorted(session.scalars(select(Message.kind)))


@pytest.mark.parametrize("language", Language)
def test_opening_the_link_changes_nothing(sender: Sender, language: Language) -> None:
    sender.speaking(language).sent()
    link = sender.link()
    for method in ("get", "head", "get"):
        assert getattr(sender.visitor.client, method)(link).status_code == 200
    page = sender.follow(link)
    assert "Camille Essai" in page.answer.text
    assert "Yasir Naqvi" in page.answer.text
    assert put(sender) == ["confirmation"]
    assert sender.stored()[0].standing is Standing.AWAITING


@pytest.mark.parametrize("base_url", ["http://localhost", "https://letters.example"])
def test_one_press_sends_and_leads_to_the_receipt(sender: Sender, base_url: str) -> None:
    sender.visitor.base_url = base_url
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


def two_forms(sender: Sender) -> tuple[str, list[str]]:
    sender.sent(name="Somebody Else")
    sender.clock[0] = NOW + timedelta(minutes=1)
    sender.sent()
    assert put(sender) == ["confirmation"], "the second form joined the first"
    link = sender.link()
    page = sender.follow(link).page
    boxes = page.select('input[type="checkbox"][name="submission"][form="acts"][checked]')
    assert page.select_one("form#acts") is not None
    said = [box.find_parent("label") for box in boxes]
    assert ["Somebody Else" in str(label) for label in said] == [True, False]
    assert all("2026" in str(label) for label in said)
    return link, [str(box["value"]) for box in boxes]


def test_a_form_of_somebody_elses_is_seen_and_left_out(sender: Sender) -> None:
    link, (_, own) = two_forms(sender)
    assert sender.answer(link, act="send", submission=own).status == 303
    assert [one.id for one in sender.stored()] == [own]
    assert put(sender) == ["confirmation", "letter"]


def test_leaving_everything_out_changes_nothing(sender: Sender) -> None:
    link, forms = two_forms(sender)
    for fields in ({}, {"submission": "of another"}):
        answer = sender.answer(link, act="send", **fields)
        assert (answer.status, answer.answer.headers["Location"]) == (303, link)
    assert {one.id for one in sender.stored()} == set(forms)
    assert {one.standing for one in sender.stored()} == {Standing.AWAITING}


def test_one_form_alone_is_named_without_a_choice(sender: Sender) -> None:
    sender.speaking(Language.FR).sent()
    page = sender.follow(sender.link()).page
    assert "Signature «\u00a0Camille Essai\u00a0», le " in page.get_text()
    assert page.select('input[name="submission"]') == []


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
    mails_left(sender.parts.sessions, now=sender.clock[0])
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


@pytest.mark.parametrize("act", ["", "Send", "go"])
def test_another_act_is_none(sender: Sender, act: str) -> None:
    sender.sent()
    link = sender.link()
    sender.follow(link)
    assert sender.answer(link, act=act).status == 400
    assert put(sender) == ["confirmation"]


@pytest.mark.parametrize("base_url", ["http://localhost", "https://letters.example"])
def test_a_press_without_the_forms_token_is_none(sender: Sender, base_url: str) -> None:
    sender.visitor.base_url = base_url
    sender.sent()
    link = sender.link()
    answer = sender.visitor.client.post(link, data={"act": "send"}, base_url=base_url)
    assert answer.status_code == 400
    assert put(sender) == ["confirmation"]


@pytest.mark.parametrize("path", ["/en/confirm/unknown", "/fr/receipt/unknown"])
def test_a_secret_address_is_told_to_nobody(sender: Sender, path: str) -> None:
    sender.sent()
    for answer in (sender.visitor.client.get(path), sender.visitor.client.get(sender.link())):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert sender.visitor.client.get("/en/help").headers["Referrer-Policy"] == "same-origin"


def test_the_other_language_keeps_the_link(sender: Sender) -> None:
    sender.sent()
    link = sender.link()
    lang = sender.follow(link).page.select_one(".mast .lang")
    assert lang is not None
    assert lang["href"] == link.replace("/en/", "/fr/")
