"""How hard a letter is to read, in one language: what of it is measured, and the figures.

Measured is the letter's own text: its paragraphs and list items. Left out are its subject, the citizen's own words,
quotations (a quotation paragraph, or a cited `finding.quote_…`) and what is added around it (address, greeting,
closing, source note). Blanks are filled as in a letter where that is known, and with plain samples where the citizen or
the recipient decides.

The text as a whole is every sentence that can come out, of all alternatives and under all conditions, once. Letters are
measured as offices get them too: the letter that takes the first alternative of everything, the one that takes the
second, and so on, each to every office, with and without what the citizen may leave empty; the hardest of each counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from advocacy.campaigns.blanks import EMPTY_WITHOUT, OFTEN_EMPTY
from advocacy.campaigns.campaign import LetterTemplate, choice_key, offered
from advocacy.campaigns.conditions import always
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.program import Branch, Choice, Inline, Kind, Paragraph, Program, Slot, Spoken, Values, walk
from advocacy.campaigns.readability import SCALES, Scale, TextCounts, count_sentences, split_sentences, split_words
from advocacy.language import Language, Wording

MAX_READINGS = 64
"""How many of the ways in which a paragraph with conditions can come out are measured."""
MAX_LETTERS = 12
"""How many letters are measured, each with other alternatives."""

SAMPLES = {
    "citizen.name": Wording.same("Camille Roy"),
    "citizen.city": Wording.same("Ottawa"),
    "citizen.province": Wording.same("Ontario"),
    "citizen.postal_code": Wording.same("K1A\u00a00A6"),
    "citizen.street": Wording.of(en="12 Main Street", fr="12, rue Principale"),
    "citizen.email": Wording.same("camille@example.ca"),
    "citizen.riding": Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"),
    "recipient.name": Wording.same("Camille Roy"),
    "recipient.office": Wording.same("member"),
    "today": Wording.of(en="November 25, 2026", fr="25 novembre 2026"),
}
OTHER = Wording.of(en="sample", fr="exemple")
"""What any other blank is filled with."""
QUOTED = "“.”"
"""What stands for a quotation: no word, but the end of a sentence where the next one begins."""
CONSTITUENT = "citizen.is_constituent"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a letter, its number of words, and the line of the text on which its paragraph begins."""

    text: str
    words: int
    line: int


@dataclass(frozen=True, slots=True)
class LetterFigure:
    """The hardest letter of those that take one alternative of everything: `line` is its hardest paragraph's."""

    alternative: int
    figure: float
    line: int


@dataclass(frozen=True, slots=True)
class LetterReadability:
    """How hard a letter is to read: its sentences, their figure, and the figures of letters as offices get them."""

    scale: Scale
    sentences: Sequence[Sentence]
    counts: TextCounts
    figure: float
    letters: Sequence[LetterFigure]

    @property
    def hardest(self) -> LetterFigure:
        """The letter that is the hardest to read."""
        return max(self.letters, key=lambda letter: self.scale.difficulty(letter.figure))

    @property
    def longest(self) -> Sentence:
        """The sentence with the most words."""
        return max(self.sentences, key=lambda sentence: sentence.words)


def measure(template: LetterTemplate, language: Language) -> LetterReadability | None:
    """Measure a letter in one language; None where no word of it is its own."""
    text = _LetterText(template, language)
    sentences = text.sentences()
    if not sentences:
        return None
    scale = SCALES[language]
    counts = count_sentences([sentence.text for sentence in sentences], language)
    return LetterReadability(scale, sentences, counts, scale.figure(counts), text.letters(scale))


