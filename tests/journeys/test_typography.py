"""The browser sets the signs of a text as the checks want them."""

from pathlib import Path

from playwright.sync_api import Browser

import advocacy
from tests.unit.campaigns.checks.typography_cases import CASES

SCRIPT = Path(advocacy.__file__).parent / "web" / "static" / "js" / "typography.js"


def test_the_rules_in_the_browser_are_those_of_the_checks(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=f"{SCRIPT.read_text(encoding='utf-8')}\nwindow.corrected = corrected;", type="module")
    for language, cases in CASES.items():
        typed = [text for text, _ in cases]
        found = page.evaluate(
            "([texts, language]) => texts.map((text) => corrected(text, language))", [typed, language]
        )
        assert found == [wanted for _, wanted in cases]
    page.close()
