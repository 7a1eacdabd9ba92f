"""Whatever the checks say, they say in French too: the same pieces, good French, and no English left in it."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import advocacy
from advocacy.campaigns.typography import slips
from advocacy.language import Language, Wording
from advocacy.web.staff.problem_words import LONGEST, PLACE, is_spoken, on_page, problem_words, shapes, spoken
from tests.web.staff.problem_samples import said

FRENCH = Language.FR
NBSP = "\u00a0"
PACKAGE = Path(advocacy.__file__).parent
CAMPAIGNS = PACKAGE / "campaigns"
SILENT = {
    # Modules whose words are said otherwise than by the checks, or to nobody who writes.
    *(
        "advice",
        "condition_words",
        "label_words",
        "labels",
        "letter_toml",
        "library",
        "mending",
        "models",
        "toml_spans",
    ),
}
SPEAKING = [path for path in sorted(CAMPAIGNS.glob("*.py")) if path.stem not in SILENT]
ALSO_SPEAKING = [PACKAGE / name for name in ("findings.py", "language.py", "toml_source.py")]
UNSAID = {"not in", "recipient.office in", "more than", "people", "Value error", "at line"}
"""Words of the code, and of patterns, that are no part of a sentence."""

IN_ENGLISH = re.compile(
    r"\b(?:the|is|are|of|to|with|this|that|not|it|here|take|give|write|has|have|been|should|cannot|does|input|letter"
    r"|words?|at|from|by|for|be|must|where|which|and|value|invalid|missing|another|there|its)\b"
)
SHOWN_AS_IT_IS = re.compile(
    r"\b\w+\.(?:toml|md)\b|«[^»]*»|\{[{%][^{}]*[%}]\}|\[\[.*?\]\]|\{ en = .*? \}|nom (?:==|in) [(]?\"mot\"[^;]*"
)
SIGNS = re.compile(r"\{[{%][^{}]*[%}]\}|(?:\s[;:!?]){3,}|“…”|\"[^\"]*\"")
"""What French would set otherwise, and what is shown as it is typed."""

# --- how it is said


def test_every_sentence_of_the_checks_has_a_twin() -> None:
    assert [sentence for sentence in said() if not is_spoken(sentence, FRENCH)] == []
    assert len(said()) > 250


def test_every_piece_that_is_quoted_is_quoted_again() -> None:
    for sentence in said():
        pieces = re.findall("“([^“”]*)”", sentence.replace("as “ and ”", ""))
        french = spoken(sentence, FRENCH)
        shown = french.replace("“", f"«{NBSP}")  # a mark that is itself part of a piece
        assert [piece for piece in pieces if f"«{NBSP}{piece.strip(' ')}" not in shown] == [], sentence


def test_no_english_is_left() -> None:
    left = [(found[0], spoken(one, FRENCH)) for one in said() for found in IN_ENGLISH.finditer(_plain(one))]
    assert left == []


def _plain(sentence: str) -> str:
    return SHOWN_AS_IT_IS.sub("", spoken(sentence, FRENCH))


def test_every_sentence_of_the_table_is_one_that_is_said() -> None:
    unsaid = [shape.wording for shape in shapes("") if not any(map(shape.pattern.fullmatch, said()))]
    assert [wording.spoken(Language.EN) for wording in unsaid] == []


@pytest.mark.parametrize("kind", sorted(problem_words().places))
def test_every_wording_of_a_place_is_one_that_is_said(kind: str) -> None:
    unsaid = [shape.wording for shape in shapes(kind) if not any(map(shape.pattern.search, said()))]
    assert [wording.spoken(Language.EN) for wording in unsaid] == []


def test_every_wording_has_the_places_of_its_twin_and_is_set_as_french_is() -> None:
    words = problem_words()
    for wording in [*words.sentences, *(one for held in words.places.values() for one in held)]:
        english, french = wording.spoken(Language.EN), wording.spoken(FRENCH)
        known = {place["name"] for place in PLACE.finditer(english)}
        assert {place["name"] for place in PLACE.finditer(french)} <= known
        assert {name for name in known if f"<{name}" not in french} <= {"model"}, english
        assert list(slips(SIGNS.sub("x", PLACE.sub("x", french)), FRENCH)) == [], french


# --- nothing is forgotten


@pytest.mark.parametrize("path", [*SPEAKING, *ALSO_SPEAKING], ids=lambda path: path.stem)
def test_all_that_a_check_can_say_stands_in_the_table(path: Path) -> None:
    table = _table([*problem_words().sentences, *(one for held in problem_words().places.values() for one in held)])
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed = {id(inner) for node in ast.walk(tree) if _is_passed(node) for inner in ast.walk(node)}
    runs = _runs(node for node in ast.walk(tree) if id(node) not in passed)
    assert [run for run in runs if run not in table and run not in UNSAID] == []


def test_all_that_is_said_of_toml_that_is_none_stands_in_the_table() -> None:
    parser = Path(tomllib.__file__).with_name("_parser.py")
    calls = [node for node in ast.walk(ast.parse(parser.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    errors = [call for call in calls if ast.unparse(call.func) in {"suffixed_err", "TOMLDecodeError"}]
    runs = [run for call in errors for run in _runs(ast.walk(call)) if not run.endswith("(at")]
    table = _table(problem_words().places["syntax"])
    assert len(runs) > 15
    assert [run for run in runs if run not in table] == []


def _table(wordings: Iterable[Wording]) -> str:
    return "\n".join(PLACE.sub("\0", wording.spoken(Language.EN)) for wording in wordings)


def _runs(tree: Iterable[ast.AST]) -> Iterator[str]:
    """Give the runs of words in texts, without the signs around them."""
    for node in tree:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            runs = (run.strip(" ;:,.()") for run in re.split(r"[“”{}%+\"\\|]", node.value))
            yield from (run for run in runs if re.search("[a-z]{2,}[,;]? [a-z]{2,}", run))


def _is_passed(node: ast.AST) -> bool:
    """Tell a docstring, a pattern and words that are in two languages already."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return ast.unparse(node.func) in {"Wording.of", "re.compile"}
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# --- what is not known, and what is strange


