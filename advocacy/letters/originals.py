"""A sentence that was edited, held against the one that was composed."""

from collections.abc import Iterable

from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.reading import Reading
from advocacy.letters.verdicts import Judgement


class Originals:
    """The sentences of a letter as composed."""

    def __init__(self, ours: Iterable[str], survey: Survey, language: Language) -> None:
        self.readings = [Reading(text, survey, language) for text in ours]

    def reviewed(self, reading: Reading, place: int, judgement: Judgement) -> Judgement:
        return judgement
