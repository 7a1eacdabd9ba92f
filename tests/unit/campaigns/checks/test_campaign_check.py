"""`letters check`: whatever is wrong with a campaign is said once, where it stands, with what to do."""

from pathlib import Path

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder, read_folders
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.checks.letter_check import MAX_WORDS
from advocacy.campaigns.grammar.program import walk
from advocacy.campaigns.grammar.recovery import LEFT_OUT_TEXT
from advocacy.language import Language
from advocacy.toml_source import TomlProblems
from tests.campaign_files import (
    CAMPAIGN,
    EN,
    FINDINGS,
    FR,
    LETTER,
    LETTER_TOML,
    NAME,
    STATEMENTS,
    STATEMENTS_FIELD,
    campaign,
    campaign_with_statements,
    changed,
    statements_toml,
)

SHIPPED = Path(__file__).parents[4] / "letters"
NBSP = "\u00a0"
ENGLISH, FRENCH = f"{LETTER}/en.md", f"{LETTER}/fr.md"
IN_ENGLISH, IN_FRENCH = "In a survey", "Dans un sondage"


def printed(folder: CampaignFolder) -> list[str]:
    """Every problem as it is printed, without the campaign's name before it."""
    return [str(problem).removeprefix(f"{NAME}/") for problem in check_folder(folder)]


def in_english(sentence: str) -> CampaignFolder:
    """The campaign with a sentence before its English paragraph on the survey, on line 13."""
    return changed(ENGLISH, IN_ENGLISH, f"{sentence} {IN_ENGLISH}")


def in_french(sentence: str) -> CampaignFolder:
    return changed(FRENCH, IN_FRENCH, f"{sentence} {IN_FRENCH}")


def test_a_good_campaign_raises_nothing() -> None:
    assert printed(campaign()) == []


def test_the_shipped_campaigns_raise_nothing() -> None:
    assert [str(problem) for folder in read_folders(SHIPPED) for problem in check_folder(folder)] == []


@pytest.mark.parametrize(
    ("letter", "old", "new", "problem"),
    [
        (
            "thanks",
            'offer = "thanks"',
            'offer = "follow-up"',
            "another letter of the campaign has offer = “follow-up”; keep one of them",
        ),
        (
            "follow-up",
            'kind = "date"',
            'kind = "line"',
            "the site fills in “first_date” from the first letter; make it a field of kind “date”",
        ),
    ],
)
def test_a_campaign_has_one_letter_that_follows_and_its_quotes_can_be_filled_in(
    letter: str, old: str, *, new: str, problem: str
) -> None:
    [shipped] = read_folders(SHIPPED)
    file = f"{letter}/letter.toml"
    text = shipped.text(file)
    assert old in text
    folder = CampaignFolder.of(shipped.name, {**dict(shipped.files), file: text.replace(old, new, 1).encode()})
    [found] = check_folder(folder)
    assert found.place.file == f"{shipped.name}/{file}"
    assert text.splitlines()[found.place.line - 1] == old
    assert found.sentence == problem


# --- the letter's language


def test_a_refusal_of_the_grammar_is_reported_with_its_place() -> None:
    (line,) = printed(in_english("I owe you {{ 7 * 7 }} thanks."))
    assert line.startswith(f"{ENGLISH}:13:14: “7” is not allowed inside braces; allowed are text, ")


def test_an_unknown_name_is_reported_with_those_there_are() -> None:
    (line,) = printed(in_english("I live in {{ citizen.town }}."))
    assert line.startswith(
        f"{ENGLISH}:13:14: “citizen.town” is not a name a letter can print; offered are citizen.city"
    )


def test_each_text_and_the_source_note_are_reported_at_once() -> None:
    folder = campaign(
        {
            ENGLISH: EN.replace(IN_ENGLISH, "{{ x }} In a survey"),
            FRENCH: FR.replace(IN_FRENCH, "Où? {{ y }} Dans un sondage"),
            "campaign.toml": CAMPAIGN.replace("Source: {{ survey.source }}", "Source: {{ citizen.name }}"),
        }
    )
    english, french = (line for line in printed(folder) if line.startswith(LETTER))
    assert english.startswith(f"{ENGLISH}:13:4: “x” is not a name")
    assert french.startswith(f"{FRENCH}:13:8: “y” is not a name")
    assert printed(folder)[0].startswith("campaign.toml:7:30: “citizen.name” is not a name a letter can print")


def test_all_blanks_of_a_text_that_are_refused_are_reported_and_then_the_first_tag() -> None:
    text = "{{ x }} and {{ citizen.age }} and {{ 2 * 50 }} and {{ x }}{% for y in x %}{% set z %}"
    refused = [line.split(": ")[0] for line in printed(in_english(text)) if "field" not in line]
    assert refused == [f"{ENGLISH}:13:{column}" for column in (4, 16, 38, 55, 59)]


# --- figures typed by hand

UNKNOWN, KNOWN = "that the survey does not have", "typed by hand"
FIGURES = [
    ("Say 95 % of us.", 5, "95 %", UNKNOWN),
    (f"Say 12{NBSP}% of us.", 5, "12 %", UNKNOWN),
    ("Say 62% of us.", 5, "62%", KNOWN),
    ("Ninety-five per cent of us.", 1, "Ninety-five per cent", UNKNOWN),
    (f"Say 4{NBSP}300 people.", 5, "4 300", KNOWN),
    ("Say four thousand three hundred people.", 5, "four thousand three hundred", KNOWN),
    ("Nine in ten agree.", 1, "Nine in ten", UNKNOWN),
    ("Say seven months.", 5, "seven", KNOWN),
]


