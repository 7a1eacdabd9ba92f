"""The site sends only what was reviewed, only after two boxes were ticked, and tells nobody's address in an address."""

import hashlib
import string
from dataclasses import replace
from datetime import timedelta

import pytest
from dns.resolver import NXDOMAIN
from sqlalchemy import func, select, update

from advocacy.abuse.form_ids import FormId
from advocacy.delivery.models import Message
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator
from advocacy.letters.letter import from_json
from advocacy.letters.models import (
    Submission,
    SubmissionStatus,
)
from advocacy.letters.submit import CONSENT_TEXTS, CONSENT_VERSION, render_consent
from advocacy.web.services import NAME
from tests.builders import SECRET
from tests.unit.abuse.test_mail_domains import Resolver, asking
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import CAMPAIGN, FILLED, STORY, Visitor, opened_before
from tests.web.shared_site import NOW

OWN = "mp-yasir-naqvi"
"""Who sits for the riding of the filled-in postal code."""
TEST = "tries@example.ca"


def someone_else(sender: Sender, *, reached: bool = True) -> str:
    """Choose another member, whom an e-mail reaches or none does."""
    by_email = Legislator.email.is_not(None) if reached else Legislator.email.is_(None)
    elsewhere = Legislator.chamber == COMMONS, Legislator.id != OWN
    with sender.runtime.sessions() as session:
        found = session.scalars(select(Legislator.id).where(by_email, *elsewhere).order_by(Legislator.id)).first()
    assert found is not None
    return found


def test_what_was_on_the_page_is_stored_word_for_word(sender: Sender) -> None:
    visitor = sender.speaking(Language.FR).visitor.post("review")
    shown = visitor.sheets()
    visitor.press('[formaction$="/send"]', **AGREED)
    assert visitor.status == 303
    assert visitor.answer.headers["Location"] == f"/fr/{CAMPAIGN}/sent"
    [submission] = sender.stored()
    words = [one.letter for one in submission.letters]
    assert [to_text(from_json(one)) for one in words if one] == shown
    assert submission.status is SubmissionStatus.AWAITING
    assert submission.consent_text == CONSENT_VERSION
    [letter] = submission.letters
    assert set(letter.pins) == {"campaign", "findings", "letter", "sentences"}
    assert letter.legislator_id == OWN
    assert letter.riding_code == "35079"


