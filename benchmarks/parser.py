"""What the parser of letters costs: CPU and memory for every attack the tests name, and for the longest sources."""

import time
import tracemalloc
from collections.abc import Iterator

from advocacy.campaigns.grammar.compiler import compile_text
from advocacy.campaigns.grammar.tokens import MAX_CHARACTERS, Refused
from benchmarks.report import Row, size
from tests.unit.campaigns.grammar.attacks import ATTACKS, NAMES, letter

MOST_TIMES, MOST_MB = 40, 20
PROSE = "Je vous demande de soutenir cette loi, et de me dire ce que vous ferez.\n\n"
"""As long a text of it is what the processor time of every other source is held against."""
SHOWN = 20
ROUNDS = size(3, 1)
TYPED = frozenset({"reason"})

FILLED = (
    # Blocks of every kind, as many as there is room for.
    *(
        "a\n\n",
        "- a\n",
        "-a\n\n",
        "# a\n",
        "> a\n",
        ">a\n\n",
        "> a\nb\n\n",
        ">\n\n",
        "a\n",
        "\n",
        " ",
        "\u00a0\n\n",
        "- a\n b\n",
    ),
    # What makes a whole Markdown slow: containers in containers, lines that may belong to the one above.
    *(
        "- - - - a\n",
        "> > > > a\n",
        ">" * 20 + "\n",
        "- a\n  - b\n",
        "> # a\nb\n",
        ">\na\n",
        "- a\n+ a\n",
        "1. a\n2. b\n",
        "~~~\n",
    ),
    *("*a **b ", "[a](", "![[", "<a ", "`", "&amp;", "&#", "&a", "a  \n", "\\", "_", "a\n===\n"),
    # What keeps Jinja's lexer and parser busy.
    *(
        "{{ today }}",
        "{{ today }}\n\n",
        "--\n\n{{ today }}",
        "{{ today }}- a\n",
        "{% if reason %}x{% endif %}",
        "{{",
        "{%",
        "}}",
        "{#",
    ),
    *(
        "{% if reason %}\nx\n{% endif %}\n",
        "{{ reason }}{% if today %}{{ reason }}{% endif %}\n\n",
        "{% raw %}",
        "{%- ",
        "'",
        '"',
    ),
)
BRACED = {
    "one condition of 20,000 characters": ("{% if reason", " or reason", " %}x{% endif %}"),
    "one condition with not and brackets": ("{% if today", " and (not reason or today)", " %}x{% endif %}"),
    "one comparison with many words": ('{% if reason in ("a"', ', "a"', ") %}x{% endif %}"),
    "a name of 20,000 letters": ("{{ ", "a", " }}"),
    "a number of 20,000 digits": ("{{ ", "1_1", " }}"),
    "a quotation of 20,000 signs": ('{% if reason == "', "\\a", '" %}x{% endif %}'),
    "a quotation that never ends": ("{% if reason == '", '\\"', ""),
    "brackets that never end": ("{% if ", "(", ""),
    "spaces in a tag": ("{% ", " ", "raw"),
    "spaces before braces that eat them": ("a", " ", "{{- today }}"),
    "spaces in a heading": ("# a", " #", "b"),
    "dashes in a line": ("- ", "- ", "x"),
}


def measure() -> list[Row]:
    """Return processor time, beside prose, and memory of the worst sources, then what all others keep under."""
    prose, _ = _cost(_filled(PROSE))
    costs = sorted(((*_cost(source), what) for what, source in _sources()), reverse=True)
    worst = max(costs, key=lambda cost: cost[1])
    return [
        Row(f"{MAX_CHARACTERS:,} characters of prose", prose, "ms of CPU"),
        *(
            Row(f"{peak:4.1f} MB  {what}", spent / prose, "×", at_most=MOST_TIMES)
            for spent, peak, what in costs[:SHOWN]
        ),
        Row(
            f"the most that each of {len(costs) - SHOWN} others took", costs[SHOWN][0] / prose, "×", at_most=MOST_TIMES
        ),
        Row(f"most memory: {worst[2]}", worst[1], "MB", at_most=MOST_MB),
    ]


def _sources() -> Iterator[tuple[str, str]]:
    for what, attack in ATTACKS.items():
        yield what, letter(attack.source)
    for pattern in FILLED:
        yield f"{MAX_CHARACTERS:,} characters of {pattern!r}", _filled(pattern)
    for what, (start, middle, end) in BRACED.items():
        room = MAX_CHARACTERS - len(letter(start + end))
        yield what, letter(start + middle * (room // len(middle)) + end)
    yield "twenty million characters", "x" * 20_000_000


def _filled(pattern: str) -> str:
    """Return a letter of as much of a pattern as there is room for."""
    room = MAX_CHARACTERS - len(letter(""))
    return letter(pattern * (room // len(pattern)))


def _cost(source: str) -> tuple[float, float]:
    """Return the milliseconds of CPU (the least of some rounds) and the megabytes (the peak) that a source takes."""
    spent = min(_spend(source) for _ in range(ROUNDS))
    tracemalloc.start()
    _judge(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return spent * 1e3, peak / 1e6


def _spend(source: str) -> float:
    started = time.process_time()
    _judge(source)
    return time.process_time() - started


def _judge(source: str) -> None:
    try:
        compile_text(source, NAMES, typed=TYPED)
    except Refused:
        return
