"""A campaign's own list is read whole from a CSV file in either language, or every cell that is wrong is named."""

import pytest

from advocacy.exports.people_csv import MAX_ROWS, Person, read_people_list, write_people_list
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.recipient import Gender
from advocacy.sheets import SheetErrors

RIDINGS = RidingNames({"35075": ["Ottawa Centre", "Ottawa-Centre"]}, {"35075": "ON"})


def problems(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetErrors) as refused:
        read_people_list(text.encode(), RIDINGS)
    return [(one.row, one.column, one.message.in_language(Language.EN)) for one in refused.value.errors]


def test_headers_in_either_language_name_the_same_columns() -> None:
    english = "Name,Title,E-mail,Language,Gender,Riding,City\nAda Roy,Chair,ada@example.ca,fr,F,Ottawa Centre,Ottawa\n"
    french = "Nom;Fonction;Courriel;Langue;Genre;Circonscription;Ville\n"
    french += "Ada Roy;Chair;ada@example.ca;français;femme;Ottawa-Centre;Ottawa\n"
    ada = Person(
        "Ada Roy",
        title=Wording.same("Chair"),
        email="ada@example.ca",
        language=Language.FR,
        gender=Gender.F,
        riding="35075",
        city="Ottawa",
    )
    assert read_people_list(english.encode(), RIDINGS) == read_people_list(french.encode("utf-8-sig"), RIDINGS) == [ada]


def test_a_list_that_was_written_reads_back_the_same() -> None:
    people = read_people_list(
        b"First name,Last name,Title (en),Title (fr),E-mail,Honorific\nAda,Roy,Mayor,Mairesse,a@b.ca,Mme\nBo,Li,,,,\n",
        RIDINGS,
    )
    assert [one.name for one in people] == ["Ada Roy", "Bo Li"]
    assert people[0].gender is Gender.F
    assert read_people_list(write_people_list(people), RIDINGS) == people


def test_every_wrong_cell_is_named_by_its_row_and_column() -> None:
    text = "Name,E-mail,Language,Riding\n,nobody,xx,Atlantis\nBo Li,bo@example.ca,en,\nBo Li,bo@example.ca,en,\n"
    assert problems(text) == [
        (2, "E-mail", "This is not an e-mail address."),
        (2, "Language", "Write en or fr."),
        (2, "Name", "The name is missing."),
        (2, "Riding", "This is not the name of a federal riding."),
        (4, "Name", "This is also in row 3."),
    ]


def test_a_title_in_one_language_alone_wants_the_other() -> None:
    assert problems("Name,Title (en),E-mail\nBo Li,Mayor,b@c.ca\n") == [
        (2, "Title (fr)", "Write the title in both languages.")
    ]


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_is_a_formula_to_whoever_opens_the_list_again(sign: str) -> None:
    text = f'Name,E-mail,City\nBo Li,bo@example.ca,"{sign}1+HYPERLINK(""https://evil.example"")"\n'
    assert problems(text) == [(2, "City", "A cell cannot begin with =, +, - or @.")]


def test_a_list_without_its_columns_or_with_too_many_people_is_refused() -> None:
    assert [sentence for *_, sentence in problems("Who,Where\nAda,Ottawa\n")] == [
        "No column is named “Name”. Name the columns in the first row.",
        "No column is named “E-mail”. Name the columns in the first row.",
    ]
    rows = "".join(f"Person {number},p{number}@example.ca\n" for number in range(MAX_ROWS + 1))
    assert problems("Name,E-mail\n" + rows) == [(MAX_ROWS + 2, "", "A sheet can have 5000 rows at most.")]
