"""From a receipt on, one follow-up and one letter of thanks can be written, filled in from the first letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from advocacy.abuse.form_ids import FormId
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.states import State
from advocacy.language import Language, day_of, format_date
from advocacy.letters import receipts, suppression_list
from advocacy.letters.encrypted_columns import mailbox_hashes
from advocacy.letters.follow_ups import FollowLink
from advocacy.letters.models import Answer, AnswerKind, FollowKind, StoredLetter
from advocacy.letters.suppression_list import Scope
from advocacy.signed_links import Purpose
from tests.builders import SECRET
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED, Visitor, opened_before
from tests.web.shared_site import NOW

DAY = timedelta(days=1)
AGAIN = (
    "Since my first letter, two families on our street have found such pictures of their children, and nobody could "
    "tell them whom to call."
)
OTHER = "someone.else@example.ca"


@dataclass
class Follower:
    """Somebody whose letter was handed over on NOW's day, with the link of its receipt."""

    sender: Sender
    receipt: str

    @property
    def confirmation_id(self) -> str:
        return self.sender.site.links.read(Purpose.RECEIPT, self.receipt.rpartition("/")[2])

    def on_day(self, number: int) -> "Follower":
        self.sender.clock[0] = NOW + number * DAY
        return self

    def page(self) -> Visitor:
        return self.sender.follow(self.receipt)

    def opened(self, kind: str = "follow-up", number: int = 1) -> Visitor:
        """Press the button of the receipt."""
        self.page()
        return self.sender.answer(f"{self.receipt}/{number}/{kind}")

    def reviewed(self, kind: str = "follow-up", **typed: str) -> Visitor:
        self.opened(kind)
        return self.sender.visitor.press('[formaction$="/review"]', reason=AGAIN, **typed)

    def sent(self, kind: str = "follow-up", **typed: str) -> Visitor:
        self.reviewed(kind, **typed)
        return self.sender.visitor.press('[formaction$="/send"]', **AGREED)

    def says(self, kind: AnswerKind) -> "Follower":
        """Record what became of the first letter."""
        with self.sender.runtime.sessions.begin() as session:
            first = session.scalars(select(StoredLetter).order_by(StoredLetter.created_at)).first()
            assert first is not None
            session.merge(Answer(letter_id=first.id, kind=kind, recorded_at=self.sender.clock[0]))
        return self

    def letters(self) -> Sequence[StoredLetter]:
        with self.sender.runtime.sessions() as session:
            return session.scalars(select(StoredLetter).order_by(StoredLetter.created_at)).all()

    def put(self, kind: str = "letter") -> Sequence[Message]:
        with self.sender.runtime.sessions() as session:
            return session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)).all()


def moved(sender: Sender, state: State, at: datetime) -> None:
    """Let the newest letter's message come to a state."""
    with sender.runtime.sessions.begin() as session:
        newest = select(Message).where(Message.kind == "letter").order_by(Message.id.desc()).limit(1)
        message = session.scalars(newest).one()
        message.state = state
        session.add(MessageMove(message_id=message.id, at=at, state=state, by=Actor.WORKER))


def follower(sender: Sender, **different: Any) -> Follower:
    """Send a letter, which is handed over."""
    sender.sent(**different)
    receipt = sender.confirmed()
    moved(sender, State.ACCEPTED, NOW)
    return Follower(sender, receipt)


@pytest.fixture
def first(sender: Sender) -> Follower:
    return follower(sender)


def buttons(page: Visitor) -> list[str]:
    """Return what the receipt offers to write."""
    return [str(form["action"]).rpartition("/")[2] for form in page.page.select(".follow form")]


def test_a_follow_up_is_offered_from_the_twenty_first_day(first: Follower) -> None:
    day = format_date(day_of(NOW + 21 * DAY), Language.EN)
    page = first.on_day(20).page()
    assert buttons(page) == []
    assert f"From {day}, you can send a follow-up letter" in page.page.select_one(".follow").text  # type: ignore[union-attr]
    assert buttons(first.on_day(21).page()) == ["follow-up"]


def test_nothing_follows_a_letter_that_was_not_handed_over(first: Follower) -> None:
    moved(first.sender, State.BOUNCED, NOW)
    assert buttons(first.on_day(30).page()) == []
    assert first.opened().status == 303


OFFERED: dict[AnswerKind, list[str]] = {
    AnswerKind.ANSWERED: ["thanks"],
    AnswerKind.ACKNOWLEDGED: ["follow-up"],
    AnswerKind.NOTHING_YET: ["follow-up"],
    AnswerKind.PASSED_ON: [],
    AnswerKind.NOT_THEIRS: [],
    AnswerKind.NOT_NEEDED: [],
}


def test_what_is_offered_depends_on_what_the_office_did(first: Follower) -> None:
    assert {kind: buttons(first.on_day(25).says(kind).page()) for kind in OFFERED} == OFFERED


