"""An office proves its mailbox by a link, and sets how it gets letters: told of each change, which it can undo."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from advocacy.delivery.models import OFFICE_PAUSED, Message
from advocacy.delivery.states import State
from advocacy.dispatch import apply_retention, make_worker
from advocacy.language import Language
from advocacy.legislators.models import Legislator
from advocacy.letters.models import MessageKind
from advocacy.offices import office_links
from advocacy.offices.models import OfficeLink, OfficeLinkKind, OfficeSettings
from advocacy.offices.office_settings import ADDRESS_DELAY, MAX_ACKNOWLEDGEMENT, OfficeValues, settings_of
from advocacy.signed_links import Purpose
from advocacy.staff.audit_log import Act
from advocacy.staff.models import AuditEntry
from tests.web.public.sender import Sender
from tests.web.public.visitor import FILLED

OFFICE = "mp-yasir-naqvi"
PAGES = {Language.EN: "/en/offices", Language.FR: "/fr/bureaux"}
EACH = {"delivery": "each", "language": "", "paused_until": "", "email": ""}
DAY = timedelta(days=1)


@pytest.fixture
def office(sender: Sender) -> str:
    """The member whom the visitor of these tests writes to."""
    with sender.runtime.sessions() as session:
        found = session.scalars(select(Legislator.id).where(Legislator.riding_code == "35079")).one()
    assert found
    return found


def ask(sender: Sender, office: str) -> BeautifulSoup:
    """Ask for a link to an office's settings; return the page that follows."""
    page = PAGES[Language(sender.visitor.language)]
    sender.follow(f"{page}?q=ottawa")
    answer = sender.answer(page, office=office)
    assert answer.status in {303, 429}
    return sender.follow(answer.answer.headers["Location"]).page if answer.status == 303 else answer.page


def links(sender: Sender, kind: OfficeLinkKind) -> list[OfficeLink]:
    with sender.runtime.sessions() as session:
        return list(session.scalars(select(OfficeLink).where(OfficeLink.kind == kind).order_by(OfficeLink.created_at)))


def path_of(sender: Sender, link: OfficeLink) -> str:
    return f"{PAGES[link.language]}/{sender.site.links.make(Purpose.OFFICE, link.id)}"


def settings_page(sender: Sender, office: str) -> str:
    """Ask for a link and return its path."""
    ask(sender, office)
    return path_of(sender, links(sender, OfficeLinkKind.SETTINGS)[-1])


def save(sender: Sender, path: str, **fields: str) -> int:
    sender.follow(path)
    return sender.answer(path, **{**EACH, **fields}).status


def stored(sender: Sender, office: str) -> OfficeValues:
    with sender.runtime.sessions() as session:
        return settings_of(session, office)


def work(sender: Sender) -> list[EmailMessage]:
    """Let a worker deliver all that is due; return the mails that left by it."""
    before = set(mails(sender))
    worker = make_worker(sender.runtime, now=lambda: sender.clock[0])
    worker.sweep()
    while worker.deliver():
        pass
    worker.close()
    return [message for name, message in mails(sender).items() if name not in before]


def mails(sender: Sender) -> dict[str, EmailMessage]:
    files = sorted(sender.site.settings.mail_folder.glob("*.eml")) if sender.site.settings.mail_folder.is_dir() else []
    return {file.name: message_from_bytes(file.read_bytes(), policy=policy.default) for file in files}


def to(found: list[EmailMessage]) -> list[str]:
    return sorted(str(one["To"].addresses[0].addr_spec) for one in found)


def letters(sender: Sender) -> list[Message]:
    with sender.runtime.sessions() as session:
        return list(session.scalars(select(Message).where(Message.kind == MessageKind.LETTER)))


def confirmed(sender: Sender) -> str:
    """Send and confirm a letter; return the receipt's path."""
    sender.sent()
    link = sender.link()
    sender.follow(link)
    answer = sender.answer(link, act="send")
    return answer.answer.headers["Location"]


def directory_address(sender: Sender, office: str) -> str:
    with sender.runtime.sessions() as session:
        return str(session.get_one(Legislator, office).email)


def test_the_page_tells_how_to_sort_verify_and_answer(sender: Sender) -> None:
    language = Language.FR
    page = sender.speaking(language).follow(PAGES[language]).page
    assert "X-Campaign: child-protection" in page.text
    assert "list:child-protection.localhost" in page.text
    [form] = page.select('form[action$="/v/"]')
    assert form.select_one("input[name=code]")
    [switch] = page.select(".mast a.lang")
    other = next(one for one in Language if one is not language)
    assert switch["href"] == PAGES[other]
    [foot] = page.select(f'.foot a[href="{PAGES[language]}"]')
    assert foot


