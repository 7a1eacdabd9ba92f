"""A bill's number and stage are typed nowhere but in campaign.toml, so that no letter goes out of date."""

import pytest

from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.checks.prose import Prose, check_bills
from advocacy.language import Language
from tests.bills import an_act, with_bill
from tests.campaign_files import EN, FR, LETTER, campaign

NUMBERS = {
    Language.EN: ["Bill C-34 must pass.", "I read S-210 last night.", "Please read Bill 62."],
    Language.FR: ["Le projet de loi C-34 compte.", "J’ai lu le S-210.", "Le projet de loi n° 62 compte."],
}
STAGES = {
    Language.EN: [
        "The bill is at second reading.",
        "It is before the committee.",
        "It was sent to a House committee.",
        "It received Royal Assent.",
        "The bill has passed.",
        "It was defeated.",
        "It became law.",
        "It is on the order paper.",
    ],
    Language.FR: [
        "Le texte en est à la deuxième lecture.",
        "Il est devant le comité.",
        "Il est en comité.",
        "Il a reçu la sanction royale.",
        "Il a été adopté.",
        "Elle a été rejetée.",
        "Il est mort au feuilleton.",
    ],
}
HARMLESS = {
    Language.EN: [
        "I live at K1A 0A6.",
        "Please vote for the bill.",
        "We are a committee of parents and a reading club.",
        "It happened on 2026-05-06 in room B-12-3.",
        "My vitamin bill is unpaid.",
    ],
    Language.FR: [
        "J’habite H2X 1Y4.",
        "Merci d’appuyer le projet de loi.",
        "Nous sommes un comité de parents.",
        "La lecture me plaît.",
    ],
}


def test_what_is_between_the_tags_has_its_place_in_the_source() -> None:
    source = "a{{ b }}c{% if d %}e{% else %}f{% endif %}g"
    prose = Prose.of(source)
    assert prose == Prose(source, "axce\n\nfg", (0, 1, 8, 19, 20, 20, 30, 42, 43))
    assert [prose.span(0, 3), prose.span(6, 8), prose.span(3, 3)] == [(0, 9), (30, 43), (19, 19)]
    remark = prose.remark(1, 3, "to-fill-in")
    assert (remark.start, remark.length, remark.complaint.params["text"]) == (1, 8, "{{ b }}c")


@pytest.mark.parametrize("language", Language)
def test_numbers_of_bills_are_found(language: Language) -> None:
    for text in NUMBERS[language]:
        (found,) = check_bills(text, language)
        assert "is a bill typed by hand; write {{ bill.number }}" in found.complaint.sentence, text


@pytest.mark.parametrize("language", Language)
def test_stages_are_found(language: Language) -> None:
    for text in STAGES[language]:
        (found,) = check_bills(text, language)
        assert "is a stage typed by hand" in found.complaint.sentence, text
        assert list(check_bills(text, language, names_stage=True)) == []


@pytest.mark.parametrize("language", Language)
def test_ordinary_sentences_are_left_alone(language: Language) -> None:
    assert [found for text in HARMLESS[language] for found in check_bills(text, language)] == []


def test_a_stage_may_be_named_under_an_if_on_the_stage_and_only_there() -> None:
    source = (
        "{% if bill.stage == 'committee' %}It is before the committee.{% elif today %}It has passed.{% else %}"
        "It became law.{% endif %} At third reading."
    )
    found = [remark.complaint.sentence.split("”")[0] for remark in check_bills(source, Language.EN)]
    assert found == ["“has passed", "“became law", "“third reading"]


def test_letters_check_tells_where_a_bill_was_typed() -> None:
    text = {
        f"{LETTER}/en.md": EN.replace("In a survey", "Bill C-9 has passed. In a survey"),
        f"{LETTER}/fr.md": FR.replace("Dans un sondage", "Le projet de loi C-9 a été adopté. Dans un sondage"),
    }
    found = [str(problem) for problem in check_folder(campaign(text))]
    assert [one.split(";")[0] for one in found] == [
        f"open-libraries/{LETTER}/en.md:13:6: “C-9” is a bill typed by hand",
        f"open-libraries/{LETTER}/en.md:13:10: “has passed” is a stage typed by hand",
        f"open-libraries/{LETTER}/fr.md:13:18: “C-9” is a bill typed by hand",
        f"open-libraries/{LETTER}/fr.md:13:22: “a été adopté” is a stage typed by hand",
    ]


def test_an_act_may_name_the_stages_it_is_for() -> None:
    known = an_act(stages=("passed",), en="It has passed:", fr="Il a été adopté, acte")
    others = tuple(stage for stage in ("introduced", "committee", "third-reading", "other-house", "died", "unknown"))
    right = with_bill(known, an_act(stages=others))
    assert check_folder(campaign({"campaign.toml": right})) == []
    wrong = with_bill(an_act(stages=("passed",)), an_act(stages=others, en="It has passed:", fr="Acte"))
    found = [problem.sentence for problem in check_folder(campaign({"campaign.toml": wrong}))]
    assert len(found) == 3
    assert all("“has passed” is a stage typed by hand" in sentence for sentence in found)
