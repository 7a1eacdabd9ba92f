"""Whoever holds a receipt says what became of each letter; to open a page says nothing."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.models import Answer, AnswerKind
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED
from tests.web.shared_site import NOW

DAY = timedelta(days=1)
BOX = '[name="asks_for_answers"]'


def handed_over(sender: Sender, *, state: State = State.DELIVERED, days: int = 15) -> str:
    """Send a letter, let it come to a state, and let days pass; give the path of its receipt."""
    sender.sent()
    where = sender.confirmed()
    with sender.runtime.sessions.begin() as session:
        message = session.scalars(select(Message).where(Message.kind == "letter")).one()
        message.state = state
        session.add(MessageMove(message_id=message.id, at=NOW, state=state, by=Actor.WORKER))
    sender.clock[0] = NOW + days * DAY
    sender.follow(where)
    return where


def said(sender: Sender) -> list[tuple[AnswerKind, date | None, datetime]]:
    with sender.runtime.sessions() as session:
        return [(one.kind, one.answered_on, one.recorded_at) for one in session.scalars(select(Answer))]


def test_the_box_is_not_ticked_and_says_how_many_mails_and_how_long(sender: Sender) -> None:
    sender.visitor.post("review", FILLED)
    box = sender.visitor.button(BOX)
    assert not box.has_attr("checked")
    label = box.find_parent("label")
    assert label is not None
    assert "two e-mails at most" in label.text
    assert "75 days" in label.text
    sender.visitor.press('[formaction$="/send"]', **AGREED)
    assert [one.asks_for_answers for one in sender.stored()] == [False]


def test_a_ticked_box_outlives_what_is_to_be_fixed_and_the_other_language(sender: Sender) -> None:
    sender.visitor.post("review", FILLED)
    page = sender.visitor.press('[formaction$="/send"]', age_ok="yes", asks_for_answers="yes")
    assert page.button(BOX).has_attr("checked")
    page = sender.visitor.press('[name="go"][value="switch"]')
    assert page.page.html is not None
    assert page.page.html["lang"] == "fr"
    assert page.button(BOX).has_attr("checked")
    sender.visitor.language = "fr"
    sender.visitor.press("[data-send]", **AGREED)
    assert [one.asks_for_answers for one in sender.stored()] == [True]


def test_what_is_said_of_a_letter_is_recorded_and_can_be_changed(sender: Sender) -> None:
    where = handed_over(sender.speaking(Language.FR))
    page = sender.follow(where).page
    assert page.select_one("#answers") is not None
    fold = page.select_one("#answer-1 details")
    assert fold is not None
    assert fold.has_attr("open"), "two weeks later it is open"
    assert "Avez-vous reçu une réponse?" in fold.text
    day = page.select_one("#answer-1-day")
    assert day is not None
    assert (day["value"], day["min"], day["max"]) == ("", "2026-11-25", "2026-12-10"), "no day that nobody said"

    answer = sender.answer(f"{where}/1/answer", kind="acknowledged", day="2026-12-01").answer
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{where}#answer-1")
    assert said(sender) == [(AnswerKind.ACKNOWLEDGED, date(2026, 12, 1), sender.clock[0])]
    shown = sender.follow(where).page.select_one("#answer-1 summary b")
    assert shown is not None
    assert shown.text == "accusé de réception, pas de réponse, 1er décembre 2026"
    data = sender.follow(f"{where}/data").page.text
    assert shown.text in data

    sender.answer(f"{where}/1/answer", kind="not_needed", day="2026-12-01")
    assert said(sender) == [(AnswerKind.NOT_NEEDED, None, sender.clock[0])]


@pytest.mark.parametrize(
    ("kind", "day", "wrong"),
    [
        ("yes", "", "kind"),
        ("answered", "tomorrow", "day"),
    ],
)
def test_what_cannot_be_is_asked_again_and_what_was_typed_stays(
    sender: Sender, *, kind: str, day: str, wrong: str
) -> None:
    where = handed_over(sender)
    page = sender.answer(f"{where}/1/answer", kind=kind, day=day)
    assert page.status == 422
    assert list(page.errors()) == [f"answer-1-{wrong}"]
    assert page.button('[name="day"]')["value"] == day
    assert said(sender) == []


def test_a_day_is_not_needed_and_not_looked_at_where_there_is_none(sender: Sender) -> None:
    where = handed_over(sender)
    assert sender.answer(f"{where}/1/answer", kind="answered", day="").status == 303
    assert said(sender) == [(AnswerKind.ANSWERED, None, sender.clock[0])]
    assert sender.answer(f"{where}/1/answer", kind="nothing_yet", day="tomorrow").status == 303
    assert said(sender) == [(AnswerKind.NOTHING_YET, None, sender.clock[0])]


def test_of_a_letter_that_did_not_arrive_nothing_is_asked(sender: Sender) -> None:
    where = handed_over(sender, state=State.BOUNCED)
    assert sender.follow(where).page.select(".answer") == []
    answer = sender.answer(f"{where}/1/answer", kind="answered").answer
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    assert sender.follow(f"{where}/1/answer").status == 303
    assert said(sender) == []


def test_to_open_a_page_of_a_receipt_changes_no_row(sender: Sender) -> None:
    where = handed_over(sender)
    sender.answer(f"{where}/1/answer", kind="nothing_yet")
    before = sender.rows()
    for page in ("", "/1/answer", "/1/answer?kind=answered", "/data", "/data.json", "/1/html", "/1/txt"):
        assert sender.follow(where + page).status == 200, page
        sender.visitor.client.head(where + page, base_url=sender.visitor.base_url)
    assert sender.rows() == before


def test_a_receipt_says_how_long_it_stays(sender: Sender) -> None:
    sender.visitor.post("review", FILLED)
    sender.visitor.press('[formaction$="/send"]', **AGREED, asks_for_answers="yes")
    link = sender.link()
    sender.follow(link)
    where: str = sender.answer(link, act="send").answer.headers["Location"]
    assert "The link works for 75 days once sending is finished" in sender.follow(where).page.text
    assert "All of this is erased 75 days after sending is finished." in sender.follow(f"{where}/data").page.text
