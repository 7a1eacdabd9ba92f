"""A revision is saved by one person, looked at beside what is live, and published by another."""

import re

import pytest
from sqlalchemy import select

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import read_folder
from advocacy.campaigns.documents import newest_revision
from advocacy.campaigns.letter_text import cells
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Document, Publication, Revision
from advocacy.delivery.models import Message
from advocacy.delivery.provider import NothingToSend
from advocacy.dispatch import make_kinds
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff import revisions
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Proposal, ReviewEntry, Role, StaffEmail
from tests.databases import statements_of
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser

CAMPAIGN, LETTER = "child-protection", "takedown-and-standards"
ROOMY = "young-person"
"""A letter that has room for more words."""
LONG_FR = f"Ainsi {'va ' * 29}tout."
"""A sentence of 31 words."""
PUBLISH = {"act": "publish"}
OLD_FR, NEW_FR, OTHER_FR = "Le retrait vient", "Le retrait arrive", "Le retrait intervient"


def revised(runtime: Runtime, by: Browser, *changes: tuple[str, str, str], document: str = LETTER) -> int:
    """Save the live document with these words changed (file, old, new), and give the revision's id."""
    with runtime.sessions.begin() as session:
        files = dict(stored_folder(session, CAMPAIGN).documents()[document])
        for name, old, new in changes:
            path = name if document in {"campaign", "findings", "sentences"} else f"{document}/{name}"
            assert old.encode() in files[path], (path, old)
            files[path] = files[path].replace(old.encode(), new.encode())
        account = session.get_one(Account, by.account_id)
        return revisions.save(session, CAMPAIGN, document, files=files, by=account, now=NOW).id


def plain_text() -> str:
    """The longest French text of a letter that has no blanks."""
    sections = read_folder(shipped_folder() / CAMPAIGN).letter(ROOMY).sections
    return max(
        (cell.text for cell in cells(sections) if cell.language is Language.FR and "{" not in cell.text), key=len
    )


def better(runtime: Runtime, by: Browser) -> int:
    """Save one better word."""
    return revised(runtime, by, ("letter.toml", OLD_FR, NEW_FR))


def live(runtime: Runtime, document: str = LETTER) -> int:
    with runtime.sessions() as session:
        which = select(Publication.revision_id).join(Revision).join(Document).where(Document.name == document)
        return session.scalars(which.order_by(Publication.id.desc()).limit(1)).one()


def acts(runtime: Runtime) -> list[str]:
    with runtime.sessions() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def asked_for(runtime: Runtime, revision: int, *, by: Browser) -> None:
    """Ask for a revision whatever the checks say."""
    with runtime.sessions.begin() as session:
        session.add(Proposal(revision_id=revision, asked_by=by.account_id, asked_at=NOW))


def place(revision: int, act: str = "publish") -> str:
    return f"/staff/review/{revision}/{act}"


@pytest.fixture
def writer(browser: NewBrowser) -> Browser:
    """Who writes."""
    return browser(Role.WRITER, who="maude")


@pytest.fixture
def second(browser: NewBrowser) -> Browser:
    """Who publishes."""
    return browser(Role.PUBLISHER, who="karim")


def test_one_person_writes_and_another_publishes(runtime: Runtime, writer: Browser, second: Browser) -> None:
    made = better(runtime, writer)
    before = live(runtime)
    assert writer.page(place(made)).select_one(f'form[action="{place(made, "ask")}"]')
    assert writer.post(place(made, "ask")).status_code == 303
    page = second.page(place(made))
    assert [one.get_text() for one in page.select(".diff del")] == ["vient"]
    assert [one.get_text() for one in page.select(".diff ins")] == ["arrive"]
    assert "Maude" in page.select_one("main .prose").get_text()  # type: ignore[union-attr]
    assert live(runtime) == before
    answer = second.post(place(made), PUBLISH)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/staff/history/{CAMPAIGN}/{LETTER}",
    )
    assert live(runtime) == made
    assert acts(runtime) == [Act.REVISION_SAVED, Act.PUBLICATION_ASKED, Act.PUBLISHED]