@pytest.mark.parametrize(("sentence", "column", "piece", "why"), FIGURES)
def test_a_figure_typed_by_hand_is_found_however_it_is_written(
    sentence: str, column: int, *, piece: str, why: str
) -> None:
    cite = "cite {{ finding.… }} or {{ survey.… }} instead"
    assert printed(in_english(sentence)) == [f"{ENGLISH}:13:{column}: “{piece}” is a figure {why}; {cite}"]


@pytest.mark.parametrize(
    ("sentence", "column", "piece", "why"),
    [
        ("Quatre-vingt-quinze pour cent des gens.", 1, "Quatre-vingt-quinze pour cent", UNKNOWN),
        ("Neuf sur dix le veulent.", 1, "Neuf sur dix", UNKNOWN),
        ("À nous 4 300, déjà.", 8, "4 300", KNOWN),
        ("Déjà sept mois.", 6, "sept", KNOWN),
    ],
)
def test_a_figure_typed_by_hand_in_french_is_found_too(sentence: str, column: int, *, piece: str, why: str) -> None:
    (line,) = printed(in_french(sentence))
    assert line.startswith(f"{FRENCH}:13:{column}: “{piece}” is a figure {why}; ")


@pytest.mark.parametrize(
    ("typed", "line", "column"),
    [
        ("{% if role %}95%{% endif %} of us.", 13, 14),
        ("Été {{ citizen.city }}: 95% of us.", 13, 25),
        ("Of us in {{ citizen.city }}, ninety-five\nper cent agree.", 13, 30),
    ],
)
def test_columns_count_characters_of_the_file_whatever_stands_before(typed: str, line: int, column: int) -> None:
    assert [place for place in printed(in_english(typed)) if place.startswith(f"{ENGLISH}:{line}:{column}: “")]


@pytest.mark.parametrize(
    ("typed", "column", "piece"),
    [
        ("{{ finding.opening_yes }}%", 26, "“%” is part of {{ finding.opening_yes }}, which says “62%”"),
        ("{{ finding.opening_yes }} per cent", 27, "“per cent” is part of {{ finding.opening_yes }}, which says “62%”"),
        (
            "More than {{ survey.respondents }}",
            1,
            "“More than” is part of {{ survey.respondents }}, which says “more than",
        ),
        ("{{ survey.respondents }} people", 26, "“people” is part of {{ survey.respondents }}, which says “more than"),
        ("{{ survey.duration }} months", 23, "“months” is part of {{ survey.duration }}, which says “7 months”"),
    ],
)
def test_a_word_that_a_blank_contains_is_reported(typed: str, column: int, piece: str) -> None:
    line, *_ = printed(in_english(f"{typed}."))
    assert line.startswith(f"{ENGLISH}:13:{column}: {piece}")
    assert line.endswith("; take it out here")


def test_a_word_that_a_french_blank_contains_is_reported() -> None:
    folder = in_french(f"Plus de {{{{ survey.respondents }}}}, {{{{ finding.opening_yes }}}}{NBSP}%.")
    words, sign = (line for line in printed(folder) if "is part of" in line)
    assert sign.startswith(f"{FRENCH}:13:61: “%” is part of {{{{ finding.opening_yes }}}}, which says “62 %”")
    assert words.startswith(f"{FRENCH}:13:1: “Plus de” is part of {{{{ survey.respondents }}}}, which says “plus de 4")


def test_a_quotation_brings_its_own_marks() -> None:
    quote = """
[[quote]]
key = "quote_reader"
statement = { en = "“Open them, please.”", fr = "«\u00a0Ouvrez-les.\u00a0»" }
attribution = { en = "A reader", fr = "Une lectrice" }
"""
    folder = campaign(
        {
            "findings.toml": FINDINGS + quote,
            f"{LETTER}/letter.toml": LETTER_TOML.replace('["opening_yes"]', '["opening_yes", "quote_reader"]'),
            ENGLISH: EN.replace(IN_ENGLISH, "“{{ finding.quote_reader }}” In a survey"),
            FRENCH: FR.replace(IN_FRENCH, f"«{NBSP}{{{{ finding.quote_reader }}}}{NBSP}» Dans un sondage"),
        }
    )
    english, french = (line for line in printed(folder) if ".md:13:1: " in line)
    assert english.startswith(
        f"{ENGLISH}:13:1: ““” is part of {{{{ finding.quote_reader }}}}, which says ““Open them, please.”"
    )
    assert french.startswith(
        f"{FRENCH}:13:1: “«” is part of {{{{ finding.quote_reader }}}}, which says “« Ouvrez-les. »”"
    )


def test_the_page_that_the_way_out_leads_to_is_an_address_and_no_prose() -> None:
    leave = 'leave.en = "https://weather.gc.ca/"\nleave.fr = "https://meteo.gc.ca/"'
    assert printed(campaign({"campaign.toml": f"{leave}\n{CAMPAIGN}"})) == []


