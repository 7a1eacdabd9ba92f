"""Every code that a check can report has a message in every language."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import advocacy
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.language import Language
from advocacy.messages import Message, catalog, message
from advocacy.problems import ADVICE, COMMON_PARAMS, FOR_FILES, IN_EDITOR, Place, complaint, in_brackets
from advocacy.toml_source import PATTERN_WORDS, PYDANTIC_CODES
from tests.campaign_files import EN, FR, LETTER, LETTER_TOML, campaign, changed

PACKAGE = Path(advocacy.__file__).parent
REPORTING = {"complaint", "invalid", "refuse", "remark", "subject"}
NOT_FOR_WRITERS = re.compile(r"\belif\b|\bendif\b|\{\{|\{%|\.toml|\bkey=|source line|\[\[")


def literals() -> Iterator[tuple[str, str]]:
    """The code in every call that reports one, with its file: its first literal text."""
    own = (
        "findings.py",
        "toml_source.py",
        "language.py",
        "legislators/forms_of_address.py",
        "legislators/legislatures.py",
        "web/staff/problem_notes.py",
    )
    for path in sorted([*PACKAGE.glob("campaigns/**/*.py"), *(PACKAGE / name for name in own)]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if name in REPORTING and texts:
                    yield path.name, texts[0]


def test_every_code_that_is_reported_is_in_the_table() -> None:
    assert [(file, code) for file, code in literals() if code not in FOR_FILES] == []
    assert {code for code, _ in PYDANTIC_CODES.values()} <= set(FOR_FILES)
    assert set(IN_EDITOR) | ADVICE <= set(FOR_FILES)


def test_every_code_of_the_table_is_reported_somewhere() -> None:
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml")]
    source = "".join(path.read_text(encoding="utf-8") for path in files if path.name != "problems.py")
    built = {"campaign-name-taken", "letter-name-taken", "shape-in-list", "shape-in-quotation"}
    built |= {"language-missing", "wording-table", "wording-empty"}
    assert [code for code in FOR_FILES if f'"{code}"' not in source and code not in built] == []


def test_every_message_has_a_translation() -> None:
    always = [one.msgid for one in (*COMMON_PARAMS.values(), *PATTERN_WORDS.values()) if isinstance(one, Message)]
    for msgid in (*FOR_FILES.values(), *IN_EDITOR.values(), *always):
        assert catalog(Language.FR).ugettext(msgid) != msgid


def test_the_words_for_writers_name_neither_braces_nor_files() -> None:
    assert [code for code, text in IN_EDITOR.items() if NOT_FOR_WRITERS.search(text)] == []
    assert all(text.endswith((".", "?")) for text in IN_EDITOR.values())


def in_english(old: str, new: str) -> dict[str, str | bytes | None]:
    return {f"{LETTER}/en.md": EN.replace(old, new, 1)}


@pytest.mark.parametrize(
    ("files", "code", "place", "for_files", "in_editor"),
    [
        (in_english("In a", "So 62% in a"), "figure-typed", "en.md:13:4:3", "cite {{ finding", "typed by hand. Insert"),
        (in_english("{{ role }}", "{{ rol }}"), "name-unknown", "en.md:5:56:3", "offered are", "Insert a blank"),
        (in_english("In a", "It's in a"), "apostrophe", "en.md:13:3:1", "write the apostrophe as ’: “It’s”", "“It’s”"),
        (in_english("In a", "[town] In a"), "to-fill-in", "en.md:13:1:6", "still to be filled in", "“[town]” is still"),
        (
            in_english("Please r", "{% if role %}R"),
            "condition-not-closed",
            "en.md:20:1:2",
            "endif",
            "does not end. Add",
        ),
        (in_english("# L", "# So: l"), "subject-colon", "en.md:1:5:1", "has a colon", "Write it without."),
        (
            {f"{LETTER}/fr.md": FR.replace("{{ finding.opening_yes }}", "beaucoup")},
            "language-lacks",
            "fr.md:13:1:0",
            "lacks “finding.opening_yes”, which line 13 of en.md has",
            "missing here: finding.opening_yes",
        ),
        ({f"{LETTER}/fr.md": None}, "file-missing", "fr.md:1:1:0", "this file is missing; add it", "is missing."),
        (
            {f"{LETTER}/letter.toml": LETTER_TOML.replace('kind = "choice"', 'kind = "chance"')},
            "value-choice",
            "letter.toml:9:1:0",
            "“kind”: write one of line, words, choice",
            "write one of",
        ),
    ],
)
def test_a_problem_has_a_code_a_place_and_words_for_either_reader(
    files: dict[str, str | bytes | None], code: str, *, place: str, for_files: str, in_editor: str
) -> None:
    [problem, *_] = [one for one in check_folder(campaign(files)) if one.code == code]
    at = problem.place
    assert f"{at.file.rsplit('/', 1)[-1]}:{at.line}:{at.column}:{at.length}" == place
    assert for_files in problem.sentence
    assert in_editor in problem.editor_message().in_language(Language.EN)
    assert problem.message.in_language(Language.FR) != problem.sentence


def test_numbers_days_and_lists_are_written_as_each_language_does() -> None:
    long = complaint("text-too-long", text="x", most=20_000).message
    assert "20,000 characters" in long.in_language(Language.EN)
    assert "20\u00a0000 caractères" in long.in_language(Language.FR)
    assert "le 6 mai 2026" in complaint("closes-before-opens", day=date(2026, 5, 6)).message.in_language(Language.FR)
    assert "62,5" in complaint("survey-total", total=Decimal("62.5")).message.in_language(Language.FR)
    names = complaint("finding-unknown", key="x", keys=("a", message("a paragraph"))).message
    assert "il a\u00a0: a, un paragraphe" in names.in_language(Language.FR)


def test_a_page_calls_names_by_its_own_words() -> None:
    label = message("a paragraph")
    lacks = complaint("language-lacks", names=("citizen.riding", "other"), line=1, file="en.md").at(Place("fr.md"))
    words = lacks.editor_message({"citizen.riding": label, "en.md": message("the English text")})
    assert words.in_language(Language.EN) == "In the English text, and missing here: [a paragraph], other."
    tag = complaint("tag-with-more", text="{{ reason }}", tag="x").at(Place("fr.md"))
    assert tag.editor_message({"reason": label}).in_language(Language.EN).startswith("“[a paragraph]” cannot be")
    assert in_brackets(label).in_language(Language.FR) == "[un paragraphe]"


def test_problems_stand_in_the_order_of_their_places() -> None:
    there = [complaint("link", text="b").at(Place("a", 2)), complaint("link", text="a").at(Place("a", 1, 5))]
    assert [one.line for one in sorted(there)] == [1, 2]
    assert len({*there, complaint("link", text="b").at(Place("a", 2))}) == 2


def test_advice_is_no_problem_to_fix() -> None:
    advice = complaint("long-sentence", words=31, most=30).at(Place("a"))
    assert advice.is_advice
    assert str(advice).startswith("a:1:1: advice: This sentence")
    assert not [one for one in check_folder(changed(f"{LETTER}/en.md", "In a", f"{'go ' * 40}. In a")) if one.is_advice]
