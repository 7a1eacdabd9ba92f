"""The check of figures and claims: processor time of the longest bodies, alone and beside a bare page."""

from advocacy.language import Language
from advocacy.letters.figures import check_figures
from advocacy.letters.screening import screen
from advocacy.runtime import shipped_letters
from benchmarks.report import Row
from benchmarks.site import bare_page, in_turns

LONGEST = 12_000
"""Characters of the longest body allowed."""
BARE_PAGES = 150.0
SURVEY_SENTENCE = (
    "In the survey, 95% of respondents wanted the law to require companies to remove stolen images of children. "
)
PROSE = "I worry about my children and what they see online every day, and I would like you to act. "
BODIES = {
    "prose": PROSE,
    "figures of the survey": SURVEY_SENTENCE,
    "149 figures in one sentence": "95% of respondents and " * 149 + "companies remove stolen images by law " * 250,
    "digits alone": "1 ",
    "claims about everyone": "Everyone agrees. ",
    "points and small letters": "a. b. ",
    "long words": "a" * 300 + " ",
    "one sentence": "we want the law to require companies to remove stolen images of children ",
}


def measure() -> list[Row]:
    """Check each body in turns with a bare page; give milliseconds, and how many bare pages the slowest is worth."""
    survey = shipped_letters()[0].survey()
    bodies = {what: (text * (LONGEST // len(text) + 1))[:LONGEST] for what, text in BODIES.items()}
    checks = {what: lambda body=body: check_figures(body, survey, Language.EN) for what, body in bodies.items()}
    links = {f"links: {what}": lambda body=body: screen(body) for what, body in bodies.items()}
    times = in_turns({"bare": bare_page(), **checks, **links})
    slowest = max(times[what] for what in bodies)
    return [
        *(Row(f"figures: {what}", times[what] * 1e3, "ms") for what in bodies),
        Row("figures, slowest beside a bare page", slowest / times["bare"], "×", at_most=BARE_PAGES),
        *(Row(what, times[what] * 1e3, "ms") for what in links),
    ]
