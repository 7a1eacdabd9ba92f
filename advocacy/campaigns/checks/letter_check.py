"""Problems of one letter, text by text: its words and blanks, its languages side by side, its questions, its length."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import islice

from advocacy.campaigns.campaign_files import QUOTED_FIELDS, LetterFile, Offer
from advocacy.campaigns.campaign_folder import LETTER, CampaignFolder, cell_problem
from advocacy.campaigns.checks.prose import (
    BLANK_WORDS,
    check_bills,
    check_doubled_words,
    check_prose,
    check_sentence_length,
    check_subject,
    word_count,
)
from advocacy.campaigns.fields import citizen_fields
from advocacy.campaigns.legislation import Role, Stage
from advocacy.campaigns.letter_template import MAY_BE_EMPTY, LetterTemplate
from advocacy.campaigns.letter_text import (
    BLANK,
    SUBJECT,
    Alternative,
    Cell,
    Fault,
    Section,
    blank_names,
    cells,
    find_faults,
)
from advocacy.campaigns.only_for import PENDING, Reader
from advocacy.campaigns.sentences_file import SHARED
from advocacy.campaigns.terms import ROLES
from advocacy.language import SOURCE, Language
from advocacy.problems import Complaint, KeyPath, Place, Problem, complaint
from advocacy.toml_source import TomlPlaces, read_or_report

MAX_WORDS = 440
"""Words on one page of a letter, the citizen's own among them (90 at most)."""
FIXED_WORDS = 50
"""Words around the paragraphs of a letter: date, recipient, appel, closing, signature; measured on the shipped ones."""
MAX_FAULTS = 200
"""Faults of one letter at once, which are more than anybody corrects before checking again."""
FORM_FIELDS = frozenset(
    {
        *("template", "length", "language", "search", "recipient", "looked_up", "words_language", "choice"),
        *("submission", "post", "letter", "which", "inline", "original", "restore", "sure", "go", "csrf_token"),
        *("send_to", "age_ok", "consent", "asks_for_answers", "web_page", "proof", "follows"),
        *("revisions", "go_on", "asked_letter", "asked_which", "asked_inline"),
    }
)
"""Fields and buttons of the citizen's form, whose keys no field of a letter can have; a test reads them in its pages.

They are listed here because letters are checked without the site, too: by the command line, and before an import.
"""
RESERVED_WORDS = frozenset({*SHARED, "riding", "city", "finding", "survey", "bill", "true", "false", "none"})
"""Keys that no field can have, as they mean something in a letter's text."""
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?…][”»’)]?\s|\}\}\s)$")


@lru_cache(maxsize=64)
def check_letter(folder: CampaignFolder, letter: str) -> Sequence[Problem]:
    """Return all that is wrong with a letter, and advice on it, in the order of its file.

    Checks once for each content of the files, so that where another letter changes this one is not checked again.
    """
    problems: list[Problem] = []
    file = read_or_report(partial(folder.letter, letter), problems)
    template = read_or_report(partial(folder.readable_template, letter))
    if file is None or template is None:
        return tuple(problems)  # the campaign's own files have their own problems
    check = _LetterCheck(folder, letter, file, template[0])
    return tuple(sorted(islice(check.problems(), MAX_FAULTS)))


