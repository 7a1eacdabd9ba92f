"""Who finds no words checks sentences: they are in the letter, are counted for its office, and give way to own words."""

from collections import Counter

import pytest
from sqlalchemy import select

from advocacy.campaigns.library import import_folder
from advocacy.language import Language
from advocacy.letters import letter
from advocacy.letters.models import ChoiceCount, StoredLetter
from tests.builders import the_second_campaign
from tests.web.public.sender import AGREED
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW, SharedSite

CAMPAIGN = the_second_campaign()
TEMPLATE = CAMPAIGN.template("ventilation")
WORDINGS = {
    language: {key: one.wordings for key, one in TEMPLATE.statements[language]["statements"].items()}
    for language in Language
}
TYPED: dict[str, str | list[str]] = {
    "postal_code": "K1A 0A6",
    "template": "ventilation",
    "name": "Camille Essai",
    "city": "Ottawa",
    "province": "ON",
    "email": "camille.essai@example.ca",
    "statements": ["upkeep", "stuffy"],
}


@pytest.fixture
def site(shared_site: SharedSite) -> SharedSite:
    """A site that has the second campaign too."""
    with shared_site.runtime.sessions.begin() as session:
        import_folder(session, CAMPAIGN, now=NOW)
    return shared_site


def a_visitor(site: SharedSite) -> Visitor:
    return Visitor.of(site.app, campaign=CAMPAIGN.name)


def worded(text: str, language: Language = Language.EN) -> dict[str, int]:
    """Which wording of each statement a text has."""
    return {
        key: number
        for key, wordings in WORDINGS[language].items()
        for number, wording in enumerate(wordings)
        if wording in text
    }


def counted(site: SharedSite) -> Counter[str]:
    """How many letters are counted for each statement."""
    fingerprints = {one.fingerprint: key for key, one in TEMPLATE.statements[Language.EN]["statements"].items()}
    with site.runtime.sessions() as session:
        counts: Counter[str] = Counter()
        for row in session.scalars(select(ChoiceCount)):
            if row.fingerprint in fingerprints:
                counts[fingerprints[row.fingerprint]] += row.count
    return counts


def test_the_form_offers_each_sentence_as_a_box(site: SharedSite) -> None:
    page = a_visitor(site).get("write").page
    boxes = page.select("#statements input[type=checkbox][name=statements]")
    assert [box["value"] for box in boxes] == ["stuffy", "colds", "upkeep", "breath"]
    labels = {box["value"]: page.select_one(f'label[for="{box["id"]}"]') for box in boxes}
    texts = {key: label.get_text(strip=True) for key, label in labels.items() if label}
    assert texts == {one.key: one.label[Language.EN] for one in CAMPAIGN.sentences().statements["reasons"]}
    assert [box["value"] for box in boxes if box.has_attr("data-sensitive")] == ["breath"]


def test_what_is_checked_stays_checked_and_what_was_previewed_is_reviewed(site: SharedSite) -> None:
    visitor = a_visitor(site).post("write", {**TYPED, "go": "words"})
    checked = [box["value"] for box in visitor.page.select("#statements input[checked]")]
    assert checked == ["stuffy", "upkeep"]
    [preview] = visitor.sheets()
    assert worded(preview).keys() == {"stuffy", "upkeep"}
    review = visitor.press("[data-review]")
    assert (review.status, review.sheets()) == (200, [preview])
    back = visitor.press('[name="go"][value="back"]')
    assert [box["value"] for box in back.page.select("#statements input[checked]")] == checked


def test_the_letter_sent_has_the_wordings_of_the_review_and_no_own_words(site: SharedSite) -> None:
    visitor = a_visitor(site).post("review", TYPED)
    reviewed = worded(visitor.sheets()[0])
    visitor.press('[formaction$="/send"]', **AGREED)
    with site.runtime.sessions() as session:
        [stored] = session.scalars(select(StoredLetter))
        text = stored.letter
        sent = letter.from_json(text or "")
    assert worded(sent.body) == reviewed
    assert stored.own_words == 0
    assert not any(sent.is_own(piece) for paragraph in sent.paragraphs for piece in paragraph.pieces)


def test_own_words_are_used_instead_and_the_page_says_so(site: SharedSite) -> None:
    visitor = a_visitor(site).post("preview", {**TYPED, "reason": "Our windows do not open."})
    assert [line.get_text() for line in visitor.page.select("[data-held=statements-unused]")] == [
        "Your own words are used instead of the sentences you checked."
    ]
    assert worded(visitor.sheets()[0]) == {}
    visitor.post("review", {**TYPED, "reason": "Our windows do not open."}).press('[formaction$="/send"]', **AGREED)
    assert counted(site) == {}


def test_a_fourth_sentence_is_asked_about_beside_the_boxes_and_nothing_is_lost(site: SharedSite) -> None:
    four = ["stuffy", "colds", "upkeep", "breath"]
    visitor = a_visitor(site).post("review", {**TYPED, "statements": four})
    assert (visitor.status, visitor.errors()) == (422, {"statements": "Check at most 3 sentences."})
    assert len(visitor.page.select("#statements input[checked]")) == 4
    fieldset = visitor.page.select_one("#statements")
    assert fieldset
    assert "statements-e" in fieldset["aria-describedby"]


def test_another_language_of_the_page_keeps_what_is_checked(site: SharedSite) -> None:
    visitor = a_visitor(site).post("write", {**TYPED, "go": "words"})
    visitor.language = "fr"
    visitor.post("write", [pair for pair in visitor.values() if not pair[0].startswith("language")])
    assert [box["value"] for box in visitor.page.select("#statements input[checked]")] == ["stuffy", "upkeep"]
    assert worded(visitor.sheets()[0], Language.FR).keys() == {"stuffy", "upkeep"}
