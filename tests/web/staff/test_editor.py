"""A letter is written without script: every button works, what is typed stays, and what is wrong is said."""

import json
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from advocacy.campaigns.documents import newest_revision, revision_files
from advocacy.campaigns.models import Revision
from advocacy.delivery.models import Message
from advocacy.runtime import Runtime
from advocacy.staff import drafts, revisions
from advocacy.staff.models import Account, Draft, Role, StaffEmail
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, kept_fields
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import FORM, LETTER, SUBJECT, fields, fields_of, open_and_press, press, question

OPENING_FR = "opening-0-fr"
HIDDEN = ("csrf_token", "version", "shown")


def rail(page: BeautifulSoup, key: str) -> str:
    """Read what stands beside a way to say a section."""
    return " ".join(one.get_text(" ", strip=True) for one in page.select(f'[data-rail="{key}"]'))


def drafts_in(runtime: Runtime) -> int:
    with runtime.sessions() as session:
        return session.scalar(select(func.count(Draft.id))) or 0


def test_a_shipped_letter_opens_without_braces_keys_or_draft(browser: NewBrowser, runtime: Runtime) -> None:
    page = browser(Role.WRITER).page(LETTER)
    assert [heading.text for heading in page.select(".sec h2")][:2] == ["Subject", "Opening"]
    shown = page.get_text(" ")
    assert not any(sign in shown for sign in ("{{", "}}", "why_you", ".toml"))
    press(browser(Role.WRITER), "save")
    assert drafts_in(runtime) == 0


def test_what_one_types_the_team_sees_and_the_language_left_behind_is_marked(
    browser: NewBrowser, runtime: Runtime
) -> None:
    page = press(
        browser(Role.WRITER, who="maude"), "save", **{OPENING_FR: "[qui je suis] [pourquoi je vous écris] Oui !"}
    )
    assert "The English was not updated since the French changed" in rail(page, "opening-0")
    theirs = browser(Role.WRITER, who="ines")
    assert fields(theirs.page(LETTER))[OPENING_FR] == "[qui je suis] [pourquoi je vous écris] Oui!"
    assert "was not updated" not in rail(open_and_press(theirs, "same:opening-0-en"), "opening-0")
    assert drafts_in(runtime) == 1


