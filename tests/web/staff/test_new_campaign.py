"""A campaign is made blank, from a preset or a copy, and set up step by step; its settings are edited by form."""

import io
import struct
import tomllib
import zlib
from typing import Any

from bs4 import BeautifulSoup

from advocacy.campaigns.documents import newest_revision
from advocacy.campaigns.library import newest_folder
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Proposal, Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import fields_of

BLANK = {
    "start": "blank",
    "name-en": "Clean air in schools",
    "name-fr": "De l’air pur à l’école",
    "ask-en": "We ask Parliament to help schools measure their air.",
    "ask-fr": "Nous demandons au Parlement d’aider les écoles à mesurer leur air.",
}
HOME = "/staff/campaigns/clean-air-in-schools"
LIST = "Name,Title,E-mail,Language\nAda Roy,Chair of the board,ada@example.ca,fr\nBo Li,Trustee,bo@example.ca,en\n"


def started(browser: NewBrowser) -> Browser:
    writer = browser(Role.WRITER)
    answer = writer.post("/staff/campaigns/new", BLANK)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}/setup")
    return writer


def toml(runtime: Runtime, file: str = "campaign.toml", campaign: str = "clean-air-in-schools") -> dict[str, object]:
    with runtime.sessions() as session:
        return tomllib.loads((newest_folder(session, campaign).content(file) or b"").decode())


def fields(writer: Browser, path: str) -> dict[str, Any]:
    """What a page's settings form holds, as a browser would post it."""
    form = writer.page(path).select_one("form.settings")
    assert form
    return fields_of(form)


