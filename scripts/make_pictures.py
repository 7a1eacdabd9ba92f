"""Take the two pictures of the README from the site as it runs: a phone in French, a desk in English.

    make install && python scripts/make_pictures.py

Starts a site of its own in an empty folder; needs Playwright (in the locked test requirements) and the Chromium that
CHROMIUM names (default /usr/bin/chromium).
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WORDS = (
    "My daughter is eight and is starting to use a tablet. Like many parents, I shared holiday pictures without "
    "thinking that they could be stolen. I would like the rule to be the same for every company, and known in advance."
)


@contextmanager
def site() -> Iterator[str]:
    """Serve the site from an empty folder, and give its address."""
    command = [sys.executable, "-m", "advocacy", "serve", "--port", "0", "--workers", "1", "--no-worker"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process,
    ):
        said = re.match(r"The site is at (http://localhost:\d+) ", process.stdout.readline() if process.stdout else "")
        if said is None:
            sys.exit("the site did not start; `advocacy serve` says why")
        yield said[1]
        process.terminate()


def phone(browser: Browser, address: str) -> None:
    """The campaign's page in French on a phone."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, color_scheme="light")
    page.goto(f"{address}/fr/child-protection/", wait_until="networkidle")
    page.screenshot(path=OUT / "phone-fr.png")


def desk(browser: Browser, address: str) -> None:
    """The form in English on a desk, the letter beside it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto(f"{address}/en/child-protection/write")
    with page.expect_response("**/legislators"):
        page.fill("#postal_code", "K1A 0A6")
    fill_in(page)
    page.wait_for_selector(f"#previews :text({WORDS[:30]!r})")
    for step in page.locator(".step:not(#step-words)").all():
        step.evaluate("step => { step.open = false; }")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=OUT / "desktop-en.png")


def fill_in(page: Page) -> None:
    """Answer every step."""
    for folded in page.locator(".step:not([open]) > summary, #step-about .fold:not([open]) > summary").all()[::-1]:
        folded.evaluate("summary => { summary.parentElement.open = true; }")
    for name, text in {"name": "Camille Sample", "city": "Ottawa", "email": "camille.sample@example.ca"}.items():
        page.fill(f"#{name}", text)
    page.select_option("#province", "ON")
    page.select_option("#relationship", "parent")
    page.fill("#reason", WORDS)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    with site() as served, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        phone(chromium, served)
        desk(chromium, served)
        chromium.close()