def test_a_figure_in_a_toml_file_is_found_in_its_line_and_column() -> None:
    leave_out = "say it without the figure, which letters cite from findings.toml"
    title = changed(f"{LETTER}/letter.toml", '"Ouverture le dimanche"', f'"Été : 62{NBSP}% disent oui"')
    label = changed("campaign.toml", 'fr = "Je lis beaucoup."', 'fr = "Comme 4 300 autres."')
    note = changed("campaign.toml", '{{ survey.source }}, {{ survey.respondents }}."\nsource', '4,300 people."\nsource')
    assert printed(title) == [
        f"{LETTER}/letter.toml:2:16: a colon takes a no-break space before it: “Été{NBSP}:”",
        f"{LETTER}/letter.toml:2:19: “62 %” is a figure typed by hand; {leave_out}",
    ]
    assert printed(label) == [f"campaign.toml:17:55: “4 300” is a figure typed by hand; {leave_out}"]
    (in_note,) = printed(note)
    assert in_note.startswith("campaign.toml:7:27: “4,300” is a figure typed by hand; cite {{ finding.… }}")


def test_figures_belong_into_the_survey_s_own_file() -> None:
    assert printed(changed("findings.toml", 'title.en = "Reading', 'title.en = "What 62% say about reading')) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "At 14:30 I read the bill.",
        "I am 14, and wrote on November 25, 2026.",
        "A ratio of 3:1, day and night, 24/7.",
        "Call 9-1-1; section 62 says so, on page 38.",
        "{{ citizen.name }}: {{ recipient.name }}; {{ survey.title }}!",
        "“{{ survey.title }}” is what {{ survey.respondents }} answered.",
    ],
)
def test_ordinary_english_raises_nothing(sentence: str) -> None:
    assert printed(_both(sentence, sentence_in_french(sentence))) == []


def sentence_in_french(sentence: str) -> str:
    """A French sentence with the same blanks."""
    blanks = [piece.split("}}")[0] for piece in sentence.split("{{")[1:]]
    return " et ".join(["Voici", *(f"{{{{{blank}}}}}" for blank in blanks)]) + "."


@pytest.mark.parametrize(
    "sentence",
    [
        f"«{NBSP}J’ai 14 ans{NBSP}», et il est 14 h 30, ou 14:30.",
        f"Le projet de loi{NBSP}: rien; vraiment? Oui!",
        f"Un rapport de 3:1; le 25 novembre 2026, article 62, au 38{NBSP}: non.",
    ],
)
def test_ordinary_french_raises_nothing(sentence: str) -> None:
    assert printed(in_french(sentence)) == []


def test_signs_next_to_blanks_are_read_as_next_to_words() -> None:
    good = _both(
        "{{ survey.title }}: “{{ survey.source }}”?",
        f"{{{{ survey.title }}}}{NBSP}: «{NBSP}{{{{ survey.source }}}}{NBSP}»?",
    )
    bad = _both("{{ survey.title }} : {{ survey.source }}", "{{ survey.title }} : «{{ survey.source }}»")
    colon = "a colon takes a no-break space before it"
    opening = "an opening guillemet takes a no-break space after it"
    closing = "a closing guillemet takes a no-break space before it"
    assert printed(good) == []
    assert printed(bad) == [
        f"{ENGLISH}:13:19: no space goes before ; : ! ? in English: “{{{{ survey.title }}}}:”",
        f"{FRENCH}:13:19: {colon}: “{{{{ survey.title }}}}{NBSP}:”",
        f"{FRENCH}:13:22: {opening}: “«{NBSP}{{{{ survey.source }}}}»”",
        f"{FRENCH}:13:42: {closing}: “«{{{{ survey.source }}}}{NBSP}»”",
    ]


def _both(english: str, french: str) -> CampaignFolder:
    return campaign(
        {
            ENGLISH: EN.replace(IN_ENGLISH, f"{english} {IN_ENGLISH}"),
            FRENCH: FR.replace(IN_FRENCH, f"{french} {IN_FRENCH}"),
        }
    )


# --- what letter.toml declares


def test_a_finding_that_is_cited_must_be_declared() -> None:
    folder = _both("{{ finding.opening_no }} said no.", "{{ finding.opening_no }} ont dit non.")
    undeclared = "“opening_no” is cited but not declared; add it to findings in letter.toml"
    assert printed(folder) == [f"{ENGLISH}:13:4: {undeclared}", f"{FRENCH}:13:4: {undeclared}"]


def test_a_finding_that_is_declared_must_be_cited_in_every_text() -> None:
    folder = changed(FRENCH, "{{ finding.opening_yes }}", "beaucoup")
    uncited = "“opening_yes” is declared but fr.md does not cite it; cite it or remove it here"
    unlike = "this paragraph lacks “finding.opening_yes”, which line 13 of en.md has"
    assert printed(folder) == [f"{FRENCH}:13:1: {unlike}", f"{LETTER}/letter.toml:5:14: {uncited}"]


def test_a_finding_that_is_used_in_an_if_alone_is_not_cited() -> None:
    asked = changed(ENGLISH, "{{ finding.opening_yes }} of", "{% if finding.opening_yes %}many{% endif %} of")
    assert [line for line in printed(asked) if "“opening_yes” is declared but en.md does not cite it" in line]


