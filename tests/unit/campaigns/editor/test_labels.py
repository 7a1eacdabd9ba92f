"""A writer reads short words in brackets, each of which stands for one thing only."""

import pytest

from advocacy.campaigns.editor import labels
from advocacy.campaigns.editor.condition_phrases import IS_CONSTITUENT, normalize_condition
from advocacy.campaigns.editor.labels import LabelKind, Labels
from advocacy.language import Language, fold
from tests.campaign_files import FINDINGS, LETTER, LETTER_TOML, campaign, campaign_with_statements
from tests.unit.campaigns.editor.manuscripts import SHIPPED, labels_for, labels_of

EN, FR = Language.EN, Language.FR
SMALL = labels_for("")


def words(found: Labels, name: str) -> tuple[str, str]:
    said = found.by_name[name].words
    return said.in_language(EN), said.in_language(FR)


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("citizen.riding", "riding", "circonscription"),
        ("relationship", "link to the cause", "lien avec la cause"),
        ("reason", "own words", "ses propres mots"),
        ("finding.removal_required", "95% · removal required by law", "95\u00a0% · suppression exigée par la loi"),
        ("finding.quote_government", "quote · Government absolutely must…", "citation · Le gouvernement doit…"),
        ("survey.started", "November 2019", "novembre 2019"),
        ("survey.respondents", "more than 23,700 people", "plus de 23\u00a0700 personnes"),
        ("survey.source", "Canadian Centre for Child Protection", "Centre canadien de protection de l’enfance"),
        ("if citizen.riding", "if riding given", "si le champ «\u00a0circonscription\u00a0» est rempli"),
        ("elif citizen.email", "or if e-mail address given", "ou si le champ «\u00a0courriel\u00a0» est rempli"),
        ("if citizen.is_constituent", "if own riding", "si c’est sa circonscription"),
        ('if recipient.office in ("senator", "speaker_senate")', "if to: Senate", "si pour\u00a0: Sénat"),
        ("else", "otherwise", "sinon"),
        ("endif", "end", "fin"),
    ],
)
def test_what_a_shipped_letter_prints_and_asks_has_short_words(name: str, english: str, french: str) -> None:
    assert words(labels_of(SHIPPED, "mandatory-takedown"), name) == (english, french)


@pytest.mark.parametrize(
    ("test", "english", "french"),
    [
        ("not reason", "if own words not given", "si le champ «\u00a0ses propres mots\u00a0» n’est pas rempli"),
        ("not citizen.is_constituent", "if not own riding", "si ce n’est pas sa circonscription"),
        ('role == "reader"', "if I write as: reader", "si le champ «\u00a0j’écris comme\u00a0» indique\u00a0: lectrice ou lecteur"),
        ('recipient.office == "mayor"', "if to: mayor", "si pour\u00a0: mairie"),
        ('recipient.office not in ("mayor", "senator")', "if not to: mayor or senator", "si pas pour\u00a0: mairie ou membre du Sénat"),
        ('citizen.city == "Laval"', "if municipality: “Laval”", "si le champ «\u00a0municipalité\u00a0» indique\u00a0: «\u00a0Laval\u00a0»"),
        (
            "reason and (citizen.email or citizen.street)",
            "if own words given and (e-mail address given or street address given)",
            "si le champ «\u00a0ses propres mots\u00a0» est rempli et (le champ «\u00a0courriel\u00a0» est rempli…",
        ),
    ],
)  # fmt: skip
def test_what_an_if_asks_is_reported_in_words(test: str, english: str, french: str) -> None:
    assert words(labels_for(f"{{% if {test} %}}x{{% endif %}}"), f"if {test}") == (english, french)


def test_every_spelling_of_a_condition_is_one_label() -> None:
    found = labels_for('{% if  recipient.office in("mayor" ,"senator") %}x{%endif%}', "")
    assert 'if recipient.office in ("mayor", "senator")' in found.by_name
    assert normalize_condition("  a   and\tnot( b )") == "a and not (b)"
    assert normalize_condition("a ] 'never ends") == "a ] 'never ends"