def test_nobody_publishes_what_they_wrote(runtime: Runtime, second: Browser, browser: NewBrowser) -> None:
    made = better(runtime, second)
    second.post(place(made, "ask"))
    assert not second.page(place(made)).select('button[value="changes"]')
    assert second.post(place(made), PUBLISH).status_code == 422
    assert live(runtime) != made
    third = browser(Role.MANAGER)
    assert third.post(place(made), PUBLISH).status_code == 303
    assert live(runtime) == made


def test_nothing_with_a_failing_check_is_published(runtime: Runtime, writer: Browser, second: Browser) -> None:
    made = revised(runtime, writer, ("letter.toml", OLD_FR, "Le  retrait vient"))
    page = writer.page(place(made))
    assert page.select(".notes .mend")
    assert not page.select(f'form[action="{place(made, "ask")}"]')
    assert writer.post(place(made, "ask")).status_code == 422
    assert acts(runtime) == [Act.REVISION_SAVED]
    asked_for(runtime, made, by=writer)  # as it can be where a check came with a newer version of the site
    page = second.page(place(made))
    assert "Publish" not in page.select_one("h1").get_text()  # type: ignore[union-attr]
    assert not page.select('button[value="publish"]')
    assert page.select('button[value="changes"]')
    answer = second.post(place(made), {"act": "publish", "note": "kept as typed"})
    assert answer.status_code == 422
    assert "kept as typed" in answer.text
    assert live(runtime) != made


def test_a_check_speaks_as_the_editor_does_and_leads_there(runtime: Runtime, writer: Browser) -> None:
    made = revised(runtime, writer, ("letter.toml", OLD_FR, "42\u00a0% retirent"))
    [note] = writer.page(place(made)).select(".notes .mend")
    assert "The survey has no such figure" in note.get_text()
    assert "{{" not in note.get_text()
    assert re.search("Why it matters, 3 of 3, French", note.get_text())
    [link] = note.select("a")
    to, _, anchor = str(link["href"]).partition("#")
    assert writer.page(to).select(f"#{anchor}")


def test_advice_is_shown_in_the_readers_language_and_leads_to_its_cell(runtime: Runtime, browser: NewBrowser) -> None:
    said = "Cette phrase compte 31 mots. Coupez-la en deux\u00a0: une phrase d’au plus 30 mots se lit mieux."
    writer = browser(Role.WRITER, who="maude", language=Language.FR)
    made = revised(runtime, writer, ("letter.toml", plain_text(), LONG_FR), document=ROOMY)
    for page in (writer.page(place(made)), writer.page(f"/staff/campaigns/{CAMPAIGN}/publish")):
        [item] = [one for one in page.select("[data-advice] li") if said in one.get_text()]
        to, _, anchor = str(item.select("a")[0]["href"]).partition("#")
        [area] = writer.page(to).select(f"#{anchor}")
        assert LONG_FR in area.get_text()
        assert not page.select(".notes .mend")


def test_days_that_end_the_campaign_are_told(runtime: Runtime, writer: Browser) -> None:
    made = revised(
        runtime, writer, ("campaign.toml", "chambers =", "closes = 2026-11-24\nchambers ="), document="campaign"
    )
    for page in (place(made), f"/staff/campaigns/{CAMPAIGN}/publish"):
        said = " ".join(writer.page(page).get_text().split())
        assert "The campaign ends at once: its last day was November 24, 2026." in said
        assert "can no longer send their letter" in said
        assert "can finish their letter unchanged" not in said