def test_an_office_is_found_by_name_or_riding_without_a_script(sender: Sender, office: str) -> None:
    for query in ("Naqvi", "Ottawa centre"):
        page = sender.follow(f"{PAGES[Language.EN]}?q={query}").page
        assert office in [one["value"] for one in page.select("input[name=office]")]
    assert "Nobody was found" in sender.follow(f"{PAGES[Language.EN]}?q=zzzzqqqq").page.text


def test_the_link_goes_to_the_directorys_address_which_no_page_shows(sender: Sender, office: str) -> None:
    address = directory_address(sender, office)
    page = ask(sender, office)
    assert address not in str(page)
    [mail] = work(sender)
    assert to([mail]) == [address]
    [link] = links(sender, OfficeLinkKind.SETTINGS)
    body = mail.get_body(("plain",))
    assert body is not None
    assert path_of(sender, link) in body.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_answer_is_the_same_for_an_office_without_an_address_and_for_one_that_does_not_exist(
    sender: Sender, office: str
) -> None:
    with sender.runtime.sessions.begin() as session:
        without = session.scalars(
            select(Legislator).where(Legislator.id != office, Legislator.campaign.is_(None)).limit(1)
        ).one()
        without.email = None
        without_id = without.id
    pages = [ask(sender, one) for one in (office, without_id, "nobody", "")]
    words = {" ".join(page.main.text.split()) for page in pages if page.main}
    assert len(words) == 1
    assert len(work(sender)) == 1, "nothing is mailed to an office without an address"


def test_a_network_gets_few_links_a_day(sender: Sender, office: str) -> None:
    with sender.runtime.sessions() as session:
        ids = session.scalars(select(Legislator.id).where(Legislator.campaign.is_(None)).limit(12)).all()
    pages = [ask(sender, one) for one in ids]
    assert "No more links today" in pages[-1].text
    before = len(links(sender, OfficeLinkKind.SETTINGS))
    sender.clock[0] += 2 * DAY
    assert "Look into your office’s mailbox" in ask(sender, office).text
    assert len(links(sender, OfficeLinkKind.SETTINGS)) == before + 1


def test_a_link_that_is_unknown_or_expired_opens_nothing(sender: Sender, office: str) -> None:
    path = settings_page(sender, office)
    assert sender.follow(path).status == 200
    assert sender.follow(f"{PAGES[Language.EN]}/unknown").status == 410
    sender.clock[0] += DAY
    assert sender.follow(path).status == 410
    assert sender.answer(path, **EACH).status == 410
    apply_retention(sender.runtime, now=sender.clock[0])
    assert links(sender, OfficeLinkKind.SETTINGS) == []


def test_a_scanner_that_opens_links_changes_nothing(sender: Sender, office: str) -> None:
    path = settings_page(sender, office)
    save(sender, path, email="staff.of.naqvi@parl.gc.ca")
    paths = [path_of(sender, one) for kind in OfficeLinkKind for one in links(sender, kind)]
    assert len(paths) == 2
    before = stored(sender, office)
    for one in paths:
        for method in ("get", "head", "options", "get"):
            assert getattr(sender.app.test_client(), method)(one).status_code == 200
    assert stored(sender, office) == before
    assert [path_of(sender, one) for kind in OfficeLinkKind for one in links(sender, kind)] == paths


def test_what_an_office_sets_is_stored_told_and_logged(sender: Sender, office: str) -> None:
    path = settings_page(sender, office)
    work(sender)
    until = (sender.clock[0] + 7 * DAY).date()
    sent = {"delivery": "daily", "language": "fr", "paused_until": until.isoformat()}
    assert save(sender, path, **sent, acknowledgement_en="Thank you.", acknowledgement_fr="Merci.\r\nÀ bientôt.") == 303
    values = stored(sender, office)
    assert (values.takes_digest, values.language, values.paused_until) == (True, Language.FR, until)
    assert values.acknowledgement == {"en": "Thank you.", "fr": "Merci.\nÀ bientôt."}
    [mail] = work(sender)
    assert to([mail]) == [directory_address(sender, office)]
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Aucune lettre avant le 2 décembre 2026." in text
    assert "Merci." in text
    with sender.runtime.sessions() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.OFFICE_CHANGED.value))
    assert (entry.account_id, entry.subject, entry.before) == (None, f"office:{office}", {})
    assert entry.after["paused_until"] == until.isoformat()
    assert save(sender, path, **sent, acknowledgement_en="Thank you.", acknowledgement_fr="Merci.\nÀ bientôt.") == 303
    assert work(sender) == [], "what changes nothing tells nothing"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("paused_until", "2027-02-01"),
        ("email", "nobody"),
        ("acknowledgement_en", "x" * (MAX_ACKNOWLEDGEMENT + 1)),
        ("acknowledgement_en", "Confirm who you are at https://x.example/a."),
    ],
)
def test_what_cannot_be_is_asked_again(sender: Sender, office: str, *, field: str, typed: str) -> None:
    path = settings_page(sender, office)
    assert save(sender, path, **{field: typed}) == 422
    assert sender.visitor.page.select_one("#errors") is not None
    assert stored(sender, office) == OfficeValues()


