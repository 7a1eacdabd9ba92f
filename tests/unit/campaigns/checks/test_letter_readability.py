"""What is measured of a letter is what an office reads of the campaign's own writing, in every way it can come out."""

from collections.abc import Sequence

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.checks.letter_readability import MAX_READINGS, LetterReadability, measure_readability
from advocacy.campaigns.legislation import Role
from advocacy.language import Language
from tests.bills import an_act, with_bill
from tests.campaign_files import (
    CAMPAIGN,
    FINDINGS,
    FR,
    LETTER,
    LETTER_TOML,
    STATEMENTS,
    campaign,
    campaign_with_statements,
)

ENGLISH, FRENCH = f"{LETTER}/en.md", f"{LETTER}/fr.md"
QUOTE = """
[[quote]]
key = "quote_reader"
attribution = { en = "A reader", fr = "Une personne qui lit" }
statement = { en = "“%s.”", fr = "«\u00a0%s.\u00a0»" }
"""
LONG = "Reading is what keeps me going from one week to another"
HARD = "Municipal representatives unanimously recommended additional accessibility."
EASY = "We like to read. It is fun. We go there with our kids."


def measured(body: str, **files: str) -> LetterReadability | None:
    """The English text of the small campaign's letter, with another body under its subject."""
    texts = {ENGLISH: f"# Libraries that open on Sunday\n\n{body}\n", **files}
    return measure_readability(campaign(dict(texts)).template(LETTER), Language.EN)


def sentences(body: str, **files: str) -> Sequence[str]:
    found = measured(body, **files)
    return [sentence.text for sentence in found.sentences] if found else []


# --- what is measured


def test_paragraphs_and_list_items_are_measured_and_the_subject_is_not() -> None:
    body = "We ask for this:\n\n- open doors;\n- good books."
    assert sentences(body) == ["We ask for this:", "open doors;", "good books."]


def test_the_citizens_own_words_are_left_out() -> None:
    assert sentences("{% if reason %}\n{{ reason }}\n{% endif %}\n\nThank you.") == ["Thank you."]
    assert sentences("{% if reason %}\n{{ reason }}\n{% endif %}") == []
    assert measured("{{ reason }}") is None


@pytest.mark.parametrize("language", Language)
def test_every_wording_of_a_statement_is_measured_and_has_the_line_of_its_blank(language: Language) -> None:
    found = measure_readability(campaign_with_statements().template(LETTER), language)
    assert found
    wordings = {text for texts in STATEMENTS.values() for text in texts[language]}
    source = (campaign_with_statements().content(f"{LETTER}/{language}.md") or b"").decode()
    line = source.split("\n").index("{{ statements }}") + 1
    assert {one.text for one in found.sentences if one.line == line} == wordings


def test_quotations_are_left_out_wherever_they_stand() -> None:
    files = {
        "findings.toml": FINDINGS + QUOTE % (LONG, LONG),
        f"{LETTER}/letter.toml": LETTER_TOML.replace('["opening_yes"]', '["quote_reader"]'),
        FRENCH: FR.replace("opening_yes", "quote_reader"),
    }
    body = "One wrote: {{ finding.quote_reader }} We agree.\n\n> {{ finding.quote_reader }}\n\n> So it is."
    found = sentences(body, **files)
    assert found == ["One wrote: “.”", "We agree."]


def test_blanks_are_filled_as_in_a_letter() -> None:
    found = sentences(
        "Of all, {{ finding.opening_yes }} agree, as in {{ citizen.riding }}.{% if role %} {{ role }}{% endif %}"
    )
    assert found == ["Of all, 62% agree, as in Ottawa Centre.", "I read a great deal."]


def test_every_alternative_and_every_condition_is_measured_and_each_sentence_once() -> None:
    body = (
        "{% choose %}\n\nOne. Both.\n\n{% or %}\n\nTwo. Both.\n\n{% endchoose %}\n\n"
        "{% if citizen.email %}\nThree.\n{% elif citizen.street %}\nFour.\n{% else %}\nFive.\n{% endif %}\n\n"
        "Six{% if citizen.email %} by e-mail{% elif citizen.street %} by mail{% endif %}. Seven.\n\n"
        'So{% if recipient.office == "senator" %} a senator{% if reason %} reads it{% endif %}{% endif %} it is.'
    )
    assert sentences(body) == [
        *("One.", "Both.", "Two.", "Three.", "Four.", "Five.", "Six by e-mail.", "Seven.", "Six by mail.", "Six."),
        *("So a senator reads it it is.", "So a senator it is.", "So it is."),
    ]


def test_a_sentence_has_the_line_of_its_paragraph() -> None:
    found = measured("One.\n\n{% choose %}\n\nTwo. Three\nends here.\n\n{% or %}\n\nFour.\n\n{% endchoose %}")
    assert found
    assert [(one.line, one.words) for one in found.sentences] == [(3, 1), (7, 1), (7, 3), (12, 1)]


