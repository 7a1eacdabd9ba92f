"""No false figure passes for the survey's, and no honest edit of a letter is called false."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.exports.text import to_text
from advocacy.findings import Survey
from advocacy.language import Language
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import compose
from advocacy.letters.figures import MAX_NUMBERS, FigureClaim, FigureFault, Verdict, check_figures, too_many_numbers
from advocacy.letters.letter import Letter
from tests.builders import OWN_WORDS, TODAY, a_member, a_minister, a_senator, a_template, some_answers, the_campaign

EN, FR = Language.EN, Language.FR
DATA = Path(__file__).parents[3] / "data" / "figures"
MUTATED, READ = 3, 6
"""How many choices of each letter are mutated, and how many are read as they are."""


@cache
def the_survey() -> Survey:
    return the_campaign().survey()


def lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


@cache
def check(text: str, language: Language = EN, composed: tuple[str, ...] = ()) -> tuple[FigureClaim, ...]:
    """Judge a text; several tests ask the same of the same letters."""
    return check_figures(text, the_survey(), language, composed=composed, cacheable=composed)


def verdicts(text: str, language: Language = EN) -> list[Verdict]:
    return [claim.verdict for claim in check(text, language)]


class Composed(NamedTuple):
    """A shipped letter as text, and the words in it that are composed."""

    name: str
    language: Language
    text: str
    composed: tuple[str, ...]


def composed_paragraphs(letter: Letter) -> tuple[str, ...]:
    written = ["".join(piece.text for piece in one.pieces if not piece.typed_in) for one in letter.paragraphs]
    return (*(text for text in written if text), letter.source_note)


@cache
def composed(each: int = MUTATED) -> tuple[Composed, ...]:
    """Shipped letters: every template, in each language, in so many of its choices, to several recipients."""
    return tuple(_composed(each))


def _composed(each: int) -> Iterator[Composed]:
    recipients = (a_member(), a_senator(), a_minister())
    for name in the_campaign().letters():
        template = a_template(name)
        for language in Language:
            for turn, choice in enumerate(islice(sequence(template.texts[language]), each)):
                answers = replace(
                    some_answers(language=language),
                    fields={"relationship": "parent", "reason": OWN_WORDS[language]},
                )
                letter = compose(template, answers, recipients[turn % 3], language=language, today=TODAY, choice=choice)
                yield Composed(f"{name}.{language}.{turn}", language, to_text(letter), composed_paragraphs(letter))


@cache
def claims_of(letter: Composed, *, beside_originals: bool) -> tuple[FigureClaim, ...]:
    """What is checked of a letter as it is written, once for the tests that read it."""
    return check(letter.text, letter.language, letter.composed if beside_originals else ())


def described(claims: tuple[FigureClaim, ...]) -> str:
    return "\n".join(f"{claim.verdict.name} {claim.fault} {claim.as_typed!r} in {claim.sentence!r}" for claim in claims)


def is_of_survey(claim: FigureClaim) -> bool:
    return claim.verdict is not Verdict.NOT_FROM_SURVEY and claim.fault is not FigureFault.UNVERIFIED


# --- the shipped letters


def test_every_figure_of_every_shipped_letter_is_true_beside_its_originals() -> None:
    for letter in composed(READ):
        claims = [
            claim for claim in claims_of(letter, beside_originals=True) if claim.verdict is not Verdict.NOT_FROM_SURVEY
        ]
        assert len(claims) >= 5, letter.name
        assert {claim.verdict for claim in claims} == {Verdict.TRUE}, f"{letter.name}\n{described(tuple(claims))}"


def test_a_figure_of_a_shipped_letter_alone_is_true_or_at_most_unclear() -> None:
    found: Counter[Verdict] = Counter()
    for letter in composed(READ):
        alone = claims_of(letter, beside_originals=False)
        beside = claims_of(letter, beside_originals=True)
        pairs = [[claim for claim in claims if is_of_survey(claim)] for claims in (alone, beside)]
        assert [claim.span for claim in pairs[0]] == [claim.span for claim in pairs[1]]
        for one, other in zip(*pairs, strict=True):
            assert one.verdict is other.verdict or one.verdict is Verdict.UNCLEAR, described((one, other))
        found.update(claim.verdict for claim in pairs[0])
    assert found[Verdict.TRUE] >= 0.98 * found.total(), found


def test_all_that_a_shipped_letter_says_of_the_survey_is_taken_for_the_surveys() -> None:
    said = re.compile(r"%|2019|23[,\u00a0]700|18 mo")
    for letter in composed(READ):
        for claim in claims_of(letter, beside_originals=False):
            assert claim.verdict is not Verdict.NOT_FROM_SURVEY or not said.search(claim.as_typed), described((claim,))


# --- written by hand: true, false, and the citizen's own


def misjudged(file: str, is_right: Callable[[set[Verdict], set[FigureFault | None]], bool]) -> list[str]:
    """The sentences of a file that are not judged as they should be, each with its claims."""
    judged = [(text, check(text)) for text in lines(file)]
    return [
        f"{text}: {described(claims)}"
        for text, claims in judged
        if not is_right({claim.verdict for claim in claims}, {claim.fault for claim in claims})
    ]


def test_true_sentences_are_true() -> None:
    assert misjudged("true.txt", lambda verdicts, _: Verdict.TRUE in verdicts and Verdict.FALSE not in verdicts) == []


def test_false_sentences_are_false() -> None:
    assert misjudged("false.txt", lambda verdicts, _: Verdict.FALSE in verdicts) == []


def test_the_citizens_own_numbers_are_not_the_surveys() -> None:
    assert misjudged("own.txt", lambda verdicts, _: verdicts <= {Verdict.NOT_FROM_SURVEY}) == []


def test_what_no_finding_carries_is_to_be_confirmed() -> None:
    def is_right(verdicts: set[Verdict], faults: set[FigureFault | None]) -> bool:
        return FigureFault.UNVERIFIED in faults and not verdicts & {Verdict.TRUE, Verdict.FALSE}

    assert misjudged("unverified.txt", is_right) == []


def test_plain_prose_is_in_order() -> None:
    assert misjudged("prose.txt", lambda verdicts, _: verdicts <= {Verdict.NOT_FROM_SURVEY}) == []


def test_sentences_that_no_list_can_weigh_are_unclear() -> None:
    assert misjudged("unclear.txt", lambda verdicts, _: verdicts == {Verdict.UNCLEAR}) == []


# --- mutations of shipped letters: each must be found


class Mutant(NamedTuple):
    """A letter made false, and where: from `start` on, for `size` characters."""

    kind: str
    letter: Composed
    text: str
    start: int
    size: int

    def claims_there(self, claims: tuple[FigureClaim, ...]) -> list[FigureClaim]:
        """Return the claims on the changed words, or in their sentence where words and not numbers changed."""
        end = self.start + self.size
        touched = [claim for claim in claims if claim.span[0] < end and self.start < claim.span[1]]
        place = self.text[self.start : end]
        return touched or [claim for claim in claims if place in claim.sentence]


def put(kind: str, letter: Composed, span: tuple[int, int], *, words: str) -> Mutant:
    start, end = span
    return Mutant(kind, letter, letter.text[:start] + words + letter.text[end:], start, len(words))


def survey_claims(letter: Composed) -> list[FigureClaim]:
    return [claim for claim in claims_of(letter, beside_originals=True) if claim.verdict is Verdict.TRUE]


def shares(letter: Composed) -> list[FigureClaim]:
    return [claim for claim in survey_claims(letter) if claim.as_typed.endswith("%")]


WRONG = {
    EN: ("{}%", "{} per cent", "{} percent", "{} out of 100"),
    FR: ("{}\u00a0%", "{} %", "{} pour cent", "{} sur 100"),
}
WORDS = {
    EN: ("nine in ten", "three quarters", "ninety-six per cent", "nineteen out of a hundred", "two thirds", "half"),
    FR: ("neuf sur dix", "les trois quarts", "quatre-vingt-seize pour cent", "soixante pour cent", "les deux tiers"),
}
HEDGES = {
    EN: (
        "nearly ",
        "almost ",
        "about ",
        "more than ",
        "over ",
        "at least ",
        "less than ",
        "up to ",
        "some ",
        "close to ",
    ),
    FR: ("près de ", "presque ", "environ ", "plus de ", "au moins ", "moins de ", "jusqu’à ", "quelque "),
}
COUNTS: dict[Language, tuple[str, ...]] = {
    EN: ("nearly 23,700", "almost 23,700", "23,700", "about 23,700", "more than 24,000", "more than 32,700",
         "more than 2,370", "nearly 24,000", "more than 23,070", "more than twenty-four thousand", "more than 23.8k"),
    FR: ("près de 23\u00a0700", "quelque 23 700", "23 700", "environ 23 700", "plus de 24 000", "plus de 32 700",
         "plus de 2 370", "près de 24 000", "plus de 23 070", "plus de vingt-quatre mille", "moins de 23 700"),
}  # fmt: skip
MONTHS: dict[Language, tuple[str, ...]] = {
    EN: ("8 months", "16 months", "two years", "eighty months"),
    FR: ("8 mois", "16 mois", "deux ans", "28 mois"),
}
DATES: dict[Language, tuple[str, ...]] = {
    EN: ("November 2018", "November 2021", "October 2019", "September 2020", "2018"),
    FR: ("novembre 2018", "novembre 2021", "octobre 2019", "septembre 2020", "2018"),
}
BY_FACT: dict[str, dict[Language, tuple[str, ...]]] = {"respondents": COUNTS, "duration": MONTHS, "started": DATES}
# What is said, and its contrary: both ways are mutations.
NEGATED = {
    EN: {
        r"\bfelt that\b": "did not feel that", r"\bwanted\b": "did not want", r"\bchose\b": "did not choose",
        r"\bpreferred\b": "did not prefer", r"\bshould be\b": "should not be",
        r"\bshould (?=compel|pass|remove|make|require|face|also)": "should not ",
        r"\bwere what\b": "were not what", r"\bwas the (?=view|answer)": "was not the ", r"\bsaid that\b": "denied that",
        r"\banswered that\b": "denied that", r"\basked for\b": "did not ask for", r"\bthe law to\b": "the law not to",
        r"\bto be required\b": "not to be required", r"\bwould (?=report)": "would not ", r"\bwould not know\b": "would know",
        r"\bsaw no role\b": "saw a role", r"\bwanted no penalty\b": "wanted a penalty", r"\bhas no duty\b": "has a duty",
        r"\bYes,": "No,", r"\byes,": "no,", r"\bin the view of\b": "not in the view of",
    },
    FR: {
        r"\bestimaient\b": "n’estimaient pas", r"(?<!ne )\bvoulaient\b": "ne voulaient pas", r"\bréclamaient\b": "ne réclamaient pas",
        r"\bont choisi\b": "n’ont pas choisi", r"\bdevraient être\b": "ne devraient pas être", r"\bpréféraient\b": "ne préféraient pas",
        r"\bdevraient (?=adopter|aussi)": "ne devraient pas ", r"\bdevrait (?=exiger|obliger)": "ne devrait pas ",
        r"\bdevrait l’": "ne devrait pas l’", r"\bdoit imposer\b": "ne doit pas imposer", r"\bsouhaitaient\b": "ne souhaitaient pas",
        r"\bont dit\b": "n’ont pas dit", r"\bdisaient\b": "ne disaient pas", r"\bloi l’(exige|oblige)": r"loi ne l’\1 pas",
        r"\bloi oblige l’": "loi n’oblige pas l’", r"\bC’est l’avis\b": "Ce n’est pas l’avis",
        r"\bc’était le choix\b": "ce n’était pas le choix", r"\bil faut des lois\b": "il ne faut pas de lois",
        r"\bne sauraient pas\b": "sauraient", r"\bne voulaient aucune\b": "voulaient une", r"\baucun rôle\b": "un rôle",
        r"\bn’a aucun devoir\b": "a un devoir", r"\bOui,": "Non,",
    },
}  # fmt: skip
# What an answer is about, as letters name it, and what it is not about.
STOLEN, ABUSE = (
    {EN: "stolen images of children", FR: "images volées d’enfants"},
    {
        EN: "child sexual abuse images",
        FR: "images d’abus pédosexuels",
    },
)
SUBJECTS = {
    EN: r"such (?:stolen )?(?:images|pictures)|the (?:stolen )?pictures?|stolen (?:images|pictures) of children",
    FR: r"telles images|(?<=ces )images|images volées(?: d’enfants)?|l’image(?: volée)?(?: d’enfant)?",
}
PEOPLE = {
    EN: {"of respondents": ("of Canadians", "of the population", "of Canadian parents"), "people": ("Canadians", "voters")},
    FR: {
        "des personnes ayant répondu": ("des Canadiens", "de la population", "des parents"),
        "des répondants": ("des Canadiennes et des Canadiens", "des Québécois"),
        "d’entre elles": ("des Canadiens", "des Québécois"),
        "personnes": ("Canadiens", "Québécois"),
    },
}  # fmt: skip
PEOPLE_BEFORE: dict[Language, dict[str, tuple[str, ...]]] = {
    EN: {"Of respondents, ": ("Of Canadians, ", "Of Canadian parents, ")},
    FR: {"Parmi elles, ": ("Parmi les Canadiens, ",), "Parmi les répondants, ": ("Parmi les Québécois, ",)},
}


def wrong_figures(letter: Composed, chance: random.Random) -> Iterator[Mutant]:
    """Other digits, other words, other spellings of a figure that the survey does not give there."""
    for claim in shares(letter):
        given = int(re.sub(r"\D", "", claim.as_typed))
        for other in chance.sample([n for n in (85, 89, 95, 13, 4, 2, 10, 81, 59, 98, 96, 58, 9, 40) if n != given], 3):
            yield put("figure", letter, claim.span, words=chance.choice(WRONG[letter.language]).format(other))
        yield put("words", letter, claim.span, words=chance.choice(WORDS[letter.language]))
        yield put("hedge", letter, claim.span, words=chance.choice(HEDGES[letter.language]) + claim.as_typed)
        least = max(given - 3, 1) if given > 1 else given
        most = given if given > 1 else 4
        yield put("range", letter, claim.span, words=f"{least} {'to' if letter.language is EN else 'à'} {most} %")


def wrong_facts(letter: Composed, chance: random.Random) -> Iterator[Mutant]:
    """Another base, another duration, another date."""
    for claim in survey_claims(letter):
        if claim.key is not None and claim.key in BY_FACT:
            often = 2 if claim.key == "duration" else 1
            for other in chance.sample(BY_FACT[claim.key][letter.language], often):
                yield put(claim.key, letter, claim.span, words=other)


def swaps(letter: Composed, _chance: random.Random) -> Iterator[Mutant]:
    """Two figures of a letter change places."""
    found = shares(letter)
    for one, other in pairwise(found):
        if one.as_typed != other.as_typed:
            (start, end), (begin, stop) = one.span, other.span
            text = letter.text
            swapped = text[:start] + other.as_typed + text[end:begin] + one.as_typed + text[stop:]
            yield Mutant("swap", letter, swapped, start, len(other.as_typed))


def negated(letter: Composed, _chance: random.Random) -> Iterator[Mutant]:
    """A "not" put into a sentence that carries a figure."""
    for sentence in {claim.sentence for claim in shares(letter)}:
        start = letter.text.index(sentence)
        for said, contrary in NEGATED[letter.language].items():
            for found in re.finditer(said, sentence):
                yield put("not", letter, (start + found.start(), start + found.end()), words=found.expand(contrary))


def other_subjects(letter: Composed, _chance: random.Random) -> Iterator[Mutant]:
    """The images of one question put into the sentence of another."""
    for claim in shares(letter):
        start = letter.text.index(claim.sentence)
        foreign = {"removal": ABUSE, "sanction": STOLEN}.get(str(claim.key).split("_")[0])
        said = re.search(SUBJECTS[letter.language], claim.sentence)
        if foreign and said:
            place = start + said.start(), start + said.end()
            yield put("subject", letter, place, words=foreign[letter.language])


def other_people(letter: Composed, chance: random.Random) -> Iterator[Mutant]:
    """Canadians, or parents, in the place of respondents."""
    for claim in survey_claims(letter):
        start, end = claim.span
        for said, others in PEOPLE[letter.language].items():
            if letter.text.startswith(said, end + 1):
                yield put("people", letter, (end + 1, end + 1 + len(said)), words=chance.choice(others))
        for said, others in PEOPLE_BEFORE[letter.language].items():
            if letter.text.endswith(said, 0, start):
                yield put("people", letter, (start - len(said), start), words=chance.choice(others))


MUTATIONS = (wrong_figures, wrong_facts, swaps, negated, other_subjects, other_people)


@cache
def mutants() -> tuple[Mutant, ...]:
    chance = random.Random("figures")
    return tuple(mutant for letter in composed() for mutate in MUTATIONS for mutant in mutate(letter, chance))


def gravest_verdict(mutant: Mutant, *, with_original: bool) -> Verdict | None:
    """Return the gravest verdict on what was made false."""
    claims = check(mutant.text, mutant.letter.language, mutant.letter.composed if with_original else ())
    found = {claim.verdict for claim in mutant.claims_there(claims)}
    return next((verdict for verdict in (Verdict.FALSE, Verdict.UNCLEAR, *Verdict) if verdict in found), None)


def shown(found: list[Mutant]) -> str:
    return f"{len(found)} of {len(mutants())}:\n" + "\n".join(
        f"{m.kind}: {m.letter.name}: …{m.text[max(0, m.start - 150) : m.start + 150]}…" for m in found[:20]
    )


def test_there_are_mutants_of_every_kind() -> None:
    assert len(mutants()) >= 1000
    least = {
        "figure": 250, "words": 80, "hedge": 80, "range": 80, "respondents": 100, "duration": 100, "started": 100,
        "swap": 20, "not": 80, "subject": 15, "people": 100,
    }  # fmt: skip
    found = Counter(mutant.kind for mutant in mutants())
    assert found.keys() == least.keys()
    assert not {kind: found[kind] for kind, few in least.items() if found[kind] < few}


SOME_AND_ALL = pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.thorough)], ids=["some", "all"])
"""Of changed letters, `make test` weighs every ninth, of each kind and each letter, and `make thorough` every one."""


@SOME_AND_ALL
def test_no_false_figure_passes_beside_the_original(step: int) -> None:
    passed = [
        mutant for mutant in mutants()[::step] if gravest_verdict(mutant, with_original=True) is not Verdict.FALSE
    ]
    assert not passed, shown(passed)


@SOME_AND_ALL
def test_no_false_figure_passes_alone(step: int) -> None:
    found = {mutant: gravest_verdict(mutant, with_original=False) for mutant in mutants()[::step]}
    passed = [mutant for mutant, verdict in found.items() if verdict not in {Verdict.FALSE, Verdict.UNCLEAR}]
    assert not passed, shown(passed)
    unclear = [mutant for mutant, verdict in found.items() if verdict is Verdict.UNCLEAR]
    assert len(unclear) <= 0.02 * len(found), shown(unclear)


# Before what was said: "95% wanted …", and after it: "… , said 95%".
UNFAMILIAR = {
    EN: (
        (r"\b(?:felt that|wanted|chose|preferred|asked for|said that|said(?= companies))", ("laughed that", "forgot that", "were spooked that")),
        (r"\bsaid(?= \d)", ("sang", "sneezed", "laughed")),
    ),
    FR: (
        (r"\b(?:voulaient|réclamaient|souhaitaient|préféraient|ont choisi)\b", ("ricanaient à l’idée que", "oubliaient que", "chantaient", "bâillaient devant")),
        (r"\b(?:ont dit|disaient)(?= \d)", ("ont chanté", "ricanaient", "bâillaient")),
    ),
}  # fmt: skip


def unfamiliar(letter: Composed) -> Iterator[tuple[Mutant, str]]:
    """Return a letter with a verb that no list holds between a figure and its subject, and the sentence it was in."""
    for sentence in dict.fromkeys(claim.sentence for claim in shares(letter)):
        start = letter.text.index(sentence)
        for opinion, verbs in UNFAMILIAR[letter.language]:
            for said in re.finditer(opinion, sentence):
                for verb in verbs:
                    yield put("verb", letter, (start + said.start(), start + said.end()), words=verb), sentence


def trues(claims: tuple[FigureClaim, ...]) -> int:
    return sum(claim.verdict is Verdict.TRUE for claim in claims)


@SOME_AND_ALL
def test_a_figure_beside_a_verb_that_is_not_known_is_not_true(step: int) -> None:
    strange = [mutant for letter in composed() for mutant in unfamiliar(letter)]
    assert len(strange) >= 120
    for mutant, sentence in strange[::step]:
        letter = mutant.letter
        before = survey_claims(letter)
        untouched = [claim.as_typed for claim in before if claim.sentence != sentence]
        for paragraphs in ((), letter.composed):
            claims = check(mutant.text, letter.language, paragraphs)
            assert trues(claims) < len(before), f"{letter.name}: {described(claims)}"
        known = {claim.sentence for claim in before}
        now = [claim.as_typed for claim in claims if claim.verdict is Verdict.TRUE and claim.sentence in known]
        assert now == untouched, f"{letter.name}: {described(claims)}"


def corrected(text: str, claims: tuple[FigureClaim, ...]) -> str:
    for claim in sorted(claims, key=lambda claim: claim.span, reverse=True):
        if claim.verdict is Verdict.FALSE and claim.suggestion is not None:
            text = text[: claim.span[0]] + claim.suggestion + text[claim.span[1] :]
    return text


@SOME_AND_ALL
def test_a_suggestion_put_in_its_place_makes_the_letter_true(step: int) -> None:
    correctable = [one for one in mutants() if one.kind in {"figure", "hedge", "range", "swap", *BY_FACT}]
    for mutant in correctable[::step]:
        claims = check(mutant.text, mutant.letter.language, mutant.letter.composed)
        again = check(corrected(mutant.text, claims), mutant.letter.language, mutant.letter.composed)
        assert Verdict.FALSE not in {claim.verdict for claim in again}, (
            f"{mutant.kind}: {described(claims)}\n{described(again)}"
        )


# --- honest edits of shipped letters: none may be called false


class Edit(NamedTuple):
    """A letter that its citizen edited truthfully."""

    kind: str
    letter: Composed
    text: str


SPELLED = {
    EN: {1: "one", 2: "two", 4: "four", 7: "seven", 10: "ten", 11: "eleven", 13: "thirteen", 81: "eighty-one", 85: "eighty-five", 89: "eighty-nine",
         95: "ninety-five"},
    FR: {1: "un", 2: "deux", 4: "quatre", 7: "sept", 10: "dix", 11: "onze", 13: "treize", 81: "quatre-vingt-un", 85: "quatre-vingt-cinq",
         89: "quatre-vingt-neuf", 95: "quatre-vingt-quinze"},
}  # fmt: skip
RIGHT = {
    EN: ("{words} per cent", "{words} percent", "{number} %", "{number} percent", "{number} out of 100", "{words} out of a hundred"),
    FR: ("{words} pour cent", "{number}%", "{number} %", "{number} pour cent", "{number} sur 100", "{words} sur cent", "{number} p. 100"),
}  # fmt: skip
SAME = {
    EN: {
        "more than 23,700 people": ("over 23,700 people", "upwards of 23,700 people", "more than 23 700 participants",
                                    "more than twenty-three thousand seven hundred people", "23,700+ people"),
        "18 months": ("eighteen months", "a year and a half"),
        "of respondents": ("of those who answered", "of the people surveyed", "of participants", "of the survey’s respondents"),
        "said that": ("answered that", "thought that", "agreed that"),
        "said 95%": ("answered 95%", "thought 95%"),
        "felt that": ("believed that", "thought that", "agreed that", "were of the view that"),
        "wanted": ("asked for", "called for", "would like"),
        "November 2019": ("November of 2019", "2019"),
        "technology companies": ("tech companies", "platforms"),
    },
    FR: {
        "plus de 23\u00a0700 personnes": ("plus de 23 700 participants", "au moins 23 700 personnes", "au-delà de 23 700 personnes",
                                          "plus de vingt-trois mille sept cents personnes"),
        "18 mois": ("dix-huit mois", "un an et demi"),
        "des personnes ayant répondu": ("des répondants", "des gens qui ont répondu", "des participantes et participants"),
        "des répondantes et répondants": ("des personnes sondées", "des personnes qui ont répondu"),
        "des répondants": ("des personnes interrogées", "des participants"),
        "d’entre elles": ("des répondants", "des personnes sondées"),
        "ont dit": ("ont répondu",),
        "voulaient": ("souhaitaient", "réclamaient"),
        "estimaient": ("jugeaient", "croyaient", "étaient d’avis"),
        "novembre 2019": ("novembre de 2019", "2019"),
        "entreprises de technologie": ("entreprises technologiques", "plateformes"),
    },
}  # fmt: skip
REMARKS = {
    EN: (" I find that striking.", " That does not surprise me.", " I could not agree more.", " Nobody I know would disagree.",
         " This is no small matter.", " My own two children deserve nothing less.", " I was not asked, but I agree."),
    FR: (" Cela me frappe.", " Cela ne me surprend pas.", " Je ne saurais mieux dire.", " Personne autour de moi ne dirait le contraire.",
         " Ce n’est pas rien.", " Mes deux enfants n’en méritent pas moins.", " On ne m’a pas posé la question, mais je suis d’accord."),
}  # fmt: skip
TYPEWRITER = str.maketrans({"\u00a0": " ", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"'})
FRENCH = re.compile(r"[éèêàçù’]|\b(?:le|la|les|des|un|une|mon|ma|mes|je|il)\b", re.I)


def own_lines(language: Language) -> list[str]:
    return [line for line in lines("own.txt") if bool(FRENCH.search(line)) == (language is FR)]


def after(text: str, sentence: str, words: str) -> str:
    end = text.index(sentence) + len(sentence)
    return text[:end] + words + text[end:]


def own_sentences(letter: Composed, chance: random.Random) -> Iterator[Edit]:
    """A sentence of one's own, beside a figure of the survey or in a paragraph apart."""
    claims = survey_claims(letter)
    for line in chance.sample(own_lines(letter.language), 6):
        yield Edit("own beside", letter, after(letter.text, chance.choice(claims).sentence, f" {line}"))
        paragraphs = letter.text.split("\n\n")
        paragraphs.insert(chance.randrange(3, len(paragraphs) - 2), line)
        yield Edit("own apart", letter, "\n\n".join(paragraphs))


