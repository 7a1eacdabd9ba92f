"""`safety.toml` may be left out whole or in part; what it says is whole in every language, with nothing to fill in."""

import re

import pytest

from advocacy.campaigns.campaign_folder import SAFETY, CampaignFolder
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.campaigns.safety import Safety, Status
from advocacy.language import Language
from advocacy.toml_source import TomlProblems
from tests.builders import the_campaign
from tests.campaign_files import NAME, campaign

TEXT = the_campaign().text(SAFETY)
TIPLINE = {Language.EN: "1-866-658-9022", Language.FR: "1\u00a0866\u00a0658-9022"}


@pytest.fixture(scope="module")
def safety() -> Safety:
    found = the_campaign().safety()
    assert found is not None
    return found


def with_safety(text: str) -> CampaignFolder:
    return campaign({SAFETY: text})


# --- what the shipped campaign says


def test_the_notice_promises_what_the_letters_keep(safety: Safety) -> None:
    assert safety.content_notice
    notice = safety.content_notice.words
    assert "some letters name what was done" in notice.in_language(Language.EN)
    assert "certaines lettres nomment" in notice.in_language(Language.FR)


@pytest.mark.parametrize("language", Language)
def test_the_tipline_and_the_police_are_named_to_who_found_something(safety: Safety, language: Language) -> None:
    assert safety.found_material
    words = safety.found_material.words.in_language(language)
    assert TIPLINE[language] in words
    assert "911" in words
    assert safety.found_material.title
    tipline = next(line for line in safety.support if line.key == "tipline")
    assert tipline.contact
    assert tipline.contact.in_language(language) == TIPLINE[language]
    assert tipline.name.in_language(language) in words


def test_no_unverified_keyword_is_given_to_a_child(safety: Safety) -> None:
    helpline = next(line for line in safety.support if line.key == "kids_help_phone")
    assert helpline.status is Status.UNVERIFIED
    assert helpline.contact
    assert not re.search(r"TEXTO|PARLER", helpline.contact.in_language(Language.FR))


# --- what may be left out


def test_every_part_may_be_left_out() -> None:
    folder = with_safety("")
    assert folder.safety() == Safety()
    assert check_folder(folder) == []


def test_the_file_is_a_document_of_its_own_and_no_letter_is_made_of_it() -> None:
    folder = with_safety(TEXT)
    assert folder.documents()["safety"] == {SAFETY: TEXT.encode()}
    assert folder.unknown_files() == []
    assert folder.only(folder.letters()[0]).content(SAFETY) is None


# --- the hint for own words


def test_a_field_for_own_words_without_a_hint_has_the_campaign_s(safety: Safety) -> None:
    assert safety.own_words
    shown = OpenCampaign.of(the_campaign()).letters
    short, survivor = (
        next(field.hint for field in shown[name].fields if field.kind is FieldKind.WORDS)
        for name in ("short", "survivor")
    )
    assert short == safety.own_words.words
    assert survivor is not None
    assert survivor.in_language(Language.EN).startswith("If you wish")


# --- what is refused


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('words.en = "This site', 'words.de = "This site', "“words”: "),
        ("[image_of_you]", "[image_of_me]", "“image_of_me” is not known here"),
        ('words.en = "This site', 'words.en = "[This] site', "The public would read"),
        ('name = { fr = "Cyberaide.ca"', 'name = { fr = "[nom]"', "The public would read"),
        ('status = "ours"', 'status = "maybe"', "“status”"),
        ('key = "need_help_now"', 'key = "tipline"', "“tipline” is listed twice"),
        ('note = "The number is verified; the full French name is not."', 'note = " "', "Write in the note"),
    ],
)
def test_what_is_wrong_is_reported_by_the_check_with_its_line(old: str, new: str, complaint: str) -> None:
    assert old in TEXT
    problems = [str(one) for one in check_folder(with_safety(TEXT.replace(old, new, 1)))]
    assert any(complaint in one for one in problems), problems
    assert all(re.match(rf"{NAME}/safety\.toml:[1-9]\d*:\d+: ", one) for one in problems), problems


def test_words_are_read_as_prose_with_their_column_and_numbers_and_addresses_are_let_be() -> None:
    assert check_folder(with_safety(TEXT)) == []
    (problem,) = check_folder(with_safety(TEXT.replace("Do not look for more.", "Don't look for more.")))
    line = TEXT.split("\n").index(next(one for one in TEXT.split("\n") if "Do not look for more." in one)) + 1
    assert (problem.line, problem.file) == (line, f"{NAME}/safety.toml")
    assert problem.column > 1


def test_a_file_that_cannot_be_read_keeps_the_campaign_from_opening() -> None:
    with pytest.raises(TomlProblems):
        OpenCampaign.of(with_safety("[content_notice"))
