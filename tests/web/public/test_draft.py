"""What was typed is read out of a form and goes back into it whole; what is not ours is passed over."""

from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.names import OF_THE_FORM, RESERVED
from advocacy.language import Language
from advocacy.web.public.draft import RECIPIENT, SHARED, Draft, printable

FIELDS = frozenset({"name", "reason"})


def read(*pairs: tuple[str, str]) -> Draft:
    return Draft.read(pairs, FIELDS)


def test_every_field_of_the_form_is_read_and_no_other() -> None:
    draft = read(("name", "Camille"), ("language", "fr"), ("body-mp-1", "…"), ("csrf_token", "x"), ("password", "y"))
    assert dict(draft.typed) == {"name": "Camille", "language": "fr", "body-mp-1": "…"}


def test_recipients_keep_their_order_and_come_once() -> None:
    assert read(("recipient", "b"), ("recipient", "a"), ("recipient", "b"), ("recipient", "")).recipients == ("b", "a")


def test_of_a_field_that_comes_twice_the_last_that_says_something_counts() -> None:
    assert read(("riding", "35079"), ("riding", "24066"), ("riding", "")).text("riding") == "24066"


def test_a_draft_is_carried_whole_but_for_what_a_page_shows_and_what_was_pressed() -> None:
    pairs = [("recipient", "a"), ("recipient", "b"), ("name", "Camille"), ("body-a", ""), ("city", "")]
    draft = read(*pairs, ("go", "find"), ("letter", "a"), ("reason", "Because"))
    assert draft.carried({"reason"}) == [("recipient", "a"), ("recipient", "b"), ("name", "Camille"), ("body-a", "")]


@given(st.lists(st.tuples(st.sampled_from(["name", "reason", "language-x", "recipient", "template"]), st.text())))
def test_what_is_carried_comes_back_the_same(pairs: list[tuple[str, str]]) -> None:
    draft = Draft.read(pairs, FIELDS)
    again = Draft.read(draft.carried(), FIELDS)
    assert again.recipients == draft.recipients
    assert {name: text for name, text in draft.typed.items() if text} == dict(again.typed)


@given(st.text())
def test_what_is_printable_stays_so(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    assert "\r" not in printable(text)
    assert "\x00" not in printable(text)


def test_a_letters_language_is_its_recipients_or_that_of_all() -> None:
    draft = read(("language", "fr"), ("language-a", "en"))
    assert (draft.language_of("a"), draft.language_of("b")) == ("en", "fr")


def test_own_words_are_in_the_language_they_were_typed_in() -> None:
    assert read(("words_language", "fr")).words_language(Language.EN) is Language.FR
    assert read(("words_language", "xx")).words_language(Language.EN) is Language.EN


def test_edits_go_and_everything_else_stays() -> None:
    draft = read(("name", "Camille"), ("body-a", "x"), ("subject-a", "y"), ("edited-a", "z"), ("language-a", "fr"))
    assert set(draft.without_edits().typed) == {"name", "language-a"}


def test_no_letter_can_ask_for_a_field_that_the_form_has_already() -> None:
    assert {*SHARED, RECIPIENT} - {"postal_code"} <= OF_THE_FORM | RESERVED
