"""A receipt tells what became of each letter, hands out all that is kept, and erases it when asked twice over."""

import errno
import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from sqlalchemy import select

from advocacy.campaigns.campaign_files import Season
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.states import State
from advocacy.erasure_ledger import ErasureLedger
from advocacy.language import Language
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient import Office
from advocacy.task_queue import make_huey
from tests.web.public.sender import Sender
from tests.web.public.test_documents import words
from tests.web.public.visitor import CAMPAIGN, STORY, sheet_text
from tests.web.shared_site import NOW

TEST = "tries@example.ca"


def receipt_of(sender: Sender) -> str:
    sender.sent()
    return sender.confirmed()


def moved(sender: Sender, state: State) -> None:
    with sender.runtime.sessions.begin() as session:
        message = session.scalars(select(Message).where(Message.kind == "letter")).one()
        message.state = state
        session.add(MessageMove(message_id=message.id, at=NOW + timedelta(minutes=1), state=state, by=Actor.WORKER))


def test_the_words_sent_stand_on_the_receipt(sender: Sender) -> None:
    sender.visitor.post("review")
    shown = sender.visitor.sheets()[0]
    page = sender.follow(receipt_of(sender))
    assert STORY in shown
    assert STORY in page.page.select_one(".as-sent").text  # type: ignore[union-attr]
    assert page.page.select_one('[data-updating="yes"]') is not None


def titled(sender: Sender, where: str) -> str:
    h1 = sender.follow(where).page.select_one("h1")
    assert h1 is not None
    return h1.get_text(strip=True)


