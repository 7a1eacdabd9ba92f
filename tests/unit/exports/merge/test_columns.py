"""Columns are known by key or label in either language; what is not known is told by its letters, never repeated."""

from itertools import product

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.fields import FieldKind, citizen_fields
from advocacy.exports.merge.columns import (
    FIRST_NAME,
    TITLES,
    Columns,
    UnknownColumn,
    known_titles,
    sample_sheet,
)
from advocacy.exports.merge.sheet_rows import AnswerReader, read_people
from advocacy.language import Language, Wording
from advocacy.letters.compose import Answers
from advocacy.sheets import SheetRefused, fold_title
from tests.builders import a_template, the_campaign
from tests.campaign_files import LETTER, campaign, campaign_with_field
from tests.unit.exports.merge.sheets import the_template

FIELD = r"""
[[field]]
key = "strange"
kind = "line"
label = { en = "=SUM(A1)\u0001", fr = "=SUM(A1)" }
required = true
"""


def test_no_label_is_a_formula_and_no_sign_keeps_a_sheet_from_being_made() -> None:
    files = dict(campaign().files)
    files[f"{LETTER}/letter.toml"] += FIELD.encode()
    letter = CampaignFolder.of("sample", files).template(LETTER)
    made = sample_sheet(letter, Language.EN)
    assert "strange" in read_people(made, letter).columns.places
    assert b",=" not in made


@pytest.mark.parametrize(
    ("language", "relationship", "reason"),
    [
        (Language.EN, "Concerned citizen", "This matters to me and to my family."),
        (Language.FR, "Citoyenne ou citoyen", "Cette question compte pour moi et pour ma famille."),
    ],
)
def test_an_optional_answer_is_shown_in_the_first_row(language: Language, relationship: str, reason: str) -> None:
    made = read_people(sample_sheet(the_template(), language), the_template())
    first, second = made.rows
    assert (first.cells["relationship"], first.cells["reason"]) == (relationship, reason)
    assert (second.cells["relationship"], second.cells["reason"]) == ("", "")


@pytest.mark.parametrize("kind", sorted(set(FieldKind) - {FieldKind.CHOICE, FieldKind.WORDS}))
def test_what_the_sample_sheet_has_for_a_field_can_be_read_whatever_its_kind(kind: FieldKind) -> None:
    letter = campaign_with_field(kind).template(LETTER)
    first, _second = read_people(sample_sheet(letter, Language.FR), letter).rows
    assert isinstance(AnswerReader(letter).read(first.cells, Language.FR), Answers)


def test_no_title_stands_for_two_things() -> None:
    titles = [
        fold_title(title)
        for key, named in TITLES.items()
        for title in {fold_title(key): key, **{fold_title(one): one for one in named}}
    ]
    assert len(titles) == len(set(titles))


def test_every_field_is_known_by_its_key_and_its_label() -> None:
    for letter, language in product(the_campaign().letters(), Language):
        template = a_template(letter)
        known = known_titles(template)
        for field in (*citizen_fields(), *template.fields):
            assert known[fold_title(field.key)] == known[fold_title(field.label.in_language(language))] == field.key


@pytest.mark.parametrize(
    "title", ["first_name", "First name", "FIRST-NAME", " first  name: ", "First name *", "Prénom", "prenom"]
)
def test_case_accents_and_signs_around_a_title_do_not_matter(title: str) -> None:
    assert known_titles(a_template())[fold_title(title)] == FIRST_NAME


KEYS = ("name", "city", "province", "postal_code")


def columns(*header: str) -> Columns:
    return Columns.of(header, the_template())


@pytest.mark.parametrize(
    "header",
    [
        ("name", "city", "province", "postal_code"),
        ("Your name", "City or town", "Province or territory", "Postal code"),
        ("Votre nom", "Municipalité", "Province ou territoire", "Code postal"),
        ("NOM", "ville", "Territoire", "code  postal :"),
        ("Full Name*", "TOWN", "territory", "Postal-Code"),
        ("Prénom et nom", "municipalite", "PROVINCE", "Code\u00a0postal"),
    ],
)
def test_shared_fields_are_known_by_key_label_and_usage(header: tuple[str, ...]) -> None:
    assert columns(*header).places == {key: (place,) for place, key in enumerate(KEYS)}
    assert columns(*header).unknown == ()


def test_a_letters_own_fields_are_known_by_key_and_label() -> None:
    found = columns(*KEYS, "Qui vous êtes", "why this matters to you")
    assert found.places["relationship"] == (4,)
    assert found.places["reason"] == (5,)
    assert columns(*KEYS, "reason").places["reason"] == (4,)


def test_what_says_to_whom_and_in_what_language_is_known() -> None:
    found = columns(*KEYS, "Circonscription", "Destinataire", "Langue", "Langue du texte ajouté")
    assert list(found.places)[4:] == ["riding", "legislator", "language", "words_language"]


@pytest.mark.parametrize("header", [("First name", "Last name"), ("Prénom", "Nom"), ("Given name", "Surname")])
def test_a_first_and_a_last_name_make_a_name(header: tuple[str, ...]) -> None:
    found = columns("city", *reversed(header), "province", "riding")
    assert found.cells(["Hull", "Essai", "Camille", "QC", "x"])["name"] == "Camille Essai"
    assert found.cells(["Hull", "Essai", " ", "QC", "x"])["name"] == "Essai"


def test_a_column_unknown_is_told_by_its_letters_and_by_the_key_it_is_near() -> None:
    found = columns(*KEYS, "Téléphone", "", "relatioship", "555-0100")
    assert found.unknown == (
        UnknownColumn("E", None),
        UnknownColumn("G", Wording.of(en="Who you are", fr="Qui vous êtes")),
        UnknownColumn("H", None),
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("name", "city", "postal_code"), "none is named “Province”;"),
        (("name", "city", "province"), "none is named “Legislator ID” or “Riding” or “Postal code”;"),
        (("Jane Roe", "Hull", "QC", "K1A 0A6"), "none is named “Full name”;"),
        (("name", "city", "provinec", "postal_code"), "Column C may be meant as “Province”"),
        (("name", "city", "province", "potsal code"), "Column D may be meant as “Postal code”"),
        (
            ("Prénom", "city", "province", "postal_code"),
            "Column A contains first names, and a last name is missing beside",
        ),
        ((*KEYS, "Ville"), "Columns B and E both contain “City”"),
        ((*KEYS, "Code postal"), "Columns D and E both contain “Postal code”"),
    ],
)
def test_a_header_that_will_not_do_is_refused_with_advice_and_not_repeated(
    header: tuple[str, ...], expected: str
) -> None:
    with pytest.raises(SheetRefused, match=expected) as refused:
        columns(*header)
    said = " ".join(refused.value.message.in_language(language) for language in Language)
    assert "Jane" not in said
    assert "provinec" not in said


def test_a_row_shorter_than_the_header_lacks_its_last_cells() -> None:
    assert columns(*KEYS).cells(["Camille", "Hull"]) == {
        "name": "Camille",
        "city": "Hull",
        "province": "",
        "postal_code": "",
    }
