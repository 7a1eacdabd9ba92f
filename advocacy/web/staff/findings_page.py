"""The survey's form laid out: the survey itself, each question with its answers, what people said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from types import MappingProxyType

from advocacy.language import Language, Wording
from advocacy.problems import Path
from advocacy.web.staff.findings_form import Kind, Leaf, Table, current, found, leaves

TITLES = {
    "source": Wording.of(en="Who asked", fr="Qui a mené le sondage"),
    "title": Wording.of(en="Title of the survey", fr="Titre du sondage"),
    "method": Wording.of(en="How the survey was made", fr="Façon dont le sondage a été fait"),
    "mode": Wording.of(en="How the survey was made", fr="Façon dont le sondage a été fait"),
    "started": Wording.of(en="Beginning (year and month)", fr="Début (année et mois)"),
    "months": Wording.of(en="Duration, in months", fr="Durée, en mois"),
    "respondents_at_least": Wording.of(en="Respondents, at least", fr="Personnes ayant répondu, au moins"),
    "introduction": Wording.of(en="Introduction", fr="Introduction"),
    "question": Wording.of(en="Question", fr="Question"),
    "preamble": Wording.of(en="Read before the question", fr="Lu avant la question"),
    "percent": Wording.of(en="Share, in percent", fr="Part, en pourcentage"),
    "label": Wording.of(en="Short text for the chart", fr="Texte court du graphique"),
    "wording": Wording.of(en="Wording of the answer", fr="Formulation de la réponse"),
    "highlight": Wording.of(en="Highlight, after the figure", fr="Fait saillant, après le chiffre"),
    "summary": Wording.of(
        en="Sentence on the campaign page, after the figure (at most 14 words)",
        fr="Phrase de la page de la campagne, après le chiffre (14 mots au plus)",
    ),
    "statement": Wording.of(en="Quote from a respondent", fr="Paroles d’une personne"),
    "attribution": Wording.of(en="Said by", fr="Source des paroles"),
}

SIDE = {
    Language.EN: Wording.of(en="in English", fr="en anglais"),
    Language.FR: Wording.of(en="in French", fr="en français"),
}
ERROR = Wording.of(en="{place}: {error}", fr="{place}\u00a0: {error}")
THEIRS = Wording.of(en="“{value}” was saved meanwhile", fr="«\u00a0{value}\u00a0» a été enregistré entre-temps")
NOTHING: Mapping[str, str] = MappingProxyType({})
LONGEST_PLACE = 48
"""Characters of a question or an answer by which an error names it."""


@dataclass(frozen=True, slots=True)
class Input:
    """One field: its name, what stands in it, and what is wrong with it ("" for nothing)."""

    name: str
    kind: Kind
    title: str
    value: str
    error: str
    language: str = ""
    theirs: str | None = None
    """What somebody else saved there meanwhile, None where nobody did, or where it was not changed here."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in every language; `translated` is the field that marks our translations, None where there is none."""

    title: str
    sides: Sequence[Input]
    translated: Input | None

    @property
    def wrong(self) -> bool:
        """Tell whether something in it is to be mended."""
        return any(one.error or one.theirs is not None for one in self.sides)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question: its share, and its words."""

    title: str
    percent: Input
    words: Sequence[Words]

    @property
    def wrong(self) -> bool:
        """Tell whether any of its words is to be mended."""
        return any(one.wrong for one in self.words)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form: `numbers` are single fields, `choices` the answers of a question."""

    key: str
    title: str
    numbers: Sequence[Input] = ()
    words: Sequence[Words] = ()
    choices: Sequence[Choice] = ()

    @property
    def wrong(self) -> bool:
        """Tell whether any of its words is to be mended."""
        return any(one.wrong for one in self.words)