def test_another_address_counts_two_days_after_it_proved_itself_and_the_directorys_is_told_twice(
    sender: Sender, office: str
) -> None:
    own, address = "staff.of.naqvi@parl.gc.ca", directory_address(sender, office)
    path = settings_page(sender, office)
    work(sender)
    assert save(sender, path, email=own) == 303
    assert stored(sender, office) == OfficeValues(), "nothing counts before it has proved itself"
    assert to(work(sender)) == [own]
    sender.clock[0] += timedelta(minutes=5)
    save(sender, path, email=own)
    [*_, proof] = links(sender, OfficeLinkKind.PROOF)
    there = path_of(sender, proof)
    sender.follow(there)
    assert sender.answer(there).status == 200
    assert sender.answer(there).status == 410, "it works once"
    assert [one for one in to(work(sender)) if one != own] == [address]
    confirmed(sender)
    work(sender)
    [letter] = [one for one in mails(sender).values() if one["Reply-To"]]
    assert to([letter]) == [address], "letters go to the directory's address until then"
    sender.clock[0] += DAY
    assert address in to(work(sender)), "once more, before letters go there"
    sender.clock[0] += DAY
    sender.sent(email="another@example.ca", reason=FILLED["reason"])
    sender.confirmed()
    assert own in to(work(sender))


def test_what_an_office_cannot_be_told_of_any_more_today_is_not_changed(
    sender: Sender, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings_page(sender, office)
    save(sender, path, email="staff.of.naqvi@parl.gc.ca")
    [proof] = links(sender, OfficeLinkKind.PROOF)
    there = path_of(sender, proof)
    monkeypatch.setattr(office_links, "MAX_A_DAY", {**office_links.MAX_A_DAY, OfficeLinkKind.UNDO: 0})
    sender.follow(there)
    assert sender.answer(there).status == 429
    assert save(sender, path, delivery="daily") == 429
    assert stored(sender, office) == OfficeValues()
    with sender.runtime.sessions() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.act == Act.OFFICE_CHANGED.value)).all() == []


def test_an_address_at_another_domain_waits_for_the_staff(sender: Sender, office: str) -> None:
    path = settings_page(sender, office)
    save(sender, path, email="naqvi.office@gmail.com")
    [proof] = links(sender, OfficeLinkKind.PROOF)
    there = path_of(sender, proof)
    assert "another domain" in sender.follow(there).page.text
    sender.answer(there)
    values = stored(sender, office)
    assert (values.email, values.email_from) == ("naqvi.office@gmail.com", None)
    sender.clock[0] += 10 * DAY
    confirmed(sender)
    assert directory_address(sender, office) in to(work(sender))
    assert "naqvi.office@gmail.com" not in to(list(mails(sender).values()))[1:]


def test_a_change_is_undone_by_the_link_in_the_mail_about_it_and_all_other_links_end(
    sender: Sender, office: str
) -> None:
    path = settings_page(sender, office)
    save(sender, path, delivery="daily", acknowledgement_en="Not from the office.")
    [undo] = links(sender, OfficeLinkKind.UNDO)
    there = path_of(sender, undo)
    assert "Not from the office." in sender.follow(there).page.text
    assert sender.answer(there).status == 200
    assert stored(sender, office) == OfficeValues()
    assert sender.follow(path).status == 410
    assert sender.follow(there).status == 410
    [mail] = work(sender)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "No acknowledgement" in body.get_content(), "the mail tells of the undoing, none of what was undone"
    assert "Not from the office." not in body.get_content()


def proves(sender: Sender, address: str) -> None:
    """Press the button of the newest link to an address of the office's own."""
    there = path_of(sender, links(sender, OfficeLinkKind.PROOF)[-1])
    sender.follow(there)
    assert address in sender.visitor.page.text
    sender.answer(there)


def test_whoever_reads_the_mailbox_for_an_hour_cannot_keep_it_from_being_told_of_another_address(
    sender: Sender, office: str
) -> None:
    own, address = "staff.of.naqvi@parl.gc.ca", directory_address(sender, office)
    path = settings_page(sender, office)
    save(sender, path, email=own)
    proves(sender, own)
    save(sender, path, email=own, delivery="daily")
    undo = max(links(sender, OfficeLinkKind.UNDO), key=lambda one: bool(one.former))
    there = path_of(sender, undo)
    sender.follow(there)
    assert sender.answer(there).status == 200
    assert stored(sender, office).email == own, "what was undone is the daily mail alone"
    work(sender)
    sender.clock[0] += DAY
    assert address in to(work(sender))


