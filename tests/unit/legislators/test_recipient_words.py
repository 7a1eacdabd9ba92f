"""A recipient in a few words: a place, a role, and an office that tells them from others."""

import pytest

from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator, Riding
from advocacy.legislators.recipient import Office, Recipient
from advocacy.legislators.recipient_words import BODIES, office_of, party_of, place_of, role_of
from tests.builders import a_member, a_minister, a_senator, a_vacant_seat

MAYOR = a_member(
    office=Office.MAYOR,
    riding_code=None,
    riding=None,
    title=Wording.of(en="Mayor of Ottawa", fr="Maire d’Ottawa"),
    city=Wording.same("Ottawa"),
)
PROVINCIAL = a_member(office=Office.PROVINCIAL_MEMBER, title=Wording.of(en="Member", fr="Députée provinciale"))
NOBODY_KNOWN = a_member(riding=None, province=None)


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        (a_member(), ("Ottawa-Centre", "Chambre des communes", "Ottawa-Centre")),
        (a_vacant_seat(), ("Ottawa-Centre", "Chambre des communes", "Ottawa-Centre")),
        (a_minister(), ("Papineau", "Ministre de la Santé", "Ministre de la Santé")),
        (a_minister(title=None), ("Papineau", "Chambre des communes", "Marjorie Michel (Papineau)")),
        (a_senator(), ("Québec", "Sénat du Canada", "Anne Roy (Québec)")),
        (MAYOR, ("Ottawa", "Conseil municipal", "Maire d’Ottawa")),
        (PROVINCIAL, ("Ottawa-Centre", "Assemblée législative", "Ottawa-Centre")),
        (NOBODY_KNOWN, ("", "Chambre des communes", "Yasir Naqvi")),
    ],
)
def test_place_role_and_office(recipient: Recipient, words: tuple[str, str, str]) -> None:
    assert tuple(say(recipient, Language.FR) for say in (place_of, role_of, office_of)) == words


def test_every_office_sits_somewhere() -> None:
    assert set(BODIES) == set(Office)


@pytest.mark.parametrize("language", list(Language))
def test_they_are_said_in_the_language_asked_for(language: Language) -> None:
    assert role_of(a_member(), language) == BODIES[Office.MEMBER].in_language(language)
    assert place_of(a_senator(), language) == {"en": "Quebec", "fr": "Québec"}[language]


def test_french_words_of_the_lists_are_shown_as_they_are_written() -> None:
    senator = Legislator(party=Wording.of(en="Non-affiliated", fr="Non affilié(e)"))
    assert [party_of(senator, language) for language in Language] == ["Non-affiliated", "Sans affiliation"]
    assert party_of(Legislator(), Language.FR) == ""
    name = "Ville-Marie—Le Sud-Ouest—Île-des-Soeurs"
    member = Legislator(riding=Riding(name=Wording.of(en=name, fr=name)))
    assert member.place == Wording.of(en=name.replace("oe", "œ"), fr=name.replace("oe", "œ"))
