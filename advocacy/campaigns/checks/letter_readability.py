"""How hard a letter is to read, in one language: what of it is measured, and the figures.

Measured is the letter's own text: its paragraphs and list items. Left out are its subject, the citizen's own words,
quotations (a quotation paragraph, or a cited `finding.quote_…`) and what is added around it (address, greeting,
closing, source note). Blanks are filled as in a letter where that is known, and with plain samples where the citizen or
the recipient decides.

The text as a whole is every sentence that can come out, of all alternatives and under all conditions, once; the acts,
which the campaign's letters share, are not part of it. Letters are measured as offices get them too, acts and all: the
letter that takes the first alternative of everything, the one that takes the second, and so on, each to every kind of
recipient, at every stage of the bill, with and without what the citizen may leave out; the hardest of each counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, product
from typing import TypeAlias

from advocacy.campaigns.checks.empty_blanks import printed_names
from advocacy.campaigns.checks.readability import (
    Scale,
    TextCounts,
    count_sentences,
    scale_of,
    split_words,
    total,
)
from advocacy.campaigns.checks.writing_rules import writing_rules
from advocacy.campaigns.fields import SAMPLE_OF_KIND, Field, FieldKind
from advocacy.campaigns.grammar.program import (
    Branch,
    Choice,
    Inline,
    Kind,
    Paragraph,
    Program,
    RenderedParagraph,
    Slot,
    Values,
    ValuesWithDefault,
    always,
    choice_key,
    walk,
)
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.letter_template import ActKey, LetterTemplate
from advocacy.language import Language, format_date
from advocacy.sentences import split_sentences

MAX_READINGS = 64
"""How many of the ways in which a paragraph with conditions can come out are measured."""
MAX_LETTERS = 12
"""How many letters are measured, each with other alternatives."""
MAX_BLOCKS = 200_000
"""How many paragraphs and conditions are rendered for all letters, which bounds the work that a text can ask for."""

SAMPLES = {
    "citizen.name": "Camille Roy",
    "citizen.city": "Ottawa",
    "citizen.province": "Ontario",
    "citizen.postal_code": "K1A\u00a00A6",
    "citizen.email": "camille@example.ca",
    "recipient.name": "Camille Roy",
}
SAMPLE_DAY = date(2026, 11, 25)
QUOTED = "“.”"
"""Replaces a quotation: no word, but the end of a sentence where the next one begins."""
OFFICES_OF_ROLES = {
    Role.OWN_MEMBER: ("member",),
    Role.OTHER_MEMBER: ("member",),
    Role.VACANT_SEAT: ("member",),
    Role.SENATOR: ("senator",),
    Role.RESPONSIBLE_MINISTER: ("minister",),
    Role.MINISTER: ("minister",),
    Role.PRIME_MINISTER: ("prime_minister",),
    Role.OTHER: (
        *("premier", "provincial_minister", "provincial_member", "mayor", "official"),
        *("speaker_commons", "speaker_senate"),
    ),
}
WITHOUT_RIDING = frozenset({"senator", "speaker_senate"})
ADDRESS = ("citizen.email", "citizen.street", "citizen.postal_code")
"""What the citizen may leave out of their address."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a letter, its number of words, and the line of the text on which its paragraph begins."""

    text: str
    words: int
    line: int


@dataclass(frozen=True, slots=True)
class LetterFigure:
    """The hardest letter of those that take one alternative of everything.

    `line` is that of its hardest paragraph, `role` and `stage` say to whom it is and how far the bill has come.
    """

    alternative: int
    figure: float
    line: int
    role: str
    stage: str


@dataclass(frozen=True, slots=True)
class LetterReadability:
    """How hard a letter is to read: its sentences, their figure, and the figures of letters as offices get them."""

    scale: Scale
    sentences: Sequence[Sentence]
    counts: TextCounts
    figure: float
    letters: Sequence[LetterFigure]

    @property
    def longest(self) -> Sentence:
        return max(self.sentences, key=lambda sentence: sentence.words)


_OwnWords: TypeAlias = tuple[tuple[int, tuple[RenderedParagraph, ...]], ...]
"""Paragraphs of a letter's own, each after the line of the text on which it begins."""


