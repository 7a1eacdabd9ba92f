"""A letter's file is written from a form: untouched bytes stay, and what is written reads back equal."""

from pathlib import Path

import pytest

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.fields import Field, FieldKind, WordCount
from advocacy.campaigns.letter_toml import format_letter_toml, update_letter_toml, with_finding_list
from advocacy.language import Wording
from advocacy.toml_source import read_toml

LETTERS = sorted((Path(__file__).parents[3] / "letters").rglob("letter.toml"))
ODD = Wording.of(en='“A” "b" \\ \x7f \u2028 = # [[field]]', fr="L’« été »\u00a0: ça\tva")


def letter(text: str) -> LetterFile:
    return read_toml(text, LetterFile, file="letter.toml")


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.parent.name)
def test_a_shipped_file_keeps_every_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert update_letter_toml(text, letter(text)) == text
    assert letter(format_letter_toml(letter(text))) == letter(text)


@pytest.mark.parametrize(
    "change",
    [
        {"title": ODD},
        {"ask": ODD, "findings": ("a", "b")},
        {"fields": ()},
        {"fields": (Field(key="new", kind=FieldKind.LINE, label=ODD, hint=ODD, required=True, max_characters=5),)},
    ],
)
def test_what_is_written_reads_back_equal_and_comments_stay(change: dict[str, object]) -> None:
    text = LETTERS[0].read_text(encoding="utf-8")
    wanted = letter(text).model_copy(update=change)
    made = update_letter_toml(text, wanted)
    assert letter(made) == wanted
    assert made.count("\n#") >= text.count("\n#")


def test_fields_move_with_their_comments() -> None:
    text = LETTERS[0].read_text(encoding="utf-8").replace("[[field]]", "# Of this field.\n[[field]]", 1)
    before = letter(text)
    made = update_letter_toml(text, before.model_copy(update={"fields": before.fields[::-1]}))
    assert made.index("# Of this field.") == made.index('[[field]]\nkey = "relationship"') - len("# Of this field.\n")
    assert letter(made).fields == before.fields[::-1]


def test_a_default_that_is_written_out_stays() -> None:
    text = LETTERS[0].read_text(encoding="utf-8").replace('kind = "', 'required = false\nkind = "', 1)
    made = update_letter_toml(text, letter(text).model_copy(update={"ask": ODD}))
    assert made.count("required = false") == 1


def test_a_kind_that_stays_keeps_its_bytes() -> None:
    text = LETTERS[0].read_text(encoding="utf-8").replace('kind = "words"', "kind = 'words' # why", 1)
    made = update_letter_toml(text, letter(text).model_copy(update={"ask": ODD}))
    assert made.count("kind = 'words' # why") == 1


def test_a_word_count_that_goes_and_prompts_that_change_are_written_anew() -> None:
    text = LETTERS[0].read_text(encoding="utf-8")
    before = letter(text)
    reason = next(field for field in before.fields if field.key == "reason")
    for update in ({"word_count": None}, {"word_count": WordCount(least=1, most=2)}, {"prompts": (ODD,)}):
        other = reason.model_copy(update=update)
        fields = tuple(other if field is reason else field for field in before.fields)
        wanted = before.model_copy(update={"fields": fields})
        assert letter(update_letter_toml(text, wanted)) == wanted


def test_a_file_that_cannot_be_read_is_written_whole() -> None:
    wanted = letter(LETTERS[0].read_text(encoding="utf-8"))
    assert update_letter_toml("title = [", wanted) == format_letter_toml(wanted)


def test_findings_keep_their_order_and_new_ones_follow() -> None:
    text = 'findings = ["b", "a", "gone"] # why\n'
    assert with_finding_list(text, ["a", "c", "b"]) == 'findings = ["b", "a", "c"] # why\n'
    assert with_finding_list(text, ["gone", "a", "b"]) == text
    assert with_finding_list("findings = [", ["a"]) == "findings = ["
