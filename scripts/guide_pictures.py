"""Take the pictures of the writers' guide in both languages from the site as it runs, with people who do not exist.

    make install && python scripts/guide_pictures.py

For each language a site of its own starts in an empty folder; needs Playwright and Pillow (in the locked requirements
of development) and the Chromium that CHROMIUM names (default /usr/bin/chromium).
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from advocacy.app import create_app
from advocacy.campaigns.library import stored_folder
from advocacy.language import Language
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff import publication
from advocacy.staff import revisions as stored
from advocacy.staff.models import Account, Role
from advocacy.web.staff import STAFF
from tests.web.staff.browser import sign_in
from tests.web.staff.staged_site import CAMPAIGN, LETTER, set_up

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "guide" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
EDITOR = f"/staff/campaigns/{CAMPAIGN}/letters/{LETTER}"
NAMES = {"colleague": "Maude", "publisher": "Karim", "boss": "Anne", "writer": "Dominique"}
SURNAMES = {Language.EN: "Sample", Language.FR: "Essai"}
"""Who is named on the pages."""
CHANGES = (
    ("Le Parlement peut régler cette question", "Le Parlement peut trancher cette question"),
    ("Parliament can settle this", "Parliament can decide this"),
)
"""What the revision that waits changes."""
WANTED = {Language.EN: "ri", Language.FR: "ci"}
"""How the name of a label begins that somebody types."""
COLOURS = 256
"""Of a picture, at most, which keeps its file small."""
WINDOW = {"width": 1280, "height": 860}
ABOVE = 16
"""Pixels shown above the first element of a picture."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve the site that a folder holds, and give its address."""
    command = [sys.executable, "-m", "advocacy", "serve", "--port", "0", "--workers", "1", "--no-worker"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        said = re.match(r"The site is at (http://localhost:\d+) ", process.stdout.readline() if process.stdout else "")
        if said is None:
            sys.exit("the site did not start; `advocacy serve` says why")
        yield said[1]
        process.terminate()


def settings(folder: Path, address: str = "http://localhost:8000") -> Settings:
    """Return the settings of the site that a folder holds."""
    return Settings(database_url=f"sqlite:///{folder / 'var' / 'advocacy.sqlite3'}", base_url=address)


def people(folder: Path, address: str, language: Language) -> tuple[dict[Role, str], int]:
    """Put something of every kind on the site; give a cookie of each role, and the revision that waits."""
    now = datetime.now(UTC)
    with open_runtime(settings(folder, address), now=now) as runtime:
        app = create_app(runtime)
        names = {who: f"{name} {SURNAMES[language]}" for who, name in NAMES.items()}
        stage = set_up(app, runtime, now - timedelta(days=3), names=names)
        waits = revisions(runtime, stage.values["revision"], now)
        cookies = {}
        for role in (Role.WRITER, Role.PUBLISHER):
            cookie = sign_in(app, runtime, role, now, language=language).client.get_cookie(STAFF)
            assert cookie
            cookies[role] = cookie.value
    return cookies, waits


def revisions(runtime: Runtime, asked: int, now: datetime) -> int:
    """Publish the revision that was asked for, and ask for another; give that one."""
    with runtime.sessions.begin() as session:
        who = {account.email.split("@")[0]: account for account in session.scalars(select(Account))}
        published = now - timedelta(days=2, hours=3)
        publication.publish(session, CAMPAIGN, [asked], by=who["publisher"], now=published)
        files = dict(stored_folder(session, CAMPAIGN).documents()[LETTER])
        path = f"{LETTER}/letter.toml"
        for old, new in CHANGES:
            assert old in files[path].decode()
            files[path] = files[path].decode().replace(old, new, 1).encode()
        moment, by = now - timedelta(hours=1, minutes=20), who["writer"]
        made = stored.save(session, CAMPAIGN, LETTER, files=files, by=by, now=moment)
        publication.request_review(session, [made], by=by, now=moment + timedelta(minutes=9))
        return made.id


class Camera:
    """Takes pictures of one site, in one language."""

    def __init__(self, address: str, language: Language) -> None:
        self.address = address
        self.language = language

    def open_as(self, browser: Browser, cookie: str) -> Page:
        """Return a wide window in which somebody is signed in."""
        context = browser.new_context(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        context.add_cookies([{"name": STAFF, "value": cookie, "url": self.address}])
        return context.new_page()

    def visit(self, page: Page, path: str) -> None:
        """Open a page."""
        page.goto(f"{self.address}{path}", wait_until="networkidle")

    def take(self, page: Page, name: str, *, first: str = "") -> None:
        """Take what the window shows, or as much as that from the element `first` on."""
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        box = page.locator(first).first.bounding_box() if first else {"y": 0}
        assert box, (name, first)
        clip = {"x": 0, "y": max(0, box["y"] - ABOVE), "width": 1280, "height": WINDOW["height"]}
        self.save(name, page.screenshot(full_page=True, clip=clip))  # type: ignore[arg-type]

    def save(self, name: str, taken: bytes) -> None:
        """Keep a picture, with few colours."""
        ending = "-fr" if self.language is Language.FR else ""
        few = Image.open(BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(OUT / f"guide-{name}{ending}.png", optimize=True)

    def of_writing(self, page: Page) -> None:
        """Take what whoever writes sees; what is typed comes last, as it makes a draft."""
        campaign = f"/staff/campaigns/{CAMPAIGN}"
        for name, path in {
            "letters": f"{campaign}/letters",
            "editor": EDITOR,
            "fields": f"{EDITOR}/fields",
            "preview": f"{EDITOR}/preview?to=member&language={self.language.value}",
            "history": f"/staff/history/{CAMPAIGN}/{LETTER}",
            "findings": f"{campaign}/survey",
        }.items():
            self.visit(page, path)
            self.take(page, name)
        self.visit(page, EDITOR)
        surface = page.locator(f"#survey .surface[lang={self.language.value}]:visible").first
        surface.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(f" [{WANTED[self.language]}")
        page.locator("#offers").wait_for()
        self.save("labels", page.screenshot())

    def of_publishing(self, page: Page, waits: int) -> None:
        """Take what whoever publishes sees."""
        self.visit(page, f"/staff/review/{waits}/publish")
        self.take(page, "publish")
        self.visit(page, f"/staff/organisation?open=sheet&letter={CAMPAIGN}/{LETTER}")
        self.take(page, "merge", first="#sheet")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for spoken in Language:
            with tempfile.TemporaryDirectory() as made:
                with open_runtime(settings(Path(made)), now=datetime.now(UTC) - timedelta(days=20)):
                    pass  # filled here, so that what is shipped is older than what people wrote
                with site(Path(made)) as served:
                    signed, waiting = people(Path(made), served, spoken)
                    camera = Camera(served, spoken)
                    camera.of_writing(camera.open_as(chromium, signed[Role.WRITER]))
                    camera.of_publishing(camera.open_as(chromium, signed[Role.PUBLISHER]), waiting)
        chromium.close()
