"""A writer reads short words in brackets, each of which stands for one thing only."""

import pytest

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.differences import letter_labels
from advocacy.campaigns.editor.labels import MAX_LABEL, LabelKind, Labels
from advocacy.campaigns.letter_text import cells
from advocacy.language import Language, fold
from tests.builders import the_campaign
from tests.campaign_files import FINDINGS, LETTER, campaign

EN, FR = Language.EN, Language.FR


def labels_of(folder: CampaignFolder, letter: str = LETTER) -> Labels:
    found = letter_labels(folder, letter)
    assert found is not None
    return found


def words(found: Labels, name: str) -> tuple[str, str]:
    said = found.by_name[name].words
    return said.in_language(EN), said.in_language(FR)


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("riding", "riding", "circonscription"),
        ("relationship", "who I am", "qui je suis"),
        ("reason", "own words", "ses propres mots"),
        ("why_you", "why I write to you", "pourquoi je vous écris"),
        ("finding.removal_required", "95% · removal required by law", "95\u00a0% · suppression exigée par la loi"),
        ("finding.quote_government", "quote · Government absolutely must…", "citation · Le gouvernement doit…"),
        ("survey.started", "November 2019", "novembre 2019"),
        ("survey.respondents", "more than 23,700 people", "plus de 23\u00a0700 personnes"),
        ("survey.source", "Canadian Centre for Child Protection", "Centre canadien de protection de l’enfance"),
    ],
)
def test_what_a_shipped_letter_prints_has_short_words(name: str, english: str, french: str) -> None:
    found = words(labels_of(the_campaign(), "mandatory-takedown"), name)
    assert [one.casefold() for one in found] == [english.casefold(), french.casefold()]


def test_kinds_tell_whose_words_they_are() -> None:
    kinds = {name: label.kind for name, label in labels_of(the_campaign(), "mandatory-takedown").by_name.items()}
    assert kinds["reason"] is kinds["riding"] is LabelKind.MINE
    assert kinds["why_you"] is LabelKind.SHARED
    assert kinds["finding.removal_required"] is LabelKind.FIGURE
    assert kinds["survey.started"] is kinds["bill.number"] is LabelKind.FACT
    assert "bill.number" not in labels_of(campaign()).by_name


def test_a_finding_tells_its_question_wording_date_and_base() -> None:
    tip = labels_of(the_campaign(), "mandatory-takedown").by_name["finding.removal_required"].tip
    assert tip is not None
    assert tip.in_language(FR).startswith("Quelle est la responsabilité des entreprises de technologie")
    assert tip.in_language(FR).endswith(
        " 95\u00a0%\u00a0: «\u00a0Les entreprises devraient être obligées par la loi à supprimer les images volées"
        " d’enfants\u00a0»\nNovembre 2019, en 18\u00a0mois. Base\u00a0: plus de 23\u00a0700 personnes."
    )
    assert "95%: “Companies should be required by law" in tip.in_language(EN)
    assert "(translated)\nNovember 2019, over 18 months. Base: more than 23,700 people." in tip.in_language(EN)


def test_no_two_labels_are_called_alike_and_all_are_short() -> None:
    for letter in the_campaign().letters():
        found = labels_of(the_campaign(), letter)
        for language in Language:
            called = [*found.by_words[language]]
            assert len({*map(fold, called)}) == len(called) == len(found.by_name)
            assert all(1 <= len(one) <= MAX_LABEL + 4 and not set("[]{}\n\r") & {*one} for one in called)


def test_an_answer_that_two_questions_have_names_its_question() -> None:
    findings = FINDINGS.replace('key = "opening"\n', 'key = "opening"\n', 1)
    second = (
        findings[findings.index("[[question]]") :].replace("opening", "closing").replace("number = 1", "number = 2")
    )
    second = second.replace("libraries open on Sunday", "cafés open on Sunday").replace("62", "82").replace("38", "18")
    found = labels_of(campaign({"findings.toml": f"{findings}\n{second}"}))
    assert words(found, "finding.closing_yes")[0].startswith("82% · Should cafés open on Sunday? ")


def test_labels_that_would_be_alike_are_numbered_and_unfit_signs_go() -> None:
    findings = FINDINGS.replace('wording = { en = "No", fr', 'wording = { en = "[Yes]\\n{x}", fr').replace("62", "50")
    findings = findings.replace("38", "50").replace('fr = "Non"', 'fr = "oui"')
    found = labels_of(campaign({"findings.toml": findings}))
    yes, no = words(found, "finding.opening_yes"), words(found, "finding.opening_no")
    assert no[0].endswith("(Yes) (x)")
    assert no[1].casefold() != yes[1].casefold()
    assert no[1].endswith("(2)")


def test_a_text_is_shown_with_labels_and_read_back() -> None:
    found = labels_of(the_campaign(), "mandatory-takedown")
    for cell in cells(the_campaign().letter("mandatory-takedown").sections):
        shown = found.show(cell.text, cell.language)
        assert "{" not in shown
        assert found.read(shown, cell.language) == cell.text
    assert found.read("Ask [somebody else]", EN) == "Ask [somebody else]"


def test_a_label_is_found_whatever_its_case_accents_and_spaces() -> None:
    found = labels_of(the_campaign(), "mandatory-takedown")
    assert found.find("95 % · Suppression exigee par la loi", FR) is found.by_name["finding.removal_required"]
    assert found.find("95%", FR) is None
    near = found.nearest("sircomscription", FR)
    assert near is found.by_name["riding"]
    assert found.nearest("zzzz", FR) is None