def test_a_delivered_letter_is_updated_no_more(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sending_by(sender, monkeypatch, provider="smtp")
    where = receipt_of(site)
    assert titled(site, where) == "Your letter is on its way to Yasir Naqvi"
    moved(site, State.DELIVERED)
    assert titled(site, where) == "Your letter to Yasir Naqvi was delivered to the office’s mail server"
    page = site.follow(where).page
    assert page.title is not None
    assert page.title.get_text().startswith("Follow your letter – ")
    assert page.select_one('[data-updating="no"]') is not None
    assert [line.select_one("b").text for line in page.select(".story li")] == [  # type: ignore[union-attr]
        "You confirmed your address.",
        "Delivered to the office’s server.",
        "The rest is up to the office.",
    ]


def test_the_campaign_is_shared_by_links_that_hold_its_public_address_alone(sender: Sender) -> None:
    where = receipt_of(sender.speaking(Language.FR))
    page = sender.follow(where).page
    url = f"{sender.runtime.settings.base_url}/fr/{CAMPAIGN}/"
    links = [str(link["href"]) for link in page.select(".share a")]
    assert [link.partition("?")[0] for link in links] == ["https://wa.me/", "mailto:"]
    assert all(quote(url, safe="") in link for link in links)
    hidden = [button.get_text(strip=True) for button in page.select(".share li[hidden] button")]
    assert hidden == ["Partager…", "Copier le lien"]
    token, told = where.rpartition("/")[2], unquote(" ".join(links))
    assert not any(private in told for private in (token, "Camille", "Naqvi", "example.ca", STORY))
    assert page.select('script[src^="http"], img') == []


def test_the_campaigns_own_list_leads_to_the_form_with_nothing_personal(sender: Sender) -> None:
    where = receipt_of(sender)
    page = sender.follow(where).page
    links = [str(link["href"]) for link in page.select(".next-list a")]
    assert links
    form = f"/en/{CAMPAIGN}/write"
    assert all(urlsplit(link).path == form for link in links)
    queries = [parse_qs(urlsplit(link).query) for link in links]
    with sender.runtime.sessions() as session:
        people = {row.id: row for row in session.scalars(select(Legislator))}
    assert {tuple(query) for query in queries} == {("to", "template")}
    suggested = [people[query["to"][0]] for query in queries]
    assert "Yasir Naqvi" not in {row.name for row in suggested}, "who has a letter already is not suggested"
    assert {row.office for row in suggested} == {Office.MINISTER, Office.SENATOR}
    assert {row.province for row in suggested if row.office is Office.SENATOR} == {"ON"}
    filled = [link.get_text(strip=True) for link in page.select("main .btn-main")]
    assert len(filled) == 1, "one next step"


def test_after_erasure_the_link_says_that_all_is_erased(sender: Sender) -> None:
    where = receipt_of(sender)
    sender.follow(where)
    sender.answer(f"{where}/delete")
    said = sender.follow(where).page.get_text(" ", strip=True)
    assert "everything was erased" in said
    assert "on their way" not in said
    unknown = sender.follow("/en/receipt/unknown").page.get_text(" ", strip=True)
    assert unknown == said, "nobody can tell an erased receipt from none"


def test_everything_kept_can_be_taken_along(sender: Sender) -> None:
    where = receipt_of(sender)
    answer = sender.follow(f"{where}/data.json").answer
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=letters.json"
    assert answer.headers["Cache-Control"] == "no-store"
    kept = json.loads(answer.data)
    assert kept["email"] == "camille.essai@example.ca"
    assert STORY in json.dumps(kept, ensure_ascii=False)


def test_what_is_taken_along_says_what_was_agreed_to_as_it_was_shown(sender: Sender) -> None:
    box = sender.speaking(Language.FR).visitor.post("review").page.select_one('label[for="consent"] > span')
    assert box is not None
    where = receipt_of(sender)
    [request] = json.loads(sender.follow(f"{where}/data.json").answer.data)["requests"]
    [submission] = request["submissions"]
    assert submission["language"] == "fr"
    assert submission["consent_words"].startswith("J’accepte que")
    assert submission["consent_words"] in box.text


def test_everything_kept_can_be_read(sender: Sender) -> None:
    where = receipt_of(sender)
    page = sender.follow(f"{where}/data").page
    text = page.get_text(" ", strip=True)
    [request] = json.loads(sender.follow(f"{where}/data.json").answer.data)["requests"]
    [submission] = request["submissions"]
    told = ("camille.essai@example.ca", submission["name"], submission["consent_words"], STORY)
    assert not [one for one in told if " ".join(one.split()) not in " ".join(text.split())]
    letter = submission["letters"][0]
    assert letter["template"] in text
    assert letter["riding_code"] in text
    assert "erased 30 days after" in text


def test_erased_is_erased(sender: Sender) -> None:
    sender.visitor.base_url = "https://letters.example"
    where = receipt_of(sender)
    form = sender.follow(where).page.select_one("details.second:not([open]) form")
    assert form is not None
    assert form["action"] == f"{where}/delete"
    with closing(make_huey(sender.runtime.settings).storage) as queue:
        waiting = queue.queue_size()
        assert sender.answer(f"{where}/delete").status == 200
        assert queue.queue_size() == waiting + 1, "a worker writes it over in the database's log"
    assert sender.follow(where).status == 410
    assert sender.follow(f"{where}/data").status == sender.follow(f"{where}/data.json").status == 410
    assert sender.answer(f"{where}/delete").status == 410
    with sender.runtime.sessions() as session:
        assert session.scalars(select(Message.state).where(Message.kind == "letter")).one() is State.CANCELLED


def test_what_cannot_be_noted_is_not_erased_and_says_so(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    where = receipt_of(sender.speaking(Language.FR))
    sender.follow(where)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ErasureLedger, "_append", full)
        answer = sender.answer(f"{where}/delete")
    assert (answer.status, answer.page.html["lang"]) == (503, "fr")  # type: ignore[index]
    assert sender.follow(where).status == 200
    assert sender.answer(f"{where}/delete").status == 200


def test_the_same_office_twice_is_told_that_once_is_enough(sender: Sender) -> None:
    receipt_of(sender)
    sender.clock[0] = NOW + timedelta(hours=1)
    page = sender.follow(receipt_of(sender)).page
    assert page.select_one(".card-letter .notice") is not None
    assert not page.select(".story")


def test_a_letter_is_printed_and_taken_as_a_file_by_links_alone(sender: Sender) -> None:
    sheet = sender.speaking(Language.FR).visitor.post("review").sheets()[0]
    where = receipt_of(sender)
    links = [str(link["href"]) for link in sender.follow(where).page.select(".card-letter .files a")]
    assert links == [f"{where}/1/{form}" for form in ("html", "pdf", "txt")]
    for form in ("pdf", "txt"):
        answer = sender.follow(f"{where}/1/{form}").answer
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert "".join(STORY.split()) in "".join(words(answer.data, form).split())
    page = sender.follow(links[0])
    [printed] = page.page.select(".holds-letters .one-letter .sheet")
    assert sheet_text(printed) == sheet
    assert page.page.select_one(f'a[href="{where}"]') is not None


def test_a_letter_handed_out_is_kept_nowhere_and_told_to_nobody(sender: Sender) -> None:
    where = receipt_of(sender)
    for form in ("html", "pdf", "txt"):
        answer = sender.follow(f"{where}/1/{form}").answer
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert sender.follow(f"{where}x/1/{form}").status == 410
        for number in (0, 2):
            assert sender.follow(f"{where}/{number}/{form}").status == 404


def test_what_came_back_can_be_written_again(sender: Sender) -> None:
    where = receipt_of(sender)
    again = f'.card-letter a[href^="/en/{CAMPAIGN}/write?to="]'
    assert sender.follow(where).page.select_one(again) is None
    moved(sender, State.BOUNCED)
    assert sender.follow(where).page.select_one(again) is not None


def test_for_a_campaign_that_is_closed_nobody_writes_again(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    where = receipt_of(sender)
    moved(sender, State.BOUNCED)
    monkeypatch.setattr("advocacy.web.public.receipt.season_of", lambda _: Season.CLOSED)
    assert not sender.follow(where).page.select(".stand > .actions a")


def sending_by(sender: Sender, monkeypatch: pytest.MonkeyPatch, **different: str) -> Sender:
    """Return the same site with other settings."""
    monkeypatch.setattr("advocacy.app.require_ready", lambda *_: None)  # what it needs besides is not the page's
    monkeypatch.setattr("advocacy.app.sends_to_public", lambda *_: False)  # and the DNS is asked for nothing
    settings = sender.runtime.settings.model_copy(update=different)
    return Sender(replace(sender.runtime, settings=settings))


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"provider": "folder"}, "Test site: the letter was saved to a file."),
        ({"provider": "smtp"}, "It is on its way to the office’s server."),
        ({"provider": "smtp", "test_recipient": TEST}, "In test mode it goes to the test address"),
    ],
)
def test_a_receipt_says_where_a_letter_really_went(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, *, different: dict[str, str], said: str
) -> None:
    site = sending_by(sender, monkeypatch, **different)
    where = receipt_of(site)
    moved(site, State.ACCEPTED)
    text = site.follow(where).page.select_one(".story").text  # type: ignore[union-attr]
    assert said in text
    assert ("Accepted by the mail service." in text) is (different["provider"] != "folder")
    assert ("A reply would come" in text) is (different == {"provider": "smtp"})
