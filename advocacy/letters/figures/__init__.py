"""The figures of a letter that its citizen edited, held against the survey."""

from advocacy.letters.figures.check import check_figures
from advocacy.letters.figures.verdicts import Claim, Fault, Verdict

__all__ = ["Claim", "Fault", "Verdict", "check_figures"]