def test_a_condition_that_is_refused_has_no_label() -> None:
    assert set(labels_for("{% if 7*7 %}x{% endif %}{% if citizen.age %}y{% endif %}").by_name) == set(SMALL.by_name)


def test_sorts_tell_what_may_be_empty() -> None:
    sorts = {name: SMALL.by_name[name].kind for name in SMALL.by_name}
    assert sorts["citizen.name"] == sorts["today"] == sorts["recipient.name"] == LabelKind.FIELD
    assert {name for name, sort in sorts.items() if sort is LabelKind.OPTIONAL} == {
        *("citizen.postal_code", "citizen.street", "citizen.email", "citizen.riding", "role", "reason"),
    }
    assert sorts["finding.opening_yes"] == LabelKind.FINDING
    assert sorts["survey.duration"] == sorts["campaign.name"] == LabelKind.FACT
    assert sorts["if reason"] == sorts["elif reason"] == LabelKind.CONDITION
    assert (sorts["else"], sorts["endif"]) == (LabelKind.OTHERWISE, LabelKind.END)


def test_every_optional_blank_has_an_if_ready() -> None:
    optional = [name for name, label in SMALL.by_name.items() if label.kind is LabelKind.OPTIONAL]
    assert all({f"if {name}", f"elif {name}"} <= set(SMALL.by_name) for name in optional)


def test_a_finding_tells_its_question_wording_date_and_base() -> None:
    tip = labels_of(SHIPPED, "mandatory-takedown").by_name["finding.removal_required"].tip
    assert tip is not None
    assert tip.in_language(FR).startswith("Quelle est la responsabilité des entreprises de technologie")
    assert tip.in_language(FR).endswith(
        " 95\u00a0%\u00a0: «\u00a0Les entreprises devraient être obligées par la loi à supprimer les images volées"
        " d’enfants\u00a0»\nNovembre 2019, en 18 mois. Base\u00a0: plus de 23\u00a0700 personnes."
    )
    assert "95%: “Companies should be required by law" in tip.in_language(EN)
    assert "(translated)\nNovember 2019, over 18 months. Base: more than 23,700 people." in tip.in_language(EN)


def test_no_two_labels_are_called_alike() -> None:
    for language in Language:
        folded = [fold(called) for called in SMALL.by_words[language]]
        assert len(folded) == len(set(folded)) == len(SMALL.by_name)


def test_labels_that_would_be_alike_are_numbered_and_unfit_signs_go() -> None:
    findings = FINDINGS.replace('wording = { en = "No", fr', 'wording = { en = "[Yes]\\n{x}", fr').replace("62", "50")
    findings = findings.replace("38", "50").replace('fr = "Non"', 'fr = "oui"')
    toml = LETTER_TOML.replace('en = "I write as", fr = "J’écris comme"', 'en = "End", fr = "Fin"')
    folder = campaign({"findings.toml": findings, "sunday-hours/letter.toml": toml})
    found = labels.make_labels(folder.campaign(), folder.survey(), folder.letter("sunday-hours"), texts={})
    assert words(found, "finding.opening_yes") == ("50% · yes", "50\u00a0% · oui")
    assert words(found, "finding.opening_no") == ("50% · (Yes) (x)", "50\u00a0% · oui (2)")
    assert (words(found, "endif"), words(found, "role")) == (("end", "fin"), ("end (2)", "fin (2)"))


@pytest.mark.parametrize(
    ("label", "called"),
    [
        *(
            ("Your hobby", "your hobby"),
            ("École de votre enfant", "école de votre enfant"),
            ("Votre École", "votre École"),
        ),
        *(("RCMP file", "RCMP file"), ("New Brunswick town", "New Brunswick town"), ("Canada’s role", "Canada’s role")),
        *(("I write as", "I write as"), ("J’écris comme", "j’écris comme"), ("Il faut", "il faut"), ("A", "a")),
    ],
)
def test_a_fields_label_reads_as_within_a_sentence(label: str, called: str) -> None:
    toml = LETTER_TOML.replace('en = "I write as", fr = "J’écris comme"', f'en = "{label}", fr = "{label}"')
    folder = campaign({"sunday-hours/letter.toml": toml})
    found = labels.make_labels(folder.campaign(), folder.survey(), folder.letter("sunday-hours"), texts={})
    assert words(found, "role") == (called, called)