def test_a_finding_the_survey_does_not_have_is_reported_with_those_most_like_it() -> None:
    near = "the survey has no “opening_yess”; it has opening_yes, opening_no"
    declared = changed(
        f"{LETTER}/letter.toml", '["opening_yes"]', '[\n  "opening_yes", # the first\n  "opening_yess",\n]'
    )
    cited = in_english("{{ finding.opening_yess }}")
    assert printed(declared) == [f"{LETTER}/letter.toml:7:4: {near}"]
    assert printed(cited) == [f"{ENGLISH}:13:4: {near}"]


def test_a_finding_declared_twice_is_reported_once() -> None:
    folder = changed(f"{LETTER}/letter.toml", '["opening_yes"]', '["opening_yes", "opening_yes"]')
    assert printed(folder) == [f"{LETTER}/letter.toml:5:14: “opening_yes” is declared twice; once is enough"]


def test_a_field_must_be_used_in_every_text() -> None:
    folder = campaign({FRENCH: FR.replace("{% if role %} {{ role }}{% endif %}", "")})
    unused = "“role” is asked but never used in fr.md; use it or remove the field"
    assert f"{LETTER}/letter.toml:8:1: {unused}" in printed(folder)


def test_a_field_whose_key_is_part_of_another_word_is_not_used_by_it() -> None:
    field = """[[field]]
key = "rol"
kind = "line"
label = { en = "A", fr = "B" }
"""
    folder = campaign({f"{LETTER}/letter.toml": f"{LETTER_TOML}\n{field}"})
    assert [line.split(": ")[1] for line in printed(folder)] == [
        f"“rol” is asked but never used in {language}.md; use it or remove the field" for language in ("en", "fr")
    ]


def test_a_field_used_in_an_if_alone_is_used() -> None:
    asked = _both("{% if reason %}I have a reason.{% endif %}", "{% if reason %}J’ai une raison.{% endif %}")
    assert printed(asked) == []


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("city", "“city” is asked already, here or by every letter; give the field another key"),
        ("reason", "“reason” is asked already, here or by every letter; give the field another key"),
        ("today", "“today” is a word of the letter’s language; give the field another key"),
        ("choose", "“choose” is a word of the letter’s language; give the field another key"),
        ("template", "“template” is asked by the site’s form already; give the field another key"),
    ],
)
def test_a_field_cannot_have_the_key_of_another_or_a_word_of_the_language(key: str, sentence: str) -> None:
    field = f'[[field]]\nkey = "{key}"\nkind = "line"\nlabel = {{ en = "A", fr = "B" }}\n'
    folder = campaign({f"{LETTER}/letter.toml": f"{LETTER_TOML}\n{field}"})
    assert [line for line in printed(folder) if line.startswith(f"{LETTER}/letter.toml:20:") and sentence in line]


def test_a_choice_needs_its_list() -> None:
    folder = changed(f"{LETTER}/letter.toml", 'choices = "role"', 'choices = "roles"')
    assert printed(folder) == [
        f"{LETTER}/letter.toml:10:1: the campaign has no list “roles”; add [[choices.roles]] to campaign.toml"
    ]


# --- the two languages


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (
            "{% if role %} {{ role }}{% endif %}\n\n{% or",
            "\n\n{% or",
            5,
            "this paragraph lacks “if role, role”, which line 5 of en.md has",
        ),
        (
            "{% endchoose %}",
            "{% or %}\n\nEncore.\n\n{% endchoose %}",
            3,
            "line 3 of en.md is 2 variants, where here is 3 variants",
        ),
        (
            "{% or %}",
            "Encore un mot.\n\n{% or %}",
            7,
            "line 5 of en.md is the end of variant 1, where here is a paragraph",
        ),
        (
            "Merci de me répondre par courriel.",
            "- Merci de me répondre par courriel.",
            20,
            "line 20 of en.md is a paragraph, where here is an item of a list",
        ),
        (
            "ce que vous en pensez.\n{% endif %}",
            "ce que vous en pensez.\n{% endif %}\n\nMerci.",
            25,
            "en.md has nothing more, where here is a paragraph",
        ),
        (
            "{% else %}\nMerci de me dire ce que vous en pensez.\n",
            "",
            20,
            "of en.md is an “otherwise”, where here is the end of a condition",
        ),
        (
            "\n{% if citizen.email %}\nMerci de me répondre par courriel.\n{% else %}\n"
            "Merci de me dire ce que vous en pensez.\n{% endif %}\n",
            "",
            16,
            "line 19 of en.md is a condition, where here is nothing more",
        ),
    ],
)
def test_where_the_languages_part_is_reported_on_the_line_of_the_second(
    old: str, new: str, *, line: int, sentence: str
) -> None:
    (problem,) = printed(changed(FRENCH, old, new))
    assert problem.startswith(f"{FRENCH}:{line}:1: ")
    assert sentence in problem


def test_a_paragraph_on_the_other_side_of_an_endif_is_a_difference() -> None:
    moved = "Merci de me dire ce que vous en pensez.\n"
    folder = campaign(
        {
            ENGLISH: EN.replace("where you stand.\n", "where you stand.\n\nThank you.\n"),
            FRENCH: FR.replace(f"{moved}{{% endif %}}\n", f"{moved}{{% endif %}}\n\nMerci.\n"),
        }
    )
    (problem,) = printed(folder)
    assert problem.startswith(f"{FRENCH}:22:1: line 24 of en.md is a paragraph, where here is the end of a condition; ")


