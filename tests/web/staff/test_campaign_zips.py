"""Campaigns leave as a zip and come back, to the byte, and what a zip would change is seen before anything is saved."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import CampaignFolder, read_folders
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.documents import stored_campaigns
from advocacy.campaigns.import_preview import MAX_FAULTY_PARTS, fingerprint, preview_imports
from advocacy.campaigns.library import revise
from advocacy.campaigns.models import Author, Availability, Campaign
from advocacy.exports.campaign_archive import MAX_ARCHIVE_BYTES, NOT_A_ZIP, pack_campaigns, unpack_campaigns
from advocacy.language import Language, Wording
from advocacy.messages import message
from advocacy.problems import Place, complaint, problem_data, problem_from_data
from advocacy.runtime import Runtime
from advocacy.staff.models import AuditEntry, Job, JobFile, Role
from advocacy.web import files
from tests import campaign_files
from tests.builders import the_campaign
from tests.jobs import run_jobs
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_campaigns import NAME, ask, publish

IMPORT = "/staff/organisation/import"


def bring(browser: Browser, archive: bytes, **form: Any) -> TestResponse:
    """Choose a zip and press the button."""
    file = FileStorage(BytesIO(archive), "letters.zip")
    boundary, body = encode_multipart({"csrf_token": browser.token, "archive": file, **form})  # in memory
    return browser.client.post(IMPORT, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def look_over(browser: Browser, runtime: Runtime, archive: bytes) -> TestResponse:
    """Choose a zip, have it checked, and see what came of it."""
    begun = bring(browser, archive)
    assert begun.status_code == 303
    return result(browser, runtime, begun.location)


def result(browser: Browser, runtime: Runtime, address: str) -> TestResponse:
    """Have a check done, and see what came of it: the page where it is looked over, where there is one."""
    run_jobs(runtime, lambda: NOW)
    answer = browser.get(address)
    link = BeautifulSoup(answer.data, "lxml").select_one(f'a[href^="{IMPORT}/"]')
    return browser.get(str(link["href"])) if link else answer


def confirm(browser: Browser, looked_over: TestResponse) -> TestResponse:
    """Press the one button below what a zip would change."""
    seen = BeautifulSoup(looked_over.data, "lxml").select_one("form:has(input[name=seen])")
    assert seen
    return browser.post(str(seen["action"]), {"seen": str(seen.select("input[name=seen]")[0]["value"])})


def take(browser: Browser, runtime: Runtime, archive: bytes) -> TestResponse:
    """Look a zip over, then save it."""
    return confirm(browser, look_over(browser, runtime, archive))


def waiting(runtime: Runtime) -> int:
    """Count the archives that are kept."""
    with runtime.sessions() as session:
        return len(session.scalars(select(JobFile.job_id)).all())


def export(browser: Browser, runtime: Runtime, name: str = "") -> bytes:
    """Take campaigns along."""
    begun = browser.post("/staff/organisation/export", {"name": name})
    assert begun.status_code == 303
    run_jobs(runtime, lambda: NOW)
    page = browser.page(begun.location)
    assert "The file is ready." in page.get_text()
    answer = browser.get(str(page.select("a[download]")[0]["href"]))
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name or 'letters'}.zip"
    return bytes(answer.data)


def small() -> CampaignFolder:
    """Return a campaign that this site does not have."""
    return campaign_files.campaign()


def numbers(runtime: Runtime) -> dict[str, int]:
    """Return how many revisions each document has."""
    with runtime.sessions() as session:
        return {
            f"{name}/{document}": kept.newest.number
            for name, one in stored_campaigns(session).items()
            for document, kept in one.documents.items()
        }


def test_export_import_export_gives_the_same_bytes(browser: NewBrowser, runtime: Runtime) -> None:
    writer, publisher = browser(Role.WRITER), browser(Role.PUBLISHER)
    first = export(writer, runtime)
    assert unpack_campaigns(first) == read_folders(shipped_folder())
    assert take(writer, runtime, pack_campaigns([small()])).status_code == 303
    ask(writer, small().name)
    assert publish(publisher, small().name).status_code == 303
    both = export(publisher, runtime)
    before = numbers(runtime)
    answer = look_over(writer, runtime, both)
    assert "Unchanged: " in answer.text
    assert "Nothing: all in the file is as it was saved last" in answer.text
    assert 'name="seen"' not in answer.text
    assert (export(writer, runtime), numbers(runtime)) == (both, before)
    assert export(writer, runtime, NAME) == first
    with runtime.sessions() as session:
        acts = set(session.scalars(select(AuditEntry.act)))
    assert {"campaign-exported", "campaign-imported"} <= acts


def test_nothing_is_saved_by_looking(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    before = numbers(runtime)
    answer = look_over(writer, runtime, pack_campaigns([small()]))
    page = BeautifulSoup(answer.data, "lxml")
    assert answer.status_code == 200
    assert [one.get_text() for one in page.select("main section > h3")] == [
        "Campaign (new)",
        "Survey (new)",
        "Sentences (new)",
        "Sunday hours (new)",
    ]
    assert numbers(runtime) == before
    assert "Compared with what was saved last" in answer.text
    assert waiting(runtime) == 1
    assert numbers(runtime) == before


def test_nobody_else_sees_or_takes_a_zip(browser: NewBrowser, runtime: Runtime) -> None:
    looked_over, other = look_over(browser(Role.WRITER), runtime, pack_campaigns([small()])), browser(Role.PUBLISHER)
    before = numbers(runtime)
    answer = confirm(other, looked_over)
    assert "Your file is no longer here" in other.get(answer.location).text
    assert other.get(looked_over.request.path).location == answer.location
    assert (numbers(runtime), waiting(runtime)) == (before, 1)


def test_what_changed_since_it_was_looked_over_is_looked_over_again(browser: NewBrowser, runtime: Runtime) -> None:
    writer, other = browser(Role.WRITER), browser(Role.PUBLISHER)
    changed = dict(small().files)
    changed["campaign.toml"] = changed["campaign.toml"].replace(b"open on Sunday", b"open all Sunday")
    looked_over = look_over(writer, runtime, pack_campaigns([small()]))
    assert take(other, runtime, pack_campaigns([CampaignFolder.of(small().name, changed)])).status_code == 303
    saved = numbers(runtime)
    assert "Something changed since the file was checked" in writer.get(looked_over.request.path).text
    again = confirm(writer, looked_over)
    assert again.location != looked_over.request.path
    assert numbers(runtime) == saved
    assert "Something changed since you looked, so the zip is checked again." in writer.get(again.location).text
    answer = result(writer, runtime, again.location)
    assert confirm(writer, answer).location == f"/staff/campaigns/{small().name}"
    assert numbers(runtime) != saved
    assert waiting(runtime) == 0


@pytest.mark.parametrize("there", [True, False], ids=["there already", "to be mended now"])
def test_what_can_no_longer_be_taken_is_not_whatever_the_form_says(
    browser: NewBrowser, runtime: Runtime, *, there: bool
) -> None:
    writer, files = browser(Role.WRITER), dict(small().files)
    take(writer, runtime, pack_campaigns([small()]))
    files["campaign.toml"] += b"# a word\n"
    archive = pack_campaigns([CampaignFolder.of(small().name, files)])
    looked_over = look_over(writer, runtime, archive)
    document, name = ("campaign", "campaign.toml") if there else ("broken", "broken/letter.toml")
    with runtime.sessions.begin() as session:
        revise(session, small().name, document, files={name: files.get(name, b"x = 1")}, author=Author.SITE, now=NOW)
    saved = numbers(runtime)
    with runtime.sessions() as session:
        seen = fingerprint(preview_imports(session, unpack_campaigns(archive)))
    again = writer.post(looked_over.request.path, {"seen": seen})
    assert "open=zips&job=" in again.location
    answer = result(writer, runtime, again.location)
    words = "all in the file is as it was saved last" if there else "Nothing is saved: fix this first."
    assert words in answer.text
    assert 'name="seen"' not in answer.text
    assert writer.post(answer.request.path, {"seen": seen}).location == again.location
    assert numbers(runtime) == saved


def test_a_zip_waits_encrypted_and_is_erased_when_its_owner_says_so(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    looked_over = look_over(writer, runtime, pack_campaigns([small()]))
    assert "The file is erased on November" in " ".join(looked_over.text.split())
    with runtime.sessions() as session:
        for one in session.scalars(select(JobFile)):
            assert b"campaign.toml" not in one.content_sealed
    erase = BeautifulSoup(looked_over.data, "lxml").select_one("form[action$=cancel]")
    assert erase
    assert writer.post(str(erase["action"])).status_code == 303
    assert waiting(runtime) == 0
    assert writer.get(looked_over.request.path).location == "/staff/organisation?open=zips#zips"


def test_what_the_check_finds_is_kept_as_it_was_found() -> None:
    files = {name: content.replace(b"libraries", b"95% of [x] {{ y }}", 1) for name, content in small().files}
    files["findings.toml"] += b"[x]\n"
    problems = [*check_folder(CampaignFolder.of(small().name, files))]
    assert len(problems) > 3
    kept = [problem_from_data(json.loads(json.dumps(problem_data(one)))) for one in problems]
    assert [*map(repr, kept)] == [*map(repr, problems)]
    assert [one.place.path for one in kept] == [one.place.path for one in problems]


def test_every_parameter_of_a_problem_is_kept() -> None:
    params = {
        "day": date(2026, 11, 25),
        "share": Decimal("12.5"),
        "names": ("a", ["b", 1]),
        "words": Wording.of(en="Yes", fr="Oui"),
        "said": message("is %(who)s", who=Wording.same("Ada")),
        "yes": True,
    }
    problem = complaint("share", **params).at(Place("a/b.toml", 3, 4, length=5, path=("options", 1)))
    kept = problem_from_data(json.loads(json.dumps(problem_data(problem))))
    assert repr(kept) == repr(problem)


def test_no_more_is_looked_at_than_anybody_mends_at_once(browser: NewBrowser, runtime: Runtime) -> None:
    files = {name: text for name, text in small().files if "/" not in name}
    for letter in range(MAX_FAULTY_PARTS + 2):
        files |= {f"l{letter}/{name.split('/')[1]}": text + b"\n[x]\n" for name, text in small().files if "/" in name}
    answer = look_over(browser(Role.WRITER), runtime, pack_campaigns([CampaignFolder.of(small().name, files)]))
    assert (answer.status_code, "the rest was not checked" in answer.text) == (200, True)
    assert f"l{MAX_FAULTY_PARTS + 1}/" not in answer.text


def test_what_changes_is_shown_word_by_word_and_published_by_somebody_else(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    files = dict(read_folders(shipped_folder())[0].files)
    files["campaign.toml"] = files["campaign.toml"].replace(
        b"Protecting children online", b"Protecting everybody online"
    )
    archive = pack_campaigns([CampaignFolder.of(NAME, files)])
    page = BeautifulSoup(look_over(writer, runtime, archive).data, "lxml")
    assert [one.get_text() for one in page.select(".diff del, .diff ins")] == ["children", "everybody"]
    assert take(writer, runtime, archive).headers["Location"] == f"/staff/campaigns/{NAME}"
    with runtime.sessions() as session:
        kept = stored_campaigns(session)[NAME]
    assert [name for name, one in kept.documents.items() if one.has_unpublished_changes] == ["campaign"]
    assert "Protecting children online" in writer.get(f"/en/{NAME}/").text


def test_what_is_to_be_mended_is_named_with_its_line(browser: NewBrowser, runtime: Runtime) -> None:
    files = dict(small().files)
    letter = files["sunday-hours/letter.toml"]
    files["sunday-hours/letter.toml"] = letter.replace(b"to open libraries", b"to open 95% of libraries", 1)
    archive = pack_campaigns([CampaignFolder.of(small().name, files)])
    answer = look_over(browser(Role.WRITER), runtime, archive)
    page = BeautifulSoup(answer.data, "lxml")
    assert page.select_one("input[name=seen]") is None
    note = page.select_one(".notes li")
    assert note
    said = note.get_text()
    assert "The survey has no such figure" in said
    assert "Sunday hours, Opening, 1 of 2, English, line" in said
    assert not note.select("a")
    assert small().name not in {name.split("/")[0] for name in numbers(runtime)}


def test_a_letter_that_would_stay_and_not_fit_is_told(browser: NewBrowser, runtime: Runtime) -> None:
    shipped = dict(read_folders(shipped_folder())[0].files)
    findings = shipped["findings.toml"].replace(b"removal_required", b"removal_wanted")
    own = {name: content for name, content in small().files if name != "findings.toml"}
    archive = pack_campaigns([CampaignFolder.of(NAME, {**own, "findings.toml": findings})])
    answer = look_over(browser(Role.WRITER), runtime, archive)
    assert "Not in the file, stays as it is: " in answer.text
    assert f"{the_campaign().letter('bill').title[Language.EN]}, The survey, " in answer.text


def test_no_file_is_refused_at_the_form(browser: NewBrowser) -> None:
    answer = bring(browser(Role.WRITER), b"")
    said = BeautifulSoup(answer.data, "lxml").select_one("#archive-e")
    assert answer.status_code == 422
    assert said
    assert "Choose a file" in said.get_text()


def test_a_bad_archive_is_refused_with_a_sentence(browser: NewBrowser, runtime: Runtime) -> None:
    language = Language.FR
    answer = look_over(browser(Role.WRITER, language=language), runtime, b"\xff\x00zip")
    page = BeautifulSoup(answer.data, "lxml")
    said = page.select_one("#zips .errors[role=alert] li")
    assert said
    assert said.get_text() == NOT_A_ZIP.in_language(language)
    assert waiting(runtime) == 0


def test_a_list_of_people_that_cannot_be_read_refuses_the_zip_with_the_cell(
    browser: NewBrowser, runtime: Runtime
) -> None:
    files = {**dict(small().files), "recipients.csv": b"Name,E-mail\nAda Roy,nobody\n"}
    answer = look_over(browser(Role.WRITER), runtime, pack_campaigns([CampaignFolder.of(small().name, files)]))
    assert f"{small().name}/recipients.csv, row 2, column E-mail: This is not an e-mail address." in answer.text
    assert waiting(runtime) == 0


def test_five_megabytes_are_the_most_and_the_page_says_so(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    assert "5 MB" in writer.get("/staff/organisation").text
    assert "larger than 5" in bring(writer, bytes(MAX_ARCHIVE_BYTES + 1)).text
    answer = bring(writer, bytes(MAX_ARCHIVE_BYTES + files.FORM_LIMIT))
    assert (answer.status_code, "The limit is 5 MB" in answer.text) == (413, True)


def test_an_archive_never_touches_a_disk(browser: NewBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was written")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    assert bring(browser(Role.WRITER), bytes(4 * 1024 * 1024)).status_code == 303


def test_lists_too_deep_for_the_reader_are_to_be_mended(browser: NewBrowser, runtime: Runtime) -> None:
    deep = b"x = " + b"[" * 4000 + b"]" * 4000
    archive = pack_campaigns([CampaignFolder.of("deep", {**dict(small().files), "findings.toml": deep})])
    assert "too deep" in look_over(browser(Role.WRITER), runtime, archive).text


def test_nothing_is_taken_into_an_archived_campaign(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    assert take(writer, runtime, pack_campaigns([small()])).status_code == 303
    newer = campaign_files.changed("sunday-hours/letter.toml", "I ask you to open", "I ask that you open")
    looked_over, before = look_over(writer, runtime, pack_campaigns([newer])), numbers(runtime)
    with runtime.sessions.begin() as session:
        session.scalars(select(Campaign).where(Campaign.name == newer.name)).one().availability = Availability.ARCHIVED
    answer = confirm(writer, looked_over)
    assert "This is archived" in writer.get(answer.location).text
    assert numbers(runtime) == before


def test_a_campaign_that_is_not_there_is_not_packed(browser: NewBrowser, runtime: Runtime) -> None:
    writer = browser(Role.WRITER)
    assert writer.post("/staff/organisation/export", {"name": "nowhere"}).status_code == 404
    with runtime.sessions() as session:
        assert list(session.scalars(select(Job))) == []
