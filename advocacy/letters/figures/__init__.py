"""Check the figures of a letter that its citizen edited against the campaign's survey.

`figure_check` takes the text apart: paragraphs as composed are judged once, the rest sentence by sentence.
`survey_text` parses it beside the survey: sentences, numbers, and the concepts by which an answer is known.
`share_scope` gives each share its clause and its population; `shares` finds the answer it claims and compares the two.
`survey_facts` does so with the number of respondents, the duration and the date.
`composed_sentences` compares an edited sentence with the one it was.
`general_claims` finds what no survey can settle, for the citizen to confirm.
The words of all languages stand in `survey_words.toml`.
"""

from advocacy.letters.figures.claim import MAX_NUMBERS, FigureClaim, FigureFault, Verdict, too_many_numbers
from advocacy.letters.figures.figure_check import check_figures

__all__ = ["MAX_NUMBERS", "FigureClaim", "FigureFault", "Verdict", "check_figures", "too_many_numbers"]