def remarks(letter: Composed, chance: random.Random) -> Iterator[Edit]:
    """A word on a figure, after its sentence."""
    for claim in chance.sample(survey_claims(letter), 3):
        yield Edit("remark", letter, after(letter.text, claim.sentence, chance.choice(REMARKS[letter.language])))


def spelled_right(letter: Composed, chance: random.Random) -> Iterator[Edit]:
    """The same figures in other spellings."""
    for claim in shares(letter):
        number = int(re.sub(r"\D", "", claim.as_typed))
        form = chance.choice(RIGHT[letter.language])
        spelled = form.format(words=SPELLED[letter.language][number], number=number)
        start, end = claim.span
        yield Edit("spelled", letter, letter.text[:start] + spelled + letter.text[end:])


def other_words(letter: Composed, chance: random.Random) -> Iterator[Edit]:
    """Other words around the figures that say the same."""
    for said, others in SAME[letter.language].items():
        if said in letter.text:
            yield Edit("words", letter, letter.text.replace(said, chance.choice(others)))
    yield Edit("typewriter", letter, letter.text.translate(TYPEWRITER))


def reordered(letter: Composed, chance: random.Random) -> Iterator[Edit]:
    """Paragraphs in another order, and one left out."""
    paragraphs = letter.text.split("\n\n")
    body = paragraphs[4:-3]
    chance.shuffle(body)
    yield Edit("reordered", letter, "\n\n".join([*paragraphs[:4], *body, *paragraphs[-3:]]))
    dull = [paragraph for paragraph in body if "%" not in paragraph]
    body.remove(chance.choice(dull))
    yield Edit("shortened", letter, "\n\n".join([*paragraphs[:4], *body, *paragraphs[-3:]]))


