"""A second campaign, about something else, shows no word of the first: not on a page, in a mail or in a file."""

import re
import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from advocacy import runtime as parts_of_a_site
from advocacy.app import create_app
from advocacy.campaigns.campaign_folder import SAFETY, CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.dispatch import make_worker
from advocacy.exports import FORMATS
from advocacy.language import Language
from advocacy.runtime import Runtime, open_runtime
from tests.builders import the_campaign, the_second_campaign
from tests.web.public.sender import AGREED
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW, settings_in

NAME = the_second_campaign().name
TITLE = the_second_campaign().campaign().name
TELLING = re.compile(
    r"\b(?:child|kids|enfant|stolen|volée|survivor|survivant|victim|pornograph|pedo|pédo|sexu|exploit|cybertip|cyberaide"
    r"|needhelp|aidezmoi|jeunesse|takedown|suicide|toddler|bambin|wading|pataugeoire|c-34|9-8-8|668-6868|658-9022"
    r"|abuse images|images d’abus|technolog)",
    re.IGNORECASE,
)
"""Words of the first campaign, by their beginnings."""
TYPED = {
    "postal_code": "K1A 0A6",
    "template": "ventilation",
    "name": "Camille Essai",
    "city": "Ottawa",
    "province": "ON",
    "email": "camille.essai@example.ca",
    "role": "asthma",
    "reason": "Our school was built before I was born, and on some winter days we cannot open a single window.",
}
PAGES = ("", "write", "write?template=short", "sent")
WITHOUT_CAMPAIGN = ("", "help", "privacy", "accessibility", "confirm/no-such-link", "receipt/no-such-link", "nothing")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The files of a site that has this campaign alone, to be copied."""
    folder = tmp_path_factory.mktemp("second")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts_of_a_site, "shipped_letters", lambda: [the_second_campaign()])
        with open_runtime(settings_in(folder), now=NOW) as runtime:
            create_app(runtime, now=lambda: NOW)  # makes the data keys
        yield folder


@pytest.fixture
def site(begun: Path, tmp_path: Path) -> Iterator[Runtime]:
    shutil.copytree(begun, tmp_path / "var")
    with open_runtime(settings_in(tmp_path / "var"), now=NOW) as runtime:
        yield runtime


def found_in(text: str) -> list[str]:
    """Return the telling words of a text, each with what is around it."""
    plain = unescape(text)
    return [plain[max(0, one.start() - 40) : one.end() + 40] for one in TELLING.finditer(plain)]


def words_of(page: str) -> str:
    """Return what a page shows or tells to programs: its text, and all its attributes but names of files and classes."""
    soup = BeautifulSoup(page, "lxml")
    said = [soup.get_text(" ")]
    for tag in soup.find_all(True):
        said += [str(value) for name, value in tag.attrs.items() if name not in {"class", "id", "href", "src"}]
    return " ".join(said)


def file_words(form: str, content: bytes) -> str:
    """Return the words of a file, and what it tells of itself."""
    if form == "pdf":
        read = PdfReader(BytesIO(content))
        return " ".join([*(page.extract_text() for page in read.pages), *map(str, (read.metadata or {}).values())])
    if form == "docx":
        with ZipFile(BytesIO(content)) as archive:
            runtime = [
                archive.read(name).decode() for name in archive.namelist() if name.startswith(("word/d", "docP"))
            ]
        return re.sub(r"<[^>]+>", " ", " ".join(runtime))
    if form == "eml":
        return mail_words(content)
    return content.decode("utf-8-sig")


def mail_words(content: bytes) -> str:
    mail = message_from_bytes(content, policy=policy.default)
    bodies = [part.get_content() for part in mail.walk() if part.get_content_type().startswith("text/")]
    return " ".join([*map(str, mail.values()), *bodies])


@pytest.mark.parametrize("language", Language)
def test_no_page_shows_a_word_of_the_first_campaign(site: Runtime, language: Language) -> None:
    visitor = Visitor.of(create_app(site, now=lambda: NOW), language=language, campaign=NAME)
    pages = {place: visitor.get(place).answer.text for place in PAGES}
    assert all(TITLE[language] in text for text in pages.values())
    pages |= {place: visitor.read(visitor.client.get(f"/{language}/{place}")).answer.text for place in WITHOUT_CAMPAIGN}
    pages["errors"] = visitor.post("review", {**TYPED, "reason": "See https://example.ca/page", "name": ""}).answer.text
    assert visitor.status == 422
    pages["review"] = visitor.post("review", TYPED).answer.text
    assert visitor.status == 200
    assert {place: found for place, text in pages.items() if (found := found_in(words_of(text)))} == {}


def test_nothing_is_shown_where_the_campaign_has_no_safety_file(site: Runtime) -> None:
    language = Language.FR
    visitor = Visitor.of(create_app(site, now=lambda: NOW), language=language, campaign=NAME)
    for place in ("write", "help"):
        path = f"/{language}/{place}" if place == "help" else f"/{language}/{NAME}/{place}"
        page = visitor.read(visitor.client.get(path)).page
        assert visitor.status == 200
        assert page.select("#support, #material, .found-material") == []
        assert page.select('a[href*="#support"]') == []
    visitor.post("review", {**TYPED, "reason": "See https://example.ca/page"})
    assert visitor.page.select("#errors") != []
    assert visitor.page.select(".found-material") == []


def test_pages_without_a_campaign_list_each_campaign_s_lines_under_its_name(site: Runtime) -> None:
    language = Language.FR
    own = (
        '[[support]]\nkey = "air"\nstatus = "ours"\nname = { en = "Air line", fr = "Ligne de l’air" }\n'
        '[found_material]\nstatus = "ours"\nwords = { en = "Open a window.", fr = "Ouvrez une fenêtre." }\n'
    )
    second = CampaignFolder.of(NAME, {**dict(the_second_campaign().files), SAFETY: own.encode()})
    with site.sessions.begin() as session:
        import_folder(session, second, now=NOW)
    visitor = Visitor.of(create_app(site, now=lambda: NOW), language=language, campaign=NAME)
    alone = visitor.read(visitor.client.get(f"/{language}/help")).page
    assert len(alone.select("#support dl")) == len(alone.select("h2#material")) == 1
    assert alone.select("#support h3") == []
    with site.sessions.begin() as session:
        import_folder(session, the_campaign(), now=NOW)
    both = visitor.read(visitor.client.get(f"/{language}/help")).page
    names = [the_campaign().campaign().name[language], TITLE[language]]
    assert sorted(one.get_text() for one in both.select("#support h3")) == sorted(names)
    assert both.select('.foot a[href*="#support"]') != []
    with site.sessions.begin() as session:
        import_folder(session, CampaignFolder.of(NAME, {**dict(second.files), SAFETY: b""}), now=NOW)
    one_of_two = visitor.read(visitor.client.get(f"/{language}/help")).page
    assert [one.get_text() for one in one_of_two.select("#support h3")] == names[:1], "whose lines they are is said"
    with site.sessions.begin() as session:
        import_folder(session, second, now=NOW)
    lines = visitor.get("write").page.select_one("#support")
    assert lines is not None
    assert [one.get_text() for one in lines.select("dt")] == ["Ligne de l’air"]
    assert found_in(words_of(visitor.answer.text)) == []


@pytest.mark.parametrize("language", Language)
def test_no_file_carries_a_word_of_the_first_campaign(site: Runtime, language: Language) -> None:
    visitor = Visitor.of(create_app(site, now=lambda: NOW), language=language, campaign=NAME)
    found = {}
    for form in FORMATS:
        answer = visitor.post(f"download/{form}", TYPED).answer
        assert answer.status_code == 200, form
        words = file_words(form, answer.data)
        assert "Camille Essai" in words, form
        found[form] = [*found_in(words), *found_in(answer.headers.get("Content-Disposition", ""))]
    assert {form: words for form, words in found.items() if words} == {}


@pytest.mark.parametrize("language", Language)
def test_no_mail_and_no_page_after_sending_carries_a_word_of_the_first_campaign(
    site: Runtime, language: Language, tmp_path: Path
) -> None:
    with site.sessions.begin() as session:  # the first campaign is there too: links in mails name no campaign
        import_folder(session, the_campaign(), now=NOW)
    visitor = Visitor.of(create_app(site, now=lambda: NOW), language=language, campaign=NAME)
    visitor.post("review", TYPED)
    visitor.press('[formaction$="/send"]', **AGREED)
    assert visitor.status == 303
    pages = [visitor.get("sent").answer.text]
    confirm = _delivered(site, tmp_path, "confirm")
    pages.append(visitor.read(visitor.client.get(confirm)).answer.text)
    answer = visitor.client.post(confirm, data={"csrf_token": visitor.token, "act": "send"})
    assert answer.status_code == 303
    receipt = answer.headers["Location"]
    assert _delivered(site, tmp_path, "receipt") == receipt
    pages.append(visitor.read(visitor.client.get(receipt)).answer.text)
    assert visitor.status == 200
    assert visitor.page.select('[data-leave], a[href*="#support"]') == []
    mails = [mail_words(file.read_bytes()) for file in (tmp_path / "var" / "outgoing").iterdir()]
    assert len(mails) == 3
    assert [found for text in (*map(words_of, pages), *mails) for found in found_in(text)] == []


def _delivered(site: Runtime, folder: Path, page: str) -> str:
    """Deliver all that is due; return the path of the link to a page in the mails."""
    worker = make_worker(site, now=lambda: NOW)
    while worker.deliver():
        pass
    mails = " ".join(mail_words(file.read_bytes()) for file in (folder / "var" / "outgoing").iterdir())
    [path] = {one[0] for one in re.finditer(rf"/(?:en|fr)/{page}/[\w.-]+", mails)}
    return path