def measure_readability(template: LetterTemplate, language: Language) -> LetterReadability | None:
    """Measure a letter in one language; None where no word of it is its own."""
    text = _LetterText(template, language)
    sentences = text.sentences()
    if not sentences:
        return None
    scale = scale_of(language)
    counts = count_sentences([sentence.text for sentence in sentences], language)
    return LetterReadability(scale, sentences, counts, scale.figure(counts), text.letters(scale))


@dataclass(slots=True)
class _LetterText:
    template: LetterTemplate
    language: Language
    program: Program = field(init=False)
    lines: Mapping[int, int] = field(init=False)
    quotations: Sequence[str] = field(init=False)
    samples: Mapping[str, str] = field(init=False)
    counts: dict[str, TextCounts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.program = self.template.texts[self.language]
        self.samples = writing_rules(self.language)["samples"]
        self.lines = self.program.paragraph_lines()
        self.quotations = [quote.in_language(self.language) for quote in self.template.survey.every_quote]

    def split(self, text: str) -> list[str]:
        """Return the sentences of a paragraph that are the letter's own; what has no word in it is none."""
        for quotation in self.quotations:
            text = text.replace(quotation, QUOTED)
        return [sentence for sentence in split_sentences(text) if split_words(sentence)]

    def sentences(self) -> Sequence[Sentence]:
        """Return every sentence that can come out, once."""
        values = ValuesWithDefault({**self.filled(), "citizen.riding": self.samples["riding"]}, self.samples["other"])
        found: dict[str, Sentence] = {}
        for block in walk(self.program.blocks):
            if isinstance(block, Paragraph) and _is_own(block):
                for reading in islice(_readings(block.inline, values), MAX_READINGS):
                    for text in self.split(reading):
                        found.setdefault(text, Sentence(text, len(split_words(text)), self.lines[id(block)]))
                for text in self.wordings_in(block):
                    found.setdefault(text, Sentence(text, len(split_words(text)), self.lines[id(block)]))
        return tuple(found.values())

    def wordings_in(self, paragraph: Paragraph) -> Iterator[str]:
        """Return every wording of the statements that come out in a paragraph."""
        offered = self.template.statements[self.language]
        for name in printed_names(paragraph.inline):
            for statement in offered.get(name, {}).values():
                for wording in statement.wordings:
                    yield from self.split(wording)

    def letters(self, scale: Scale) -> Sequence[LetterFigure]:
        """Return the hardest letter for each place among the alternatives."""
        places = min(max(self.program.groups, default=1), MAX_LETTERS)
        blocks = sum(1 for _ in walk(self.program.blocks))
        variants = [*islice(self.variants(), max(1, MAX_BLOCKS // (places * blocks)))]
        found = []
        for alternative in range(places):
            choice = tuple(alternative % size for size in self.program.groups)
            figures: dict[_OwnWords, LetterFigure | None] = {}  # most letters have the words of another
            for values in variants:
                words = self.own_words(values, choice)
                if words not in figures:
                    figures[words] = self.figure(words, values, alternative, scale=scale)
            letters = filter(None, figures.values())
            hardest = max(letters, key=lambda letter: scale.difficulty(letter.figure), default=None)
            found += [hardest] if hardest else []
        return found

    def own_words(self, values: Values, choice: Choice) -> _OwnWords:
        """Return what a letter says in its own words, paragraph by paragraph, each with its line."""
        found = []
        for paragraph in self.program.paragraphs(values, choice):
            if _is_own(paragraph):
                found.append((self.lines[id(paragraph)], tuple(paragraph.render(values))))
        return tuple(found)

    def figure(self, words: _OwnWords, values: Values, alternative: int, *, scale: Scale) -> LetterFigure | None:
        """Return the figure of one letter; None where it has no words of its own."""
        paragraphs = [(total(self.count(one.text) for one in rendered), line) for line, rendered in words]
        paragraphs = [(counts, line) for counts, line in paragraphs if counts.sentences]
        if not paragraphs:
            return None
        _, line = max(paragraphs, key=lambda one: scale.difficulty(scale.formula.calculate(one[0])))
        figure = scale.figure(total(counts for counts, _ in paragraphs))
        return LetterFigure(alternative, figure, line, values["recipient.role"], values["bill.stage"])

    def count(self, paragraph: str) -> TextCounts:
        """Count a paragraph, once: the same ones come out in letter after letter."""
        if paragraph not in self.counts:
            self.counts[paragraph] = count_sentences(self.split(paragraph), self.language)
        return self.counts[paragraph]

    def variants(self) -> Iterator[Values]:
        """Return the values of letters that differ: by recipient, bill, and what the citizen answers and leaves out."""
        filled = self.filled()
        own_fields = [name for one in self.template.fields for name in (one.key, choice_key(one.key))]
        reached = [{}, {"citizen.email": ""}, {"citizen.street": ""}, dict.fromkeys((*ADDRESS, *own_fields), "")]
        stages = sorted(Stage) if self.template.campaign.bills else [Stage.UNKNOWN]
        answers = [answer for one in self.template.fields for answer in self.answers(one)]
        for recipient in self.recipients():
            for left_out, stage in product(reached, stages):
                yield self.values({**filled, **left_out, **recipient, "bill.stage": stage})
            for answer in answers:
                yield self.values({**filled, **answer, **recipient})

    def recipients(self) -> Iterator[Mapping[str, str]]:
        """Return the values that differ between recipients, and between the citizen's own and others'."""
        asks_office = any("recipient.office" in detail for entry in self.program.outline for detail in entry.details)
        own = self.samples["riding"]
        for role, offices in OFFICES_OF_ROLES.items():
            for office in offices if asks_office else offices[:1]:
                if role is Role.OWN_MEMBER:
                    ridings = [own]
                else:
                    ridings = [""] if role is Role.OTHER_MEMBER or office in WITHOUT_RIDING else [own, ""]
                for riding in ridings:
                    yield {
                        "recipient.role": role,
                        "recipient.office": office,
                        "citizen.riding": riding,
                        "citizen.is_constituent": "yes" if riding else "",
                    }

    def filled(self) -> dict[str, str]:
        """Return the values of a letter in which everything is answered but the citizen's own words."""
        today = format_date(SAMPLE_DAY, self.language)
        values = {**SAMPLES, "citizen.street": self.samples["street"], "today": today}
        for one in self.template.fields:
            answers = self.answers(one)
            values |= next((answer for answer in answers if answer[one.key]), answers[0])
        return {**values, **self.template.constants[self.language], "bill.stage": Stage.UNKNOWN}

    def answers(self, one: Field) -> Sequence[Mapping[str, str]]:
        """Return what may be answered to a field of the letter: each option, or a sample of what is typed."""
        if one.statements:
            size = max((len(each.wordings) for each in one.offered), default=0)
            ways = [
                [each.wordings[number % len(each.wordings)].in_language(self.language) for each in ticked]
                for ticked in (one.offered[at : at + one.max_ticks] for at in range(0, len(one.offered), one.max_ticks))
                for number in range(size)
            ]
            return [{one.key: " ".join(sentences)} for sentences in ways] or [{one.key: ""}]
        if not one.options:
            answer = "" if one.kind is FieldKind.WORDS else SAMPLE_OF_KIND.get(one.kind, self.samples["other"])
            return [{one.key: one.text_in_letter(answer, self.language)}]
        return [
            {
                one.key: option.sentence.in_language(self.language) if option.sentence else "",
                choice_key(one.key): option.key,
            }
            for option in one.options
        ]

    def values(self, values: dict[str, str]) -> Values:
        """Add what follows from the values: whether the citizen can be reached, and the acts."""
        is_reachable = bool(values["citizen.email"] or values["citizen.street"])
        key = ActKey(Role(values["recipient.role"]), Stage(values["bill.stage"]), is_reachable)
        acts = self.template.acts[self.language].get(key, {})
        values = {**values, **acts, "citizen.is_reachable": "yes" if is_reachable else ""}
        return ValuesWithDefault(values, self.samples["other"])


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
        return [part.text or ("" if part.typed or part.name.startswith("act.") else values[part.name])]
    readings = [text for _, inline in part.cases for text in islice(_readings(inline, values), MAX_READINGS)]
    return readings if part.cases[-1][0] is always else [*readings, ""]