def test_a_page_that_is_older_writes_nothing_and_shows_both_texts(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    older = fields(ines.page(LETTER))
    press(maude, "save", **{SUBJECT: "A subject of Maude", "closing-0-en": "A closing of Maude. [how to answer me]"})
    typed = {**older, SUBJECT: "A subject of Ines", "opening-0-en": "Of Ines. [who I am] [why I write to you]"}
    answer = ines.post(LETTER, {**typed, "act": "save"})
    assert answer.status_code == 409
    page = BeautifulSoup(answer.data, "lxml")
    assert page.h1.get_text().startswith("Maude saved another version")  # type: ignore[union-attr]
    assert [one.get_text() for one in page.select(".diff del")][:1] == ["Maude"]
    assert fields(maude.page(LETTER))[SUBJECT] == "A subject of Maude"
    assert ines.post(LETTER, kept_fields(page)).status_code == 303
    saved = fields(maude.page(LETTER))
    assert (saved[SUBJECT], saved["closing-0-en"]) == ("A subject of Ines", "A closing of Maude. [how to answer me]")
    assert saved["opening-0-en"].startswith("Of Ines.")


def test_two_who_write_in_different_texts_do_not_meet(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    older = fields(ines.page(LETTER))
    press(maude, "save", **{SUBJECT: "A subject of Maude"})
    typed = {**older, "opening-0-en": "Of Ines. [who I am] [why I write to you]"}
    assert ines.post(LETTER, {**typed, "act": "save"}).status_code == 303
    saved = fields(maude.page(LETTER))
    assert saved[SUBJECT] == "A subject of Maude"
    assert saved["opening-0-en"].startswith("Of Ines.")


def test_a_text_whose_place_is_gone_is_shown_to_whoever_wrote_it(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    last = len(maude.page(LETTER).select("#opening .way")) - 1
    press(maude, "copy:opening")
    older = fields(ines.page(LETTER))
    press(maude, f"remove:opening-{last + 1}")
    answer = ines.post(LETTER, {**older, f"opening-{last + 1}-en": "Of Ines.", "act": "save"})
    assert (answer.status_code, "Of Ines." in answer.text) == (409, True)


def test_what_is_done_to_a_place_of_an_older_page_is_not_done(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    older = fields(ines.page(LETTER))
    press(maude, "save", **{SUBJECT: "A subject of Maude"})
    assert ines.post(LETTER, {**older, "act": "remove-section:closing"}).status_code == 409


def test_what_changes_no_text_is_done_from_an_older_page_too(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(maude, "comment:opening-1", **{"comment-opening-1": "Is this so?"})
    page = ines.page(LETTER)
    done, older = str(page.select_one(".remark button")["value"]), fields(page)  # type: ignore[index]
    press(maude, "save", **{SUBJECT: "A subject of Maude"})
    for act, typed in (
        ("comment:opening-0", {"comment-opening-0": "And this?"}),
        (done, {}),
        ("only:closing", {}),
        ("for:closing", {"for": "senator"}),
    ):
        assert ines.post(LETTER, {**older, **typed, "act": act}).status_code == 303, act
    page = ines.page(LETTER)
    assert [remark.p.text for remark in page.select(".remark")] == ["And this?"]  # type: ignore[union-attr]
    assert page.select("#closing .way-h > .for")
    assert fields(page)[SUBJECT] == "A subject of Maude"


def test_for_whom_a_text_is_that_somebody_else_changed_is_not_set_unseen(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    older = fields(ines.page(LETTER))
    press(maude, "save", **{"closing-0-en": "A closing of Maude. [how to answer me]"})
    assert ines.post(LETTER, {**older, "act": "for:closing-0", "for": "senator"}).status_code == 409


def test_a_comment_waits_with_the_text_that_somebody_else_saved_too(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    older = fields(ines.page(LETTER))
    press(maude, "save", **{SUBJECT: "A subject of Maude"})
    typed = {SUBJECT: "A subject of Ines", "comment-opening-0": "Is this so?", "act": "comment:opening-0"}
    answer = ines.post(LETTER, {**older, **typed})
    assert answer.status_code == 409
    ines.post(LETTER, kept_fields(BeautifulSoup(answer.data, "lxml")))
    page = ines.page(LETTER)
    assert (fields(page)[SUBJECT], len(page.select(".remark"))) == ("A subject of Ines", 1)


def test_an_older_page_leaves_texts_and_marks_alone_that_nobody_typed_into(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    older = fields(ines.page(LETTER))
    press(maude, "save", **{OPENING_FR: "De Maude. [qui je suis] [pourquoi je vous écris]"})
    press(maude, "same:opening-0-en")
    before = fields(press(maude, "copy:closing"))
    page = press(ines, "save", **{**older, SUBJECT: "A subject of Ines"})
    assert rail(page, "opening-0") == ""
    assert fields(page) == {**before, SUBJECT: "A subject of Ines", **{name: fields(page)[name] for name in HIDDEN}}


def test_a_text_saved_as_typed_counts_as_the_one_that_was_corrected(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    typed, spaced = fields(ines.page(LETTER)), "[qui je suis] [pourquoi je vous écris] Oui !"
    shown = json.loads(typed["shown"])
    version = (ines.post(LETTER, {**typed, OPENING_FR: spaced, "act": "auto"}).json or {})["version"]
    shown["began"], shown["texts"][OPENING_FR] = {OPENING_FR: typed[OPENING_FR]}, spaced
    press(maude, "save", **{SUBJECT: "A subject of Maude"})
    again = {**typed, "version": version, "shown": json.dumps(shown), OPENING_FR: f"{spaced} Non.", "act": "auto"}
    assert ines.post(LETTER, again).status_code == 200


def revise(runtime: Runtime, who: Browser) -> None:
    """Save a revision of the letter past its draft, as restoring an earlier one does."""
    campaign, letter = LETTER.split("/")[3::2]
    with runtime.sessions.begin() as session:
        files = dict(revision_files(newest_revision(session, campaign, letter)))
        file, closing = f"{letter}/letter.toml", b"I would like to see this settled"
        assert closing in files[file]
        files[file] = files[file].replace(closing, b"I would like to see it settled")
        by = session.get_one(Account, who.account_id)
        revisions.save(session, campaign, letter, files=files, by=by, now=NOW)


def test_a_revision_that_a_draft_hides_is_shown_before_it_is_written_over(
    browser: NewBrowser, runtime: Runtime
) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(ines, "save", **{SUBJECT: "A subject of Ines"})
    revise(runtime, maude)
    typed = {**fields(ines.page(LETTER)), "opening-0-en": "Of Ines. [who I am] [why I write to you]"}
    for act in ("save", "auto", "ask"):
        assert ines.post(LETTER, {**typed, "act": act}).status_code == 409
    assert ines.post(LETTER, {**fields(ines.page(LETTER)), "act": "ask"}).status_code == 409
    page = BeautifulSoup(ines.post(LETTER, {**typed, "act": "save"}).data, "lxml")
    assert page.h1.get_text().startswith("Maude saved another version")  # type: ignore[union-attr]
    assert [word.get_text() for word in page.select(".diff del")][-1] == "it"
    assert ines.post(LETTER, kept_fields(page)).status_code == 303
    again = fields(press(ines, "save", **{SUBJECT: "Another subject of Ines"}))
    assert (again[SUBJECT], again["opening-0-en"][:8]) == ("Another subject of Ines", "Of Ines.")


@pytest.mark.parametrize("path", [LETTER, FORM])
def test_a_draft_that_hides_a_revision_is_dropped_to_keep_it(browser: NewBrowser, runtime: Runtime, path: str) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(ines, "save", **{SUBJECT: "A subject of Ines"})
    revise(runtime, maude)
    typed = fields(ines.page(LETTER)) if path == LETTER else question(ines, "offer")
    answer = ines.post(path, {**typed, SUBJECT: "Of Ines", "offer-title-en": "Of Ines"})
    form = BeautifulSoup(answer.data, "lxml").select_one("#drop")
    assert form
    assert ines.post(str(form["action"]), {**fields_of(form), "act": "drop"}).status_code == 303
    shown = fields(ines.page(LETTER))
    assert (drafts_in(runtime), shown[SUBJECT] == "A subject of Ines") == (0, False)
    assert shown["closing-0-en"].startswith("I would like to see it settled")


def test_a_draft_that_hides_a_revision_is_commented_and_dropped_without_a_question(
    browser: NewBrowser, runtime: Runtime
) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(ines, "save", **{SUBJECT: "A subject of Ines"})
    revise(runtime, maude)
    assert open_and_press(ines, "comment:opening-0", **{"comment-opening-0": "Is this so?"}).select(".remark")
    assert fields(press(ines, "drop"))[SUBJECT] != "A subject of Ines"


def test_going_back_to_what_is_public_is_told_to_whoever_writes(browser: NewBrowser) -> None:
    maude, ines = browser(Role.WRITER, who="maude"), browser(Role.WRITER, who="ines")
    press(maude, "save", **{SUBJECT: "A subject of Maude"})
    older = fields(ines.page(LETTER))
    campaign, letter = LETTER.split("/")[3::2]
    assert maude.post(f"/staff/campaigns/{campaign}/documents/{letter}/start-again").status_code == 303
    assert ines.post(LETTER, {**older, SUBJECT: "A subject of Ines", "act": "save"}).status_code == 409


def test_of_two_saves_at_the_same_moment_the_second_keeps_what_was_typed(
    browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(*_arguments: object, **_more: object) -> None:
        raise StaleDataError

    one = browser(Role.WRITER)
    typed = {**fields(one.page(LETTER)), SUBJECT: "A subject", "act": "save"}
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "save", save)
        answer = one.post(LETTER, typed)
    assert (answer.status_code, "says the same" in answer.text) == (409, False)
    assert one.post(LETTER, kept_fields(BeautifulSoup(answer.data, "lxml"))).status_code == 303
    assert fields(one.page(LETTER))[SUBJECT] == "A subject"


def test_a_save_by_itself_says_what_is_wrong_and_who_was_before(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    typed = fields(one.page(LETTER))
    answer = one.post(LETTER, {**typed, SUBJECT: "A law for [zzzz]", "act": "auto"})
    assert answer.json
    assert "“[zzzz]” is still to be filled in" in answer.json["found"]
    assert "Saved" in answer.json["saved"]
    late = one.post(LETTER, {**typed, SUBJECT: "Another law", "act": "auto"})
    assert (late.status_code, "saved another version" in (late.json or {})["conflict"]) == (409, True)
    typed["version"] = answer.json["version"]
    answer = one.post(LETTER, {**typed, SUBJECT: "x" * 4001, "act": "auto"})
    assert (answer.status_code, "4000" in (answer.json or {})["refused"]) == (422, True)


def test_another_way_begins_as_a_copy_and_goes_again(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    before = len(one.page(LETTER).select("#opening .way"))
    sent = fields(press(one, "copy:opening"))
    assert sent[f"opening-{before}-fr"] == sent[f"opening-{before - 1}-fr"]
    assert len(press(one, f"remove:opening-{before}").select("#opening .way")) == before


def test_a_text_is_for_some_readers_and_for_everybody_again(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    assert press(one, "only:closing").find(id="only")
    page = press(one, "for:closing", **{"for": "senator"})
    heads = [head.get_text(" ", strip=True) for head in page.select("#closing .way-h > span:first-child")]
    assert heads[-1] == "Only for a senator"
    assert heads[0].startswith("For everyone else")
    page = press(one, f"everybody:closing-{len(heads) - 1}")
    assert page.select("#closing .way-h > .for") == []


def test_sections_come_move_and_go(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    names = [section["id"] for section in one.page(LETTER).select(".sec")]
    assert [section["id"] for section in press(one, "add-section").select(".sec")] == [*names, "section_1"]
    assert [section["id"] for section in press(one, "up:section_1").select(".sec")][-2] == "section_1"
    assert [section["id"] for section in press(one, "remove-section:section_1").select(".sec")] == names


def test_a_figure_typed_by_hand_is_replaced_by_the_figure_of_the_survey(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "save", **{"closing-0-en": "95% agree. [how to answer me]"})
    assert "The figure “95%” is typed by hand" in rail(page, "closing-0")
    sent = fields(press(one, "fix:closing-0-en:finding.removal_required"))
    assert sent["closing-0-en"] == "[95% · Removal required by law] agree. [how to answer me]"


def test_a_label_that_one_language_lacks_is_put_at_its_end(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "save", **{"closing-0-en": "I look forward to your answer."})
    assert "missing here: how to answer me" in rail(page, "closing-0")
    sent = fields(press(one, "fix:closing-0-en:reply"))
    assert sent["closing-0-en"] == "I look forward to your answer. [how to answer me]"


def test_a_comment_stands_beside_its_text_until_it_is_done(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "comment:opening-1", **{"comment-opening-1": "Is this so?"})
    remark = page.select_one("#opening-1 .remark")
    assert remark
    assert "Is this so?" in remark.text
    assert press(one, str(remark.button["value"])).select(".remark") == []  # type: ignore[index]


def test_asking_makes_a_revision_and_leads_to_its_review(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    press(one, "save", **{SUBJECT: "Another subject"})
    answer = one.post(LETTER, {**fields(one.page(LETTER)), "act": "ask"})
    with runtime.sessions() as session:
        newest = session.scalar(select(func.max(Revision.id)))
    assert str(answer.location).endswith(f"/staff/review/{newest}/publish")
    assert drafts_in(runtime) == 0
    assert fields(one.page(LETTER))[SUBJECT] == "Another subject"


def test_changes_are_dropped(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    press(one, "save", **{SUBJECT: "Another subject"})
    assert fields(press(one, "drop"))[SUBJECT] != "Another subject"
    assert drafts_in(runtime) == 0


@pytest.mark.parametrize(
    "act", ["remove:x", "fix:opening-0-xx:riding", "fix:opening-0-fr:nothing", "same:opening-0", "everybody:opening"]
)
def test_an_act_that_no_page_offers_is_refused(browser: NewBrowser, act: str) -> None:
    one = browser(Role.WRITER)
    assert one.post(LETTER, {**fields(one.page(LETTER)), "act": act}).status_code == 400


def test_a_comment_of_no_number_is_not_found(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    assert one.post(LETTER, {**fields(one.page(LETTER)), "act": f"done:{2**63}"}).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [{"shown": "[]"}, {"shown": "{"}, {"version": ""}, {"version": "x"}, {"version": "1"}, {"version": "1.x"}],
)
def test_a_form_that_no_page_has_is_refused(browser: NewBrowser, changed: dict[str, str]) -> None:
    one = browser(Role.WRITER)
    assert one.post(LETTER, {**fields(one.page(LETTER)), **changed, "act": "save"}).status_code == 400


def test_the_preview_stays_and_names_what_is_unfinished(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "add-section")
    page = one.page(f"{LETTER}/preview")
    assert len(page.select(".sheet")) == 2
    assert "[…]" in page.select_one(".sheet").text  # type: ignore[union-attr]
    assert "This text is still to be written." in page.select_one(".notice").text  # type: ignore[union-attr]


def sent_tests(runtime: Runtime) -> int:
    with runtime.sessions() as session:
        which = select(func.count(Message.id)).where(Message.kind == StaffEmail.TEST_LETTER)
        return session.scalar(which) or 0


def test_a_test_is_sent_once_nothing_is_missing(browser: NewBrowser, runtime: Runtime) -> None:
    one: Browser = browser(Role.WRITER)
    press(one, "add-section")
    one.post(f"{LETTER}/preview/test", {"to": "member"})
    assert sent_tests(runtime) == 0
    open_and_press(one, "drop")
    one.post(f"{LETTER}/preview/test", {"to": "member"})
    assert sent_tests(runtime) == 1


def test_a_preview_comes_as_a_file_and_as_text(browser: NewBrowser) -> None:
    one, query = browser(Role.WRITER), urlencode({"to": "vacant", "language": "fr", "own": "0", "v1": "1"})
    assert one.get(f"{LETTER}/preview/pdf?{query}").data.startswith(b"%PDF")
    assert "Bureau du député ou de la députée" in one.get(f"{LETTER}/preview/text?{query}").text