def true_sentences(letter: Composed, chance: random.Random) -> Iterator[Edit]:
    """Another true sentence on the survey in the citizen's own words."""
    for line in chance.sample(lines("true.txt"), 2):
        yield Edit("true", letter, letter.text.replace("\n\n", f"\n\n{line}\n\n", 5).replace(f"{line}\n\n", "", 4))


EDITS = (own_sentences, remarks, spelled_right, other_words, reordered, true_sentences)


@cache
def edits() -> tuple[Edit, ...]:
    chance = random.Random("edits")
    return tuple(edit for letter in composed() for make in EDITS for edit in make(letter, chance))


@SOME_AND_ALL
@pytest.mark.parametrize("with_original", [False, True], ids=["alone", "beside the original"])
def test_no_honest_edit_is_called_false(with_original: bool, step: int) -> None:
    assert len(edits()) >= 500
    alarms = []
    for edit in edits()[::step]:
        claims = check(edit.text, edit.letter.language, edit.letter.composed if with_original else ())
        alarms += [(edit, claim) for claim in claims if claim.verdict is Verdict.FALSE]
    shown = [f"{edit.kind}: {edit.letter.name}: {described((claim,))}" for edit, claim in alarms[:20]]
    assert not alarms, f"{len(alarms)} in {len(edits())} edits:\n" + "\n".join(shown)