def test_what_one_text_lacks_is_reported_of_that_text() -> None:
    assert printed(changed(FRENCH, "{% if citizen.email %}", "{% if citizen.street %}")) == [
        f"{ENGLISH}:19:1: this paragraph lacks “citizen.street”, which line 19 of fr.md has",
        f"{FRENCH}:19:1: this paragraph lacks “citizen.email”, which line 19 of en.md has",
    ]


def test_paragraphs_that_differ_in_what_they_hold_are_all_reported() -> None:
    french = FR.replace("sondage, {{", "sondage du {{ survey.source }}, {{").replace(
        "courriel.", "courriel, {{ today }}."
    )
    assert [line.split(": ")[0] for line in printed(campaign({FRENCH: french}))] == [
        f"{ENGLISH}:13:1",
        f"{ENGLISH}:20:1",
    ]


def test_a_blank_used_twice_in_one_language_and_once_in_the_other_is_no_difference() -> None:
    assert printed(_both("The {{ survey.source }} and the {{ survey.source }}.", "Le {{ survey.source }}.")) == []


# --- brackets, gaps, length


def test_what_is_left_to_be_filled_in_is_reported_instead_of_a_refusal() -> None:
    folder = campaign(
        {
            ENGLISH: EN.replace(IN_ENGLISH, "[your town] In a survey"),
            f"{LETTER}/letter.toml": LETTER_TOML.replace("Ouverture le dimanche", "Ouverture [jour à préciser]"),
        }
    )
    assert printed(folder) == [
        f"{ENGLISH}:13:1: “[your town]” is still to be filled in",
        f"{LETTER}/letter.toml:2:23: “[jour à préciser]” is still to be filled in",
    ]


def test_blanks_in_words_that_nothing_fills_in_are_reported() -> None:
    folder = changed(f"{LETTER}/letter.toml", "Open libraries on Sunday.", "Open {{ survey.source }} on Sunday.")
    (line,) = printed(folder)
    assert line.startswith(f"{LETTER}/letter.toml:3:16: “{{{{ survey.source }}}}” is not filled in here; ")


@pytest.mark.parametrize(
    ("english", "french", "name", "columns"),
    [
        ("I live at {{ citizen.street }}.", "J’habite au {{ citizen.street }}.", "citizen.street", (11, 13)),
        ("I live in {{ citizen.riding }}.", "J’habite {{ citizen.riding }}.", "citizen.riding", (11, 10)),
        ("As I say: {{ reason }}", f"Comme je le dis{NBSP}: {{{{ reason }}}}", "reason", (11, 19)),
        ("{{ role }} So there.", "{{ role }} Voilà.", "role", (1, 1)),
        (
            '{% if recipient.office == "mayor" %}{{ citizen.email }}{% endif %}',
            '{% if recipient.office == "mayor" %}{{ citizen.email }}{% endif %}',
            "citizen.email",
            (1, 1),
        ),
    ],
)
def test_a_blank_that_can_come_out_empty_is_reported(
    english: str, french: str, name: str, *, columns: tuple[int, int]
) -> None:
    advice = f"“{name}” can be empty and leave a gap; put it inside {{% if {name} %}} … {{% endif %}}"
    assert printed(_both(english, french)) == [
        f"{ENGLISH}:13:{columns[0]}: {advice}",
        f"{FRENCH}:13:{columns[1]}: {advice}",
    ]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "{% if citizen.is_constituent %}I live in {{ citizen.riding }}.{% endif %}",
            "{% if citizen.is_constituent %}J’habite {{ citizen.riding }}.{% endif %}",
        ),
        (
            "{% if citizen.street and reason %}{{ citizen.street }}{% endif %}",
            "{% if citizen.street and reason %}{{ citizen.street }}{% endif %}",
        ),
        (
            "{% if not citizen.email %}Hello{% else %}{{ citizen.email }}{% endif %}",
            "{% if not citizen.email %}Bonjour{% else %}{{ citizen.email }}{% endif %}",
        ),
    ],
)
def test_a_blank_that_is_asked_for_leaves_no_gap(english: str, french: str) -> None:
    assert printed(_both(english, french)) == []


def test_a_letter_that_can_outgrow_its_page_is_reported_with_its_length() -> None:
    folder = in_english("word " * 300 + "end.")
    (line,) = printed(folder)
    assert line.startswith(f"{ENGLISH}:1:1: with its longest alternatives and own words the letter has about 4")
    assert line.endswith(f" words; one page holds {MAX_WORDS}, so shorten the longest")


# --- files


def test_a_file_that_is_no_part_of_a_campaign_is_reported() -> None:
    folder = campaign({"notes.txt": "", f"{LETTER}/EN.md": "", f"{LETTER}/old/en.md": "", "old/draft.md": ""})
    unknown = (
        "this is no file of a campaign; take it away or rename it: a letter’s folder holds letter.toml, en.md, fr.md"
    )
    names = ["notes.txt", "old/draft.md", f"{LETTER}/EN.md", f"{LETTER}/old/en.md"]
    assert printed(folder) == [f"{name}:1:1: {unknown}" for name in names]


