"""Numbers are found however they are written, and ordinary words, codes and telephones are not numbers."""

from fractions import Fraction

from advocacy.numerals import Approach, Measure, numerals, plain_text, typed_figures

SURVEYS = frozenset({23700, 18, 2019})

TYPED = [
    "95 %", "95%", "95\u00a0%", "95\u202f%", "９５％", "95 percent", "95 per cent", "95-per-cent", "95 pct", "95 pour cent",
    "95 p. 100", "95 p. cent", "95/100", "95 out of 100", "95 sur 100", "94.8%", "94,8 %", "85 to 95%", "85-95 %",
    "ninety-five per cent", "ninety five percent", "quatre-vingt-quinze pour cent", "Quatre vingt quinze pour cent",
    "nonante-cinq pour cent", "quatre-vingt-quinze sur cent", "ninety-five in every hundred", "treize pour cent",
    "nine out of ten", "nine in ten", "9 in 10", "neuf sur dix", "neuf personnes sur dix", "nine respondents in ten",
    "19 out of 20", "une personne sur vingt", "one in twenty", "trois quarts", "three quarters", "two-thirds",
    "deux tiers", "nine-tenths", "neuf dixièmes",
    "95٪", "quatre-vingt-neuf pourcents", "95 percents", "95 (ninety-five) of 100", "ninety-five (95) per cent",
    "23,700", "23 700", "23\u00a0700", "23\u202f700", "23700", "23.7k", "23,7 k", "23.7 thousand", "23,7 mille",
    "twenty-three thousand seven hundred",
    "vingt-trois mille sept cents", "vingt-trois mille sept cent", "2019", "twenty nineteen", "deux mille dix-neuf",
]  # fmt: skip


def typed_pieces(text: str, numbers: frozenset[int] = frozenset()) -> list[str]:
    return [text[start:end] for start, end, _ in typed_figures(text, numbers)]


IN_MONTHS = [
    "18 mois",
    "18 months",
    "18-month",
    "dix-huit mois",
    "eighteen months",
    "a year and a half",
    "un an et demi",
]
ORDINARY = [
    "age 14", "Bill C-63", "le projet de loi C-63", "two measures", "deux mesures", "une entreprise", "one company",
    "first", "1er", "3rd", "2e paragraphe", "K1A 0A6", "H0H 0H0", "1 866 658-9022", "1-866-658-9022", "613-555-0199",
    "9-1-1", "911", "10h30", "10:30", "2026-11-25", "25/11/2026", "25 novembre 2026", "un tiers", "the third reading",
    "un quart", "trois quarts d’heure", "18 ans", "18 years old", "24 heures sur 24", "90 elected members",
    "two laws in five years", "one law in two languages", "a new phone", "un téléphone neuf", "six enfants", "100 rue Main",
    "one of the ten provinces", "three of the four letters", "two of these ten laws", "2,000 images", "10 000 enfants",
    "23,000 images", "three of the respondents", "deux des répondants", "the twelve wanted changes", "1" * 5_000,
    "three and four", "la première", "both", "thousands of images", "des milliers d’images",
]  # fmt: skip


def test_a_figure_typed_by_hand_is_found_where_it_stands() -> None:
    before = "Il est vrai que "
    for figure in TYPED:
        ((start, end, _),) = typed_figures(f"{before}{figure} ainsi.", SURVEYS)
        assert (start, end) == (len(before), len(before) + len(figure)), figure


def test_a_small_survey_number_is_found_in_months_only() -> None:
    for figure in IN_MONTHS:
        assert len(typed_figures(f"over {figure}, they answered", SURVEYS)) == 1, figure
        assert typed_figures(f"over {figure}, they answered") == [], figure


OF_PEOPLE = {
    "Over 23,000 people answered": "23,000", "Nearly 24,000 people answered": "24,000", "upwards of 20,000 replied": "20,000",
    "Twenty-four thousand people answered": "Twenty-four thousand", "more than 23 thousand": "23 thousand",
    "Plus de 23 000 personnes ont répondu": "23 000", "Près de 24 000 personnes ont répondu": "24 000",
    "plus de vingt-quatre mille répondantes": "vingt-quatre mille", "answers from some 30,000 Canadians": "30,000",
    "les réponses de 22 000 jeunes": "22 000", "24k respondents": "24k", "Neuf personnes sur dix des gens": "Neuf personnes sur dix",
    "dix-neuf personnes sur vingt des gens": "dix-neuf personnes sur vingt", "95 (ninety-five) of 100 people": "95 (ninety-five) of 100",
    "95 des répondants": "95", "eighty-nine of respondents": "eighty-nine", "Eighty-five felt that way": "Eighty-five",
    "quatre-vingt-cinq le voulaient ou treize voulaient": "treize",
}  # fmt: skip


def test_a_number_of_respondents_is_found_whatever_it_is() -> None:
    found = {text: typed_pieces(text, SURVEYS) for text in OF_PEOPLE}
    assert found == {text: [figure] for text, figure in OF_PEOPLE.items()}


