"""A message of the domain is rendered in the language it is shown in."""

from advocacy.language import Language, Wording
from advocacy.messages import message, nmessage

FR, EN = Language.FR, Language.EN


def test_a_message_is_translated_by_the_catalog() -> None:
    assert message("Vacant seat").in_language(EN) == "Vacant seat"
    assert message("Vacant seat").in_language(FR) == "Siège vacant"


def test_parameters_are_rendered_in_the_same_language() -> None:
    said = message("%(campaign)s:", campaign=Wording.of(en="Air", fr="Air pur"))

    assert (said.in_language(EN), said.in_language(FR)) == ("Air:", "Air pur\u00a0:")
    assert message("%(campaign)s:", campaign=message("Vacant seat")).in_language(FR) == "Siège vacant\u00a0:"


def test_a_number_decides_the_form() -> None:
    forms = [nmessage("%(num)d word", "%(num)d words", num).in_language(FR) for num in (0, 1, 2)]

    assert forms == ["0 mot", "1 mot", "2 mots"]
    assert nmessage("%(num)d word", "%(num)d words", 0).in_language(EN) == "0 words"


def test_equal_messages_are_one_key() -> None:
    assert len({message("Vacant seat"), message("Vacant seat")}) == 1