@pytest.mark.parametrize("file", ["campaign.toml", f"{LETTER}/letter.toml", ENGLISH, FRENCH])
def test_a_missing_file_is_reported(file: str) -> None:
    assert printed(campaign({file: None})) == [f"{file}:1:1: this file is missing; add it"]


def test_a_campaign_without_letters_is_reported() -> None:
    folder = campaign({f"{LETTER}/letter.toml": None, ENGLISH: None, FRENCH: None})
    assert printed(folder) == ["campaign.toml:1:1: the campaign has no letter; add a folder with a letter.toml"]


@pytest.mark.parametrize(
    ("content", "line", "column"), [(b"# Yes\n\nCaf\xe9.", 3, 4), ("# Oui".encode("utf-16"), 1, 1)]
)
def test_a_text_that_is_not_utf_8_is_reported_where_it_stops_being_it(content: bytes, line: int, column: int) -> None:
    folder = campaign({FRENCH: content})
    assert printed(folder) == [f"{FRENCH}:{line}:{column}: this is not UTF-8 from here on; save the file as UTF-8"]


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", "\ufeff".encode()])
def test_line_endings_and_a_byte_order_mark_change_no_place(ending: str, mark: bytes) -> None:
    def saved(text: str) -> bytes:
        return mark + text.replace("\n", ending).encode()

    broken = FR.replace(IN_FRENCH, f"Été, 95% {IN_FRENCH}").replace("# Des bib", "# Des  bib")
    good = campaign({FRENCH: saved(FR), "campaign.toml": saved(CAMPAIGN), f"{LETTER}/letter.toml": saved(LETTER_TOML)})
    bad = campaign(
        {FRENCH: saved(broken), f"{LETTER}/letter.toml": saved(LETTER_TOML.replace("Ouverture le", "L'ouverture le"))}
    )
    assert printed(good) == []
    assert [line.split(": ")[0] for line in printed(bad)] == [
        f"{FRENCH}:1:6",
        f"{FRENCH}:13:6",
        f"{LETTER}/letter.toml:2:14",
    ]


def test_words_over_several_lines_of_a_toml_file_keep_their_lines() -> None:
    label = 'label = { en = "I write as", fr = "J’écris comme" }'
    lines = 'label.en = "As"\nlabel.fr = """\nÉcrit\nl\'avenir ?"""'
    folder = changed(f"{LETTER}/letter.toml", label, lines)
    places = [line.split(": ")[0] for line in printed(folder)]
    assert places == [f"{LETTER}/letter.toml:14:2", f"{LETTER}/letter.toml:14:9"]


def test_words_written_with_escapes_are_found_in_their_line() -> None:
    folder = changed(f"{LETTER}/letter.toml", '"Ouverture le dimanche"', '"\\u00c9t\\u00e9: oui"')
    (line,) = printed(folder)
    assert line.startswith(f"{LETTER}/letter.toml:2:1: a colon takes")


@pytest.mark.parametrize("name", ["Open-Libraries", "open libraries", "bibliothèques", "a" * 61, "-open", "a--b"])
def test_a_folder_s_name_must_fit_into_an_address(name: str) -> None:
    (problem,) = check_folder(campaign(name=name))
    assert (problem.line, problem.column) == (1, 1)
    assert problem.sentence.startswith(
        f"“{name}” cannot be a folder’s name here; take small letters, digits and hyphens"
    )


def test_a_folder_s_name_may_not_be_taken() -> None:
    letter = campaign({"findings/letter.toml": LETTER_TOML, "findings/en.md": EN, "findings/fr.md": FR})
    (page,) = check_folder(campaign(name="privacy"))
    assert page.sentence == "“privacy” is taken; give the campaign’s folder another name"
    assert printed(letter) == ["findings/letter.toml:1:1: “findings” is taken; give the letter’s folder another name"]


# --- all at once


def test_several_problems_are_all_reported_in_the_order_of_their_places() -> None:
    folder = campaign(
        {
            "campaign.toml": CAMPAIGN.replace("chambers", "chamber"),
            "findings.toml": "source = 3",
            f"{LETTER}/letter.toml": LETTER_TOML.replace('kind = "words"', 'kind = "word"'),
            ENGLISH: EN.replace(IN_ENGLISH, "95% ; in a survey"),
            FRENCH: FR.replace(IN_FRENCH, "Dans l'avenir : un sondage"),
            "notes.txt": "",
        }
    )
    lines = printed(folder)
    places = [line.split(": ")[0] for line in lines]
    assert {"notes.txt:1:1", f"{LETTER}/letter.toml:15:1", f"{ENGLISH}:13:1", f"{ENGLISH}:13:4"} <= set(places)
    assert {f"{FRENCH}:13:7", f"{FRENCH}:13:14"} <= set(places)
    assert any(place.startswith("campaign.toml:") for place in places)
    assert any(place.startswith("findings.toml:") for place in places)
    assert [str(problem) for problem in sorted(check_folder(folder))] == [f"{NAME}/{line}" for line in lines]
    assert len(lines) == len(set(lines))