@SOME_AND_ALL
def test_the_figures_of_an_edited_letter_are_still_found(step: int) -> None:
    for edit in edits()[::step]:
        if edit.kind in {"own beside", "own apart", "remark", "typewriter", "reordered", "spelled"}:
            before = len(survey_claims(edit.letter))
            now = trues(check(edit.text, edit.letter.language, edit.letter.composed))
            # A sentence that says what it is about by the one before it is unclear once it is edited.
            assert now == before or (edit.kind == "spelled" and now == before - 1), f"{edit.kind}: {edit.letter.name}"


# --- what is answered


def only(text: str, language: Language = EN, composed: tuple[str, ...] = ()) -> FigureClaim:
    (claim,) = [claim for claim in check(text, language, composed) if claim.verdict is not Verdict.NOT_FROM_SURVEY]
    return claim


def test_a_wrong_figure_has_the_right_one_and_its_finding() -> None:
    text = "Dans le sondage, 98 % des répondants veulent des lois qui fixent des normes de sécurité."
    claim = only(text, FR)
    assert (claim.verdict, claim.fault, claim.key) == (Verdict.FALSE, FigureFault.FIGURE, "role_laws")
    assert (claim.as_typed, claim.evidence, claim.suggestion) == ("98 %", "89\u00a0%", "89\u00a0%")
    assert text[slice(*claim.span)] == claim.as_typed
    assert claim.sentence == text


