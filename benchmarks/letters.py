"""Letters composed from answers to the text, beside bare compiled Jinja2 and a mail merge of the same words."""

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import jinja2
from mailmerge.template_message import TemplateMessage

from advocacy.exports.text import to_text
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.runtime import shipped_letters
from benchmarks.report import Row, size

TODAY = date(2026, 11, 25)
TURNS, SECONDS = size(31, 1), size(3, 1)
REASON = (
    "My daughter is eight and is starting to use a tablet. Like many parents, I shared holiday pictures without "
    "thinking that they could be stolen. I would like the rule to be the same for every company, and known in advance."
)
RECIPIENT = Recipient(
    id="mp-1",
    office=Office.MEMBER,
    first_name="Yasir",
    last_name="Naqvi",
    name="Yasir Naqvi",
    gender=None,
    riding_code="35079",
    riding=Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"),
    province="ON",
    title=None,
    privy_councillor=False,
    email=None,
    vacant=False,
)
ANSWERS = Answers(
    "Camille Essai",
    "Ottawa",
    "ON",
    postal_code="K1A 0A6",
    street="12 Main Street",
    email="camille.essai@example.ca",
    ridings=frozenset({"35079"}),
    fields={"relationship": "parent", "reason": REASON},
    language=Language.EN,
)


def measure() -> list[Row]:
    """Compose the same letter three ways, in turns, and give letters per second and the ratios."""
    template = shipped_letters()[0].template("takedown-and-standards")

    def composed() -> Letter:
        return compose(template, ANSWERS, RECIPIENT, language=Language.EN, today=TODAY)

    def ours() -> str:
        return to_text(composed())

    text = ours()
    source, blanks = _as_template(text)
    bare = jinja2.Environment().from_string(source)  # plain text, and a peer under measure
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.txt"
        path.write_text(f"TO: a@example.ca\nFROM: b@example.ca\nSUBJECT: x\n\n{source}", encoding="utf-8")
        merge = TemplateMessage(path)
        assert bare.render(blanks) == text.rstrip("\n")
        speeds = _in_turns([ours, lambda: bare.render(blanks), lambda: merge.render(blanks), composed])
    ours_speed, bare_speed, merge_speed, composed_speed = map(median, speeds)
    words = len(text.split())
    what = f"letters of {words} words and {len(blanks)} blanks"
    return [
        Row(f"{what}: from answers to text", ours_speed, "per second"),
        Row("the same words in bare compiled Jinja2", bare_speed, "per second"),
        Row("the same words in mailmerge's TemplateMessage", merge_speed, "per second"),
        Row("letters composed", composed_speed, "per second", at_least=20_000),
        Row("ours beside mailmerge", _ratio(speeds[0], speeds[2]), "×", at_least=2.0),
    ]


def _as_template(text: str) -> tuple[str, dict[str, str]]:
    """Put fifteen blanks into the text of a letter, so that peers speak exactly its words."""
    values = [
        "Camille Essai",
        "12 Main Street",
        "camille.essai@example.ca",
        REASON,
        "Ottawa Centre",
        "Yasir Naqvi",
        "November 25, 2026",
        "I am a parent.",
        "95%",
        "89%",
        "more than 23,700 people",
        "18 months",
        "November 2019",
        "Canadian Centre for Child Protection",
        "Ottawa ON  K1A 0A6",
    ]
    blanks = {f"blank_{number}": value for number, value in enumerate(values)}
    for name, value in blanks.items():
        assert value in text, value
        text = text.replace(value, f"{{{{ {name} }}}}")
    return text, blanks


def _in_turns(ways: list[Callable[[], object]]) -> list[list[float]]:
    """Run each way in short turns, so that a busy moment of the machine touches all of them; give every speed."""
    speeds: list[list[float]] = [[] for _ in ways]
    for _ in range(TURNS):
        for speed, way in zip(speeds, ways, strict=True):
            speed.append(_speed(way, SECONDS / TURNS))
    return speeds


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of what the two came to in the same turn."""
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def _speed(way: Callable[[], object], seconds: float) -> float:
    count, started = 0, time.process_time()
    while (passed := time.process_time() - started) < seconds:
        for _ in range(50):
            way()
        count += 50
    return count / passed