def test_nothing_is_offered_to_a_mailbox_that_wants_no_more_mail(first: Follower) -> None:
    mailbox = mailbox_hashes(first.sender.site.keys, FILLED["email"])[0]
    with first.sender.runtime.sessions.begin() as session:
        suppression_list.add(session, mailbox, campaign="child-protection", scope=Scope.CAMPAIGN, now=NOW)
    page = first.on_day(21).page()
    assert page.page.select(".follow") == []


def test_the_form_is_filled_in_from_the_first_letter(first: Follower) -> None:
    subject = str(first.page().page.select_one(".as-sent [data-subject]").text)  # type: ignore[union-attr]
    page = first.on_day(21).opened()
    values = dict(page.values())
    known = ("name", "city", "province", "postal_code", "email")
    assert {name: values[name] for name in known} == {name: FILLED[name] for name in known}
    assert values["reason"] == ""
    day = format_date(day_of(NOW), Language.EN)
    assert f"your letter of {day}: “{subject}”" in page.page.select_one(".head").text  # type: ignore[union-attr]
    assert page.page.select("#first_date, #first_subject, [name=recipient][type=checkbox]") == []
    assert subject in page.sheets()[0]
    assert day in page.sheets()[0]
    assert "token" not in str(page.form["action"])
    assert page.answer.headers["Referrer-Policy"] == "strict-origin"


def test_everything_up_to_the_press_stores_nothing(first: Follower) -> None:
    before = len(first.letters())
    first.on_day(21).reviewed()
    assert len(first.letters()) == before
    assert first.sender.follow(f"{first.receipt}/1/follow-up").status == 303
    assert len(first.letters()) == before


def test_one_press_sends_it_without_another_confirmation(first: Follower) -> None:
    mails = len(first.put("confirmation"))
    answer = first.on_day(21).sent().answer
    assert answer.status_code == 303
    _, second = first.letters()
    assert (second.follows_id, second.follow_kind) == (first.letters()[0].id, FollowKind.FOLLOW_UP)
    assert second.template == "child-protection/follow-up"
    assert [one.ref for one in first.put()] == [one.id for one in first.letters()]
    assert len(first.put("confirmation")) == mails
    own = first.sender.follow(answer.headers["Location"])
    assert AGAIN in own.page.text
    assert buttons(own) == []
    page = first.page()
    assert buttons(page) == []
    assert f"sent on {format_date(day_of(NOW + 21 * DAY), Language.EN)}" in page.page.select_one(".follow").text  # type: ignore[union-attr]
    assert page.page.select_one(f'.follow a[href="{answer.headers["Location"]}"]') is not None


def test_the_review_page_says_that_it_is_sent_at_once(first: Follower) -> None:
    box = first.on_day(21).reviewed().page.select_one("#sendbox")
    assert box is not None
    assert "It is sent at once: you confirmed camille.essai@example.ca" in box.text
    assert "until you confirm" not in box.text


def test_pressed_again_it_leads_to_the_same_receipt(first: Follower) -> None:
    page = first.on_day(21).reviewed()
    kept = page.values()
    receipt = page.press('[formaction$="/send"]', **AGREED).answer.headers["Location"]
    again = [(name, opened_before(value) if name == "submission" else value) for name, value in kept]
    changed = [(name, value.replace("two families", "three families")) for name, value in again]
    other_id = FormId.issue(first.sender.clock[0] - timedelta(hours=1)).sign(SECRET)
    other_tab = [(name, other_id if name == "submission" else value) for name, value in changed]
    for fields in (again, changed, other_tab):
        answer = first.sender.visitor.post("send", [*fields, *AGREED.items()]).answer
        assert (answer.status_code, answer.headers["Location"]) == (303, receipt)
    assert len(first.letters()) == 2
    answer = first.opened().answer
    assert (answer.status_code, answer.headers["Location"]) == (303, receipt)


def test_another_address_is_asked_to_confirm_first(first: Follower) -> None:
    answer = first.on_day(21).sent(email=OTHER).answer
    assert answer.headers["Location"].partition("?")[0].endswith("/sent")
    assert len(first.put()) == 1
    assert len(first.put("confirmation")) == 2
    link = first.sender.link()
    first.sender.follow(link)
    assert first.sender.answer(link, act="send").status == 303
    assert len(first.put()) == 2
    page = first.page()
    assert "Follow-up letter sent" in page.page.select_one(".follow").text  # type: ignore[union-attr]
    assert page.page.select(".follow a") == []


def test_a_form_kept_for_more_than_a_day_is_confirmed_by_mail(first: Follower) -> None:
    page = first.on_day(21).opened()
    first.sender.clock[0] += DAY
    page.press('[formaction$="/review"]', reason=AGAIN)
    assert "until you confirm" in page.page.select_one("#sendbox").text  # type: ignore[union-attr]
    answer = page.press('[formaction$="/send"]', **AGREED).answer
    assert answer.headers["Location"].partition("?")[0].endswith("/sent")
    assert len(first.put()) == 1


