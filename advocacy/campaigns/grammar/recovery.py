"""Read a text to its end although parts of it are refused: every refusal, and the program of all the rest.

A refused paragraph is left out and reading goes on; a condition that cannot be read is replaced by one that can; what
is not closed is closed at the end. The program is for previews and comparisons, never for a letter that is sent.
"""

import re
from collections.abc import Callable, Sequence

from advocacy.campaigns.grammar.program import Program
from advocacy.campaigns.grammar.tags import ALONE
from advocacy.campaigns.grammar.tokens import MAX_CHARACTERS, Refused
from advocacy.toml_source import offset

LEFT_OUT = "left_out"
"""The blank that is in a program where a paragraph is left out."""
LEFT_OUT_TEXT = "[…]"
MAX_REFUSALS, MAX_READ = 30, 200_000
"""Refusals reported of one text, and characters read for them: they bound the work that a text can ask for."""
MAX_IN_PARAGRAPH = 10
CONDITION_LINE = re.compile(r" *\{%\s*(if|elif)\b[^{}]*%\} *")
_BLANK = re.compile(r"\{\{[^{}\n]*\}\}")
ANY_CONDITION = f"today or {LEFT_OUT}"
"""Always true; the name shows that another condition was there."""

Compile = Callable[[str], Program]


def recover(source: str, compile_whole: Compile) -> tuple[Program | None, Sequence[Refused]]:
    """Compile a text, and read on after each refusal; `compile_whole` must allow the blank LEFT_OUT.

    Returns the program without what is broken, None where nothing could be read, and every refusal.
    """
    lines = source.split("\n")
    refusals: list[Refused] = []
    budget = min(MAX_REFUSALS, MAX_READ // (len(source) + 1) or 1) if len(source) <= MAX_CHARACTERS else 1
    for _ in range(budget):
        try:
            return compile_whole("\n".join(lines)), refusals
        except Refused as refused:
            if refused.complaint.code == "subject-missing" and refusals:
                break  # it went with what is left out
            refusals.append(refused)
            if not _repair(lines, refused, refusals, compile_whole=compile_whole):
                break
    return None, refusals


def _repair(lines: list[str], refused: Refused, refusals: list[Refused], *, compile_whole: Compile) -> bool:
    """Change the lines so that reading can go on; return whether that was possible."""
    place = refused.line - 1
    code, line = refused.complaint.code, lines[place] if place < len(lines) else ""
    if code == "condition-not-closed" and refused.complaint.params["alone"]:
        lines.append(refused.complaint.params["closing"])
        return True
    if not ALONE.fullmatch(line):
        return _leave_out_paragraph(lines, place, refusals, compile_whole=compile_whole)
    condition = CONDITION_LINE.fullmatch(line)
    any_condition = f"{{% {condition[1]} {ANY_CONDITION} %}}" if condition else ""
    if code == "alternative-empty" and place + 1 < len(lines) and not lines[place + 1].strip():
        above = next((one for one in reversed(lines[:place]) if _is_text(one)), "")
        lines[place + 1] = f"{'# ' if above.startswith('# ') else ''}{{{{ {LEFT_OUT} }}}}"
    elif condition and line != any_condition and code not in {"tags-too-deep", "after-else"}:
        lines[place] = any_condition
    elif code in {"end-without-condition", "tag-unknown", "tag-empty", "tag-with-more", "after-else"}:
        lines[place] = ""
    else:
        return False
    return True


def _leave_out_paragraph(lines: list[str], place: int, refusals: list[Refused], *, compile_whole: Compile) -> bool:
    """Replace a paragraph by LEFT_OUT, after adding all that is refused in it."""
    first = last = place
    while first > 0 and _is_text(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and _is_text(lines[last + 1]):
        last += 1
    is_subject = lines[first].startswith("# ") and refusals[-1].complaint.code != "subject-too-many"
    instead = f"{'# ' if is_subject else ''}{{{{ {LEFT_OUT} }}}}"
    if lines[first].strip() == instead:
        return False
    paragraph = "\n".join(lines[first : last + 1])
    if refusals[-1].complaint.code != "text-too-long":
        refusals += _other_refusals(
            paragraph, refusals[-1], first=first, is_subject=is_subject, compile_whole=compile_whole
        )
    lines[first : last + 1] = [instead, *[""] * (last - first)]
    return True


def _other_refusals(
    paragraph: str, found: Refused, *, first: int, is_subject: bool, compile_whole: Compile
) -> Sequence[Refused]:
    """Return what else is refused in a paragraph: a refused blank is read as a word, and reading goes on."""
    before = "" if is_subject else "# x\n\n"
    above = before.count("\n")
    others: list[Refused] = []
    text, line, column = paragraph, found.line - first, found.column
    for _ in range(MAX_IN_PARAGRAPH):
        rest = _without_blank(text, line, column)
        if rest == text:
            break
        text = rest
        try:
            compile_whole(f"{before}{text}")
            break
        except Refused as refused:
            line, column = refused.line - above, refused.column
            if line < 1 or refused.complaint.code.startswith("subject-"):
                break
            others.append(Refused(line + first, column, refused.complaint, length=refused.length))
    return others


def _without_blank(source: str, line: int, column: int) -> str:
    """Replace the blank at `line` and `column`, if there is one, by a word of its length."""
    start = offset(source, line, column)
    for blank in _BLANK.finditer(source):
        if blank.start() <= start < blank.end():
            return f"{source[: blank.start()]}{'x' * len(blank[0])}{source[blank.end() :]}"
    return source


def _is_text(line: str) -> bool:
    return bool(line.strip()) and not ALONE.fullmatch(line)
