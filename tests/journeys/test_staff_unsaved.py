"""What staff typed is in this tab when their session ended, in every form, and put back once they signed in again."""

import pytest
from bs4 import BeautifulSoup

from tests.journeys.staffed import Staffed
from tests.web.staff.staged_site import CAMPAIGN

pytestmark = pytest.mark.loopback
SETTINGS = f"/staff/campaigns/{CAMPAIGN}/settings"
SURVEY = f"/staff/campaigns/{CAMPAIGN}/survey"
IDLE = 31
PUT_BACK = "#main .notice:has-text('Unsaved text was put back.')"
KEPT = "sessionStorage.getItem('unsaved')"
CONTROLS = """
const forms = () => [...document.querySelectorAll('main form[method="post"]')].map((form) => [...form.elements].filter(
  (one) => one.name && one.matches('textarea, select, input:not([type="hidden"], [type="file"], [type="password"])'),
));
"""
TYPE = f"""() => {{ {CONTROLS}
  const texts = {{ date: "2031-02-03", month: "2031-02", time: "10:20", number: "7", email: "a@b.ca", url: "https://a.ca" }};
  return forms().filter((all) => all.length).map((all) => {{
    const written = all.find((one) => one.matches('textarea, input:not([type="checkbox"], [type="radio"], [readonly])'));
    const one = written ?? all.at(-1);
    if (one.options) one.options[one.options.length - 1].selected = true;
    else if (written) one.value = texts[one.type] ?? "Typed";
    else one.checked = true;
    one.dispatchEvent(new Event("input", {{ bubbles: true }}));
    return [one.name, one.value, one.checked ?? null];
  }});
}}"""
SHOWN = f"""() => {{ {CONTROLS}
  return forms().flat().map((one) => [one.name, one.value, one.checked ?? null]);
}}"""
SEND = """() => {
  const form = [...document.querySelectorAll('main form[method="post"]')].findLast((one) => one.querySelector("[name]:not([type=hidden])"));
  form.noValidate = true;
  form.requestSubmit();
}"""


def has_form(staffed: Staffed, page: str) -> bool:
    """Return whether somebody types something on a page that is then sent."""
    fields = "textarea, select, input:not([type=hidden]):not([type=file]):not([type=password])"
    return any(form.select(fields) for form in BeautifulSoup(page, "lxml").select("main form[method=post]"))