def test_english_is_said_as_it_is() -> None:
    assert all(spoken(sentence, Language.EN) == sentence for sentence in said())
    assert is_spoken("a sentence of no check", Language.EN)


@pytest.mark.parametrize(
    "sentence",
    [
        *("a sentence of no check", "", "“x” is a figure typed by hand; do as you like", "not valid TOML: so"),
        f"“{'x' * LONGEST}” is still to be written",
    ],
)
def test_what_is_not_known_stays_as_it_is(sentence: str) -> None:
    assert spoken(sentence, FRENCH) == sentence
    assert not is_spoken(sentence, FRENCH)


def test_what_stays_english_on_a_french_page_is_marked_as_english() -> None:
    known = next(iter(said()))
    assert on_page("a <b> of no check", FRENCH) == '<span lang="en">a &lt;b&gt; of no check</span>'
    assert on_page("a sentence of no check", Language.EN) == "a sentence of no check"
    assert on_page(known, FRENCH) == spoken(known, FRENCH)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "line 1,003 of en.md is a choose with 2 alternatives, where here is the end of alternative 1; "
            "give both languages the same paragraphs",
            f"à la ligne 1{NBSP}003 du fichier en.md se trouve un «{NBSP}choose{NBSP}» à 2 variantes, mais ici la fin de "
            "la variante numéro 1; donnez les mêmes paragraphes aux deux langues",
        ),
        (
            "the campaign would close before it opens on 2026-01-01; correct one of the two dates",
            "la campagne fermerait avant d’ouvrir, le 1er janvier 2026; corrigez l’une des deux dates",
        ),
        (
            "“kind”: input should be 'line', 'words' or 'choice'",
            f"«{NBSP}kind{NBSP}»{NBSP}: écrivez «{NBSP}line{NBSP}», «{NBSP}words{NBSP}» ou «{NBSP}choice{NBSP}»",
        ),
        (
            "not valid TOML: Cannot declare ('choices', 'role') twice",
            f"ce n’est pas du TOML valide{NBSP}: «{NBSP}choices.role{NBSP}» est déclaré deux fois",
        ),
        ("“<name>” is still to be written", f"«{NBSP}<name>{NBSP}» reste à écrire"),
    ],
)
def test_a_sentence_is_said_with_its_pieces_as_french_writes_them(english: str, french: str) -> None:
    assert spoken(english, FRENCH) == french