def test_what_was_written_over_something_older_is_looked_at_again(
    runtime: Runtime, writer: Browser, second: Browser
) -> None:
    old = live(runtime)
    fast = better(runtime, writer)
    writer.post(place(fast, "ask"))
    second.post(place(fast), PUBLISH)
    with runtime.sessions.begin() as session:
        files = {file.name: file.content for file in session.get_one(Revision, old).files}
        files[f"{LETTER}/letter.toml"] = files[f"{LETTER}/letter.toml"].replace(OLD_FR.encode(), OTHER_FR.encode())
        by = session.get_one(Account, writer.account_id)
        late = revisions.save(session, CAMPAIGN, LETTER, files=files, by=by, now=NOW, over=old).id
    answer = writer.post(place(late, "ask"))
    assert answer.status_code == 422
    assert "Revision 2 was published in the meantime" in answer.text


def test_sent_back_with_a_word(runtime: Runtime, writer: Browser, second: Browser) -> None:
    made = better(runtime, writer)
    writer.post(place(made, "ask"))
    assert second.post(place(made), {"act": "changes"}).status_code == 422
    assert second.post(place(made), {"act": "changes", "note": "Say it <more> gently"}).status_code == 303
    assert "Say it &lt;more&gt; gently" in writer.get(place(made)).text
    assert "changes asked by Karim" in writer.get(f"/staff/history/{CAMPAIGN}/{LETTER}").text
    assert second.post(place(made), PUBLISH).status_code == 422
    assert writer.post(place(made, "ask")).status_code == 422
    assert live(runtime) != made


def test_history_tells_who_wrote_and_when_it_was_live(runtime: Runtime, writer: Browser, second: Browser) -> None:
    made = better(runtime, writer)
    writer.post(place(made, "ask"))
    second.post(place(made), PUBLISH)
    rows = second.page(f"/staff/history/{CAMPAIGN}/{LETTER}").select("tbody tr")
    said = [" ".join(row.get_text(" ").split()) for row in rows]
    assert len(said) == 2
    assert "Maude" in said[0]
    assert "live since" in said[0]
    assert "by Karim" in said[0]
    assert "Why it matters, 3 of 3" in said[0]
    assert "Shipped with the software" in said[1]
    assert "from November" in said[1]


def test_any_two_revisions_are_compared(runtime: Runtime, writer: Browser) -> None:
    better(runtime, writer)
    where = f"/staff/history/{CAMPAIGN}/{LETTER}/compare"
    page = writer.page(f"{where}?revision=2&revision=1")
    assert [one.get_text() for one in page.select(".diff del, .diff ins")] == ["vient", "arrive"]
    assert writer.get(f"{where}?revision=2").status_code == 422
    assert writer.get(f"{where}?revision=2&revision=99").status_code == 404


def test_what_breaks_an_open_form_is_said(runtime: Runtime, writer: Browser) -> None:
    made = revised(runtime, writer, ("letter.toml", "max_characters = 900", "max_characters = 800\nrequired = true"))
    said = writer.page(place(made)).get_text()
    assert "becomes required" in said
    assert "allows fewer characters: 800" in said
    assert "can finish their letter unchanged" in said


# --- the conversation


def entries(runtime: Runtime) -> list[ReviewEntry]:
    with runtime.sessions() as session:
        return list(session.scalars(select(ReviewEntry).order_by(ReviewEntry.id)))


def mails(runtime: Runtime, who: Browser) -> list[str]:
    """Send what is due to somebody of the staff, and give the subjects and texts."""
    with runtime.sessions() as session:
        refs = session.scalars(select(Message.ref).where(Message.kind == StaffEmail.REVIEW).order_by(Message.id)).all()
    kind = make_kinds(runtime.settings, Keys.make(), now=lambda: NOW)[StaffEmail.REVIEW]
    found = []
    for ref in refs:
        with runtime.sessions() as session:
            try:
                envelope = kind.content(session, ref, "id")
            except NothingToSend:
                continue
        if ref.endswith(f":{who.account_id}"):
            found.append(f"{envelope.subject}\n{envelope.text}")
    return found


