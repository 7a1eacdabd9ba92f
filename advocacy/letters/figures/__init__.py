"""The figures of a letter that its citizen edited, held against the survey."""

from advocacy.letters.figures.claim import MAX_NUMBERS, FigureClaim, FigureFault, Verdict, too_many_numbers
from advocacy.letters.figures.figure_check import check_figures

__all__ = ["MAX_NUMBERS", "FigureClaim", "FigureFault", "Verdict", "check_figures", "too_many_numbers"]
