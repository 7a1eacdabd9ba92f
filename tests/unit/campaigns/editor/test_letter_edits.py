"""A letter is changed one alternative or section at a time, and what was not written anew is marked."""

import pytest

from advocacy.campaigns.campaign_files import LetterFile
from advocacy.campaigns.editor import letter_edits
from advocacy.campaigns.editor.letter_edits import AlternativeKey, with_blank_at_end, with_typed
from advocacy.campaigns.legislation import Role
from advocacy.campaigns.letter_text import Alternative
from advocacy.campaigns.only_for import OnlyFor
from advocacy.language import Language
from tests.builders import the_campaign

EN, FR = Language.EN, Language.FR
OLD = Alternative(texts={EN: "Old.", FR: "Vieux."})
SENATORS = OnlyFor(roles=(Role.SENATOR,))


@pytest.fixture
def letter() -> LetterFile:
    return the_campaign().letter("mandatory-takedown")


def typed(
    alternative: Alternative, en: str, fr: str, *, shown: Alternative = OLD, stale: tuple[Language, ...] = ()
) -> Alternative:
    return with_typed(alternative, {EN: en, FR: fr}, shown=shown.texts, stale=stale)


@pytest.mark.parametrize(
    ("en", "fr", "stale"),
    [
        ("Old.", "Vieux.", {}),
        ("New.", "Vieux.", {FR: "Old."}),
        ("Old.", "Neuf.", {EN: "Vieux."}),
        ("New.", "Neuf.", {}),
    ],
)
def test_the_language_that_was_not_written_anew_is_marked(en: str, fr: str, stale: dict[Language, str]) -> None:
    assert typed(OLD, en, fr).stale == stale


def test_a_mark_keeps_the_first_words_until_the_language_catches_up() -> None:
    once = typed(OLD, "New.", "Vieux.")
    twice = typed(once, "Newer.", "Vieux.", shown=once, stale=(FR,))
    assert twice.stale == {FR: "Old."}
    caught_up = typed(twice, "Newer.", "Neuf.", shown=twice, stale=(FR,))
    assert caught_up.stale == {}
    assert typed(caught_up, "Newer.", "Plus neuf.", shown=twice, stale=(FR,)).stale == {}


def test_a_mark_is_ticked_off(letter: LetterFile) -> None:
    key = AlternativeKey("opening", 0)
    marked = letter_edits.with_alternative(letter, key, lambda one: one.model_copy(update={"stale": {FR: "x"}}))
    assert letter_edits.says_the_same(marked, key, FR) == letter


def test_another_way_begins_as_a_copy_of_the_last_one_for_everybody(letter: LetterFile) -> None:
    for_some = letter_edits.add_alternative(letter, "opening", SENATORS)
    longer = letter_edits.add_alternative(for_some, "opening")
    opening = longer.sections[1].alternatives
    assert opening[-1] == opening[-3] == letter.sections[1].alternatives[-1]
    assert opening[-2].only_for == SENATORS
    shown = [key.number for key, _one in letter_edits.usual_first(longer.sections[1])]
    assert shown == [0, 1, 2, 3, 5, 4]


def test_the_last_way_the_subject_and_the_last_section_stay(letter: LetterFile) -> None:
    for _ in range(9):
        letter = letter_edits.remove_alternative(letter, AlternativeKey("closing", 0))
    assert len(letter.sections[-1].alternatives) == 1
    for section in letter.sections:
        letter = letter_edits.remove_section(letter, section.key)
    assert len(letter.sections) == 2
    assert letter.sections[0].key == "subject"


def test_sections_move_below_the_subject(letter: LetterFile) -> None:
    def keys(letter: LetterFile) -> list[str]:
        return [section.key for section in letter.sections]

    before = keys(letter)
    assert keys(letter_edits.move_section(letter, before[1], by=-1)) == before
    assert keys(letter_edits.move_section(letter, before[0], by=1)) == before
    assert keys(letter_edits.move_section(letter, before[1], by=1))[1:3] == [before[2], before[1]]
    assert keys(letter_edits.add_section(letter)) == [*before, "section_1"]


def test_for_whom_an_alternative_is_changes_and_is_taken_back(letter: LetterFile) -> None:
    key = AlternativeKey("opening", 1)
    changed = letter_edits.set_only_for(letter, key, SENATORS)
    assert changed.sections[1].alternatives[1].only_for == SENATORS
    assert letter_edits.set_only_for(changed, key, None) == letter


@pytest.mark.parametrize(
    ("text", "name", "longer"),
    [
        ("They agreed.", "finding.yes", "They agreed {{ finding.yes }}."),
        ("They agreed.", "reply", "They agreed. {{ reply }}"),
        ("", "reply", "{{ reply }}"),
    ],
)
def test_a_blank_is_put_at_the_end(text: str, name: str, longer: str) -> None:
    assert with_blank_at_end(text, name) == longer


def test_what_the_person_writes_is_told_from_words_of_the_letter(letter: LetterFile) -> None:
    found = {
        section.key for section in letter.sections if letter_edits.is_what_the_person_writes(section, letter.fields)
    }
    assert found == {"own_words"}
