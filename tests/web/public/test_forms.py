"""What was typed is read out of the form and goes back into it whole; what is not ours is passed over."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField

from advocacy.campaigns.checks.letter_check import FORM_FIELDS, RESERVED_WORDS
from advocacy.campaigns.fields import Field, FieldKind, citizen_fields
from advocacy.language import Language, Wording, printable
from advocacy.web.public.request import CHOSEN, HIDDEN_FIELDS, LetterForm
from advocacy.web.public.review import SendForm
from tests.builders import a_template
from tests.campaign_files import LETTER, campaign_with_field

TEMPLATE = a_template()
OTHER_FIELDS = (
    Field(key="other", kind=FieldKind.LINE, label=Wording.same("Other")),
    Field(key="sentences", kind=FieldKind.STATEMENTS, statements="reasons", label=Wording.same("Sentences")),
)
"""Those of the campaign's other letters."""
TEMPLATES = Path(__file__).parents[3] / "templates"


def read(*pairs: tuple[str, str]) -> LetterForm:
    return LetterForm(TEMPLATE, MultiDict(pairs), language=Language.EN, other_fields=OTHER_FIELDS)


def test_every_field_of_the_form_is_read_and_no_other() -> None:
    form = read(
        ("name", "Camille"), ("language", "fr"), ("post-mp-1", "window"), ("csrf_token", "x"), ("password", "y")
    )
    assert form.hidden(()) == [("name", "Camille"), ("language", "fr"), ("post-mp-1", "window")]


def test_recipients_keep_their_order_and_come_once() -> None:
    form = read(("recipient", "b"), ("recipient", "a"), ("recipient", "b"), ("recipient", ""))
    assert form.recipient.data == ["b", "a"]


def test_of_a_field_that_comes_twice_the_last_that_is_not_empty_counts() -> None:
    assert read(("riding", "35079"), ("riding", "24066"), ("riding", "")).riding.data == "24066"


def test_a_form_is_carried_whole_but_for_what_a_page_shows() -> None:
    form = read(("recipient", "a"), ("recipient", "b"), ("name", "Camille"), ("other", "kept"), ("reason", "Because"))
    assert form.hidden({"reason"}) == [("recipient", "a"), ("recipient", "b"), ("name", "Camille"), ("other", "kept")]


def test_what_was_ticked_for_another_letter_is_carried_whole() -> None:
    form = read(("sentences", "closed"), ("sentences", "study"), ("sentences", ""))
    assert form.hidden(()) == [("sentences", "closed;study")]
    assert read(*form.hidden(())).hidden(()) == form.hidden(())


@given(st.lists(st.tuples(st.sampled_from(["name", "reason", "language-x", "recipient", "template"]), st.text())))
def test_what_is_carried_comes_back_the_same(pairs: list[tuple[str, str]]) -> None:
    carried = read(*pairs).hidden(())
    assert read(*carried).hidden(()) == carried


@given(st.text())
def test_what_is_printable_stays_so(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    assert "\r" not in printable(text)
    assert "\x00" not in printable(text)


def test_a_letters_language_is_its_recipients_or_that_of_all_or_the_pages() -> None:
    form = read(("language", "fr"), ("language-a", "en"))
    assert (form.letter_language("a"), form.letter_language("b")) == (Language.EN, Language.FR)
    assert read(("language", "xx")).letter_language("a") is Language.EN


def test_own_words_are_in_the_language_they_were_typed_in() -> None:
    assert read(("words_language", "fr")).words_language is Language.FR
    assert read(("words_language", "xx")).words_language is Language.EN


def test_a_postal_code_is_shown_as_it_is_written_and_a_wrong_one_as_it_was_typed() -> None:
    assert read(("postal_code", "k1a0a6")).hidden(()) == [("postal_code", "K1A 0A6")]
    assert read(("postal_code", "k1a 0")).hidden(()) == [("postal_code", "k1a 0")]


def test_a_date_is_asked_by_the_browsers_picker_and_a_wrong_one_stays_as_it_was_typed() -> None:
    template = campaign_with_field(FieldKind.DATE).template(LETTER)

    def shown(typed: str) -> str:
        form = LetterForm(template, MultiDict({"closed_on": typed}), language=Language.EN, other_fields=())
        assert form.hidden(()) == [("closed_on", typed)]
        return str(form.closed_on())

    assert 'type="date" value="2026-11-28"' in shown("2026-11-28")
    assert 'min="1900-01-01"' in shown("1850-01-01")
    assert 'type="text" value="30 February"' in shown("30 February")


def test_no_letter_can_ask_for_a_field_that_the_form_has_already() -> None:
    pages = [TEMPLATES / "public" / name for name in ("campaign.html", "write.html", "review.html")]
    elsewhere = {"receipt_answer.html", "code_form.html"}
    pages += (one for one in (TEMPLATES / "parts").glob("*.html") if one.name not in elsewhere)
    control = re.compile(r'<(?:button|input|select|textarea)\b[^<]*? name="([a-z_]+)"')
    controls = {name for page in pages for name in control.findall(page.read_text("utf-8"))}
    asked = {name for name, field in vars(SendForm).items() if isinstance(field, UnboundField)}
    assert {"go", "which", "sure"} <= controls
    assert {"age_ok", "consent"} <= asked
    shared = {field.key for field in citizen_fields()} | RESERVED_WORDS
    assert {*CHOSEN, *HIDDEN_FIELDS, *controls, *asked} - shared == FORM_FIELDS