def test_an_edited_letter_is_stored_as_edited(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    body = next(name for name, _ in visitor.values() if name.startswith("body-"))
    text = dict(visitor.values())[body].replace("My daughter is eight", "My daughter is nine")
    visitor.press('[formaction$="/send"]', **AGREED, **{body: text})
    [letter] = sender.stored()[0].letters
    words = letter.letter
    assert words is not None
    assert "My daughter is nine" in from_json(words).body
    assert letter.edited


@pytest.mark.parametrize("ticked", [{}, {"age_ok": "yes"}, {"age_ok": "on", "consent": "yes"}])
def test_without_both_boxes_nothing_is_stored_and_nothing_is_lost(sender: Sender, ticked: dict[str, str]) -> None:
    visitor = sender.visitor.post("review")
    before = visitor.sheets()
    visitor.press('[formaction$="/send"]', **ticked)
    assert visitor.status == 422
    assert sender.stored() == []
    assert visitor.sheets() == before
    box = visitor.page.select_one("#sendbox")
    assert box is not None
    come_back = {str(one["name"]) for one in box.select("input[checked][type=checkbox]")}
    assert come_back == set(ticked), "a box is never ticked for anyone, and never twice"
    assert set(visitor.errors()) == {"age_ok", "consent"} - {name for name, value in ticked.items() if value == "yes"}


def test_without_an_address_one_is_asked_for_beside_the_button(sender: Sender) -> None:
    visitor = sender.visitor.post("review", {**FILLED, "email": ""})
    visitor.press('#sendbox [formaction$="/send"]', **AGREED)
    assert visitor.status == 422
    assert "email" in visitor.errors()
    visitor.press('#sendbox [formaction$="/send"]', **AGREED, email="camille@")
    assert visitor.status == 422
    field = visitor.button("#sendbox #email")
    assert field["value"] == "camille@"
    assert field["aria-invalid"] == "true"
    assert sender.stored() == []


def test_what_is_to_be_fixed_is_asked_once_more_before_it_is_sent(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    body = next(name for name, _ in visitor.values() if name.startswith("body-"))
    wrong = dict(visitor.values())[body].replace("95%", "96%")
    visitor.press('[formaction$="/send"]', **AGREED, **{body: wrong})
    assert visitor.status == 422
    assert "96%" in visitor.button("#question").get_text()
    assert sender.stored() == []
    visitor.press("#question [name=go_on]")  # both boxes come back as they were ticked
    assert visitor.status == 303
    assert len(sender.stored()) == 1


def notice(visitor: Visitor) -> str:
    """Return why the button is to be pressed again, "" where it is not."""
    found = visitor.page.select_one("#press-again p")
    return found.get_text() if found else ""


def test_pressed_twice_is_one_submission_and_a_changed_letter_is_sent_at_a_second_press(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    reviewed = visitor.answer
    for _ in range(2):
        assert visitor.read(reviewed).press('[formaction$="/send"]', **AGREED).status == 303
    for typed in ({"city": "Gatineau"}, {"email": "another@example.ca"}):
        assert visitor.read(reviewed).press('[formaction$="/send"]', **AGREED, **typed).status == 422
        assert "sent already" in notice(visitor)
        assert len(sender.stored()) == 1
    assert "Camille Essai" in visitor.sheets()[0]
    assert visitor.press("#sendbox [data-send]").status == 303
    assert len(sender.stored()) == 2


def test_a_form_and_its_token_that_are_replayed_are_one_submission(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    fields = dict(visitor.values()) | AGREED
    fields["submission"] = opened_before(fields["submission"])
    body = next(name for name in fields if name.startswith("body-"))
    answers = []
    for number in range(6):
        text = f"{fields[body]}\n\n{'I' * number}" if number % 2 else fields[body]
        answers.append(visitor.post("send", {**fields, body: text}).status)
    assert answers == [303, 422] * 3
    assert len(sender.stored()) == 1


def test_another_spelling_of_a_signature_is_no_other_form(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    fields = dict(visitor.values()) | AGREED
    signed = opened_before(fields["submission"])
    others = [signed[:-1] + last for last in string.ascii_letters + string.digits if signed[-1] != last]
    issued = FormId.read(SECRET, signed)
    same = [other for other in others if FormId.read(SECRET, other) == issued]
    assert same, "base64 has bits to spare in its last letter"
    for submission in (signed, *same):
        visitor.post("send", {**fields, "submission": submission, "city": submission[-1] * 3})
    assert len(sender.stored()) == 1


def test_the_form_keeps_its_id_through_reviews_and_loses_it_with_its_answers(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    visitor.is_in_haste = True
    first = dict(visitor.values())["submission"]
    assert dict(visitor.press(".again button").values())["submission"] == first
    visitor.press('.after [value="back"]')
    assert "submission" not in dict(visitor.values())
    assert dict(visitor.press("[data-review]").values())["submission"] != first


def test_a_press_within_three_seconds_of_the_page_is_asked_for_again(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    visitor.is_in_haste = True
    for seconds in (0, 2):
        sender.clock[0] = NOW + timedelta(seconds=seconds)
        assert visitor.press("#sendbox [data-send]", **AGREED).status == 422
        assert notice(visitor)
        assert STORY in visitor.sheets()[0]
    assert sender.stored() == []
    sender.clock[0] = NOW + timedelta(seconds=3)
    assert visitor.press("#sendbox [data-send]").status == 303


@pytest.mark.parametrize(("after", "is_sent"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)])
def test_a_page_is_good_for_a_day_and_then_nothing_is_lost(sender: Sender, after: timedelta, *, is_sent: bool) -> None:
    visitor = sender.visitor.post("review")
    visitor.is_in_haste = True
    sender.clock[0] = NOW + after
    visitor.press("#sendbox [data-send]", **AGREED)
    assert bool(sender.stored()) is is_sent
    if not is_sent:
        assert "more than a day" in notice(visitor)
        assert visitor.press("#sendbox [data-send]").status == 303, "and not asked to read the letter over once more"


@pytest.mark.parametrize("made_up", ["", "é" * 30, FormId("x" * 22, NOW).sign(SECRET[::-1])])
def test_an_id_that_was_not_issued_is_replaced_and_sends_nothing(sender: Sender, made_up: str) -> None:
    visitor = sender.visitor.post("review", {**FILLED, "submission": made_up})
    assert dict(visitor.values())["submission"] != made_up
    visitor.is_in_haste = True
    assert visitor.press("#sendbox [data-send]", **AGREED, submission=made_up).status == 422
    assert "reloaded this page" in notice(visitor)
    assert sender.stored() == []
    visitor.is_in_haste = False
    assert visitor.press("#sendbox [data-send]").status == 303


def test_a_field_for_programs_is_shown_to_whoever_filled_it_in(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    field = visitor.button("#web_page")
    assert field["tabindex"] == "-1"
    assert field["autocomplete"] == "off"
    assert field.find_parent(attrs={"aria-hidden": "true", "class": "visually-hidden"}) is not None
    visitor.press("#sendbox [data-send]", **AGREED, web_page="https://example.ca")
    assert visitor.status == 422
    assert set(visitor.errors()) == {"web_page"}
    heading = visitor.page.select_one("#errors h2")
    assert heading is not None
    assert heading.text == "One answer needs fixing", "it was filled in, not left out"
    field = visitor.button("#web_page")
    assert (field["value"], field.find_parent(attrs={"aria-hidden": "true"})) == ("", None)
    assert "tabindex" not in field.attrs
    assert sender.stored() == []
    assert visitor.press("#sendbox [data-send]").status == 303


def test_of_two_letters_one_alone_can_be_sent(sender: Sender) -> None:
    other = someone_else(sender)
    visitor = sender.visitor.post("review", {**FILLED, "recipient": [OWN, other]})
    assert len(visitor.page.select("#sendbox")) == 1
    assert len(visitor.page.select("input#consent")) == 1
    visitor.press('[formaction$="/send"]', **AGREED, send_to=other)
    [letter] = sender.stored()[0].letters
    assert letter.legislator_id == other
    assert letter.riding_code is None


def test_whoever_no_email_reaches_is_written_to_on_paper(sender: Sender) -> None:
    nobody = someone_else(sender, reached=False)
    visitor = sender.visitor.post("review", {**FILLED, "recipient": [OWN, nobody]})
    assert visitor.page.select_one("#sendbox .notice") is not None
    visitor.press('[formaction$="/send"]', **AGREED)
    assert [letter.legislator_id for letter in sender.stored()[0].letters] == [OWN]
    alone = {**FILLED, "postal_code": "", "recipient": nobody}
    assert not visitor.post("review", alone).page.select("#sendbox")
    assert visitor.post("send", {**alone, **AGREED}).status == 422
    assert len(sender.stored()) == 1


def test_a_letter_to_mend_is_not_sent(sender: Sender) -> None:
    visitor = sender.visitor.post("review")
    body = next(name for name, _ in visitor.values() if name.startswith("body-"))
    assert visitor.press('[formaction$="/send"]', **AGREED, **{body: "See example.ca"}).status == 422
    assert sender.stored() == []


def test_an_address_that_no_mail_may_go_to_is_asked_for_anew_and_nothing_is_lost(sender: Sender) -> None:
    address = "yasir.naqvi@parl.gc.ca"
    visitor = sender.visitor.post("review", {**FILLED, "email": address})
    before = visitor.sheets()
    visitor.press('[formaction$="/send"]', **AGREED)
    assert visitor.status == 422
    assert set(visitor.errors()) == {"email"}
    assert visitor.button("#sendbox #email")["value"] == address
    assert visitor.sheets() == before
    assert sender.stored() == []
    visitor.press("#sendbox [data-send]", email="camille.essai@example.ca")
    assert visitor.status == 303
    [submission] = sender.stored()
    assert submission.email == "camille.essai@example.ca"


def test_a_domain_is_asked_about_where_mail_leaves_and_when_all_else_is_there(sender: Sender) -> None:
    """Before: made-up domains were accepted."""
    resolver = Resolver({}, otherwise=NXDOMAIN)
    assert sender.site.mail_domains is None, "nothing leaves this site"
    sender.app.extensions[NAME] = replace(sender.site, mail_domains=asking(resolver))
    made_up = {**FILLED, "email": "camille@made-up.example.ca"}
    visitor = sender.visitor.post("review", made_up).press('[formaction$="/send"]')
    assert resolver.asked == []
    visitor.press("#sendbox [data-send]", **AGREED)
    assert visitor.status == 422
    assert "made-up.example.ca" in visitor.errors()["email"]
    assert resolver.asked == [("made-up.example.ca.", "MX")]


def test_a_mailbox_that_was_asked_often_is_told_when_to_try_again(sender: Sender) -> None:
    """Before: each spelling got a mail of its own at once."""
    for number in range(3):
        assert sender.sent(email=f"victim+{number}@gmail.com").status == 303
        with sender.runtime.sessions.begin() as session:
            session.execute(update(Message).values(attempt=1))  # all have been taken up
    visitor = sender.sent(email="vic.tim@gmail.com")
    assert visitor.status == 429
    assert set(visitor.errors()) == {"email"}
    assert visitor.page.select_one("#full") is None
    assert STORY in visitor.sheets()[0]
    assert sender.sent(email="somebody.else@gmail.com").status == 303


def test_too_many_from_one_network_keep_their_words(sender: Sender) -> None:
    settings = sender.runtime.settings.model_copy(update={"network_per_day": 1})
    full = Sender(replace(sender.runtime, settings=settings))
    assert full.sent().status == 303
    visitor = full.sent(city="Gatineau")
    assert visitor.status == 429
    assert STORY in visitor.sheets()[0]
    assert len(full.stored()) == 1
    full.clock[0] = NOW + timedelta(hours=48)
    assert full.sent(city="Gatineau").status == 303


def test_the_page_after_sending_knows_nobody(sender: Sender) -> None:
    sender.sent()
    page = sender.visitor.get("sent")
    assert page.status == 200
    assert page.answer.headers["Cache-Control"] == "no-store"
    assert "camille.essai" not in page.answer.text
    assert page.page.select_one(".rehearsal") is not None
    assert "48" in page.answer.text
    with page.client.session_transaction() as session:
        assert set(session) == {"csrf_token"}
    assert sender.follow("/en/no-such-campaign/sent").status == 404


def test_the_other_language_sends_nothing(sender: Sender) -> None:
    visitor = sender.visitor.post("review").press('[formaction$="/send"]')
    assert visitor.status == 422
    visitor.press(".mast button.lang", **AGREED)
    assert visitor.status == 200
    assert "Camille Essai" in visitor.sheets()[0]
    assert sender.stored() == []


def test_consent_names_its_version() -> None:
    """Whoever changes what is agreed to gives it another version, which comes here besides those before it."""
    said = {
        version: "".join(render_consent(version, names, one) or "" for names in (["A"], ["A", "B"]) for one in Language)
        for version in CONSENT_TEXTS
    }
    digests = {version: hashlib.sha256(words.encode()).hexdigest()[:16] for version, words in said.items()}
    assert digests == {"2026-11": "fbd3a19ee6411f3d", "2026-11-posted": "61b3b25924eacae3"}
    assert CONSENT_VERSION in CONSENT_TEXTS


def test_in_test_mode_the_pages_say_where_the_mail_goes(sender: Sender) -> None:
    settings = sender.runtime.settings.model_copy(update={"test_recipient": TEST})
    tested = Sender(replace(sender.runtime, settings=settings))
    for page in (tested.visitor.post("review").page.select_one("#sendbox"), tested.visitor.get("sent").page.main):
        assert page is not None
        assert TEST in page.text
        assert not page.select("[data-address]")
    sender.visitor.post("review")
    assert TEST not in sender.visitor.answer.text
    assert sender.visitor.get("sent").page.select("[data-address]")


def test_nothing_is_stored_by_reviewing(sender: Sender) -> None:
    sender.visitor.post("review", {**FILLED, **AGREED})
    with sender.runtime.sessions() as session:
        assert session.scalar(select(func.count(Submission.id))) == 0
