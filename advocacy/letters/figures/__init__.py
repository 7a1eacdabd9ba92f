"""The figures of a letter that its citizen edited, held against the survey."""

from advocacy.letters.figures.check import check_figures
from advocacy.letters.figures.limit import MAX_NUMBERS, too_many_numbers
from advocacy.letters.figures.verdicts import Claim, Fault, Verdict

__all__ = ["MAX_NUMBERS", "Claim", "Fault", "Verdict", "check_figures", "too_many_numbers"]
