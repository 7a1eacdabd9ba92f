"""What the templates are told is the letter's words as data, and an address can be joined again where it was broken."""

import csv
import json
from importlib.resources import files

import pytest

from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.pdf import PdfData, whole_lines
from advocacy.language import Language, Wording
from advocacy.legislators.forms_of_address import form_of_address
from advocacy.legislators.recipient import Recipient
from tests.builders import TODAY, a_member, a_minister, a_vacant_seat
from tests.golden.test_one_page import LONG_RIDING, LONG_TITLE
from tests.unit.exports.golden import a_letter, everything, uncleaned

EN, FR = Language


def rows(name: str) -> list[dict[str, str]]:
    text = files("advocacy.legislators").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize(
    ("recipient", "language", "lines"),
    [
        (
            a_member(riding=LONG_RIDING),
            EN,
            ["Member of Parliament for West Vancouver—Sunshine Coast—Sea to Sky Country", "House of Commons"],
        ),
        (
            a_vacant_seat(riding=LONG_RIDING),
            FR,
            ["Circonscription\u00a0: West Vancouver—Sunshine Coast—Sea to Sky Country", "Chambre des communes"],
        ),
        (a_minister(title=LONG_TITLE), FR, [LONG_TITLE.in_language(FR), "Chambre des communes"]),
        (a_minister(title=LONG_TITLE), EN, [LONG_TITLE.in_language(EN), "House of Commons"]),
    ],
)
def test_a_line_broken_for_an_envelope_is_whole_again(
    recipient: Recipient, language: Language, lines: list[str]
) -> None:
    block = form_of_address(recipient, language).block
    assert whole_lines(block)[1:-1] == lines


@pytest.mark.parametrize("language", list(Language))
def test_every_riding_and_title_comes_out_whole_and_no_other_line_is_joined(language: Language) -> None:
    for row in rows("ridings.csv"):
        riding = Wording.of(en=row["name_en"], fr=row["name_fr"])
        lines = whole_lines(form_of_address(a_vacant_seat(riding=riding), language).block)
        assert len(lines) in {3, 4}
        assert any(riding.in_language(language) in line for line in lines)
    for row in rows("ministers.csv"):
        title = Wording.of(en=row["role_en"], fr=row["role_fr"])
        lines = whole_lines(form_of_address(a_minister(title=title, name=row["name"]), language).block)
        assert title.in_language(language) in lines
        assert lines[-2:] == list(form_of_address(a_minister(title=title, name=row["name"]), language).block[-2:])


def test_a_passage_names_its_language_only_where_it_is_not_the_letters() -> None:
    page = json.loads(PdfData.of([a_letter(FR)], ExportOptions(TODAY)).letters[0])
    passages = [passage for part in page["parts"] for line in part["lines"] for passage in line]
    assert {language for _, language in passages} == {None, "en"}


def test_what_is_told_is_text_that_json_can_hold() -> None:
    letters = [*everything().values(), uncleaned()]
    for post in Post:
        told = PdfData.of(letters, ExportOptions(TODAY, post))
        written = json.loads(told.to_json(told.layouts))
        assert written["letters"] == [json.loads(letter) for letter in told.letters]
        assert (written["title"], len(written["layouts"])) == (told.title, len(told.layouts))


def test_the_window_and_the_sheet_are_told_only_when_wished_for() -> None:
    def page(post: Post) -> tuple[bool, bool]:
        one = json.loads(PdfData.of([a_letter()], ExportOptions(TODAY, post)).letters[0])
        return one["window"] is not None, one["posting"] is not None

    assert [page(post) for post in Post] == [(False, False), (False, True), (True, False)]