def test_a_link_in_a_letter_is_reported() -> None:
    assert any(
        "“https://example.ca/x” is a link" in one for one in printed(in_english("See https://example.ca/x today."))
    )
    assert any("“www.exemple.ca” is a link" in one for one in printed(in_french("Voyez www.exemple.ca maintenant.")))


@pytest.mark.parametrize(
    ("english", "french", "column", "sentence"),
    [
        (
            "Reading: on Sunday",
            f"Lire{NBSP}: le dimanche",
            (10, 8),
            "has a colon, and every subject is printed after one",
        ),
        (
            "Reading – on Sunday",
            "Lire – le dimanche",
            (10, 7),
            "has a dash between spaces, which clashes with those in names",
        ),
        (
            "Reading — on Sunday",
            "Lire — le dimanche",
            (10, 7),
            "has a dash between spaces, which clashes with those in names",
        ),
    ],
)
def test_a_colon_or_a_spaced_dash_in_a_subject_is_refused(
    english: str, french: str, *, column: tuple[int, int], sentence: str
) -> None:
    for file, subject, words, place in (
        (ENGLISH, "Libraries open on Sunday", english, column[0]),
        (FRENCH, "Des bibliothèques ouvertes le dimanche", french, column[1]),
    ):
        (line,) = printed(changed(file, f"# {subject}", f"# {words}"))
        assert line.startswith(f"{file}:1:{place}: “{words.replace(NBSP, ' ')}” {sentence}")
        assert line.endswith("; say it without")


@pytest.mark.parametrize(
    "subject",
    [
        "Libraries in {{ citizen.city }}, open on Sunday",
        "Libraries open on Saturday–Sunday, a well-known wish",
        "Libraries of Côte-du-Sud—Rivière-du-Loup",
    ],
)
def test_a_subject_with_commas_hyphens_and_dashes_within_names_is_accepted(subject: str) -> None:
    assert not [
        line for line in printed(changed(ENGLISH, "# Libraries open on Sunday", f"# {subject}")) if "has a" in line
    ]


def test_a_colon_or_a_dash_in_the_body_is_the_writers_own() -> None:
    assert printed(in_english("One thing matters: time – and books.")) == []


def test_what_is_still_to_be_written_is_reported() -> None:
    assert any("“TODO” is still to be written" in one for one in printed(in_english("TODO more here.")))


def test_a_subscript_is_refused_by_the_parser_and_no_bracket_to_fill_in() -> None:
    found = printed(in_english("I am {{ citizen['name'] }}."))
    assert any("is not allowed inside braces" in one for one in found)
    assert not any("filled in" in one for one in found)


def test_a_chamber_that_does_not_exist_is_reported() -> None:
    found = printed(changed("campaign.toml", '"house-of-commons"', '"house-of-lords"'))
    assert any("campaign.toml" in one and "house-of-commons" in one for one in found)


@pytest.mark.parametrize("tag", ["{% include 'x' %}", "{% set x = 1 %}", "{% block x %}"])
def test_a_tag_that_is_not_of_the_language_is_refused_once_and_parts_no_words(tag: str) -> None:
    (line,) = printed(in_english(f"We act together. {tag} A sentence."))
    assert "is not allowed" in line


# --- everything at once


def codes(folder: CampaignFolder) -> list[tuple[str, int, str]]:
    return [(problem.file.rsplit("/", 1)[-1], problem.line, problem.code) for problem in check_folder(folder)]


def test_reading_goes_on_after_each_paragraph_that_is_refused() -> None:
    text = EN.replace("Please support", "<b>Please support").replace("by e-mail.", "by {{ mail }} and {{ post }}.")
    text = text.replace(IN_ENGLISH, "{% if reason %}In a survey")
    assert codes(campaign({ENGLISH: text})) == [
        ("en.md", 9, "sign-forbidden"),
        ("en.md", 13, "condition-not-closed"),
        ("en.md", 20, "name-unknown"),
        ("en.md", 20, "name-unknown"),
    ]


def test_what_the_languages_lack_is_reported_though_one_text_is_refused() -> None:
    text = EN.replace("Please support", "<b>Please support")
    french = FR.replace("{{ reason }}", "{{ reason }} {{ today }}")
    assert codes(campaign({ENGLISH: text, FRENCH: french})) == [
        ("en.md", 9, "sign-forbidden"),
        ("en.md", 16, "language-lacks"),
    ]


def test_a_condition_that_cannot_be_read_does_not_hide_what_follows() -> None:
    text = EN.replace("{% if reason %}", "{% if reasons %}").replace("by e-mail.", "by {{ mail }}.")
    assert [code for code in codes(campaign({ENGLISH: text})) if code[0] == "en.md"] == [
        ("en.md", 15, "condition-name-unknown"),
        ("en.md", 20, "name-unknown"),
    ]


def test_a_forgotten_end_is_reported_at_the_condition_that_lacks_it() -> None:
    """Not at the next turn of the condition around its paragraph."""
    text = EN.replace("Please reply by e-mail.", "Please reply{% if reason %} soon.")
    assert codes(campaign({ENGLISH: text})) == [("en.md", 20, "condition-not-closed")]


