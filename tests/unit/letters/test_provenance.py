"""A sentence is the campaign's or the citizen's own; own ones on the survey or the bill are asked about, none judged."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from advocacy.campaigns.fields import FieldKind
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import Language
from advocacy.letters.compose import compose
from advocacy.letters.edited import editable_body, with_edits
from advocacy.letters.letter import Letter, own_word_count
from advocacy.letters.provenance import OwnClaim, count_sentences, normalize, own_claims, put_back
from tests.builders import (
    OWN_WORDS,
    TODAY,
    a_member,
    a_minister,
    a_senator,
    a_template,
    answered,
    nth_choice,
    some_answers,
    the_campaign,
)
from tests.campaign_files import LETTER, campaign_with_field

EN, FR = Language.EN, Language.FR
CLAIMS = Path(__file__).parents[2] / "data" / "claims.txt"
SHARE = {EN: ("95%", "96%"), FR: ("95\u00a0%", "96\u00a0%")}


@cache
def composed(language: Language) -> Letter:
    return compose(a_template(), some_answers(language=language), a_member(), language=language, today=TODAY)


def letter_with(words: str, template: LetterTemplate | None = None) -> Letter:
    """Return a letter in which these words stand."""
    template = template or a_template()
    for turn in range(60):
        choice = nth_choice(template, some_answers(), a_member(), turn=turn)
        letter = compose(template, some_answers(), a_member(), language=EN, today=TODAY, choice=choice)
        if words in letter.body:
            return letter
    raise AssertionError(words)


def asked(letter: Letter, language: Language = EN, template: LetterTemplate | None = None) -> list[OwnClaim]:
    return own_claims(letter, composed(language), template or a_template())


def edited(body: str, language: Language = EN) -> Letter:
    return with_edits(composed(language), None, body)


def with_more(sentence: str, language: Language = EN) -> Letter:
    return edited(f"{editable_body(composed(language))}\n\n{sentence}", language)


@pytest.mark.parametrize("language", Language)
def test_every_claim_of_the_list_is_asked_about(language: Language) -> None:
    lines = [line.partition("\t") for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    sentences = [sentence for code, _, sentence in lines if code == language]
    assert len(sentences) >= 150
    assert [sentence for sentence in sentences if not asked(with_more(sentence, language), language)] == []


@pytest.mark.parametrize("name", the_campaign().letters())
def test_no_shipped_letter_asks_as_composed(name: str) -> None:
    template = a_template(name)
    (bill,) = template.campaign.bills
    offered = [stage for stage in Stage if template.letter.is_offered_at(stage)]
    for stage, language in product(offered, Language):
        staged_bill = bill.model_copy(update={"stage": stage, "confirmed": TODAY})
        staged = replace(template, campaign=template.campaign.model_copy(update={"bills": (staged_bill,)}))
        turns = range(max(template.sizes))
        for turn, recipient, own in product(turns, (a_member(), a_senator(), a_minister()), (OWN_WORDS, {})):
            fields = answered(name) | {"relationship": "parent", "reason": own.get(language, "")}
            answers = replace(some_answers(language=language), fields=fields)
            choice = nth_choice(staged, answers, recipient, turn=turn)
            letter = compose(staged, answers, recipient, language=language, today=TODAY, choice=choice)
            assert own_claims(letter, letter, staged) == []


@pytest.mark.parametrize("language", Language)
def test_a_changed_figure_is_known_beside_the_campaigns_sentence_and_put_back(language: Language) -> None:
    body = editable_body(composed(language))
    right, wrong = SHARE[language]
    (claim,) = asked(edited(body.replace(right, wrong, 1), language), language)
    assert (claim.figure_changed, claim.strangers, claim.on_survey) == (True, (Decimal(96),), True)
    assert claim.original == claim.sentence.replace(wrong, right)
    assert editable_body(put_back(edited(body.replace(right, wrong, 1), language), claim)) == body


def changed_share(body: str) -> tuple[Letter, OwnClaim]:
    letter = edited(body.replace("95%", "96%"))
    return letter, next(claim for claim in asked(letter) if claim.figure_changed)


def test_a_sentence_is_put_back_across_lines_and_the_others_stay() -> None:
    body = editable_body(composed(EN)).replace("people, 95%", "people,\n95%").replace("Toys must", "Cars must")
    assert "\n95%" in body
    restored = editable_body(put_back(*changed_share(body)))
    assert restored == editable_body(composed(EN)).replace("Toys must", "Cars must")


def test_a_sentence_is_put_back_in_a_list() -> None:
    body = editable_body(composed(EN)).replace("Of more than", "\n\n• Of more than")
    restored = put_back(*changed_share(body))
    assert "• Of more than 23,700 people, 95% said" in editable_body(restored)


def test_a_subject_of_two_sentences_is_put_back_whole() -> None:
    letter = with_edits(composed(EN), f"{composed(EN).subject}. 61% want this!", None)
    (claim,) = asked(letter)
    assert put_back(letter, claim).subject == composed(EN).subject


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Of more than 23,700 people who answered, nineteen in twenty said so.", EN),
        ("Sur plus de 23\u00a0700 personnes, quatre-vingt-quinze pour cent étaient de cet avis.", FR),
    ],
)
def test_a_share_in_other_words_is_no_stranger(sentence: str, language: Language) -> None:
    (claim,) = asked(with_more(sentence, language), language)
    assert claim.strangers == ()


def test_one_changed_sentence_leaves_the_others_the_campaigns() -> None:
    body = editable_body(composed(EN))
    campaigns, own = count_sentences(composed(EN))
    changed = edited(body.replace("95%", "96%", 1))
    assert count_sentences(changed) == (campaigns - 1, own + 1)
    (claim,) = asked(changed)
    assert own_word_count(changed) == own_word_count(composed(EN)) + len(claim.sentence.split())


def test_typography_alone_changes_nobodys_words() -> None:
    body = editable_body(composed(FR))
    typed = body.replace("\u00a0", " ").replace("’", "'")
    assert typed != body
    assert asked(edited(typed, FR), FR) == []
    assert count_sentences(edited(typed, FR)) == count_sentences(composed(FR))


@pytest.mark.parametrize(
    "sentence",
    [
        "2/3 of Canadians oppose this.",
        "¾ of parents said no.",
        "95/100 said no.",
        "60\uff05 of people said no.",
        "60 p.c. des gens ont dit non.",
        "Soixante pour cent des gens ont dit non.",
        "Six in ten said no.",
        "Two thousand Canadians said no.",
        "Plus de 2000 personnes ont dit non.",
        "C\u201134 bans encryption.",
        "La majorite a dit non.",
        "Deux personnes sur trois ont dit non.",
    ],
)
@pytest.mark.parametrize("language", Language)
def test_shares_numbers_and_bills_are_known_in_every_spelling(sentence: str, language: Language) -> None:
    assert asked(with_more(sentence, language), language)


@pytest.mark.parametrize(
    "sentence",
    [
        "My son is six.",
        "Please act.",
        "Ma fille a dix ans.",
        "We met 3 times in 2019.",
        "What matters most to me is my daughter.",
        "J’habite un quartier tranquille.",
        "I have read 3 of the 4 books.",
        "The line is open 24/7.",
    ],
)
def test_other_own_words_are_asked_about_nowhere(sentence: str) -> None:
    assert asked(with_more(sentence)) == []


@pytest.mark.parametrize(
    ("words", "instead"), [("cannot be trusted", "can be trusted"), ("must step", "must not step")]
)
def test_a_changed_quotation_is_asked_about(words: str, instead: str) -> None:
    letter = letter_with(words)
    changed = with_edits(letter, None, editable_body(letter).replace(words, instead))
    (claim,) = own_claims(changed, letter, a_template())
    assert claim.original == claim.sentence.replace(instead, words)
    assert (claim.on_survey, claim.figure_changed) == (True, False)


def test_a_survey_sentence_without_its_figure_is_asked_about() -> None:
    body = editable_body(composed(EN))
    (claim,) = asked(edited(body.replace("95% said that companies", "everyone said that companies")))
    assert "95% said that companies" in claim.original


def test_plain_sentences_in_place_of_the_surveys_are_not_asked_about() -> None:
    survey = next(part for part in editable_body(composed(EN)).split("\n\n") if "95%" in part)
    body = editable_body(composed(EN)).replace(survey, "My daughter was 12. She cried for 3 days. I was 40.")
    assert asked(edited(body)) == []


def test_a_subject_that_gives_a_share_is_asked_about() -> None:
    letter = with_edits(composed(EN), "61% of parents want this", None)
    (claim,) = asked(letter)
    assert (claim.sentence, claim.strangers) == ("61% of parents want this", (Decimal(61),))


def test_an_answer_of_the_surveys_is_the_campaigns_after_its_own_question_alone() -> None:
    template = a_template("mandatory-takedown")
    asking = "What must the company do once it is notified?"
    letter = letter_with(asking, template)
    body = editable_body(letter)
    changed = with_edits(letter, None, body.replace(asking, "Should a parent be punished?"))
    moved = [claim for claim in own_claims(changed, letter, template) if claim.is_moved]
    assert "95% of respondents wanted the law" in moved[0].sentence
    apart = with_edits(letter, None, body.replace(f"{asking} ", f"{asking}\n\n"))
    assert apart.paragraphs != letter.paragraphs
    assert own_claims(apart, letter, template) == []


@pytest.mark.parametrize(("answer", "is_asked"), [("a school bus driver", False), ("one of the 61% who agree", True)])
def test_what_is_typed_into_the_campaigns_sentence_may_make_it_ones_own(answer: str, *, is_asked: bool) -> None:
    template = campaign_with_field(FieldKind.LINE).template(LETTER)
    (field,) = [field for field in template.fields if field.kind is FieldKind.LINE]
    answers = replace(some_answers(), fields={one.key: "" for one in template.fields} | {field.key: answer})
    letter = compose(template, answers, a_member(), language=EN, today=TODAY)
    assert answer in letter.body
    assert bool(own_claims(letter, letter, template)) is is_asked


def test_a_campaign_may_name_further_words() -> None:
    template = a_template()
    campaign = template.campaign.model_copy(update={"claim_words": {"survey": ("consultation*",)}})
    letter = with_more("The consultations were clear.")
    assert asked(letter) == []
    assert len(asked(letter, template=replace(template, campaign=campaign))) == 1


def test_sentences_are_compared_without_quotes_dashes_and_spaces_of_a_kind() -> None:
    assert normalize("«\u00a0Oui\u00a0», dit-il — «Non».") == normalize('“Oui”, dit-il - "Non".')
    assert normalize("95 %") != normalize("96 %")