def test_labels_are_short_and_on_one_line() -> None:
    for letter in SHIPPED.letters():
        for language in Language:
            for called in labels_of(SHIPPED, letter).by_words[language]:
                assert 1 <= len(called) <= labels.MAX_CONDITION
                assert not set("[]{}\n\r") & set(called)
                assert called == called.strip()


def test_a_label_is_found_whatever_its_case_accents_and_spaces() -> None:
    found = labels_of(SHIPPED, "mandatory-takedown")
    typed = labels.find_label(found, "95 % · Suppression exigee par la loi", FR)
    assert typed is found.by_name["finding.removal_required"]
    assert labels.find_label(found, "95%", FR) is None
    assert labels.nearest_label(found, "sircomscription", FR) == "circonscription"
    assert labels.nearest_label(found, "zzzz", FR) == ""
    assert labels.in_brackets(found.by_name["citizen.riding"], FR) == "[circonscription]"


def test_a_campaign_is_offered_conditions_on_those_alone_whom_it_writes_to() -> None:
    assert f"if {IS_CONSTITUENT}" in SMALL.by_name
    assert {f"if {labels.TO_SENATE}", f"if {labels.TO_GOVERNMENT}"}.isdisjoint(SMALL.by_name)
    shipped = labels_of(SHIPPED, "mandatory-takedown").by_name
    assert {f"if {labels.TO_SENATE}", f"if {labels.TO_GOVERNMENT}"} <= set(shipped)


def test_a_tab_says_whom_a_case_is_for() -> None:
    asked = labels_for(f"{{% if {labels.TO_SENATE} %}}x{{% endif %}}")
    tabs = {
        test: (labels.case_title(asked, test, EN), labels.case_title(asked, test, FR))
        for test in (IS_CONSTITUENT, labels.TO_SENATE, "", "else")
    }
    assert list(tabs.values()) == [
        ("Own riding", "Sa circonscription"),
        ("Senate", "Sénat"),
        ("Everybody", "Tout le monde"),
        ("Other", "Autre"),
    ]
    assert (labels.case_title(SMALL, "reason", EN), labels.case_title(SMALL, "not reason", FR)) == (
        "With own words",
        "Sans ses propres mots",
    )
    assert labels.case_title(SMALL, "7*7", EN) == "7*7"


@pytest.mark.parametrize(
    ("test", "english", "french"),
    [
        ("reason", "Only if own words given", "Seulement si le champ «\u00a0ses propres mots\u00a0» est rempli"),
        ('recipient.office == "mayor"', "Only to: mayor", "Seulement pour\u00a0: mairie"),
        (
            'recipient.office == "mayor" and reason',
            "Only to: mayor and own words given",
            "Seulement pour\u00a0: mairie et le champ «\u00a0ses propres mots\u00a0» est rempli",
        ),
    ],
)
def test_the_box_of_a_condition_says_when_its_words_are_in_the_letter(test: str, english: str, french: str) -> None:
    title = labels_for(f"{{% if {test} %}}x{{% endif %}}").by_name[f"if {test}"].box_title
    assert title
    assert (title.in_language(EN), title.in_language(FR)) == (english, french)


def test_sentences_to_check_have_a_label_like_own_words() -> None:
    found = labels_of(campaign_with_statements(), LETTER)
    assert words(found, "statements") == ("checked sentences", "phrases cochées")
    assert words(found, "if statements") == (
        "if checked sentences given",
        "si le champ «\u00a0phrases cochées\u00a0» est rempli",
    )