def test_a_comment_stands_on_its_paragraph_until_it_is_resolved(
    runtime: Runtime, writer: Browser, second: Browser
) -> None:
    made = better(runtime, writer)
    writer.post(place(made, "ask"))
    form = second.page(place(made)).select_one(".diffrow .comment-fold form")
    assert form
    cell = str(form.select_one("[name=cell]")["value"])  # type: ignore[index]
    typed = {"cell": cell, "language": "fr", "text": "Plus <court>"}
    assert second.post(place(made, "comment"), typed).status_code == 303
    [_, comment] = entries(runtime)
    assert (comment.cell, comment.language) == ("reasons-2", Language.FR)
    assert cell == "reasons-2"
    assert comment.quote.startswith("Le retrait arrive")
    page = writer.page(place(made))
    assert "Plus <court>" in page.select_one(".diffrow").get_text()  # type: ignore[union-attr]
    assert "Le retrait arrive" in page.select_one(".conversation blockquote").get_text()  # type: ignore[union-attr]
    assert writer.post(place(made, f"comments/{comment.id}")).status_code == 303
    assert writer.page(place(made)).select(".conversation .resolved")
    assert acts(runtime).count(Act.COMMENTED) == 2


def test_a_reviewer_who_comes_back_sees_what_changed_since_their_comments(
    runtime: Runtime, writer: Browser, second: Browser
) -> None:
    first = better(runtime, writer)
    writer.post(place(first, "ask"))
    second.post(place(first), {"act": "changes", "note": "Another word, please."})
    again = revised(runtime, writer, ("letter.toml", OLD_FR, OTHER_FR))
    writer.post(place(again, "ask"))
    page = second.page(place(again))
    assert "What changed since revision 2, which you commented on" in page.get_text()
    assert [one.get_text() for one in page.select(".diff del, .diff ins")] == ["arrive", "intervient"]
    [whole] = [one for one in page.select(".sheets-nav a") if one.get_text() == "Since what is live"]
    page = second.page(str(whole["href"]))
    assert [one.get_text() for one in page.select(".diff del, .diff ins")] == ["vient", "intervient"]
    assert [one.get_text() for one in writer.page(place(again)).select(".diff del")] == ["vient"]


def test_each_side_is_told_by_mail_and_no_mail_repeats_what_was_written(
    runtime: Runtime, writer: Browser, second: Browser
) -> None:
    made = better(runtime, writer)
    writer.post(place(made, "ask"), {"reviewer": str(second.account_id), "request_note": "Secret words"})
    [request] = mails(runtime, second)
    assert request.startswith("To review: Takedown and safety standards\n")
    assert "Maude sent this for review, in the campaign “Protecting children online”:" in request
    assert f"/staff/review/{made}/publish" in request
    assert "Secret words" not in request
    second.post(place(made), {"act": "changes", "note": "Shorter, please."})
    [changes] = mails(runtime, writer)
    assert changes.startswith("Changes asked: ")
    assert "Shorter" not in changes
    assert mails(runtime, second) == []  # the request is answered
    again = revised(runtime, writer, ("letter.toml", OLD_FR, OTHER_FR))
    writer.post(place(again, "ask"))
    writer.post(place(again, "withdraw"))
    writer.post(place(again, "ask"), {"reviewer": str(second.account_id)})
    writer.post(place(again, "withdraw"))
    assert mails(runtime, second)[-1].startswith("No longer in review: Takedown and safety standards\n")
    writer.post(place(again, "ask"))
    second.post(place(again), PUBLISH)
    published = mails(runtime, writer)[-1]
    assert published.startswith("Published: ")
    assert f"/staff/campaigns/{CAMPAIGN}\n" in published, "nothing is left to review"


