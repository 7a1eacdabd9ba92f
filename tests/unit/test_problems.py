"""Every code that a check can report has a message in every language."""

from datetime import date
from decimal import Decimal

from advocacy.campaigns.checks.campaign_check import check_advice, check_folder
from advocacy.language import Language, Wording
from advocacy.messages import Message, catalog, message
from advocacy.problems import COMMON_PARAMS, SENTENCES, Place, complaint
from advocacy.toml_source import PATTERN_WORDS
from tests.campaign_files import LETTER, changed


def test_every_message_has_a_translation() -> None:
    always = [one.msgid for one in (*COMMON_PARAMS.values(), *PATTERN_WORDS.values()) if isinstance(one, Message)]
    for msgid in (*SENTENCES.values(), *always):
        assert catalog(Language.FR).ugettext(msgid) != msgid


def test_a_page_names_the_blanks_of_a_sentence_by_their_labels() -> None:
    labels = {"finding.opening_yes": Wording.same("62% · Yes"), "role": Wording.same("who I am")}
    [problem] = check_folder(changed(f"{LETTER}/letter.toml", "{{ finding.opening_yes }} des", "La plupart des"))
    assert problem.sentence == "In the other language, and missing here: finding.opening_yes."
    said = problem.message_with(labels)
    assert said.in_language(Language.EN) == "In the other language, and missing here: 62% · Yes."
    assert said.in_language(Language.FR) != said.in_language(Language.EN)


def test_numbers_days_and_lists_are_written_as_each_language_does() -> None:
    long = complaint("value-too-long", key="x", most=20_000).message
    assert "20,000 characters" in long.in_language(Language.EN)
    assert "20\u00a0000 caractères" in long.in_language(Language.FR)
    assert "le 6 mai 2026" in complaint("closes-before-opens", day=date(2026, 5, 6)).message.in_language(Language.FR)
    assert "62,5" in complaint("survey-total", total=Decimal("62.5")).message.in_language(Language.FR)
    names = complaint("language-lacks", names=("a", message("a senator"))).message
    assert "ici\u00a0: a, un sénateur" in names.in_language(Language.FR)


def test_problems_stand_in_the_order_of_their_places() -> None:
    there = [complaint("link", text="b").at(Place("a", 2)), complaint("link", text="a").at(Place("a", 1, 5))]
    assert [one.line for one in sorted(there)] == [1, 2]
    assert len({*there, complaint("link", text="b").at(Place("a", 2))}) == 2


def test_advice_is_no_problem_to_fix() -> None:
    advice = complaint("long-sentence", words=31, most=30).at(Place("a"))
    assert advice.is_advice
    assert str(advice).startswith("a:1:1: advice: This sentence")
    long = changed(f"{LETTER}/letter.toml", "In a survey", f"{'Go ' * 40}. In a survey")
    assert check_folder(long) == []
    assert [problem.code for problem in check_advice(long)] == ["long-sentence"]
