"""The form asks what one wants to ask and how long the letter may be, and shows five choices at first sight."""

from collections.abc import Mapping
from typing import Any

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder
from advocacy.campaigns.toml_text import edit_toml
from tests.builders import the_campaign
from tests.web.public.sender import Sender
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW

LETTERS = ("takedown-and-standards", "mandatory-takedown", "safety-standards", "corporate-accountability")
FULL, SHORT, NEVER = LETTERS[0], LETTERS[1], LETTERS[3]


def changed(**changes: Mapping[str, Any]) -> CampaignFolder:
    """The shipped campaign with only these letters, some of them changed, by their names with _ for -."""
    whole = the_campaign()
    files = {name: content for name, content in whole.files if "/" not in name or name.split("/")[0] in LETTERS}
    for name, values in changes.items():
        path = f"{name.replace('_', '-')}/letter.toml"
        files[path] = edit_toml(files[path], {(key,): value for key, value in values.items()})
    return CampaignFolder.of(whole.name, files)


@pytest.fixture
def visitor(sender: Sender) -> Visitor:
    """A visitor of a site with a short letter and one that is not offered."""
    copies = {}
    folder = changed(mandatory_takedown={"length": "short"}, corporate_accountability={"offer": "never"})
    for number in range(5):
        for name, content in folder.files:
            if name.startswith("safety-standards/"):
                copies[name.replace("safety-standards", f"copy-{number}")] = content
    others = {f"{one}/letter.toml" for one in the_campaign().letters() if one not in LETTERS}
    hidden = {name: edit_toml(the_campaign().content(name) or b"", {("offer",): "never"}) for name in others}
    texts = {name: content for name, content in the_campaign().files if f"{name.split('/')[0]}/letter.toml" in others}
    whole = CampaignFolder.of(folder.name, {**texts, **hidden, **dict(folder.files), **copies})
    with sender.runtime.sessions.begin() as session:
        import_folder(session, whole, now=NOW)
    return sender.visitor


def names(visitor: Visitor, selector: str) -> list[str]:
    return [str(one["value"]) for one in visitor.page.select(f'{selector} input[name="template"]')]


def test_five_letters_are_shown_and_the_others_wait_behind_more(visitor: Visitor) -> None:
    visitor.get()
    every, more = names(visitor, "#template"), names(visitor, "#template details")
    assert len(every) - len(more) == 5
    assert set(every) == {FULL, "safety-standards", *(f"copy-{number}" for number in range(5))}
    assert "2 more letters" in visitor.page.select_one("#template summary").get_text()  # type: ignore[union-attr]
    assert not visitor.page.select("#template details[open]")


def test_a_choice_behind_more_is_shown(visitor: Visitor) -> None:
    visitor.get()
    last = names(visitor, "#template details")[-1]
    visitor.press('[name="go"][value="about"]', template=last)
    assert visitor.page.select("#template details[open]")
    assert [str(one["value"]) for one in visitor.page.select('input[name="template"][checked]')] == [last]


def test_short_writes_the_short_letter_whatever_is_asked(visitor: Visitor) -> None:
    visitor.post("review", {**FILLED, "template": "safety-standards", "length": "full"})
    full = visitor.sheets()[0]
    visitor.post("review", {**FILLED, "template": "safety-standards", "length": "short"})
    short = visitor.sheets()[0]
    assert visitor.status == 200
    assert short != full
    visitor.press('[name="go"][value="back"]')
    assert [str(one["value"]) for one in visitor.page.select('input[name="length"][checked]')] == ["short"]
    assert [str(one["value"]) for one in visitor.page.select('input[name="template"][checked]')] == ["safety-standards"]


def test_the_short_letter_needs_no_other_choice_and_can_be_named(visitor: Visitor) -> None:
    without = {name: value for name, value in FILLED.items() if name != "template"}
    assert visitor.post("review", {**without, "length": "short"}).status == 200
    by_length = visitor.sheets()
    assert visitor.post("review", {**without, "template": SHORT}).sheets() == by_length


def test_a_letter_that_is_never_offered_cannot_be_asked_for(visitor: Visitor) -> None:
    assert visitor.post("review", {**FILLED, "template": NEVER}).status == 422
    assert "This letter is not available" in visitor.page.get_text()