def test_a_year_beside_people_is_no_count_of_them() -> None:
    assert typed_figures("In 2020, people answered. En 2021 des personnes ont répondu.", SURVEYS) == []


def test_ordinary_words_are_no_figures() -> None:
    assert [words for words in ORDINARY if typed_figures(f"Voici {words} alors.", SURVEYS)] == []


def test_template_braces_hold_no_figure() -> None:
    template = (
        '{% if recipient.office in ("senator", "mayor") %}{{ finding.removal_required }} of respondents{% endif %}'
    )
    assert typed_figures(template, SURVEYS) == []


SPELLED = {
    "ninety-five": 95, "eighty nine": 89, "one hundred and five": 105, "twenty-three hundred": 2300, "zéro": 0,
    "quatre-vingts": 80, "quatre-vingt-un": 81, "quatre-vingt-treize": 93, "soixante et onze": 71,
    "soixante-dix-sept": 77, "quatre-vingt-dix-neuf": 99, "cent vingt et un mille": 121_000, "trois mille": 3000,
    "two million three hundred thousand": 2_300_000, "mille neuf cent quatre-vingt-dix": 1990, "septante": 70,
}  # fmt: skip


def test_words_are_read_as_the_number_they_name() -> None:
    found = {words: [(number.value, number.in_words) for number in numerals(plain_text(words))] for words in SPELLED}
    assert found == {words: [(Fraction(value), True)] for words, value in SPELLED.items()}


def test_words_that_make_no_number_together_stay_apart() -> None:
    assert [number.value for number in numerals(plain_text("dix deux, trois quatre; twenty and thirty"))] == [
        10, 2, 3, 4, 20, 30,
    ]  # fmt: skip


HEDGED = {
    "more than 23,700 people": Approach.MORE, "over 23,700": Approach.MORE, "plus de 23 700 personnes": Approach.MORE,
    "plus de 23\u00a0700": Approach.MORE, "upwards of 23,700": Approach.AT_LEAST, "au moins 23 700": Approach.AT_LEAST,
    "23,700 or more": Approach.AT_LEAST, "23,700+ people": Approach.AT_LEAST, "près de 23 700": Approach.ABOUT,
    "quelque 23 700": Approach.ABOUT, "nearly 95%": Approach.ABOUT, "almost 95%": Approach.ABOUT,
    "95 % environ": Approach.ABOUT, "presque 95 %": Approach.ABOUT, "~95%": Approach.ABOUT, "moins de 95 %": Approach.LESS,
    "no more than 95%": Approach.LESS, "up to 95%": Approach.LESS, "jusqu’à 95 %": Approach.LESS, ">95%": Approach.MORE,
    "no fewer than 95%": Approach.AT_LEAST, "95%": Approach.EXACT, "only 4%": Approach.EXACT, "les 95 %": Approach.EXACT,
    "seulement 4 %": Approach.EXACT, "a full 95%": Approach.EXACT,
}  # fmt: skip


def test_a_hedge_belongs_to_its_number() -> None:
    found = {text: [number.approach for number in numerals(plain_text(text))] for text in HEDGED}
    assert found == {text: [approach] for text, approach in HEDGED.items()}


def test_a_hedge_is_part_of_the_outer_place() -> None:
    text = plain_text("Soit près de 23\u00a0700 personnes.")
    (number,) = numerals(text)
    start, end = text.span(*number.outer)
    assert text.typed[start:end] == "près de 23\u00a0700"


def test_a_range_is_one_number_with_two_ends() -> None:
    for text in ("85 to 95%", "entre 85 et 95 %", "between 85% and 95%", "de 85 à 95 %", "85–95 %"):
        (number,) = numerals(plain_text(text))
        assert (int(number.low), int(number.high), number.measure) == (85, 95, Measure.SHARE)


def test_shares_without_a_number_are_vague() -> None:
    (number,) = numerals(plain_text("La majorité des répondants"))
    assert (number.vague, int(number.low), int(number.high)) == (True, 51, 100)
    assert typed_figures("La majorité des répondants") == []


def test_a_third_is_exact() -> None:
    (number,) = numerals(plain_text("un tiers des familles"))
    assert number.value == Fraction(100, 3)


def test_places_survive_ligatures_accents_apart_and_invisible_characters() -> None:
    text = "Mon cœur\u200b, e\u0301cole : 95\u00a0% de mes sœurs"
    assert typed_pieces(text) == ["95\u00a0%"]


def test_a_line_break_inside_a_figure_is_a_space() -> None:
    assert typed_pieces("ninety-five\nper cent") == ["ninety-five\nper cent"]


def test_a_hedge_between_two_numbers_belongs_to_the_second() -> None:
    first, second = numerals(plain_text("en 2019, au moins 23 700 personnes"))
    assert (first.approach, second.approach) == (Approach.EXACT, Approach.AT_LEAST)