def test_comments_of_some_minutes_are_one_mail_and_none_once_it_is_answered(
    runtime: Runtime, writer: Browser, second: Browser
) -> None:
    made = better(runtime, writer)
    writer.post(place(made, "ask"))
    for text in ("One", "Two"):
        second.post(place(made, "comment"), {"language": "fr", "text": text})
    assert [one.split("\n")[0] for one in mails(runtime, writer)] == ["New comments: Takedown and safety standards"]
    second.post(place(made), {"act": "changes", "note": "See my comments."})
    assert [one.split(":")[0] for one in mails(runtime, writer)] == ["Changes asked"]


# --- later, and again


def test_a_publication_is_scheduled_shown_and_cancelled(runtime: Runtime, writer: Browser, second: Browser) -> None:
    made = better(runtime, writer)
    writer.post(place(made, "ask"))
    for day, hour in (("", ""), ("2026-11-24", "09:00"), ("2036-01-01", "09:00"), ("never", "09:00")):
        answer = second.post(place(made), {"act": "schedule", "day": day, "hour": hour, "note": "kept"})
        assert (answer.status_code, "kept" in answer.text) == (422, True)
    assert second.post(place(made), {"act": "schedule", "day": "2026-11-30", "hour": "09:30"}).status_code == 303
    page = writer.page(place(made))
    assert "Will be published on November 30, 2026 at 9:30 a.m." in " ".join(page.get_text().split())
    assert not page.select('form[action$="/cancel"]')
    [form] = second.page(place(made)).select('form[action$="/cancel"]')
    assert second.post(str(form["action"])).status_code == 303
    assert "Will be published" not in writer.get(place(made)).text
    assert live(runtime) != made


def test_one_starts_again_from_what_is_live(runtime: Runtime, writer: Browser, second: Browser) -> None:
    before = live(runtime)
    made = better(runtime, writer)
    writer.post(place(made, "ask"))
    [form] = writer.page(place(made)).select('form[action$="/start-again"]')
    answer = writer.post(str(form["action"]))
    assert answer.headers["Location"] == f"/staff/campaigns/{CAMPAIGN}/letters/{LETTER}"
    with runtime.sessions() as session:
        newest = newest_revision(session, CAMPAIGN, LETTER)
        assert newest
        assert (newest.digest, newest.id > made) == (session.get_one(Revision, before).digest, True)
    assert second.post(place(made), PUBLISH).status_code == 422
    assert "Nothing waits to be published" in second.get(f"/staff/campaigns/{CAMPAIGN}/publish").text


def test_whose_request_ends_when_another_starts_again_is_said_before_and_told_by_mail(
    runtime: Runtime, writer: Browser, second: Browser, *, browser: NewBrowser
) -> None:
    writer.post(place(better(runtime, writer), "ask"), {"reviewer": str(second.account_id)})
    other = browser(Role.WRITER, who="louise")
    revised(runtime, other, ("letter.toml", OLD_FR, OTHER_FR))
    page = other.page(f"/staff/history/{CAMPAIGN}/{LETTER}")
    assert "the request for review of Maude is withdrawn; they are told by e-mail" in page.get_text()
    [form] = page.select('form[action$="/start-again"]')
    other.post(str(form["action"]))
    for concerned in (writer, second):
        mail = mails(runtime, concerned)[-1]
        assert mail.startswith("No longer in review: ")
        assert "Louise started again from what is live" in " ".join(mail.split())
    assert mails(runtime, other) == []


def test_more_letters_that_wait_make_no_more_queries(runtime: Runtime, writer: Browser, second: Browser) -> None:
    def queries() -> int:
        with statements_of(runtime.engine) as asked:
            second.page(f"/staff/campaigns/{CAMPAIGN}/publish")
        return len(asked)

    writer.post(place(better(runtime, writer), "ask"))
    queries()  # what is read once is read
    one = queries()
    with runtime.sessions() as session:
        others = [name for name in stored_folder(session, CAMPAIGN).letters() if name != LETTER][:3]
    for name in others:
        made = revised(runtime, writer, ("letter.toml", "title.en = ", "# newer\ntitle.en = "), document=name)
        assert writer.post(place(made, "ask")).status_code == 303
    assert queries() == one