def test_conditions_without_number_are_measured_up_to_a_limit() -> None:
    body = "So" + "{% if citizen.email %} on{% endif %}" * 40 + "."
    assert 1 < len(sentences(body)) <= MAX_READINGS


# --- the figures


def test_the_figure_is_that_of_all_sentences_together() -> None:
    found = measured("We ask for a law. It is time.")
    assert found
    assert (found.counts.sentences, found.counts.words, found.counts.syllables) == (2, 8, 8)
    assert found.figure == found.letters[0].figure == -2.2


def test_letters_take_one_alternative_of_everything() -> None:
    found = measured(
        f"{{% choose %}}\n\n{EASY}\n\n{{% or %}}\n\n{HARD}\n\n{{% endchoose %}}\n\n"
        f"{{% choose %}}\n\n{EASY}\n\n{{% or %}}\n\n{EASY}\n\n{{% or %}}\n\n{HARD}\n\n{{% endchoose %}}"
    )
    assert found
    first, second, third = found.letters
    assert [letter.alternative for letter in found.letters] == [0, 1, 2]
    assert first.figure < 1 < second.figure == third.figure
    assert (second.line, third.line) == (9, 23)


@pytest.mark.parametrize(
    "condition",
    [
        'recipient.office == "senator"',
        'recipient.office in ("mayor", "premier")',
        "citizen.is_constituent",
        "not citizen.is_constituent",
        "citizen.email and not citizen.street",
        "not citizen.email and not citizen.street",
        'role == "reader"',
        "not role",
        'recipient.office == "minister" and not citizen.email',
    ],
)
def test_the_hardest_letter_to_anybody_counts(condition: str) -> None:
    found = measured(f"{EASY}\n\n{{% if {condition} %}}\n{HARD} {HARD.replace('Municipal', 'Federal')}\n{{% endif %}}")
    assert found
    [letter] = found.letters
    assert letter.figure > 15
    assert letter.line == 6


@pytest.mark.parametrize(
    "condition",
    [
        'recipient.office == "senator" and citizen.is_constituent',
        "citizen.is_constituent and not citizen.riding",
        'role == "reader" and not role',
    ],
)
def test_a_letter_that_cannot_be_does_not_count(condition: str) -> None:
    found = measured(f"{EASY}\n\n{{% if {condition} %}}\n{HARD}\n{{% endif %}}")
    assert found
    assert found.letters[0].figure < 2


@pytest.mark.parametrize(
    ("condition", "role", "stage"),
    [
        ('recipient.role == "vacant_seat" and citizen.is_constituent', "vacant_seat", "committee"),
        ('recipient.role == "minister" and not citizen.is_reachable', "minister", "committee"),
        ('bill.stage == "died" and recipient.role == "senator"', "senator", "died"),
        ('bill.stage == "passed" and citizen.street and not citizen.email', "own_member", "passed"),
    ],
)
def test_letters_are_measured_at_every_stage_to_every_recipient(condition: str, role: str, stage: str) -> None:
    found = measured(
        f'{EASY}\n\n{{% if bill.stage not in ("unknown", "introduced") and {condition} %}}\n{HARD}\n{{% endif %}}',
        **{"campaign.toml": with_bill()},
    )
    assert found
    [letter] = found.letters
    assert letter.figure > 10
    assert (letter.role, letter.stage) == (role, stage)


def test_an_act_is_part_of_a_letter_and_not_of_its_own_sentences() -> None:
    others = tuple(role for role in Role if role is not Role.SENATOR)
    acts = (an_act(to=others, en="We ask you to"), an_act(to=("senator",), en=HARD.removesuffix(".")))
    found = measured(f"{EASY}\n\nIt is so. {{{{ act.second }}}}", **{"campaign.toml": with_bill(*acts)})
    assert found
    assert [sentence.text for sentence in found.sentences] == [*EASY.replace(". ", ".|").split("|"), "It is so."]
    [letter] = found.letters
    assert letter.figure > 9
    assert (letter.role, letter.line) == ("senator", 5)


def test_a_bills_title_may_be_missing() -> None:
    body = "{% if bill.title %}\nIt is the {{ bill.title }}.\n{% else %}\nIt is {{ bill.number }}.\n{% endif %}"
    assert sentences(body, **{"campaign.toml": with_bill()}) == ["It is the Sunday Act.", "It is C-12."]


def test_french_is_measured_on_its_own_scale() -> None:
    folder: CampaignFolder = campaign({"campaign.toml": CAMPAIGN})
    found = measure_readability(folder.template(LETTER), Language.FR)
    assert found
    assert found.scale.formula.higher_is_easier
    assert [letter.line for letter in found.letters] == [5, 9]
    assert found.longest.text == "Dans un sondage, 62\u00a0% des personnes ayant répondu étaient de cet avis."
    assert found.longest.words == 12
