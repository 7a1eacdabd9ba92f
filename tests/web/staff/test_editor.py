"""A letter is written without script: every button works, what is typed is kept, and what is wrong is said."""

import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from advocacy.campaigns.editor.notation import REMOVED_CONDITION
from advocacy.campaigns.models import Revision
from advocacy.delivery.models import Message
from advocacy.dispatch import make_kinds
from advocacy.language import Language
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime
from advocacy.staff.models import Draft, Role, StaffEmail
from tests.builders import the_campaign
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.letters import LETTER, SUBJECT, fields, press

HARD_EN = "Municipal representatives unanimously recommended additional accessibility."
HARD_FR = "L’accessibilité dominicale des établissements municipaux constituerait une amélioration considérable."


def sections(page: BeautifulSoup) -> int:
    """Count a page's sections."""
    return len(page.select("[data-section]"))


def test_a_shipped_letter_opens_in_order_and_with_no_draft(browser: NewBrowser, runtime: Runtime) -> None:
    page = browser(Role.WRITER).page(LETTER)
    assert the_campaign().letter("takedown-and-standards").title[Language.EN] in page.h1.text  # type: ignore[union-attr]
    assert "{{" not in page.find("form", id="editor").text  # type: ignore[union-attr]
    assert page.find(id="problems").text.strip() == "Nothing to fix"  # type: ignore[union-attr]
    with runtime.sessions() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_saving_a_draft_that_changes_nothing_makes_none(browser: NewBrowser, runtime: Runtime) -> None:
    press(browser(Role.WRITER), "draft")
    with runtime.sessions() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_what_is_typed_is_kept(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "draft", **{SUBJECT: "Another subject  with two spaces"})
    assert fields(one.page(LETTER))[SUBJECT] == "Another subject  with two spaces"


def test_a_draft_of_anothers_is_told_of_and_not_shown(browser: NewBrowser) -> None:
    press(browser(Role.WRITER, who="maude"), "draft", **{SUBJECT: "The words of Maude"})
    page = browser(Role.WRITER, who="ines").page(LETTER)
    assert "The words of Maude" not in page.text
    assert "Maude has a draft of this letter too" in page.text
    assert ".m.." not in page.text


