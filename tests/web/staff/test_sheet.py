"""A sheet goes up, and its letters come down when they are made: nothing can be read on the disk, no cell is told."""

import builtins
import logging
import os
import tempfile
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import AuditEntry, Role
from tests.jobs import run_jobs
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import Clock, NewBrowser

Merge = Callable[..., TestResponse]
SHEET = "/staff/organisation/sheet"
LETTER = "child-protection/takedown-and-standards"
HEADER = "name,riding,city,province,language\n"
GOOD = "Ada Roe,35079,Ottawa,ON,en\nZoé Roy,24069,Saint-Jean,QC,fr\n"
BAD = "Secret Person,99999,Ottawa,ON,en\n"


@pytest.fixture
def publisher(browser: NewBrowser) -> Browser:
    return browser(Role.PUBLISHER)


@pytest.fixture
def merge(runtime: Runtime, clock: Clock) -> Merge:
    """Choose a sheet; it is checked, its letters are made, and the file comes down where there is one."""

    def go(browser: Browser, content: bytes, **form: Any) -> TestResponse:
        answer = bring(browser, content, **form)
        return make(browser, answer, runtime=runtime, clock=clock) if answer.status_code == 303 else answer

    return go


def bring(browser: Browser, content: bytes, **form: Any) -> TestResponse:
    """Choose a sheet to be checked."""
    typed = {"letter": LETTER, "language": "en", "format": "txt", "sheet": (BytesIO(content), "people.csv")}
    return browser.post(SHEET, typed | {"act": "check"} | form, content_type="multipart/form-data")


def job_of(answer: TestResponse) -> str:
    """Return the number of the job that was started."""
    return parse_qs(urlsplit(answer.location).query)["job"][0]


def make(browser: Browser, checked: TestResponse, *, runtime: Runtime, clock: Clock) -> TestResponse:
    """Have the letters of a checked sheet made, and take their file; the page where there is none."""
    run_jobs(runtime, lambda: clock.now)
    begun = browser.post(f"{SHEET}/{job_of(checked)}")
    if begun.status_code != 303:
        return browser.get(checked.location)
    run_jobs(runtime, lambda: clock.now)
    page = browser.get(begun.location)
    link = BeautifulSoup(page.data, "lxml").select_one("a[download]")
    return browser.get(str(link["href"])) if link else page


def merge_large(browser: Browser, content: bytes, **form: str) -> TestResponse:
    """Bring a sheet so large that the test's own client would lay it on the disk."""
    typed = {"csrf_token": browser.token, "letter": LETTER, "language": "en", "format": "txt", "act": "check"}
    sheet = FileStorage(BytesIO(content), filename="people.csv", content_type="text/csv")
    boundary, body = encode_multipart(typed | form | {"sheet": sheet})
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(SHEET, data=body, content_type=kind)


def files(answer: TestResponse) -> dict[str, bytes]:
    """What the zip holds."""
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    with ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_letter_comes_down_for_each_row_in_the_row_s_language(publisher: Browser, merge: Merge) -> None:
    made = files(merge(publisher, (HEADER + GOOD).encode()))
    assert list(made) == ["00002 - Ottawa Centre.txt", "00003 - Saint-Léonard—Saint-Michel.txt"]
    assert "Ada Roe" in made["00002 - Ottawa Centre.txt"].decode()
    assert "Objet\u00a0:" in made["00003 - Saint-Léonard—Saint-Michel.txt"].decode()


def test_the_letters_come_as_one_pdf_or_as_word_files(publisher: Browser, merge: Merge) -> None:
    pdf = merge(publisher, (HEADER + GOOD).encode(), format="pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert len(PdfReader(BytesIO(pdf.data)).pages) == 2
    assert "no-store" in pdf.headers["Cache-Control"]
    word = files(merge(publisher, (HEADER + GOOD).encode(), format="docx"))
    first = Document(BytesIO(word["00002 - Ottawa Centre.docx"]))
    assert "Ada Roe" in "\n".join(paragraph.text for paragraph in first.paragraphs)


def test_bad_rows_are_left_out_and_named_in_a_file_beside_the_letters(publisher: Browser, merge: Merge) -> None:
    made = files(merge(publisher, (HEADER + GOOD + BAD).encode(), format="pdf"))
    assert len(made) == 2
    told = made["rejected.csv"].decode()
    assert told.splitlines()[1].startswith("4,riding,")
    assert "99999" not in told
    assert "Secret" not in told


def test_a_check_tells_rows_columns_and_reasons_and_never_a_cell(publisher: Browser, runtime: Runtime) -> None:
    sheet = HEADER.replace("\n", ",Shoe size\n") + GOOD.replace("\n", ",44\n") + BAD.replace("\n", ",45\n")
    begun = bring(publisher, sheet.encode())
    run_jobs(runtime, lambda: NOW)
    section = publisher.page(begun.location).select_one("#sheet")
    assert section
    told = " ".join(section.get_text(" ").split())
    assert "2 letters can be made. 1 row is left out." in told
    assert "4 riding No single federal riding" in told
    assert "Column F is not read" in told
    assert "Make 2 letters" in told
    for cell in ("Secret", "99999", "Ada", "44", "Shoe"):
        assert cell not in told
    with runtime.sessions() as session:
        assert list(session.scalars(select(AuditEntry))) == []


def test_the_page_says_how_many_letters_are_ready_and_how_many_rows_were_left_out(
    browser: NewBrowser, runtime: Runtime
) -> None:
    for spoken, said in (
        (Language.EN, "2 letters are ready. 1 row was left out: the list in the file says why."),
        (Language.FR, "2 lettres sont prêtes. 1 ligne a été écartée\u00a0: la liste jointe dit pourquoi."),
    ):
        publisher = browser(Role.PUBLISHER, language=spoken, who=f"p-{spoken}")
        checked = bring(publisher, (HEADER + GOOD + BAD).encode())
        run_jobs(runtime, lambda: NOW)
        address = f"{SHEET}/{job_of(checked)}"
        begun = publisher.post(address)
        assert publisher.post(address).status_code == 404, "they are being made"
        run_jobs(runtime, lambda: NOW)
        text = " ".join(publisher.page(begun.location).get_text(" ").replace("\u00a0", "~").split()).replace(
            "~", "\u00a0"
        )
        assert said in text
        assert "Secret" not in text
        assert publisher.post(address).status_code == 404, "they are made"


def test_the_columns_shown_are_those_of_the_letter_chosen(publisher: Browser) -> None:
    shown = {
        letter: publisher.page(f"/staff/organisation?open=sheet&letter={letter}").select("[data-columns]")[0]
        for letter in (LETTER, "child-protection/bill")
    }
    for letter, columns in shown.items():
        assert columns["data-columns"] == letter
        assert columns.select(f'a[href="{SHEET}/sample?letter={letter}"]')
    pressed = publisher.post(SHEET, {"letter": "child-protection/bill", "act": "columns"})
    assert pressed.status_code == 200
    assert str(shown["child-protection/bill"]) in str(BeautifulSoup(pressed.data, "lxml"))


def test_the_log_has_counts_alone(publisher: Browser, merge: Merge, runtime: Runtime) -> None:
    files(merge(publisher, (HEADER + GOOD + BAD).encode()))
    with runtime.sessions() as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.act, entry.subject, entry.before) == ("letters-merged", f"letter:{LETTER}", None)
    assert entry.after == {"letters": 2, "left_out": 1, "format": "txt"}