def test_a_hedge_is_part_of_what_is_replaced() -> None:
    claim = only("Nearly 95% of respondents want companies to be required by law to remove stolen images of children.")
    assert (claim.fault, claim.as_typed, claim.suggestion) == (FigureFault.HEDGE, "Nearly 95%", "95%")
    claim = only("Près de 23\u00a0700 personnes ont répondu au sondage.", FR)
    assert (claim.fault, claim.as_typed, claim.suggestion) == (
        FigureFault.HEDGE,
        "Près de 23\u00a0700",
        "plus de 23\u00a0700",
    )


def test_people_of_whom_the_survey_says_nothing_are_distinguished() -> None:
    claim = only("95% of Canadians want companies to be required by law to remove stolen images of children.")
    assert (claim.fault, claim.key, claim.suggestion) == (FigureFault.PEOPLE, "removal_required", "95% of respondents")
    assert claim.as_typed == "95% of Canadians"
    claim = only("More than 23,700 Canadians responded to the survey.")
    assert (claim.fault, claim.suggestion) == (FigureFault.PEOPLE, "more than 23,700 people")


def test_a_denied_figure_has_no_suggestion() -> None:
    claim = only("95% of respondents did not want companies to be required by law to remove stolen images of children.")
    assert (claim.fault, claim.key, claim.evidence, claim.suggestion) == (
        FigureFault.DENIED,
        "removal_required",
        "95%",
        None,
    )