def test_a_paragraph_comes_moves_and_goes_in_both_languages(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    before = sections(one.page(LETTER))
    page = press(one, "add-section:1")
    assert sections(page) == before + 1
    page = press(one, "draft", **{"s2.v0.c0.en": "New words", "s2.v0.c0.fr": "Un texte nouveau"})
    moved = fields(press(one, "move:2:1"))
    assert (moved["s3.v0.c0.en"], moved["s3.v0.c0.fr"]) == ("New words", "Un texte nouveau")
    assert sections(press(one, "remove-section:3")) == before


def test_words_in_one_language_alone_stay_beside_their_empty_twin(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "add-section:1")
    kept = fields(press(one, "draft", **{"s2.v0.c0.fr": "Un texte nouveau"}))
    assert (kept["s2.v0.c0.fr"], kept["s2.v0.c0.en"]) == ("Un texte nouveau", "")


def test_a_variant_comes_and_goes_in_both_languages(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "add-variant:0")
    assert len(page.select("#s0 [data-variant]")) == 4
    assert len(press(one, "remove-variant:0:3").select("#s0 [data-variant]")) == 3


def test_a_label_is_inserted_at_the_end_of_a_text(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "insert", insert_label="citizen.name", insert_cell=SUBJECT)
    assert fields(page)[SUBJECT].endswith(" [name]")


def test_an_unknown_label_is_said_and_mended(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "draft", **{SUBJECT: "A law for [riddings]"})
    assert "No label is called “riddings”" in page.text
    button = page.select_one('button[value^="mend:"]')
    assert button
    assert fields(press(one, str(button["value"])))[SUBJECT] == "A law for [riding]"


def test_words_in_brackets_like_no_label_can_lose_their_brackets(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "draft", **{SUBJECT: "A law for [zzzz]"})
    button = page.select_one('button[value^="mend:"]')
    assert button
    assert fields(press(one, str(button["value"])))[SUBJECT] == "A law for zzzz"


def test_a_label_of_one_language_is_told_where_it_is_missing_and_added_there(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    typed = fields(one.page(LETTER))
    page = press(one, "draft", **{"s4.v0.c0.fr": f"{typed['s4.v0.c0.fr']} [municipalité]"})
    told = page.select_one('[data-fixes="s4-v0-c0-en"]')
    assert told
    assert "In the French text, and missing here: [municipality]." in told.text
    button = told.select_one("button")
    assert button
    assert button.text == "Add [municipality] at the end"
    assert str(button["formaction"]).endswith("#s4-v0-c0-en")
    assert fields(press(one, str(button["value"])))["s4.v0.c0.en"].endswith(" [municipality].")


def test_a_new_variant_is_led_to_and_told_empty_at_its_own_place(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = one.page(LETTER)
    answer = one.post(LETTER, {**fields(page), "act": "add-variant:0"})
    assert answer.headers["Location"].endswith("#s0-v3-c0-fr")
    cells = {str(link["href"]) for link in one.page(LETTER).select("[data-problems] a")}
    assert cells == {f"#s0-v3-c{case}-{side}" for case in (0, 1) for side in ("fr", "en")}


def test_a_problem_leads_to_its_cell(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "draft", **{"s4.v0.c0.en": "As many as 95% of people TODO say so."})
    links = {str(link["href"]) for link in page.select("[data-problems] a")}
    assert "#s4-v0-c0-en" in links
    assert page.find(id="s4-v0-c0-en")["aria-invalid"] == "true"  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "marked", "said"),
    [
        ("In a law [rid", "[", "This bracket is not closed: write “]” after the label, or remove “[”."),
        ("Of them 42% agree.", "42%", "The survey has no such figure as “42%”."),
        ('A "law" now.', '"', "Write quotation marks as “ and ”"),
    ],
)
def test_what_is_wrong_is_marked_whole(browser: NewBrowser, *, typed: str, marked: str, said: str) -> None:
    page = press(browser(Role.WRITER), "draft", **{"s4.v0.c0.en": typed})
    notes = page.select('[data-fixes="s4-v0-c0-en"] .fix')
    told, *_others = [note for note in notes if note.get_text().strip().startswith(said)]
    assert typed[int(str(told["data-start"])) : int(str(told["data-end"]))] == marked


def test_advice_leads_to_the_words_it_is_about_and_marks_nothing_as_wrong(browser: NewBrowser) -> None:
    long = f"We {' '.join(['go'] * 30)}."
    writer = browser(Role.WRITER, language=Language.FR)
    written = fields(writer.page(LETTER))["s6.v0.c0.en"]
    typed = written.replace(written.split(".")[0] + ".", long, 1)
    page = press(writer, "draft", **{"s6.v0.c0.en": typed})
    [item] = [
        one
        for one in page.select("[data-problems] [data-advice] li")
        if "Cette phrase compte 31 mots." in one.get_text()
    ]
    [link] = item.select("a")
    assert link["href"] == "#s6-v0-c0-en"
    assert typed[int(str(link["data-start"])) : int(str(link["data-end"]))] == long
    assert not page.find(id="s6-v0-c0-en").has_attr("aria-invalid")  # type: ignore[union-attr]
    assert not page.select('[data-problems] li.mend a[href="#s6-v0-c0-en"]')


@pytest.mark.parametrize(
    ("language", "cell", "hard", "said"),
    [
        (
            Language.EN,
            "s4.v0.c0.en",
            HARD_EN,
            r"are hard to read: grade \d+\.\d \(Flesch–Kincaid\); aim for 8\.5 or less",
        ),
        (Language.FR, "s4.v0.c0.fr", HARD_FR, r"\d+(,\d)? sur 100 \(Kandel–Moles\), au lieu de 65 ou plus"),
    ],
)
def test_a_letter_that_is_hard_to_read_is_told_at_its_hardest_paragraph(
    browser: NewBrowser, *, language: Language, cell: str, hard: str, said: str
) -> None:
    page = press(browser(Role.WRITER, language=language), "draft", **{cell: " ".join([hard] * 6)})
    [item] = page.select(f"[data-advice] li:has(a[href='#{cell.replace('.', '-')}'])")
    assert re.search(said, item.get_text())


def test_findings_follow_what_the_texts_cite(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    page = one.page(LETTER)
    labels = [str(chip["data-en"]) for chip in page.select("[data-insert][data-tip]")]
    cited = next(label for label in labels if "·" in label and f"[{label}]" not in fields(page)["s2.v0.c0.en"])
    french = next(str(chip["data-fr"]) for chip in page.select("[data-insert]") if chip["data-en"] == cited)
    typed = fields(page)
    press(
        one,
        "draft",
        **{
            "s4.v0.c0.en": f"{typed['s4.v0.c0.en']} Of respondents, [{cited}] said so.",
            "s4.v0.c0.fr": f"{typed['s4.v0.c0.fr']} Parmi les personnes ayant répondu, [{french}] l’ont dit.",
        },
    )
    with runtime.sessions() as session:
        draft = session.scalars(select(Draft)).one()
    listed = draft.files["takedown-and-standards/letter.toml"].split("findings = ")[1].split("]")[0]
    assert listed.count('"') == 6


def test_saving_makes_a_revision_and_ends_the_draft(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    page = press(one, "save", **{SUBJECT: "Another subject"})
    assert "Saved as revision 2" in page.text
    assert "Send for review" in page.text
    with runtime.sessions() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0
        revision = session.scalars(select(Revision).where(Revision.number == 2)).one()
        held = {file.name: file.content.decode() for file in revision.files}
    assert "# Another subject\n" in held["takedown-and-standards/en.md"]


def test_the_page_offers_what_can_be_done_next(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    page = press(one, "save", **{SUBJECT: "Another subject", "s0.v0.c0.fr": "Un autre objet"})
    links = {link.get_text(): str(link["href"]) for link in page.select(".editor-bar a.btn")}
    reviewing = links["Send for review"]
    one.post(reviewing.replace("/publish", "/ask"), {"reviewer": "0"})
    page = one.page(LETTER)
    assert "Send for review" not in page.select_one(".editor-bar").text  # type: ignore[union-attr]
    assert {link.get_text(): link["href"] for link in page.select(".editor-bar a.btn")}["In review"] == reviewing
    reviewer = browser(Role.PUBLISHER, who="reviewer")
    sent = {"paragraph": "2", "language": "en", "text": "Too long for a first paragraph"}
    assert reviewer.post(reviewing.replace("/publish", "/comment"), sent).status_code == 303
    assert reviewer.post(reviewing, {"act": "changes", "note": "Please shorten it"}).status_code == 303
    page = one.page(LETTER)
    assert "Reviewer asked for changes to revision 2" in page.text
    assert "Please shorten it" in page.text
    [remark] = page.select("#s2 .remark")
    assert "Too long for a first paragraph" in remark.text
    assert page.select_one(".editor-bar .btn-main")["value"] == "save"  # type: ignore[index]
    resolve = str(remark.select_one("button")["formaction"])  # type: ignore[index]
    assert one.post(resolve, {"back": "letter"}).headers["Location"] == LETTER
    assert not one.page(LETTER).select(".remark")
    again = page.select_one('form[action$="/start-again"]')
    assert again
    one.post(str(again["action"]))
    assert fields(one.page(LETTER))[SUBJECT] != "Another subject"


def test_a_test_is_sent_to_whoever_writes_and_to_nobody_else(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER, who="maude")
    press(one, "draft", **{SUBJECT: "A subject of Maude"})
    form = one.page(f"{LETTER}?to=senator&language=en&own=0").select_one("form.send-test")
    assert form
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    answer = one.post(str(form["action"]), {name: value for name, value in sent.items() if name != "csrf_token"})
    assert answer.status_code == 303
    kind = make_kinds(runtime.settings, load_keys(runtime.settings, runtime.sessions), now=lambda: NOW)[
        StaffEmail.TEST_LETTER
    ]
    with runtime.sessions() as session:
        [message] = session.scalars(select(Message)).all()
        envelope = kind.content(session, message.ref, message.public_id)
    assert envelope.to.address == "maude@example.ca"
    assert envelope.subject == "Test: A subject of Maude"
    assert envelope.text.startswith("Test: this letter went to nobody but you.")
    assert "Test: this letter" in envelope.html
    assert "maude" not in message.ref


def test_a_letter_that_cannot_be_composed_is_not_sent(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    press(one, "draft", **{SUBJECT: "A law for [zzzz]"})
    page = BeautifulSoup(one.post(f"{LETTER}/preview/test", follow_redirects=True).data, "lxml")
    assert "fix the problems first" in page.text
    with runtime.sessions() as session:
        assert session.scalars(select(Message)).all() == []


def test_saving_a_draft_says_what_comes_of_it(browser: NewBrowser) -> None:
    page = browser(Role.WRITER).page(LETTER)
    button = page.select_one(".savings button[value=draft]")
    assert button
    assert "Nobody else sees your draft" in page.find(id=str(button["aria-describedby"])).text  # type: ignore[union-attr]


def test_an_empty_paragraph_stays_in_the_draft_when_the_rest_is_saved(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    press(one, "add-section:1")
    page = press(one, "save", **{SUBJECT: "Another subject"})
    assert sections(page) == sections(press(one, "draft"))
    assert fields(page)["s2.v0.c0.en"] == ""


def test_a_text_that_is_too_long_is_refused_and_kept_on_the_page(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    sent = {**fields(one.page(LETTER)), SUBJECT: "x" * 20_001, "act": "draft"}
    answer = one.post(LETTER, sent)
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.text
    with runtime.sessions() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_five_megabytes_are_refused_at_once(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    assert one.post(LETTER, {"shape": "x" * 5_000_000}).status_code == 413


def test_what_the_editor_did_not_make_is_refused(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    sent = fields(one.page(LETTER))
    for wrong in ({"shape": "no shape"}, {"version": "-1"}, {"over": "999999"}, {"act": "burn:1"}, {"shape": "{}"}):
        assert one.post(LETTER, {**sent, SUBJECT: "Changed", **wrong}).status_code == 400, wrong


def test_what_does_not_exist_is_not_found(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    for path in (
        "child-protection/nothing",
        "nothing/nothing",
        "child-protection/findings",
        "child-protection/campaign",
    ):
        campaign, letter = path.split("/")
        assert one.get(f"/staff/campaigns/{campaign}/letters/{letter}").status_code == 404, path


def test_what_was_removed_or_fixed_is_undone_and_done_again(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    before = sections(one.page(LETTER))
    page = press(one, "remove-section:3", **{SUBJECT: "Typed before"})
    assert page.select_one('button[value="undo"]')["title"].startswith("Paragraph removed")  # type: ignore[index, union-attr]
    page = press(one, "undo")
    assert (sections(page), fields(page)[SUBJECT]) == (before, "Typed before")
    assert sections(press(one, "redo")) == before - 1
    page = press(one, "draft", **{SUBJECT: "A law for [riddings]"})
    assert not page.select('button[value="redo"]')
    page = press(one, str(page.select_one('button[value^="mend:"]')["value"]))  # type: ignore[index]
    assert fields(page)[SUBJECT] == "A law for [riding]"
    assert fields(press(one, "undo"))[SUBJECT] == "A law for [riddings]"


def test_a_discarded_draft_counts_as_none_and_is_brought_back(browser: NewBrowser) -> None:
    one = browser(Role.WRITER, who="maude")
    press(one, "draft", **{SUBJECT: "Another subject"})
    version = fields(one.page(LETTER))["version"]
    answer = one.post(f"{LETTER}/draft", {"act": "discard", "version": version}, follow_redirects=True)
    assert "Draft discarded" in answer.text
    assert "Another subject" not in answer.text
    assert "Maude has a draft" not in browser(Role.WRITER, who="ines").page(LETTER).text
    assert "draft saved" not in one.page(LETTER).select_one(".kicker").text  # type: ignore[union-attr]
    assert fields(press(one, "undo"))[SUBJECT] == "Another subject"
    assert "Maude has a draft" in browser(Role.WRITER, who="ines").page(LETTER).text


def test_a_condition_is_one_box_which_is_added_changed_and_removed(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    cell = "s4.v0.c0.en"
    before = fields(one.page(LETTER))[cell]
    page = press(one, "insert", insert_label="if citizen.email", insert_cell=cell)
    box = page.select_one(f'#s4-v0-c0-en ~ fieldset, fieldset:has([name="{cell}"])')
    assert box
    assert "[end]" not in box.text
    head = next(option for option in box.select("option") if option.has_attr("selected"))
    assert head.text == "Only if e-mail address given"
    typed = f"{before} [if e-mail address given]Write to [e-mail address].[end]"
    assert fields(press(one, "draft", **{cell: typed}))[cell] == typed
    changed = typed.replace("[if e-mail address given]", "[if own riding]")
    assert fields(press(one, "draft", **{cell: changed}))[cell] == changed
    removed = changed.replace("[if own riding]", REMOVED_CONDITION)
    assert fields(press(one, "draft", **{cell: removed}))[cell] == f"{before} Write to [e-mail address]."


def test_the_preview_follows_what_is_chosen(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    with_own = one.page(f"{LETTER}?to=senator&language=fr&own=1").select_one(".sheet")
    without = one.page(f"{LETTER}?to=senator&language=fr&own=0").select_one(".sheet")
    assert with_own
    assert without
    assert "Ma fille" in with_own.text
    assert "Ma fille" not in without.text
    assert with_own["lang"] == "fr"
    second = one.page(f"{LETTER}/preview?to=vacant&language=en&v0=1&mine=0")
    assert "A request for safety standards that protect children online" in second.text
    assert len(second.select(".sheet")) == 2


def test_the_preview_comes_as_a_file(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    assert one.get(f"{LETTER}/preview/pdf?language=fr").data.startswith(b"%PDF")
    text = one.get(f"{LETTER}/preview/text?language=fr&to=minister")
    assert text.mimetype == "text/plain"
    assert "Objet" in text.text
    assert one.get(f"{LETTER}/preview/part?to=member").status_code == 200


def test_no_brace_stands_before_a_writer(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    words = fields(one.page(LETTER))["s4.v0.c0.en"]
    for language in Language:
        writer = browser(Role.WRITER, language=language)
        page = press(writer, "draft", **{"s4.v0.c0.en": f"{words} So say 95% of people in [riding]."})
        told = page.select_one("[data-problems]")
        assert told
        assert len(told.select("li.mend")) >= 2
        assert "{" not in told.text