def laid_out(
    table: Table,
    typed: Mapping[str, str],
    errors: Mapping[str, Wording],
    *,
    language: Language,
    theirs: Mapping[str, str] = NOTHING,
) -> Sequence[Part]:
    """Lay the form out, with what was typed where anything was; `theirs` is what others saved there meanwhile."""
    inputs = [
        (leaf.path, replace(_input(table, leaf, typed, errors=errors, language=language), theirs=theirs.get(leaf.name)))
        for leaf in leaves(table)
    ]
    parts = [
        Part(
            "survey",
            "",
            numbers=_numbers(inputs),
            words=_words(inputs, ("source", "title", "method", "mode", "introduction")),
        )
    ]
    for number, question in enumerate(table.get("question", ())):
        here: Path = ("question", number)
        mine = [(path[2:], one) for path, one in inputs if path[:2] == here]
        options = range(len(question.get("option", ())))
        choices = [
            _choice(
                table,
                [(path[2:], one) for path, one in mine if path[:2] == ("option", place)],
                (*here, "option", place),
                language=language,
            )
            for place in options
        ]
        parts.append(
            Part(
                f"question-{number}",
                _said(table, (*here, "question"), language),
                words=_words(mine, ("question", "preamble")),
                choices=choices,
            )
        )
    quotes = [(path[2:], one) for path, one in inputs if path[0] == "quote"]
    if quotes:
        parts.append(
            Part("quotes", TITLES["statement"].spoken(language), words=_words(quotes, ("statement", "attribution")))
        )
    return parts


def errors_placed(parts: Sequence[Part], language: Language) -> Sequence[tuple[str, str]]:
    """Give each field that is wrong, and what is wrong with it after the words by which the form shows the field."""
    return [
        (one.name, ERROR.spoken(language).format(place=", ".join(filter(None, place)), error=error))
        for part in parts
        for place, one in _placed(part, language)
        if (error := one.error or _meanwhile(one, language))
    ]


def _meanwhile(one: Input, language: Language) -> str:
    return "" if one.theirs is None else THEIRS.spoken(language).format(value=one.theirs or "–")


def _placed(part: Part, language: Language) -> Iterator[tuple[tuple[str, ...], Input]]:
    for one in part.numbers:
        yield (one.title,), one
    question = _short(part.title)
    for words in part.words:
        yield from _sides(words, language, question)
    for choice in part.choices:
        answer = _short(choice.title)
        yield (question, answer), choice.percent
        for words in choice.words:
            yield from _sides(words, language, question, answer)


def _sides(words: Words, language: Language, *place: str) -> Iterator[tuple[tuple[str, ...], Input]]:
    for one in words.sides:
        yield (*place, words.title, SIDE[Language(one.language)].spoken(language)), one


def _short(title: str) -> str:
    return shorten(title, LONGEST_PLACE, placeholder=" …")


Inputs = Sequence[tuple[Path, Input]]


def _input(
    table: Table, leaf: Leaf, typed: Mapping[str, str], *, errors: Mapping[str, Wording], language: Language
) -> Input:
    last = str(leaf.path[-1])
    key = next((str(part) for part in reversed(leaf.path) if isinstance(part, str) and part in TITLES), last)
    error = errors[leaf.name].spoken(language) if leaf.name in errors else ""
    return Input(
        leaf.name,
        leaf.kind,
        TITLES[key].spoken(language) if key in TITLES else key,
        typed.get(leaf.name, current(table, leaf)),
        error,
        language=last if last in set(Language) else "",
    )


def _numbers(inputs: Inputs) -> Sequence[Input]:
    return [one for path, one in inputs if len(path) == 1]


def _words(inputs: Inputs, keys: Iterable[str]) -> Sequence[Words]:
    """Put the languages of each text together, with the mark of a translation."""
    wanted = set(keys)
    groups: dict[str, list[Input]] = {}
    for path, one in inputs:
        if str(path[0]) in wanted and len(path) > 1:
            groups.setdefault(one.name.rpartition(".")[0], []).append(one)
    return [
        Words(
            group[0].title,
            [one for one in group if one.kind is not Kind.TRANSLATED],
            next((one for one in group if one.kind is Kind.TRANSLATED), None),
        )
        for group in groups.values()
    ]


def _choice(table: Table, inputs: Inputs, path: Path, *, language: Language) -> Choice:
    percent = next(one for _, one in inputs if one.kind is Kind.PERCENT)
    title = _said(table, (*path, "label"), language) or _said(table, (*path, "wording"), language)
    return Choice(title, percent, _words(inputs, ("label", "wording", "highlight", "summary")))


def _said(table: Table, path: Path, language: Language) -> str:
    value = found(table, (*path, language.value))
    return value if isinstance(value, str) else ""