def test_a_figure_in_words_that_are_not_known_is_unclear_and_has_no_suggestion() -> None:
    claim = only("95% of respondents wondered whether companies should be required by law to remove stolen images.")
    assert (claim.verdict, claim.fault) == (Verdict.UNCLEAR, FigureFault.WORDS)
    assert (claim.key, claim.evidence, claim.suggestion) == ("removal_required", "95%", None)


def test_those_who_disagreed_are_never_called_false_by_a_figure_of_the_rest() -> None:
    for text in ("4% said no.", "4% said no to companies removing stolen images by law.", "Seuls 4 % étaient contre."):
        assert Verdict.FALSE not in verdicts(text)
    after = "In the survey, 95% of respondents felt that companies should be required by law to remove stolen images of children."
    assert verdicts(f"{after} Only 4% of respondents disagreed.") == [Verdict.TRUE, Verdict.UNCLEAR]
    assert verdicts(f"{after} 14% said no.") == [Verdict.TRUE, Verdict.FALSE]


def test_people_near_the_writer_are_distinguished_without_a_suggestion() -> None:
    claim = only("Fully 95% of parents in our riding want a law that makes companies remove stolen images.")
    assert (claim.fault, claim.as_typed, claim.suggestion) == (FigureFault.PEOPLE, "95%", None)


