"""A title stands for one thing, and everything a letter asks for has its titles in both languages."""

import pytest

from advocacy.campaigns.fields import citizen_fields
from advocacy.exports.merge.columns import FIRST_NAME, TITLES, folded, known_titles
from advocacy.language import Language
from tests.builders import a_template, the_campaign


def test_no_title_stands_for_two_things() -> None:
    titles = [
        folded(title)
        for key, named in TITLES.items()
        for title in {folded(key): key, **{folded(one): one for one in named}}
    ]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("letter", the_campaign().letters())
@pytest.mark.parametrize("language", list(Language))
def test_every_field_is_known_by_its_key_and_its_label(letter: str, language: Language) -> None:
    template = a_template(letter)
    known = known_titles(template)
    for field in (*citizen_fields(), *template.fields):
        assert known[folded(field.key)] == known[folded(field.label.in_language(language))] == field.key


@pytest.mark.parametrize(
    "title", ["first_name", "First name", "FIRST-NAME", " first  name: ", "First name *", "Prénom", "prenom"]
)
def test_case_accents_and_signs_around_a_title_do_not_matter(title: str) -> None:
    assert known_titles(a_template())[folded(title)] == FIRST_NAME