def test_a_letter_is_previewed_without_the_paragraph_that_is_refused() -> None:
    folder = campaign({ENGLISH: EN.replace("In a survey", "In a <b>survey")})
    template, problems = folder.readable_template(LETTER)
    assert template is not None
    paragraphs = [str(block) for block in walk(template.texts[Language.EN].blocks)]
    assert any(LEFT_OUT_TEXT in paragraph for paragraph in paragraphs)
    assert not any("survey" in paragraph for paragraph in paragraphs)
    assert [problem.code for problem in problems] == ["sign-forbidden"]
    with pytest.raises(TomlProblems):
        folder.template(LETTER)


# --- sentences to check


def with_statement(old: str, new: str) -> CampaignFolder:
    """The campaign with sentences to check, `old` in its list put right or wrong."""
    listed = statements_toml()
    assert listed.count(old) == 1
    return campaign_with_statements({"campaign.toml": CAMPAIGN + listed.replace(old, new)})


def test_good_statements_raise_nothing() -> None:
    assert printed(campaign_with_statements()) == []


FIRST, FIRST_FRENCH = "I found mine closed.", "J’ai trouvé la mienne fermée."
"""The first wording of the list, on lines 25 and 26 of the campaign’s file."""


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        (FIRST, "I found it at 12% closed.", "25:21", "“12%” is a figure typed by hand"),
        (FIRST, "I found 'mine' closed.", "25:15", "write the apostrophe as ’"),
        (FIRST, "I found mine closed", "25:7", "“I found mine closed” is read beside other sentences"),
        (FIRST, "and mine is closed.", "25:7", "“and mine is closed.” is read beside other sentences"),
        (FIRST, "I found {{ citizen.city }} closed.", "25:15", "“{{ citizen.city }}” is not filled in here"),
        (FIRST, "Bill C-34 closed mine.", "25:12", "“C-34” is a bill typed by hand"),
        (FIRST, "See https://example.ca for more.", "25:11", "“https://example.ca” is a link"),
        (FIRST_FRENCH, "La mienne est fermée : voilà.", "26:27", "a colon takes a no-break space"),
        ("The library is closed when I pass by.", "I found mine closed, too.", "29:7", "most of what wording 1 says"),
        (FIRST_FRENCH, "", "24:1", "a text is empty; write it in every language"),
        (f'fr = "{FIRST_FRENCH}"', "", "24:1", "the text is missing in: fr"),
        (FIRST, " I found mine closed.", "25:1", "is one sentence on one line"),
        (FIRST, f"I {'x' * 240}.", "25:1", "is longer than 240 characters"),
        ("My children want to read", "Read; then sleep", "46:1", "has a “;”, which parts statements in a sheet"),
    ],
)
def test_what_is_wrong_with_a_wording_is_said_where_it_stands(old: str, new: str, place: str, *, says: str) -> None:
    problem = printed(with_statement(old, new))[0]
    assert (problem.partition(": ")[0], says in problem) == (f"campaign.toml:{place}", True)


def test_a_statement_has_four_wordings_or_more() -> None:
    few = {**STATEMENTS, "study": {language: texts[:3] for language, texts in STATEMENTS["study"].items()}}
    (problem,) = printed(campaign_with_statements({"campaign.toml": CAMPAIGN + statements_toml(few)}))
    assert problem.endswith("“study” has 3 wordings; write 4 to 12, each in every language")


def test_two_statements_of_one_key_are_refused() -> None:
    (problem,) = printed(with_statement('key = "study"', 'key = "closed"'))
    assert "two answers of this list are called “closed”" in problem


def test_a_field_names_a_list_that_the_campaign_has() -> None:
    field = LETTER_TOML + STATEMENTS_FIELD.replace("reasons", "worries")
    (problem,) = printed(campaign_with_statements({f"{LETTER}/letter.toml": field}))
    assert problem.startswith(
        f"{LETTER}/letter.toml:22:1: the campaign has no list “worries”; add [[statements.worries]]"
    )


def test_statements_that_no_text_prints_are_reported() -> None:
    problems = printed(campaign_with_statements({ENGLISH: EN, FRENCH: FR}))
    assert problems == [
        f"{LETTER}/letter.toml:20:1: “statements” is asked but never used in {name}.md; use it or remove the field"
        for name in ("en", "fr")
    ]


def test_statements_outside_a_condition_can_leave_a_gap() -> None:
    both = {
        name: text.replace(IN_ENGLISH, f"{{{{ statements }}}} {IN_ENGLISH}") for name, text in {ENGLISH: EN}.items()
    }
    both[FRENCH] = FR.replace(IN_FRENCH, f"{{{{ statements }}}} {IN_FRENCH}")
    problems = printed(campaign_with_statements(both))
    assert [one.partition(": ")[2] for one in problems] == [
        "“statements” can be empty and leave a gap; put it inside {% if statements %} … {% endif %}"
    ] * 2


def test_a_page_holds_own_words_or_statements_and_not_both() -> None:
    words = "word " * (MAX_WORDS - 42 - 90 - 40)
    full = {ENGLISH: EN.replace(IN_ENGLISH, f"{words}{IN_ENGLISH}"), FRENCH: FR}
    alone = [one for one in printed(campaign(full)) if "one page" in one]
    files = dict(campaign_with_statements().files)
    text = files[ENGLISH].decode().replace(IN_ENGLISH, f"{words}{IN_ENGLISH}")
    with_list = [one for one in printed(campaign_with_statements({ENGLISH: text})) if "one page" in one]
    assert with_list == alone