def test_images_of_one_question_are_not_those_of_another() -> None:
    claim = only("95% of respondents felt companies should be required by law to remove child sexual abuse images.")
    assert (claim.fault, claim.suggestion) == (FigureFault.SUBJECT, None)


def test_dates_and_durations_are_replaced_whole() -> None:
    claim = only("The Canadian Centre for Child Protection launched its survey in March 2018.")
    assert (claim.as_typed, claim.key, claim.suggestion) == ("March 2018", "started", "November 2019")
    claim = only("Le sondage a duré vingt mois.", FR)
    assert (claim.as_typed, claim.key, claim.suggestion) == ("vingt mois", "duration", "18 mois")


def test_suggestions_are_in_the_letters_language() -> None:
    assert only("59% of respondents want stolen images of children removed by law.", FR).suggestion == "95\u00a0%"


def test_every_number_has_its_place_in_the_order_of_the_text() -> None:
    text = "My cœur has 3 reasons. In the survey, 95\u00a0% of respondents want stolen images removed by law. Call 12 of us."
    claims = check(text)
    assert (
        [text[slice(*claim.span)] for claim in claims]
        == [claim.as_typed for claim in claims]
        == ["3", "95\u00a0%", "12"]
    )


def test_a_text_without_numbers_claims_nothing() -> None:
    assert check("Everyone deserves a childhood. The majority of my friends are parents.") == ()
    assert check("") == ()


# --- what no finding carries


def test_a_share_of_canadians_is_to_be_confirmed_and_the_same_of_respondents_is_false() -> None:
    claim = only("99% of Canadians want this.")
    assert (claim.verdict, claim.fault, claim.as_typed) == (Verdict.UNCLEAR, FigureFault.UNVERIFIED, "99%")
    assert (claim.key, claim.evidence, claim.suggestion) == (None, None, None)
    claim = only("In the survey, 99% of respondents wanted this.")
    assert (claim.verdict, claim.fault) == (Verdict.FALSE, FigureFault.FIGURE)


def test_a_claim_without_a_number_has_its_place_and_its_sentence() -> None:
    text = "I write to you today. Most Canadians want a law like this one."
    claim = only(text)
    assert (claim.verdict, claim.fault, claim.as_typed) == (
        Verdict.UNCLEAR,
        FigureFault.UNVERIFIED,
        "Most Canadians want",
    )
    assert (text[slice(*claim.span)], claim.sentence) == (claim.as_typed, "Most Canadians want a law like this one.")


def test_what_the_letter_itself_says_is_left_alone() -> None:
    text = "Two things are needed. Experts agree on both. 40% of parents are worried."
    assert check(text, EN, (text,)) == ()
    edited = text.replace("are needed", "are badly needed").replace("parents are worried", "parents are very worried")
    assert check(edited, EN, (text,)) == ()
    added = check(f"{text} My daughter is eight. Experts agree on her.", EN, (text,))
    assert [(claim.as_typed, claim.verdict) for claim in added] == [
        ("eight", Verdict.NOT_FROM_SURVEY),
        ("Experts agree", Verdict.UNCLEAR),
    ]


def test_a_wrong_figure_in_a_sentence_that_denies_nothing_is_never_called_a_denial() -> None:
    for letter in composed():
        for claim in shares(letter):
            text = letter.text[: claim.span[0]] + "98%" + letter.text[claim.span[1] :]
            faults = {
                one.fault for one in check(text, letter.language, letter.composed) if one.verdict is Verdict.FALSE
            }
            assert faults == {FigureFault.FIGURE}, letter.name
    for text in lines("contrary.txt"):
        claims = [claim for claim in check(text) if claim.verdict is Verdict.FALSE]
        assert claims, text
        assert {claim.fault for claim in claims} <= {FigureFault.SUBJECT, FigureFault.FIGURE, FigureFault.PEOPLE}, (
            described(tuple(claims))
        )


# --- beside the letter as composed

COMPOSED = ("In the survey, 4% of respondents chose the gentle path where stolen images of children are concerned.",)


def test_a_sentence_we_composed_is_true_even_in_words_unknown_here() -> None:
    assert only(COMPOSED[0]).verdict is Verdict.FALSE
    assert only(COMPOSED[0], composed=COMPOSED).verdict is Verdict.TRUE


def test_a_figure_the_survey_does_not_give_is_never_trusted() -> None:
    text = COMPOSED[0].replace("4%", "14%")
    assert only(text, composed=(text,)).verdict is Verdict.FALSE


def test_a_no_put_in_or_taken_out_is_found_beside_the_original() -> None:
    original = "In the survey, 2% of respondents were not for any of the penalties that were named."
    assert only(original, composed=(original,)).verdict is Verdict.TRUE
    changed = original.replace("were not for", "were for")
    assert only(changed, composed=(original,)).verdict is Verdict.FALSE


ANSWER = "Should the law force a company, once told, to remove stolen images of children? Yes, said 95% of respondents."


def test_a_sentence_as_composed_is_true_only_after_the_question_it_answers() -> None:
    assert only(ANSWER, composed=(ANSWER,)).verdict is Verdict.TRUE
    assert only(ANSWER.replace("? Yes", "? I ask myself this. Yes"), composed=(ANSWER,)).verdict is Verdict.TRUE
    turned = ANSWER.replace("Should the law", "Should the law not")
    assert (only(turned, composed=(ANSWER,)).verdict, only(turned, composed=(ANSWER,)).fault) == (
        Verdict.FALSE,
        FigureFault.DENIED,
    )
    strange = ANSWER.replace("Should the law force", "Is the law laughing when it sees")
    assert only(strange, composed=(ANSWER,)).verdict is not Verdict.TRUE