@dataclass(slots=True)
class _LetterText:
    template: LetterTemplate
    language: Language
    program: Program = field(init=False)
    lines: Mapping[int, int] = field(init=False)
    quotations: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self.program = self.template.texts[self.language]
        self.lines = self.program.paragraph_lines()
        self.quotations = [quote.spoken(self.language) for quote in self.template.survey.quotes]

    def split(self, text: str) -> list[str]:
        """Return the sentences of a paragraph that are the letter's own."""
        for quotation in self.quotations:
            text = text.replace(quotation, QUOTED)
        return split_sentences(text, self.language)

    def sentences(self) -> Sequence[Sentence]:
        """Return every sentence that can come out, once."""
        values = _Values(self.filled(), self.language)
        found: dict[str, Sentence] = {}
        for block in walk(self.program.blocks):
            if isinstance(block, Paragraph) and _is_own(block):
                for reading in islice(_readings(block.inline, values), MAX_READINGS):
                    for text in self.split(reading):
                        found.setdefault(text, Sentence(text, len(split_words(text)), self.lines[id(block)]))
        return tuple(found.values())

    def letters(self, scale: Scale) -> Sequence[LetterFigure]:
        """Return the hardest letter for each place among the alternatives."""
        variants = [*self.variants()]
        found = []
        for alternative in range(min(max(self.program.groups, default=1), MAX_LETTERS)):
            choice = tuple(alternative % size for size in self.program.groups)
            figures = [self.letter(values, choice, scale) for values in variants]
            known = [LetterFigure(alternative, figure, line) for figure, line in filter(None, figures)]
            found += [max(known, key=lambda letter: scale.difficulty(letter.figure))] if known else []
        return found

    def letter(self, values: Values, choice: Choice, scale: Scale) -> tuple[float, int] | None:
        """Return the figure of one letter and the line of its hardest paragraph; None where it has no own words."""
        paragraphs: list[tuple[list[str], int]] = []
        for paragraph in self.program.paragraphs(values, choice):
            spoken: list[Spoken] = []
            if _is_own(paragraph):
                paragraph.speak(values, choice, spoken)
            sentences = [sentence for one in spoken for sentence in self.split(one.text)]
            paragraphs += [(sentences, self.lines[id(paragraph)])] if sentences else []
        if not paragraphs:
            return None

        def figure(sentences: Sequence[str]) -> float:
            return scale.figure(count_sentences(sentences, self.language))

        _, line = max(paragraphs, key=lambda one: scale.difficulty(figure(one[0])))
        return figure([sentence for sentences, _ in paragraphs for sentence in sentences]), line

    def variants(self) -> Iterator[Values]:
        """Return the values of letters that differ: to every office, and with each thing answered and left empty."""
        fixed = self.template.constants[self.language]
        names = offered(self.template.letter, self.template.campaign, fixed=fixed)
        own_member = self.filled()
        own_fields = [name for one in self.template.fields for name in (one.key, choice_key(one.key))]
        nothing = dict.fromkeys((*OFTEN_EMPTY, *own_fields), "")
        answers = [answer for one in self.template.fields for answer in self.answers(one)]
        for changes in ({}, nothing, *answers):
            yield self.consistent({**own_member, **changes})
        for name in sorted((names.texts | names.flags) - fixed.keys() - names.choices.keys()):
            for answer in sorted(names.answers(name) or [""]):
                yield self.consistent({**own_member, name: answer})
                yield self.consistent({**own_member, **nothing, name: answer})

    def filled(self) -> dict[str, str]:
        """Return the values of a letter to the citizen's own member in which everything is answered."""
        values = {name: wording.spoken(self.language) for name, wording in SAMPLES.items()}
        values[CONSTITUENT] = "yes"
        for one in self.template.fields:
            answers = self.answers(one)
            values |= next((answer for answer in answers if answer[one.key]), answers[0])
        return {**values, **self.template.constants[self.language]}

    def answers(self, one: Field) -> Sequence[Mapping[str, str]]:
        """Return what may be answered to a field of the letter: an option, or what a letter says for a line."""
        if not one.options:
            return [{one.key: "" if one.kind is FieldKind.WORDS else OTHER.spoken(self.language)}]
        return [
            {
                one.key: option.sentence.spoken(self.language) if option.sentence else "",
                choice_key(one.key): option.key,
            }
            for option in one.options
        ]

    def consistent(self, values: dict[str, str]) -> Values:
        """Take out what a letter to somebody else than the citizen's own member cannot have."""
        if values["recipient.office"] != SAMPLES["recipient.office"].spoken(self.language):
            values[CONSTITUENT] = ""
        for name, flag in EMPTY_WITHOUT.items():
            if not (values[name] and values[flag]):
                values[name] = values[flag] = ""
        return _Values(values, self.language)


class _Values(dict[str, str]):
    """The values of a letter; a blank that is not among them is filled with a sample."""

    def __init__(self, values: Mapping[str, str], language: Language) -> None:
        super().__init__(values)
        self.language = language

    def __missing__(self, name: str) -> str:
        return OTHER.spoken(self.language)


def _is_own(paragraph: Paragraph) -> bool:
    return paragraph.kind in {Kind.PARAGRAPH, Kind.BULLET}


def _readings(inline: Inline, values: Values) -> Iterator[str]:
    """Return the ways in which a paragraph can come out, under all of its conditions."""
    for pieces in product(*(_readings_of_part(part, values) for part in inline)):
        yield "".join(pieces)


def _readings_of_part(part: str | Slot | Branch, values: Values) -> Sequence[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, Slot):
        return ["" if part.typed else values[part.name]]
    readings = [text for _, inline in part.cases for text in islice(_readings(inline, values), MAX_READINGS)]
    return readings if part.cases[-1][0] is always else [*readings, ""]
