"""What is wrong in a letter as its editor tells it: each thing once, and words in brackets that stand for nothing."""

from collections.abc import Iterator, Mapping, Sequence

from advocacy.campaigns import manuscript as writing
from advocacy.campaigns.fixes import Fix, fixes
from advocacy.campaigns.folder import TEXTS
from advocacy.campaigns.labels import find
from advocacy.campaigns.length import longest_words
from advocacy.campaigns.letter_check import AROUND
from advocacy.campaigns.letter_reading import Reading
from advocacy.language import Language
from advocacy.problems import Place, Problem, complaint


def editor_problems(read: Reading) -> Iterator[Problem]:
    """Yield what is wrong in a letter once: what is told of a label, or at its paragraph, is not told of the file."""
    yield from _unknown_labels(read)
    problems = read.problems()
    lacking = {name for one in problems if one.code == "language-lacks" for name in one.params["names"]}
    parted = any(one.code in {"languages-part", "language-ends"} for one in problems)
    unused = {one.params["key"]: one for one in reversed(problems) if one.code == "field-unused"}
    for one in problems:
        if one.code == "field-unused" and unused[one.params["key"]] is not one:
            continue
        is_label = one.code == "to-fill-in" and read.unknown
        if not (
            is_label or (one.code == "finding-not-cited" and (parted or f"finding.{one.params['key']}" in lacking))
        ):
            yield one


def _unknown_labels(read: Reading) -> Iterator[Problem]:
    """Yield the words in brackets that no label is called by, at their places in the texts."""
    nearest = {(one.key, one.language, one.words): one.nearest for one in read.unknown}
    for side, name in TEXTS.items():
        for number, line in enumerate(lines_of(read)[name] if read.unknown else (), start=1):
            column = 1
            for piece in line.pieces:
                if piece.unknown is not None:
                    near = nearest.get((line.key, side, piece.unknown), "")
                    label = find(read.labels, near, side) if near else None
                    params = {"text": piece.unknown, "nearest": f"[{near}]" if near else ""}
                    place = Place(read.folder.path(f"{read.letter}/{name}"), number, column, len(piece.source))
                    yield complaint("label-unknown", **params, instead=label.source if label else "").at(place)
                column += len(piece.source)


def find_fix(read: Reading, key: str) -> Fix | None:
    """Return the fix of this key, None where it does not belong to the text any more."""
    found = (fix for problem in editor_problems(read) for fix in fixes(problem) if fix.key == key)
    return next(found, None)


def lines_of(read: Reading) -> Mapping[str, Sequence[writing.Line]]:
    """Return the lines of each text by its file, with the cells that they come from."""
    return {name: writing.lay_out(read.manuscript, read.labels, side) for side, name in TEXTS.items()}


def lengths(read: Reading) -> dict[Language, int]:
    """Count the words of the longest letter in each language; nothing while it cannot be composed."""
    template = read.template()
    if template is None:
        return {}
    return {
        language: longest_words(program.blocks, {field.key: field.longest(language) for field in template.fields})
        + len(template.notes[language].split())
        + AROUND
        for language, program in template.texts.items()
    }