def test_an_address_that_was_taken_back_does_not_bring_itself_back_unseen(sender: Sender, office: str) -> None:
    own, address = "staff.of.naqvi@parl.gc.ca", directory_address(sender, office)
    save(sender, settings_page(sender, office), email=own)
    proves(sender, own)
    work(sender)
    sender.clock[0] += 3 * DAY
    work(sender)
    save(sender, settings_page(sender, office))
    [undo] = [one for one in links(sender, OfficeLinkKind.UNDO) if one.email == own]
    there = path_of(sender, undo)
    work(sender)
    sender.follow(there)
    sender.answer(there)
    assert stored(sender, office).email_from == sender.clock[0] + ADDRESS_DELAY
    assert to(work(sender)) == [address]
    sender.clock[0] += DAY
    assert to(work(sender)) == [address], "and once more, before letters go there"


def test_a_pause_stops_letters_within_a_minute_and_ends_by_itself(sender: Sender, office: str) -> None:
    receipt = confirmed(sender)
    [letter] = letters(sender)
    assert letter.due_at <= sender.clock[0]
    path = settings_page(sender, office)
    until = date(2026, 12, 6)
    assert save(sender, path, paused_until=until.isoformat()) == 303
    sender.clock[0] += timedelta(minutes=1)
    left = work(sender)
    assert all(one["Reply-To"] is None for one in left), "no letter leaves"
    assert FILLED["email"] in to(left), "its citizen is mailed that it waits"
    [letter] = letters(sender)
    assert (letter.state, letter.reason) == (State.READY, OFFICE_PAUSED)
    page = sender.follow(receipt).page
    assert "This office does not accept e-mail until December 6, 2026." in page.text
    assert page.select('.files a[href$="/pdf"]')
    sender.clock[0] += 5 * DAY
    assert [one for one in work(sender) if one["Reply-To"]] == []
    sender.clock[0] = letter.due_at
    assert sender.clock[0].date() == until
    assert len([one for one in work(sender) if one["Reply-To"]]) == 1


def test_the_citizen_is_told_of_a_pause_and_offered_paper_instead(sender: Sender, office: str) -> None:
    words = "This office does not accept e-mail until December 6, 2026"
    sender.visitor.post("review")
    assert sender.visitor.page.select("#sendbox")
    with sender.runtime.sessions.begin() as session:
        session.add(OfficeSettings(legislator_id=office, paused_until=date(2026, 12, 6), changed_at=sender.clock[0]))
    sender.visitor.post("legislators")
    assert words in sender.visitor.page.text
    page = sender.visitor.post("review").page
    assert words in page.text
    assert page.select("#sendbox") == []
    assert page.select('[formaction$="/download/html"]')
    assert sender.visitor.press('[formaction$="/download/html"]').status == 200
    sender.visitor.post("review")
    tried = sender.visitor.post("send", {**FILLED, "age_ok": "yes", "consent": "yes"})
    assert tried.status == 422
    assert sender.stored() == []


def test_a_letter_that_waited_for_weeks_expires_and_its_citizen_is_told(sender: Sender, office: str) -> None:
    receipt = confirmed(sender)
    path = settings_page(sender, office)
    save(sender, path, paused_until="2027-01-20")
    work(sender)
    with sender.runtime.sessions.begin() as session:
        session.get_one(OfficeSettings, office).paused_until = date(2027, 3, 1)
    sender.clock[0] += 59 * DAY
    apply_retention(sender.runtime, now=sender.clock[0])
    assert letters(sender)[0].state is State.READY, "a pause of sixty days loses nothing"
    sender.clock[0] += 3 * DAY
    apply_retention(sender.runtime, now=sender.clock[0])
    assert letters(sender)[0].state is State.EXPIRED
    [mail] = work(sender)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "the office did not accept e-mail for weeks" in body.get_content()
    assert "did not accept e-mail for weeks" in sender.follow(receipt).page.text


def test_an_acknowledgement_stands_as_text_under_a_letter_that_was_sent(sender: Sender, office: str) -> None:
    receipt = confirmed(sender)
    path = settings_page(sender, office)
    save(sender, path, acknowledgement_fr="Merci <b>beaucoup</b>, 613 996-5322\u202e")
    site = sender.site
    settings = site.settings.model_copy(update={"provider": "smtp", "from_email": "letters@example.ca"})
    sender.app.extensions["advocacy"] = replace(site, settings=settings)
    assert sender.follow(receipt).page.select(".from-office") == []
    work(sender)
    [quote] = sender.follow(receipt).page.select(".from-office blockquote")
    assert quote.text == "Merci <b>beaucoup</b>, 613 996-5322"
    assert quote["lang"] == "fr"
    assert quote.find("a") is None
    sender.app.extensions["advocacy"] = site
    assert sender.follow(receipt).page.select(".from-office") == [], "nothing was sent on a test site"