@dataclass(frozen=True)
class _LetterCheck:
    """One letter to check; `file` is as it was written, `template` what can be composed of it."""

    folder: CampaignFolder
    name: str
    file: LetterFile
    template: LetterTemplate

    def problems(self) -> Iterator[Problem]:
        path = self.folder.path(f"{self.name}/{LETTER}")
        source = self.folder.text(f"{self.name}/{LETTER}")
        for cell in cells(self.file.sections):
            for fault in self._cell_faults(cell):
                yield cell_problem(cell, fault, file=path, source=source)
        places = TomlPlaces(source)
        for where, found in (*self._section_faults(), *self._field_faults(), *self._length_faults()):
            yield found.at(Place(path, places.line(where), path=where))

    @cached_property
    def _offered(self) -> frozenset[str]:
        return self.template.offered

    def _cell_faults(self, cell: Cell) -> Iterator[Fault]:
        """Find what is wrong in one text."""
        text, language = cell.text, cell.language
        alternative = cell.section.alternatives[int(cell.path[3])]
        values = self.template.constants[language]
        yield from find_faults(text, self._offered)
        yield from check_prose(text, language, self.template.survey.numbers, survey=self.template.survey)
        yield from check_bills(text, language, names_stage=_names_stage(alternative))
        yield from check_doubled_words(text, values)
        yield from check_sentence_length(text, values)
        yield from self._gaps(text, alternative)
        if cell.section.key == SUBJECT:
            yield from check_subject(text)
        if language in alternative.stale:
            yield Fault(complaint("stale", language=language.names))
        others = {
            name for other, words in alternative.texts.items() if other != language for name in blank_names(words)
        }
        missing = tuple(sorted((others & self._offered) - {*blank_names(text)}))
        if missing and text.strip():
            yield Fault(complaint("language-lacks", names=missing))

    def _gaps(self, text: str, alternative: Alternative) -> Iterator[Fault]:
        """Find blanks that can be empty and are no sentence of their own: they would leave a gap in one."""
        given = {*alternative.only_for.given} if alternative.only_for else set()
        optional = {field.key for field in self.template.fields if field.may_be_empty} | MAY_BE_EMPTY
        optional -= given | {name for name, value in self.template.constants[SOURCE].items() if value}
        for blank in BLANK.finditer(text):
            line = text[text.rfind("\n", 0, blank.start()) + 1 : blank.start()]
            is_sentence = _BEGINS_SENTENCE.search(line) and text[blank.end() : blank.end() + 1] in {"", " ", "\n"}
            if blank[1] in optional and not is_sentence:
                yield Fault(complaint("blank-may-be-empty", name=blank[1]), blank.start(), len(blank[0]))

    def _section_faults(self) -> Iterator[tuple[KeyPath, Complaint]]:
        """Find questions that are used in some alternatives only, and readers to whom a section says nothing."""
        answers = {*SHARED, *(field.key for field in self.file.fields)}
        for place, section in enumerate(self.file.sections):
            for_all = [
                (number, {*blank_names(alternative.texts[SOURCE])})
                for number, alternative in enumerate(section.alternatives)
                if alternative.only_for is None
            ]
            used = frozenset[str]().union(*(names for _, names in for_all)) & answers
            for number, names in for_all:
                if lacking := tuple(sorted(used - names)):
                    yield ("section", place, "alternative", number, SOURCE), complaint("blank-in-some", names=lacking)
            if role := self._left_out(section):
                yield ("section", place, "alternative", 0, SOURCE), complaint("section-for-some", whom=ROLES[role])

    def _left_out(self, section: Section) -> Role | None:
        """Return a reader whom a section is for, and to whom it says nothing, at a stage at which it is offered."""
        for reader in every_reader(self.file):
            nothing_given = replace(reader, given=frozenset({"riding"} if reader.role is Role.OWN_MEMBER else ()))
            is_for_them = section.only_for is None or section.only_for.fits(nothing_given)
            if is_for_them and not section.fitting(nothing_given):
                return reader.role
        return None

    def _field_faults(self) -> Iterator[tuple[KeyPath, Complaint]]:
        """Find fields that cannot be asked, or that the text does not use."""
        keys: set[str] = {field.key for field in citizen_fields()}
        follows = self.file.offer in {Offer.FOLLOW_UP, Offer.THANKS}
        used, sentences = self.file.blanks, self.template.sentences
        for place, field in enumerate(self.file.fields):
            where: KeyPath = ("field", place)
            if follows and field.kind is not (kind := QUOTED_FIELDS.get(field.key, field.kind)):
                yield (*where, "kind"), complaint("field-quoted", key=field.key, expected=kind)
            if field.key in RESERVED_WORDS:
                yield (*where, "key"), complaint("field-reserved", key=field.key)
            elif field.key in FORM_FIELDS:
                yield (*where, "key"), complaint("field-of-form", key=field.key)
            elif field.key in keys:
                yield (*where, "key"), complaint("field-twice", key=field.key)
            keys.add(field.key)
            if field.choices and not sentences.choices.get(field.choices):
                yield (*where, "choices"), complaint("answer-list-missing", label=field.label)
            if field.statements and not sentences.statements.get(field.statements):
                yield (*where, "statements"), complaint("statement-list-missing", label=field.label)
            if field.key not in used:
                yield (*where, "key"), complaint("field-unused", label=field.label)

    def _length_faults(self) -> Iterator[tuple[KeyPath, Complaint]]:
        for language in Language:
            words = longest_letter(self.template, language)
            if words > MAX_WORDS:
                found = complaint("letter-too-long", words=words, most=MAX_WORDS, language=language.names)
                yield ("section",), found


def _names_stage(alternative: Alternative) -> bool:
    """Whether a text is used at stages alone that are known."""
    stages = alternative.only_for.stages if alternative.only_for else ()
    return bool(stages) and not {PENDING, Stage.UNKNOWN} & {*stages}


def longest_letter(template: LetterTemplate, language: Language) -> int:
    """Count the words of the longest letter that any reader can get, with all that stands around its text."""
    words = {name: word_count(value) for name, value in template.constants[language].items()}
    words |= {field.key: field.max_words(language) for field in template.fields}
    # A letter holds own words or statements, never both.
    without = (template.typed_fields, [field.key for field in template.fields if field.statements])
    around = word_count(template.notes[language]) + FIXED_WORDS
    return around + max(
        _longest(template, reader, {**words, **dict.fromkeys(keys, 0)}, language=language)
        for keys in without
        for reader in every_reader(template.letter)
    )


def every_reader(letter: LetterFile) -> Iterator[Reader]:
    """Yield every kind of reader at every stage at which a letter is offered, written to by somebody who gave all."""
    given = frozenset({"riding", "city", "email", "street", *(field.key for field in letter.fields)})
    for stage in Stage:
        if letter.is_offered_at(stage):
            yield from (Reader(role, stage, given=given) for role in Role)


def _longest(template: LetterTemplate, reader: Reader, words: Mapping[str, int], *, language: Language) -> int:
    shared = template.shared_for(reader, language)
    words = {**words, **{name: max(_written_words(text)[0] for text in each.wordings) for name, each in shared.items()}}
    texts = (
        [section.alternatives[place].texts[language] for place in section.fitting(reader)]
        for section in template.letter.sections
    )
    return sum(max((_word_count(text, words) for text in alternatives), default=0) for alternatives in texts)


def _word_count(text: str, words: Mapping[str, int]) -> int:
    written, names = _written_words(text)
    return written + sum(words.get(name, BLANK_WORDS) for name in names)


@lru_cache(maxsize=4096)
def _written_words(text: str) -> tuple[int, Sequence[str]]:
    """Count the words of a text that are no blanks, once for all of its readers; return its blanks' names too."""
    return word_count(BLANK.sub("", text)), tuple(blank_names(text))
