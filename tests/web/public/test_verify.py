"""An office checks a letter by its code: it learns how far the letter came, and nothing of who wrote it."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select, update

from advocacy.app import create_app
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.dispatch import make_worker
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import MessageKind, RidingMatch, StoredLetter, SubmissionStatus
from advocacy.letters.verification_codes import make_code, plain_code
from advocacy.runtime import open_runtime
from advocacy.web.security import HEADERS
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW, SharedSite, settings_in

SITE = "https://letters.example.ca"
STORY = "Zanzibar quetzal canary sings about seven yellow lanterns."
MARKED = {
    "name": "Quetzaline Marquée",
    "street": "77 rue du Canari",
    "email": "quetzaline@marked.example",
    "reason": STORY,
}
MARKS = ("Quetzal", "quetzal", "Marqu", "canari", "Canari", "canary", "K1A", "Zanzibar", "lantern", "marked.example")


@dataclass
class Office(Sender):
    """A site at a public address, and whoever looks up a code there."""

    def letter(self) -> Letter:
        """Return the only stored letter."""
        with self.runtime.sessions() as session:
            row = session.scalars(select(StoredLetter)).one()
            text = row.letter
        assert text is not None
        return from_json(text)

    def code(self) -> str:
        return self.letter().verification.rpartition("/")[2]

    def confirm(self) -> str:
        """Confirm what was sent in; return the path of the receipt."""
        self.confirmed()
        return self.visitor.answer.headers.get("Location", "").removeprefix(SITE)

    def deliver(self) -> None:
        worker = make_worker(self.runtime, now=lambda: self.clock[0])
        while worker.deliver():
            pass

    def look_up(self, code: str, language: str = "en") -> BeautifulSoup:
        return self.follow(f"/{language}/v/{code}").page

    def heading(self, code: str, language: str = "en") -> str:
        found = self.look_up(code, language).h1
        assert found is not None
        return found.text


@pytest.fixture(scope="module")
def public_site(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSite]:
    folder = tmp_path_factory.mktemp("public") / "site"
    shutil.copytree(filled, folder)
    settings = settings_in(folder).model_copy(update={"base_url": SITE})
    with open_runtime(settings, now=NOW) as runtime:
        yield SharedSite(runtime, folder=folder, filled=filled)


@pytest.fixture
def office(public_site: SharedSite) -> Office:
    public_site.put_back()
    office = Office(public_site.runtime, [NOW], made_app=public_site.app)
    public_site.clock = lambda: office.clock[0]
    office.visitor = Visitor.of(office.app, base_url=SITE)
    return office


def facts(page: BeautifulSoup) -> dict[str, str]:
    return {str(term.text): " ".join(term.find_next("dd").text.split()) for term in page.select("dl.facts dt")}  # type: ignore[union-attr]


def test_a_confirmed_letter_is_said_to_be_confirmed(office: Office) -> None:
    office.sent()
    office.confirm()
    page = office.look_up(office.code())
    assert page.h1 is not None
    assert page.h1.text == "The writer confirmed this letter"
    assert facts(page) == {
        "Campaign": "Protecting children online",
        "To": "Yasir Naqvi, House of Commons, Ottawa Centre",
        "Date": "November 25, 2026",
        "Postal code": "The one that the writer gave lies in this riding.",
        "The writer’s own words": "25 words",
        "The campaign’s text": "unchanged",
    }


def test_each_language_says_the_same_and_the_short_address_leads_to_the_readers(office: Office) -> None:
    office.sent()
    office.confirm()
    code = office.code()
    assert office.heading(code, "fr") == "La personne qui a écrit cette lettre l’a confirmée"
    answer = office.app.test_client().get(f"/v/{code}", headers={"Accept-Language": "fr-CA"}, base_url=SITE)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/fr/v/{code}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in answer.headers["Vary"]
    assert office.look_up(code).select_one(f'a[href="/fr/v/{code}"]') is not None


def test_before_its_writer_confirmed_a_letter_is_not_confirmed_yet(office: Office) -> None:
    office.sent()
    assert office.heading(office.code()) == "Not confirmed yet"


def test_an_erased_letter_is_confirmed_since_erased(office: Office) -> None:
    office.sent()
    receipt, code = office.confirm(), office.code()
    office.deliver()
    office.follow(receipt)
    office.answer(f"{receipt}/delete")
    [submission] = office.stored()
    assert submission.status is SubmissionStatus.ERASED
    page = office.look_up(code)
    assert page.h1 is not None
    assert page.h1.text == "The writer confirmed this letter; it has since been erased"
    assert facts(page)["The writer’s own words"] == "25 words"
    assert facts(page)["Date"] == "November 25, 2026"


def test_a_letter_withdrawn_before_it_was_sent_does_not_come_from_us(office: Office) -> None:
    office.sent()
    receipt, code = office.confirm(), office.code()
    office.follow(receipt)
    office.answer(f"{receipt}/delete")
    assert office.heading(code) == "Withdrawn or refused before it was sent"


def test_however_far_it_came_a_confirmed_letter_is_confirmed(office: Office) -> None:
    office.sent()
    office.confirm()
    for state in (State.BOUNCED, State.DELIVERED, State.HELD, State.READY):
        with office.runtime.sessions.begin() as session:
            session.execute(update(Message).where(Message.kind == MessageKind.LETTER).values(state=state))
        assert office.heading(office.code()) == "The writer confirmed this letter", state


def test_a_letter_that_is_taken_along_has_no_code(office: Office) -> None:
    office.visitor.post("download/txt", FILLED)
    assert "/v/" not in office.visitor.answer.text


def test_an_edited_letter_says_so(office: Office) -> None:
    visitor = office.visitor.post("review", FILLED)
    body = next(name for name, _ in visitor.values() if name.startswith("body-"))
    visitor.press('[formaction$="/send"]', **AGREED, **{body: "I ask you for a clear law."})
    page = facts(office.look_up(office.code()))
    assert (page["The campaign’s text"], page["The writer’s own words"]) == ("changed by the writer", "7 words")


def test_a_sent_letter_has_the_same_code_in_its_mail_and_its_files(office: Office) -> None:
    office.sent()
    printed = office.letter()
    receipt = office.confirm()
    office.deliver()
    file = office.follow(f"{receipt}/1/txt").answer.text
    assert office.code() in file
    mails = [
        message_from_bytes(one.read_bytes(), policy=policy.default)
        for one in office.site.settings.mail_folder.iterdir()
    ]
    [mail] = [one for one in mails if one["Subject"] == printed.subject]
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert office.code() in text.get_content()
    assert office.letter().verification in html.get_content()
    assert mail["X-Campaign"] == "child-protection"
    assert mail["X-Own-Words"] == "25"
    assert mail["List-Id"] == "<child-protection.letters.example.ca>"
    assert mail["List-Unsubscribe"] is None


def test_a_code_is_typed_as_it_stands_on_paper(office: Office) -> None:
    office.sent()
    office.confirm()
    code = office.code()
    office.follow("/en/v/")
    office.answer("/en/v/", code=f"https://letters.example.ca/v/{code.lower()}/")
    assert office.visitor.status == 303
    assert office.visitor.answer.headers["Location"].endswith(f"/en/v/{plain_code(code)}")
    assert office.heading(plain_code(code)) == "The writer confirmed this letter"


def test_every_code_that_is_not_ours_gets_one_page(office: Office) -> None:
    office.sent()
    code = office.code()
    wrong = [
        "0",
        "x" * 300,
        make_code(),
        "0" * 20,
        f"{code[:-1]}{'0' if code[-1] != '0' else '1'}",
        "é",
        "' OR 1=1",
    ]
    pages = set()
    for one in wrong:
        page = office.look_up(one)
        assert office.visitor.status == 404
        for link in page.select("a[href*='/v/'], input"):
            link.decompose()
        pages.add(page.get_text())
    office.follow("/en/v/")
    office.answer("/en/v/", code="Quetzaline Marquée")
    assert office.visitor.status == 404
    assert office.visitor.page.h1 is not None
    assert office.visitor.page.h1.text == "No letter of this site has this code"
    assert len(pages) == 1


def test_nothing_keeps_the_page_or_tells_of_its_address(office: Office) -> None:
    office.sent()
    for path in (f"/en/v/{office.code()}", "/en/v/unknown", "/en/v/", f"/v/{office.code()}"):
        office.follow(path)
        headers = office.visitor.answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_to_look_up_a_code_changes_no_row(office: Office) -> None:
    office.sent()
    office.confirm()
    code, before = office.code(), office.rows()
    for page in (f"/v/{code}", f"/en/v/{code}", "/en/v/", f"/fr/v/{make_code()}", "/en/offices", "/fr/bureaux"):
        for method in ("GET", "HEAD"):
            office.visitor.client.open(page, method=method, base_url=SITE)
    assert office.rows() == before


def test_guessing_uses_up_the_points_of_a_network(office: Office) -> None:
    settings = office.runtime.settings.model_copy(update={"network_points_per_minute": 40})
    client = create_app(replace(office.runtime, settings=settings), now=lambda: NOW).test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    statuses = [client.get(f"/en/v/{make_code()}", base_url=SITE).status_code for _ in range(14)]
    assert statuses[:10] == [404] * 10
    assert statuses[-4:] == [429] * 4


def test_the_page_says_how_the_postal_code_fits_the_riding(office: Office) -> None:
    office.sent()
    for match, said in (
        (RidingMatch.MAY_LIE_IN, "may lie in this riding"),
        (RidingMatch.ELSEWHERE, "lies in another riding"),
        (RidingMatch.NOT_GIVEN, "The writer gave none."),
    ):
        with office.runtime.sessions.begin() as session:
            session.execute(update(StoredLetter).values(riding_match=match))
        assert said in facts(office.look_up(office.code()))["Postal code"]


def test_nothing_of_the_writer_is_in_the_code_the_page_the_headers_or_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    language = office.visitor.language = "fr"
    office.sent(**MARKED)
    receipt, letter = office.confirm(), office.letter()
    office.deliver()
    code = office.code()
    page = office.look_up(code, language)
    seen = [code, str(page), str(office.visitor.answer.headers)]
    assert STORY in letter.body
    assert letter.subject not in page.get_text()
    office.follow(receipt)
    office.answer(f"{receipt}/delete")
    seen.append(str(office.look_up(code, language)))
    log = caplog.text + "".join(repr(record.__dict__) for record in caplog.records)
    assert [mark for mark in MARKS for text in seen if mark in text] == []
    assert [mark for mark in MARKS if mark in log] == []
    assert code not in log
    assert plain_code(code) not in log


def test_a_site_that_is_tried_out_puts_no_code_under_its_letters(sender: Sender) -> None:
    sender.sent()
    with sender.runtime.sessions() as session:
        row = session.scalars(select(StoredLetter)).one()
        text = row.letter
    assert row.code_hash is None
    assert row.own_words == 25
    assert from_json(text or "").verification == ""


def test_a_letter_that_was_not_sent_as_its_writer_had_written_already_is_never_said_to_be_confirmed(
    office: Office,
) -> None:
    office.sent()
    receipt, code = office.confirm(), office.code()
    with office.runtime.sessions.begin() as session:  # as by an earlier letter to the same office
        session.execute(delete(Message).where(Message.kind == MessageKind.LETTER))
        session.execute(update(StoredLetter).values(written_before=NOW.date()))
    assert office.heading(code) == "Withdrawn or refused before it was sent"
    office.follow(receipt)
    office.answer(f"{receipt}/delete")
    assert office.heading(code) == "No letter of this site has this code"
