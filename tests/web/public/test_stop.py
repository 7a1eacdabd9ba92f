"""A link stops mail and nothing else: by one press of a mail program, never by being opened, never for somebody else."""

from sqlalchemy import select

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters import encrypted_columns
from advocacy.letters.models import ALL_CAMPAIGNS, MessageKind, SubmissionStatus, Suppression
from advocacy.letters.stop_links import StopLink, stop_token
from tests.web.public.sender import Sender
from tests.web.public.visitor import CAMPAIGN, FILLED

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link_of(sender: Sender, *, campaign: str = CAMPAIGN) -> str:
    """Return the path of the link in the mails of whoever fills in the form."""
    mailbox = encrypted_columns.mailbox_hashes(sender.site.keys, FILLED["email"])[0]
    return f"/{sender.visitor.language}/stop/{stop_token(StopLink(campaign, mailbox), keys=sender.site.keys)}"


def listed(sender: Sender) -> list[str]:
    with sender.runtime.sessions() as session:
        return sorted(session.scalars(select(Suppression.campaign)))


def states(sender: Sender) -> dict[str, State]:
    with sender.runtime.sessions() as session:
        return {row.kind: row.state for row in session.execute(select(Message.kind, Message.state))}


def test_a_mail_program_stops_the_mail_of_a_campaign_with_one_post_and_no_letter(sender: Sender) -> None:
    sender.sent()
    confirm = sender.link()
    sender.follow(confirm)
    sender.answer(confirm, act="send")
    mail_program = sender.app.test_client()  # without a cookie, a token, an Origin or a page it comes from
    answer = mail_program.post(link_of(sender), data={**ONE_CLICK, "scope": "nonsense"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert listed(sender) == [CAMPAIGN]
    assert states(sender)[MessageKind.LETTER] is State.READY
    [submission] = sender.stored()
    assert submission.status is SubmissionStatus.CONFIRMED
    assert submission.name_sealed is not None


def test_a_scanner_that_opens_the_link_stops_nothing(sender: Sender) -> None:
    link = link_of(sender)
    for method in ("get", "head", "options", "get"):
        assert getattr(sender.app.test_client(), method)(link).status_code == 200
    assert listed(sender) == []


def test_a_person_chooses_the_campaign_or_the_whole_site(sender: Sender) -> None:
    page = sender.speaking(Language.FR).follow(link_of(sender)).page
    buttons = page.select("form[method=post] button[name=scope]")
    assert [str(button["value"]) for button in buttons] == ["campaign", "site"]
    link = sender.visitor.answer.request.path
    done = sender.visitor.read(sender.app.test_client().post(link, data={"scope": "site"}))
    assert listed(sender) == [ALL_CAMPAIGNS]
    assert done.page.select("form[method=post]") == []


def test_a_link_that_is_posted_again_and_again_writes_nothing_more(sender: Sender) -> None:
    link, client = link_of(sender), sender.app.test_client()
    for _ in range(5):
        assert client.post(link, data=ONE_CLICK).status_code == 200
    files = sender.runtime.settings.ledger_folder.glob("*.jsonl")
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if '"suppressed"' in line]
    assert len(lines) == 1
    assert client.post(link, data={"scope": "site"}).status_code == 200
    assert listed(sender) == [ALL_CAMPAIGNS, CAMPAIGN]


def test_no_other_campaign_mails_an_address_that_stopped_all(sender: Sender) -> None:
    sender.app.test_client().post(link_of(sender, campaign="another-one"), data={"scope": "site"})
    assert sender.sent().status == 303  # nobody learns of it
    assert (sender.stored(), states(sender)) == ([], {})


def test_a_link_does_not_let_anybody_confirm_read_or_erase(sender: Sender) -> None:
    sender.sent()
    token = link_of(sender).rpartition("/")[2]
    for path in (f"/en/confirm/{token}", f"/en/receipt/{token}"):
        assert sender.follow(path).status == 410
    assert sender.answer(f"/en/confirm/{token}", act="send").status == 410
    assert sender.answer(f"/en/confirm/{token}", act="delete").status == 410
    assert MessageKind.LETTER not in states(sender)
    assert len(sender.stored()) == 1


def test_a_link_that_this_site_never_gave_out_stops_nothing(sender: Sender) -> None:
    link = link_of(sender)
    for forged in (f"{link[:-9]}AAAAAAAAA", f"{link}A", "/en/stop/x"):
        assert sender.app.test_client().get(forged).status_code == 410
        assert sender.app.test_client().post(forged, data=ONE_CLICK).status_code == 410
    assert listed(sender) == []


def test_confirmation_and_receipt_links_stop_no_mail_without_a_token(sender: Sender) -> None:
    sender.sent()
    token = sender.link().rpartition("/")[2]
    assert sender.app.test_client().post(f"/en/stop/{token}", data=ONE_CLICK).status_code == 410
    assert sender.app.test_client().post(f"/en/confirm/{token}", data=ONE_CLICK).status_code == 400
    assert listed(sender) == []


def test_whoever_did_not_write_chooses_how_much_mail_stops(sender: Sender) -> None:
    for stop, expected in (("nothing", []), ("campaign", [CAMPAIGN]), ("site", [ALL_CAMPAIGNS])):
        with sender.runtime.sessions.begin() as session:
            for row in session.scalars(select(Suppression)):
                session.delete(row)
        sender.sent()
        link = sender.link()
        sender.follow(link)
        assert sender.answer(link, act="delete", stop=stop).status == 200
        assert (sender.stored(), listed(sender)) == ([], expected)
