"""A letter goes into a mail link only while all of it fits, and a page tells the citizen's own words apart."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from advocacy.exports.mail import MAX_LINK, mail_link
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.letter import Letter
from advocacy.web.public.sheet import sheet_paragraphs, split_blanks
from tests.builders import OWN_WORDS, TODAY, a_member, a_template, some_answers
from tests.campaign_files import LETTER, campaign, with_section


def a_letter(language: Language = Language.FR, **recipient: object) -> Letter:
    return compose(a_template(), some_answers(), a_member(**recipient), language=language, today=TODAY)


def test_no_address_no_link() -> None:
    assert mail_link(a_letter(email=None), test_recipient="") == ("", False)
    assert mail_link(a_letter(email=None), test_recipient="essai@example.ca") == ("", False)


def test_a_whole_letter_never_fits_in_a_link() -> None:
    link, holds = mail_link(a_letter(), test_recipient="")
    assert not holds
    assert "body=" not in link
    assert unquote(link) == f"mailto:yasir.naqvi@parl.example?subject={a_letter().subject}"


def test_a_link_stays_under_its_length() -> None:
    letter = a_letter()
    for kept in range(len(letter.paragraphs) + 1):
        link, holds = mail_link(replace(letter, paragraphs=letter.paragraphs[:kept]), test_recipient="")
        assert len(link) < MAX_LINK
        assert holds is ("&body=" in link)


@pytest.mark.parametrize("subject", ["a&b=c", "x\r\nBcc: y", "« é »", "50% ?#", "+"])
def test_a_subject_is_one_header_whatever_it_holds(subject: str) -> None:
    link, _ = mail_link(replace(a_letter(), subject=subject), test_recipient="")
    assert link.count("?") == 1
    assert "\n" not in link
    assert unquote(link.split("subject=")[1].split("&body=")[0]) == subject


def test_what_is_the_citizens_is_told_apart_in_its_own_language() -> None:
    text = with_section("home", "I live in {{ riding }}.", "Ma circonscription est {{ riding }}.")
    template = campaign({f"{LETTER}/letter.toml": text}).template(LETTER)
    answers = some_answers(fields={"role": "reader", "reason": OWN_WORDS[Language.EN]})
    letter = compose(template, answers, a_member(), language=Language.FR, today=TODAY)
    passages = [passage for one in sheet_paragraphs(letter, template) for passage in one.passages]
    assert {passage.text for passage in passages if passage.mark == "fill"} == {"Ottawa-Centre", "Je lis beaucoup."}
    [own] = [passage for passage in passages if passage.mark == "yours"]
    assert own.language is Language.EN
    assert "".join(passage.text for passage in passages) == "".join(one.text for one in letter.paragraphs)


def test_blanks_are_parted_from_words() -> None:
    assert split_blanks("a \ue000b\ue001 c") == [("a ", False), ("b", True), (" c", False)]
    assert split_blanks("whole") == [("whole", False)]
    assert split_blanks("\ue000never closed") == [("\ue000never closed", False)]
