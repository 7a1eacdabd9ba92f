"""Whose words a letter's sentences are: processor time for the longest bodies, in milliseconds."""

from time import process_time

from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.edited import with_edits
from advocacy.letters.provenance import own_claims
from benchmarks.report import Row
from tests.builders import TODAY, a_member, a_template, some_answers

LONGEST = 12_000
"""Characters of the longest body allowed."""
MOST_MS = 8.0
BODIES = {
    "prose": "I worry about my children and what they see online every day, and I would like you to act. ",
    "figures of the survey": "In the survey, 95% of respondents wanted companies to remove stolen images of children. ",
    "digits alone": "1 ",
    "sentences that each claim another figure": " ".join(
        f"In a survey of our street, {number}% of 400 parents said that they agree." for number in range(200)
    ),
    "one sentence": "we want the law to require companies to remove stolen images of children ",
}


def measure() -> list[Row]:
    """Ask about each body, the fastest of five times."""
    template = a_template()
    composed = compose(template, some_answers(), a_member(), language=Language.EN, today=TODAY)
    rows = []
    for what, text in BODIES.items():
        letter = with_edits(composed, None, (text * (LONGEST // len(text) + 1))[:LONGEST])
        times = []
        for _ in range(5):
            began = process_time()
            own_claims(letter, composed, template)
            times.append(process_time() - began)
        rows.append(Row(f"own words: {what}", min(times) * 1e3, "ms", at_most=MOST_MS))
    return rows