TWO = "In the survey, 85% of respondents chose criminal charges and 13% chose a fine."


def test_a_number_is_compared_with_the_one_in_whose_place_it_stands() -> None:
    swapped = TWO.replace("85%", "x").replace("13%", "85%").replace("x", "13%")
    assert [claim.suggestion for claim in check(swapped, EN, (TWO,))] == ["85%", "13%"]
    strange = COMPOSED[0].replace("chose", "sang of").replace("4%", "95%")
    claim = only(strange, composed=COMPOSED)
    assert (claim.verdict, claim.fault, claim.suggestion) == (Verdict.FALSE, FigureFault.FIGURE, "4%")
    spelled = COMPOSED[0].replace("4%", "four per cent")
    assert only(spelled, composed=COMPOSED).verdict is not Verdict.TRUE  # its words are known only as composed
    base = "Of more than 23,700 people, 95% wanted stolen images removed by law. The survey opened in November 2019."
    for said, other in (("23,700", "24,000"), ("more than 23,700", "23,700"), ("November 2019", "October 2019")):
        verdict = [claim.verdict for claim in check(base.replace(said, other), EN, (base,))]
        assert verdict.count(Verdict.FALSE) == 1


def test_another_figure_of_another_answer_in_its_place_is_no_error() -> None:
    original = (
        "In the survey, 95% of respondents wanted the law to require companies to remove stolen images of children."
    )
    changed = "In the survey, 89% of respondents wanted the law to require companies to meet safety standards."
    assert only(changed, composed=(original,)).verdict is Verdict.TRUE
    clauses = "In the survey, 13% of respondents chose a fine and 85% chose criminal charges."
    assert {claim.verdict for claim in check(clauses, EN, (TWO,))} == {Verdict.TRUE}


# --- any text at all

PIECES = st.sampled_from(
    ["95 %", "95%", "nine in ten", "23,700", "23\u00a0700", "18 mois", "2019", "more than ", "près de ", " respondents ",
     " of Canadians ", "not ", "ne ", "pas ", ". ", ", ", "\n\n", "\n", "; ", " law ", " loi ", "the survey ", "\u200b", "œ",
     "stolen images", "between ", " and ", "half ", "majority ", "1" * 40, "½", "％", "９５", "%" , "-", "/"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join))
def test_any_text_is_judged_and_every_claim_stands_where_it_says(text: str) -> None:
    claims = check(text, FR, (text[:50],))
    for claim in claims:
        start, end = claim.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == claim.as_typed
        assert claim.as_typed in claim.sentence or claim.suggestion is not None
    assert [claim.span for claim in claims] == sorted(claim.span for claim in claims)


def test_a_run_of_digits_is_no_number_however_long() -> None:
    for run in ("1" * 5_000, "1" * 5_000 + " %", "9" * 5_000 + " months", "95." + "1" * 5_000 + "%"):
        assert Verdict.FALSE not in verdicts(f"The survey heard from {run} respondents.")


def test_a_text_with_more_numbers_than_are_judged_is_refused_and_not_judged() -> None:
    enough = "95 % " * MAX_NUMBERS
    assert too_many_numbers(enough) is None
    assert len(check(enough)) == MAX_NUMBERS
    text = enough + "deux"
    refusal = too_many_numbers(text)
    assert refusal is not None
    assert refusal.in_language(FR).startswith("Votre lettre contient plus de 150 nombres")
    (claim,) = check(text)
    assert (claim.verdict, claim.fault, claim.as_typed) == (Verdict.UNCLEAR, FigureFault.TOO_MANY, "deux")
    assert len(check("Everyone agrees. " * 700)) == MAX_NUMBERS


def test_a_percent_sign_in_words_and_an_article_are_no_numbers_to_count() -> None:
    assert too_many_numbers("95 pour cent, un " * MAX_NUMBERS) is None


@pytest.mark.parametrize("language", list(Language))
def test_what_is_cached_of_the_campaigns_paragraphs_changes_no_claim(language: Language) -> None:
    """Read with nothing kept, then with all of them kept, twice: once as they are kept, once from memory."""
    for name in the_campaign().letters():
        template = a_template(name)
        letter = compose(template, some_answers(), a_member(), language=language, today=TODAY)
        text, composed = f"{letter.body}\n\n{letter.subject}", (*letter.template_paragraphs, letter.subject)
        alone = check_figures(text, template.survey, language, composed=composed)
        for _ in range(2):
            assert (
                check_figures(text, template.survey, language, composed=composed, cacheable=frozenset(composed))
                == alone
            )
        assert all(text[slice(*claim.span)] == claim.as_typed for claim in alone)


def test_a_paragraph_as_composed_is_not_judged_by_what_is_written_beside_it() -> None:
    survey = the_campaign().survey()
    own, added = "Dans ce sondage, 95 % des répondants voulaient une loi.", "Mon fils a 12 ans."
    [claim] = [one for one in check_figures(own, survey, FR, composed=[own]) if one.key]
    found = check_figures(f"{added}\n\n{own}", survey, FR, composed=[own], cacheable={own})
    offset = len(added) + 2
    assert replace(claim, span=(claim.span[0] + offset, claim.span[1] + offset)) in found
    assert any(one.as_typed == "12" and one.verdict is Verdict.NOT_FROM_SURVEY for one in found)