def test_a_blank_campaign_says_its_name_and_ask_and_lists_what_is_missing(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = started(browser)
    assert toml(runtime) == {
        "name": {"en": "Clean air in schools", "fr": "De l’air pur à l’école"},
        "ask": {"en": BLANK["ask-en"], "fr": BLANK["ask-fr"]},
        "chambers": ["house-of-commons"],
    }
    missing = [item.get_text(" ", strip=True) for item in writer.page(HOME).select(".checklist li.mend")]
    assert missing[:2] == ["Who runs the campaign missing", "Privacy contact missing"]
    assert "A first letter missing" in missing


def test_a_campaign_without_a_name_or_with_one_that_is_taken_is_refused(browser: NewBrowser) -> None:
    writer = started(browser)
    refused = writer.post("/staff/campaigns/new", {**BLANK, "name-fr": "", "address": "child-protection"})
    assert refused.status_code == 422
    assert "This name is taken. Choose another." in refused.text
    assert 'value="Clean air in schools"' in refused.text
    second = writer.post("/staff/campaigns/new", BLANK)
    assert second.headers["Location"] == "/staff/campaigns/clean-air-in-schools-2/setup"


def test_a_preset_and_a_copy_bring_their_letters_under_a_name_of_their_own(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    for start, letter in (("preset:clean-air-in-schools", "ventilation"), ("copy:child-protection", "survivor")):
        answer = writer.post("/staff/campaigns/new", {**BLANK, "start": start, "name-en": start})
        name = answer.headers["Location"].split("/")[3]
        with runtime.sessions() as session:
            folder = newest_folder(session, name)
        assert letter in folder.letters()
        assert folder.campaign().name[Language.FR] == "De l’air pur à l’école"


def test_the_steps_lead_from_who_answers_to_the_first_letter(browser: NewBrowser, runtime: Runtime) -> None:
    writer = started(browser)
    who = {"organiser-en": "Air Now", "organiser-fr": "De l’air", "privacy_contact": "privacy@example.ca"}
    audience = writer.post(f"{HOME}/setup", {**fields(writer, f"{HOME}/setup"), **who}).headers["Location"]
    assert audience == f"{HOME}/audience?setup=yes"
    health = {"chambers": "house-of-commons", "minister-0-portfolio": "Minister of Health"}
    survey = writer.post(audience, {**fields(writer, audience), **health}).headers["Location"]
    letter = writer.page(survey).select_one("a[href*='letters/new']")
    assert letter
    title = {"title-en": "Measure the air", "title-fr": "Mesurer l’air", "start": "skeleton"}
    made = writer.post(str(letter["href"]), title)
    assert made.headers["Location"] == f"{HOME}/letters/measure-the-air"
    assert toml(runtime)["minister"] == [{"portfolio": "Minister of Health"}]
    missing = [item.get_text(" ", strip=True) for item in writer.page(HOME).select(".checklist li.mend")]
    assert [one for one in missing if "fix" not in one] == ["Published missing"]
    assert any("things to fix" in one for one in missing), missing


def test_a_privacy_contact_can_be_reached(browser: NewBrowser) -> None:
    writer = started(browser)
    who = {"organiser-en": "Air Now", "organiser-fr": "De l’air"}
    for page in ("setup", "settings"):
        typed = {**fields(writer, f"{HOME}/{page}"), **who, "privacy_contact": "the secretary"}
        answer = writer.post(f"{HOME}/{page}", typed)
        assert answer.status_code == 422
        assert "a telephone number" in answer.text


def test_a_letter_from_the_skeleton_has_nothing_to_fix_but_what_is_to_be_written(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = started(browser)
    typed = {"title-en": "Measure the air", "title-fr": "Mesurer l'air", "start": "skeleton"}
    letter = writer.post(f"{HOME}/letters/new", typed).headers["Location"]
    assert toml(runtime, "measure-the-air/letter.toml")["title"] == {"en": "Measure the air", "fr": "Mesurer l’air"}
    page = writer.page(letter)
    found = [" ".join(one.get_text(" ", strip=True).split()) for one in page.select(".fix:not(.advice) b")]
    assert found
    assert [one for one in found if "still to be written" not in one] == []
    options = writer.page(f"{letter}/preview").select("select[name=to] option")
    assert [one["value"] for one in options] == ["member", "vacant"]


def test_every_page_of_the_settings_saves_what_it_shows_without_changing_a_byte(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    with runtime.sessions() as session:
        before = newest_folder(session, "child-protection")
    pages = ("settings", "settings/safety", "settings/sentences", "settings/after", "settings/bill", "audience")
    for page in pages:
        path = f"/staff/campaigns/child-protection/{page}"
        posted = fields(writer, path)
        answer = writer.post(path, posted)
        assert answer.status_code == 303, page
    with runtime.sessions() as session:
        assert newest_folder(session, "child-protection").files == before.files


def test_what_a_colleague_saved_meanwhile_is_shown_before_it_is_written_over(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = started(browser)
    path = f"{HOME}/settings"
    mine, theirs = fields(writer, path), fields(writer, path)
    assert writer.post(path, {**theirs, "deck-en": "Stale air.", "deck-fr": "Air vicié."}).status_code == 303
    conflict = writer.post(path, {**mine, "deck-en": "Bad air.", "deck-fr": "Mauvais air."})
    assert conflict.status_code == 409
    changed = BeautifulSoup(conflict.data, "lxml").select(".diff del, .diff ins")
    assert [one.get_text() for one in changed] == ["Air vicié", "Mauvais air", "Stale", "Bad"]
    assert toml(runtime)["deck"] == {"en": "Stale air.", "fr": "Air vicié."}


def test_rows_are_added_and_removed_without_a_script_and_nothing_typed_is_lost(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = started(browser)
    path = f"{HOME}/settings/sentences"
    added = writer.post(path, {**fields(writer, path), "row": "act:add"})
    assert added.status_code == 200
    typed = {"act-0-wordings-en": "Will you vote for it?\nHelp.", "act-0-wordings-fr": "Voterez-vous pour?\nAidez."}
    again = writer.post(path, {**typed, "act-0-roles": "senator", "row": "act:add"})
    assert "Will you vote for it?" in again.text
    assert 'name="act-1-wordings-fr"' in again.text
    assert "Only for a senator" in again.text
    uneven = writer.post(path, {**typed, "act-0-wordings-en": "Only one."})
    assert "Write as many lines in one language as in the other." in uneven.text
    unknown = writer.post(path, {**typed, "act-0-wordings-en": "Do [this].\nHelp."})
    assert "There is nothing called “this”." in unknown.text
    assert writer.post(path, typed).status_code == 303
    wordings = [{"en": "Will you vote for it?", "fr": "Voterez-vous pour?"}, {"en": "Help.", "fr": "Aidez."}]
    assert toml(runtime, "sentences.toml")["act"] == [{"wording": wordings}]


def test_notices_and_support_lines_are_written_and_taken_away(browser: NewBrowser, runtime: Runtime) -> None:
    writer = started(browser)
    path = f"{HOME}/settings/safety"
    line = {"support-0-name-en": "Lung line", "support-0-name-fr": "Info-poumons", "support-0-status": "ours"}
    notice = {"privacy-words-en": "Say no names.", "privacy-words-fr": "Ne nommez personne.", "privacy-status": "ours"}
    assert writer.post(path, {**fields(writer, path), **line, **notice}).status_code == 303
    saved = toml(runtime, "safety.toml")
    assert saved["support"] == [
        {"key": "lung_line", "name": {"en": "Lung line", "fr": "Info-poumons"}, "status": "ours"}
    ]
    assert saved["privacy"] == {"words": {"en": "Say no names.", "fr": "Ne nommez personne."}, "status": "ours"}
    kept = {name: "" if "-words-" in name else words for name, words in fields(writer, path).items()}
    posted = {name: words for name, words in kept.items() if not name.startswith("support-")}
    assert writer.post(path, posted).status_code == 303
    assert toml(runtime, "safety.toml") == {}


def take(by: Browser, home: str = HOME) -> None:
    """Make the list count that the page shows now."""
    seen = by.page(f"{home}/audience").select_one("#change [name=seen]")
    by.post(f"{home}/audience/list/take", {"act": "take", "seen": str(seen["value"]) if seen else ""})


def test_letters_of_a_live_campaign_go_to_a_list_only_after_a_publisher_saw_it(
    browser: NewBrowser, runtime: Runtime
) -> None:
    home = "/staff/campaigns/child-protection"
    writer, karim = browser(Role.WRITER), browser(Role.PUBLISHER, who="karim")
    ines = browser(Role.PUBLISHER, who="ines")

    def bring(by: Browser, address: str) -> None:
        file = {"archive": (io.BytesIO(f"Name,E-mail\nAda Roy,{address}\n".encode()), "list.csv")}
        by.post(f"{home}/audience/list", file, content_type="multipart/form-data")

    def counts() -> str:
        return writer.get(f"{home}/audience/list.csv").text

    bring(writer, "writer@example.ca")
    take(writer, home)
    assert "Use this list" not in writer.page(f"{home}/audience").get_text()
    bring(karim, "karim@example.ca")
    take(karim, home)
    assert "example.ca" not in counts()
    page = ines.page(f"{home}/audience")
    assert "Ada Roy (karim@example.ca)" in page.get_text()
    seen = page.select_one("#change [name=seen]")
    assert seen is not None
    bring(writer, "writer@example.ca")
    ines.post(f"{home}/audience/list/take", {"act": "take", "seen": str(seen["value"])})
    assert "example.ca" not in counts(), "it is not what was looked over"
    take(ines, home)
    assert "writer@example.ca" in counts()


def test_a_list_of_a_campaign_in_review_is_not_exchanged_by_a_writer(browser: NewBrowser, runtime: Runtime) -> None:
    writer = started(browser)
    with runtime.sessions.begin() as session:
        revision = newest_revision(session, "clean-air-in-schools", "campaign")
        assert revision is not None
        session.add(Proposal(revision=revision, asked_by=writer.account_id, asked_at=NOW))
    file = {"archive": (io.BytesIO(LIST.encode()), "list.csv")}
    writer.post(f"{HOME}/audience/list", file, content_type="multipart/form-data")
    take(writer)
    assert "ada@example.ca" not in writer.get(f"{HOME}/audience/list.csv").text


def test_the_list_of_a_deleted_campaign_is_not_that_of_another_with_its_name(browser: NewBrowser) -> None:
    writer = started(browser)
    file = {"archive": (io.BytesIO(LIST.encode()), "list.csv")}
    writer.post(f"{HOME}/audience/list", file, content_type="multipart/form-data")
    take(writer)
    assert "ada@example.ca" in writer.get(f"{HOME}/audience/list.csv").text
    assert browser(Role.PUBLISHER).post(f"{HOME}/availability/delete").status_code == 303
    assert "ada@example.ca" not in started(browser).get(f"{HOME}/audience/list.csv").text


def test_a_list_of_ones_own_shows_what_changes_before_it_counts(browser: NewBrowser, runtime: Runtime) -> None:
    writer = started(browser)

    def bring(text: str) -> str:
        file = {"archive": (io.BytesIO(text.encode()), "list.csv")}
        answer = writer.post(f"{HOME}/audience/list", file, content_type="multipart/form-data", follow_redirects=True)
        return answer.text

    assert "It is not in use yet." in bring(LIST)
    assert "0" in writer.page(f"{HOME}/audience").get_text()
    assert writer.page(f"{HOME}/audience?setup=yes").select_one("form[action$='audience/list?setup=yes']")
    take(writer)
    assert "To write to these people" in writer.get(f"{HOME}/audience").text
    shorter = bring("Nom;Fonction;Courriel\nBo Li;Trustee;bo@example.ca\nCy Roy;Trustee;cy@example.ca\n")
    assert "Ada Roy" in shorter
    assert "Removed:" in shorter
    exported = writer.get(f"{HOME}/audience/list.csv").text
    assert "ada@example.ca" in exported
    wrong = bring("Name,E-mail\n,nobody\n")
    assert "The name is missing." in wrong
    assert "This is not an e-mail address." in wrong


def picture(width: int = 2, height: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\0" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_is_kept_with_its_words_and_no_script_passes_for_one(browser: NewBrowser, runtime: Runtime) -> None:
    writer = started(browser)
    path = f"{HOME}/settings/pictures"

    def bring(content: bytes, **more: str) -> int:
        form = {"logo-file": (io.BytesIO(content), "logo.png"), **more}
        return writer.post(path, form, content_type="multipart/form-data").status_code

    assert bring(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>") == 422
    assert bring(picture(), **{"logo-alt-en": "A lung", "logo-alt-fr": "Un poumon"}) == 303
    assert writer.get(f"{path}/logo").data == picture()
    assert toml(runtime)["pictures"] == {"logo": {"en": "A lung", "fr": "Un poumon"}}
    assert "Pictures" in writer.page(HOME).select_one("#waiting-h").parent.get_text()  # type: ignore[union-attr]
    assert writer.post(path, {"logo-remove": "y"}).status_code == 303
    assert writer.get(f"{path}/logo").status_code == 404


def test_letters_are_put_in_another_order(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    path = "/staff/campaigns/child-protection/letters/order"
    form = writer.page(path).select("input[name^=letters-]")
    names = [str(one["value"]) for one in form]
    moved = {f"letters-{place}": name for place, name in enumerate([names[1], names[0], *names[2:]])}
    assert writer.post(path, moved).status_code == 303
    again = [str(one["value"]) for one in writer.page(path).select("input[name^=letters-]")]
    assert again == [names[1], names[0], *names[2:]]