def link_of(first: Follower, **different: Any) -> str:
    fields = {
        "letter_id": first.letters()[0].id,
        "confirmation_id": first.confirmation_id,
        "kind": FollowKind.FOLLOW_UP,
    }
    return FollowLink(**{**fields, "issued_at": first.sender.clock[0], **different}).sign(SECRET)


def test_what_nobody_signed_opens_no_letter(first: Follower) -> None:
    page = first.on_day(21).opened()
    fields = [(name, value + "x" if name == "follows" else value) for name, value in page.values()]
    first.sender.visitor.post("review", fields)
    assert first.sender.visitor.status == 422
    assert first.sender.visitor.errors()["template"] == "This letter is not available. Choose another."


def test_the_link_of_one_receipt_opens_no_other_letter(first: Follower) -> None:
    values = first.on_day(21).opened().values()
    for wrong in ({"confirmation_id": "f" * 32}, {"letter_id": "0" * 32}):
        fields = [(name, link_of(first, **wrong) if name == "follows" else value) for name, value in values]
        assert first.sender.visitor.post("review", fields).status == 410


def test_an_erased_letter_is_gone_from_every_page(first: Follower) -> None:
    page = first.on_day(21).reviewed()
    fields = [(name, opened_before(value) if name == "submission" else value) for name, value in page.values()]
    with first.sender.runtime.sessions.begin() as session:
        assert receipts.delete(session, first.confirmation_id, now=NOW)
    assert first.sender.visitor.post("send", [*fields, *AGREED.items()]).status == 410
    assert first.sender.answer(f"{first.receipt}/1/follow-up").status == 410
    assert len(first.put()) == 1


def test_thanks_go_out_once_whatever_was_sent_before(first: Follower) -> None:
    first.on_day(21).sent()
    first.on_day(23).says(AnswerKind.ANSWERED)
    assert buttons(first.page()) == ["thanks"]
    page = first.reviewed("thanks")
    assert page.page.select("#asks_for_answers") == []
    receipt = page.press('[formaction$="/send"]', **AGREED, asks_for_answers="yes").answer.headers["Location"]
    thanks = first.letters()[2]
    assert [one.asks_for_answers for one in first.sender.stored()] == [False] * 3
    assert (thanks.template, thanks.follow_kind) == ("child-protection/thanks", FollowKind.THANKS)
    assert len(first.put()) == 3
    assert buttons(first.page()) == []
    assert "Thanks sent on" in first.page().page.select_one(".follow").text  # type: ignore[union-attr]
    moved(first.sender, State.ACCEPTED, NOW + 23 * DAY)
    own = first.sender.follow(receipt).page
    assert own.select(".follow, #answers") == []


def test_it_is_in_the_language_of_the_first_letter(sender: Sender) -> None:
    page_language, other = Language
    first = follower(sender.speaking(other))
    receipt = first.receipt.replace(f"/{other}/", f"/{page_language}/")
    page = Follower(sender.speaking(page_language), receipt).on_day(21).reviewed()
    assert page.page.select_one("html")["lang"] == page_language  # type: ignore[index]
    assert page.page.select_one(".sheet")["lang"] == other  # type: ignore[index]
    assert format_date(day_of(NOW), other) in page.sheets()[0]
    page.press(f'button[lang="{other}"][name=go]')
    assert page.page.select_one("html")["lang"] == other  # type: ignore[index]
    assert page.page.select_one(".sheet")["lang"] == other  # type: ignore[index]
    assert page.press('[formaction$="/send"]', **AGREED).status == 303
    assert first.letters()[1].language is other


def test_a_follow_up_can_be_mailed_on_paper_too(first: Follower) -> None:
    page = first.on_day(21).reviewed()
    page.press('[formaction$="/download/html"]')
    assert page.page.select_one("#sendbox") is not None
    assert "We will first write to" not in page.page.text
    receipt = page.press('[formaction$="/posted"]', **AGREED).answer.headers["Location"]
    assert "/receipt/" in receipt
    assert first.letters()[1].posted_on == day_of(NOW + 21 * DAY)
    assert len(first.put()) == 1
    assert "Follow-up letter sent" in first.page().page.select_one(".follow").text  # type: ignore[union-attr]
    assert buttons(first.page()) == []


def test_who_holds_the_first_receipt_is_led_to_no_receipt_of_another_address(first: Follower) -> None:
    page = first.on_day(21).reviewed()
    kept = [(name, opened_before(value) if name == "submission" else value) for name, value in page.values()]
    first.sent(email=OTHER)
    theirs = first.sender.confirmed()
    answer = first.sender.visitor.post("send", [*kept, *AGREED.items()]).answer
    assert (answer.status_code, answer.headers["Location"]) == (303, first.receipt)
    assert theirs != first.receipt
    assert len(first.put()) == 2
