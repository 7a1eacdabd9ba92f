"""Advice is given at its place, and is no problem."""

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.checks.advice import check_advice
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.checks.readability import scale_of
from advocacy.language import Language
from advocacy.problems import ADVICE
from tests.bills import an_act, with_bill
from tests.campaign_files import LETTER, NAME, campaign, changed

ENGLISH, FRENCH = f"{LETTER}/en.md", f"{LETTER}/fr.md"
IN_ENGLISH, IN_FRENCH = "In a survey", "Dans un sondage"
HARD_EN = "Municipal representatives unanimously recommended additional accessibility."
HARD_FR = "L’accessibilité dominicale des établissements municipaux constituerait une amélioration considérable."


def words(number: int, word: str = "go") -> str:
    """A sentence of so many words."""
    return f"We {' '.join([word] * (number - 1))}."


def advice(folder: CampaignFolder) -> list[str]:
    return [str(advice).removeprefix(f"{NAME}/") for advice in check_advice(folder)]


def test_a_readable_letter_needs_no_advice() -> None:
    assert advice(campaign()) == []


def test_a_sentence_of_30_words_is_left_alone() -> None:
    assert advice(changed(ENGLISH, IN_ENGLISH, f"{words(30)} {IN_ENGLISH}")) == []


def test_a_sentence_of_31_words_is_reported_at_its_place() -> None:
    folder = changed(ENGLISH, IN_ENGLISH, f"So it is. {words(31)} {IN_ENGLISH}")
    (line,) = advice(folder)
    assert line == (
        f"{ENGLISH}:13:11: advice: This sentence has 31 words. "
        "Cut it in two: sentences of up to 30 words are easier to read."
    )
    assert check_folder(folder) == []


def test_a_long_sentence_in_french() -> None:
    (line,) = advice(changed(FRENCH, IN_FRENCH, f"{words(31, 'va')} {IN_FRENCH}"))
    assert line.startswith(f"{FRENCH}:13:1: advice: This sentence has 31 words.")


def test_a_sentence_that_begins_on_a_later_line_of_its_paragraph_is_reported_there() -> None:
    (line,) = advice(changed(ENGLISH, IN_ENGLISH, f"It is so.\n{words(31)}\n{IN_ENGLISH}"))
    assert line.startswith(f"{ENGLISH}:14:1: ")


@pytest.mark.parametrize(
    ("typed", "column", "count"),
    [
        ("{{ finding.opening_yes }} of us agree " + words(30), 27, 34),
        ("Of us, {{ finding.opening_yes }} agree " + words(30), 34, 34),
        ("See: {{ survey.source }} {{ survey.source }} {{ survey.source }} " + words(28), 66, 38),
    ],
)
def test_a_sentence_with_blanks_is_reported_where_its_words_stand(typed: str, column: int, count: int) -> None:
    (line,) = advice(changed(ENGLISH, IN_ENGLISH, f"{typed} {IN_ENGLISH}"))
    assert line.startswith(f"{ENGLISH}:13:{column}: advice: This sentence has {count} words.")


def test_a_sentence_that_conditions_make_long_is_reported_once() -> None:
    typed = f"{words(25)[:-1]}{{% if citizen.email %}} {words(7)[:-1]}{{% endif %}}{{% if role %}} now{{% endif %}}."
    (line,) = advice(changed(ENGLISH, IN_ENGLISH, f"{typed} {IN_ENGLISH}"))
    assert line.startswith(f"{ENGLISH}:13:1: advice: This sentence has 33 words.")


def test_a_letter_that_is_hard_to_read_is_reported_at_its_hardest_paragraph() -> None:
    (english,) = advice(changed(ENGLISH, IN_ENGLISH, f"{HARD_EN * 5} {IN_ENGLISH}"))[:1]
    assert english.startswith(f"{ENGLISH}:13:1: advice: Letters with this paragraph are hard to read: grade ")
    assert english.endswith(" (Flesch–Kincaid); aim for 8.5 or less. Begin here: it is their hardest paragraph.")


def test_each_alternative_that_makes_a_letter_hard_to_read_is_reported() -> None:
    text = campaign().text(FRENCH).replace("Merci d’appuyer", f"{HARD_FR} {HARD_FR} Merci d’appuyer")
    (line,) = advice(campaign({FRENCH: text}))
    assert line.startswith(f"{FRENCH}:9:1: advice: Letters with this paragraph are hard to read: ")
    assert " out of 100 (Kandel–Moles); aim for 65 or more. " in line


def test_a_letter_with_problems_is_given_no_advice_until_it_can_be_composed() -> None:
    broken = campaign({ENGLISH: f"# Subject\n\n{words(40)}\n\n{{{{ nothing }}}}\n"})
    assert check_folder(broken)
    assert advice(broken) == []


def test_every_letter_is_looked_at() -> None:
    files = {f"second/{name}": campaign().text(f"{LETTER}/{name}") for name in ("en.md", "fr.md", "letter.toml")}
    folder = campaign({**files, "second/en.md": files["second/en.md"].replace(IN_ENGLISH, f"{words(31)} {IN_ENGLISH}")})
    (line,) = advice(folder)
    assert line.startswith("second/en.md:13:1: ")


@pytest.mark.parametrize(("number", "advised"), [(28, 0), (29, 3)])
def test_an_act_over_30_words_is_reported_in_the_campaigns_file(number: int, advised: int) -> None:
    """With “now” where an answer can come, and the number of its wording, an act has two words more."""
    act = an_act(fr=f"{words(number, 'va')[:-1]}{{% if citizen.is_reachable %}} maintenant{{% endif %}}")
    text = with_bill(act)
    lines = advice(campaign({"campaign.toml": text}))
    assert len(lines) == advised
    for line, name in zip(lines, ("first", "second", "third"), strict=False):
        row = text[: text.index(f"{name} = {{")].count("\n") + 1
        column = text.split("\n")[row - 1].index("We ") + 1
        assert line.startswith(f"campaign.toml:{row}:{column}: advice: This sentence has 31 words.")


def test_acts_that_cannot_be_compiled_are_given_no_advice() -> None:
    assert advice(campaign({"campaign.toml": with_bill(an_act(en=f"{words(40)} {{{{ nothing }}}}"))})) == []
    assert advice(campaign({"campaign.toml": "name = "})) == []


def test_every_piece_of_advice_has_its_words() -> None:
    assert {scale_of(language).formula.advice for language in Language} < ADVICE
