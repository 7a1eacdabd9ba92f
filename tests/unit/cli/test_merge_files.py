"""Where letters go is told by the ending of what was named, and names say row, office or part and nothing else."""

from pathlib import Path

import pytest

from advocacy.cli.merge_files import MAX_JOINED_PAGES, PAGES_PER_FILE, Destination
from advocacy.exports import FORMATS
from advocacy.exports.format import Format, Post
from advocacy.exports.merge.merge_output import letter_name
from advocacy.exports.merge.row_letters import MergedLetter
from advocacy.exports.text import to_text_file
from advocacy.language import Language
from advocacy.letters.compose import compose
from tests.builders import TODAY, a_member, a_template, some_answers

PDF = Format("pdf", "application/pdf", to_text_file)
LETTER = compose(a_template(), some_answers(), a_member(), language=Language.FR, today=TODAY)


def to(output: Path, form: Format = FORMATS["txt"]) -> Destination:
    return Destination.of(output, form, "takedown")


def test_a_folder_gets_a_file_for_each_letter(tmp_path: Path) -> None:
    place = to(tmp_path / "letters")
    assert letter_name(MergedLetter(2, LETTER, ()), place.form) == "00002 - Ottawa-Centre.txt"
    assert letter_name(MergedLetter(123_456, LETTER, ()), place.form) == "123456 - Ottawa-Centre.txt"
    assert place.file_count(10_000) == 10_000


def test_a_file_joins_them_up_to_five_hundred_and_several_beyond(tmp_path: Path) -> None:
    place = to(tmp_path / "All letters.TXT")
    counts = (0, 1, MAX_JOINED_PAGES, MAX_JOINED_PAGES + 1, 20 * PAGES_PER_FILE)
    assert [place.file_count(letters) for letters in counts] == [0, 1, 1, 3, 20]
    assert place.part(1, 1) == tmp_path / "All letters.txt"
    assert place.part(3, 20) == tmp_path / "All letters-03-of-20.txt"
    assert place.part(3, 120) == tmp_path / "All letters-003-of-120.txt"


@pytest.mark.parametrize("post", [Post.SHEET, Post.WINDOW])
def test_what_is_readied_for_the_mail_counts_two_pages(tmp_path: Path, post: Post) -> None:
    place = Destination.of(tmp_path, PDF, "takedown", post=post)
    joined = Destination.of(tmp_path / "all.pdf", PDF, "takedown", post=post)
    for one in (place, joined):
        assert [one.file_count(letters) for letters in (0, 1, 250, 251, 450, 451, 1_200)] == [0, 1, 1, 3, 5, 6, 14]


def test_a_pdf_comes_in_parts_in_a_folder_too(tmp_path: Path) -> None:
    assert to(tmp_path / "letters", PDF).part(1, 1) == tmp_path / "letters" / "takedown.pdf"
    assert to(tmp_path / "letters", PDF).part(2, 3).name == "takedown-02-of-03.pdf"


def test_a_folder_with_an_ending_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").mkdir()
    assert to(tmp_path / "letters.txt").stem == ""
    assert to(tmp_path / "letters.2026").folder == tmp_path / "letters.2026"


@pytest.mark.parametrize(
    ("output", "there", "taken"),
    [
        ("new", [], []),
        ("out", ["out/note.txt", "out/.hidden"], ["out/note.txt"]),
        ("all.txt", ["all.txt"], ["all.txt"]),
        (
            "all.txt",
            ["all-01-of-02.txt", "all-x.txt", "overall.txt", "all.pdf", ".all.txt.1.unfinished"],
            ["all-01-of-02.txt"],
        ),
        ("a+b.txt", ["aab.txt", "a+b-1-of-2.txt"], ["a+b-1-of-2.txt"]),
    ],
)
def test_what_is_in_the_way_is_found(tmp_path: Path, output: str, there: list[str], *, taken: list[str]) -> None:
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(to(tmp_path / output).existing_files()) == [tmp_path / name for name in taken]


def test_each_merge_of_one_folder_has_a_record_of_its_own(tmp_path: Path) -> None:
    places = (to(tmp_path), to(tmp_path, PDF), to(tmp_path / "all.txt"), to(tmp_path / "other.txt"))
    assert len({place.record for place in places}) == 4
    assert to(tmp_path).record != to(tmp_path / "letters.txt").record
    assert to(tmp_path).record != to(tmp_path / "merge.txt").record
    assert all(place.record.name.startswith(".") for place in places)


@pytest.mark.parametrize(
    ("place", "ours", "others"),
    [
        (
            to(Path("new")),
            ["00002 - Ottawa Centre.txt", "123456 - Ottawa.Centre.txt", ".merge.txt.json"],
            ["00002 - Ottawa Centre.pdf", "2 - Ottawa Centre.txt", ".letters.txt.merge.json", "notes.txt"],
        ),
        (
            to(Path("all.txt")),
            ["all.txt", "all-01-of-02.txt", ".all.txt.merge.json"],
            ["all-x.txt", "all.txt.txt", "overall.txt", ".other.txt.merge.json"],
        ),
    ],
)
def test_a_merge_knows_the_names_of_its_own_files(place: Destination, ours: list[str], others: list[str]) -> None:
    assert [name for name in (*ours, *others) if place.is_ours(name)] == ours