@pytest.mark.parametrize(
    ("sheet", "form", "field"),
    [
        (HEADER + GOOD, {"sheet": ""}, "sheet-file"),
        (HEADER + GOOD, {"letter": "child-protection/none"}, "letter"),
        (HEADER + GOOD, {"format": "exe"}, "format"),
        ("nothing known here\n1\n", {}, "sheet-file"),
    ],
)
def test_what_cannot_be_merged_is_refused_at_its_field_with_the_choices_kept(
    publisher: Browser, merge: Merge, runtime: Runtime, *, sheet: str, form: dict[str, str], field: str
) -> None:
    answer = merge(publisher, sheet.encode(), **({"format": "docx"} | form))
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "lxml")
    assert page.select_one(f"#{field}-e")
    assert page.select_one(f'#outcome .errors a[href="#{field}"]')
    assert page.select_one("#sheet[open]")
    if form.get("format") is None:
        assert page.select_one('#format option[value="docx"][selected]')
    with runtime.sessions() as session:
        assert list(session.scalars(select(AuditEntry))) == []


def test_the_sample_sheet_gives_two_letters_in_the_person_s_language(browser: NewBrowser, merge: Merge) -> None:
    publisher = browser(Role.PUBLISHER, language=Language.FR)
    sheet = publisher.get(f"{SHEET}/sample?letter={LETTER}")
    assert sheet.status_code == 200
    made = files(merge(publisher, sheet.data))
    assert [name[:5] for name in made] == ["00002", "00003"]
    assert "Outremont" in [*made][1]


def test_5001_rows_are_for_the_command_which_is_named(publisher: Browser, merge: Merge) -> None:
    sheet = HEADER + "Ada Roe,35079,Ottawa,ON,en\n" * 5_001
    assert f"advocacy merge {LETTER}" in merge(publisher, sheet.encode()).text


def test_a_sheet_over_5_mb_is_refused_with_the_limit_that_the_page_names(publisher: Browser) -> None:
    assert "5 MB and 5,000 rows" in publisher.page("/staff/organisation").get_text()
    answer = merge_large(publisher, b"x" * (6 * 1024 * 1024))
    assert answer.status_code == 413
    assert "5 MB" in answer.text


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_nothing_of_a_sheet_or_its_letters_can_be_read_on_the_disk_or_in_the_log(
    publisher: Browser,
    runtime: Runtime,
    clock: Clock,
    *,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    form: str,
) -> None:
    padded = HEADER.replace("\n", ",aside\n") + ("Ada Quillfeather,35079,Ottawa,ON,en," + "x" * 180_000 + "\n") * 5
    make(publisher, bring(publisher, (HEADER + GOOD).encode(), format=form), runtime=runtime, clock=clock)
    # what is loaded once may be read from the disk
    opened: list[str] = []

    def noting(really: Any) -> Any:
        def note(file: Any, *more: Any, **named: Any) -> Any:
            mode = str(named.get("mode", more[0] if more else "r"))
            flags = more[0] if more and isinstance(more[0], int) else 0
            if set(mode) & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                opened.append(str(file))
            return really(file, *more, **named)

        return note

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a temporary file was made")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr(builtins, "open", noting(builtins.open))
    monkeypatch.setattr(os, "open", noting(os.open))
    file = runtime.settings.database_file
    assert file
    with caplog.at_level(logging.DEBUG):
        begun = merge_large(publisher, padded.encode(), format=form)
        assert begun.status_code == 303
        raw = [one.read_bytes() for one in file.parent.iterdir() if one.is_file()]
        assert make(publisher, begun, runtime=runtime, clock=clock).status_code == 200
    raw += [one.read_bytes() for one in file.parent.iterdir() if one.is_file()]
    assert opened == []
    assert not any(b"Quillfeather" in one for one in raw)
    assert "Quillfeather" not in caplog.text
