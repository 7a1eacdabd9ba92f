"""What is said about safety is whole in every language, and nothing in it waits to be filled in."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from advocacy.language import Language, Wording
from advocacy.letters import safety
from advocacy.letters.safety import FILE, Passage, SafetyCopy, Status, load
from advocacy.toml_source import TomlProblems

TEXT = (files("advocacy.letters") / FILE).read_text(encoding="utf-8")
COPY = safety.shipped()
TIPLINE = {Language.EN: "1-866-658-9022", Language.FR: "1\u00a0866\u00a0658-9022"}


def said() -> Iterator[Wording]:
    for _, value in COPY:
        if isinstance(value, Passage):
            yield from filter(None, (value.words, value.title))
    for line in COPY.support:
        yield from filter(None, (line.name, line.what, line.contact))


def french() -> list[str]:
    return [wording.spoken(Language.FR) for wording in said()]


@pytest.mark.parametrize("language", Language)
def test_every_passage_says_something(language: Language) -> None:
    assert all(wording.spoken(language).strip() for wording in said())
    assert not [wording for wording in said() if "[" in wording.spoken(language)]


def test_french_and_english_are_not_the_same_words() -> None:
    for name, value in COPY:
        if isinstance(value, Passage):
            assert value.spoken(Language.FR) != value.spoken(Language.EN), name


def test_french_is_typeset() -> None:
    for text in french():
        assert not re.search(r"[^\u00a0]:(?!//)|[^\u00a0]%|\s[;!?]|'", text), text


def test_english_apostrophes_are_curly() -> None:
    assert not [wording for wording in said() if "'" in wording.spoken(Language.EN)]


@pytest.mark.parametrize("language", Language)
def test_the_tipline_and_the_police_are_named_to_who_found_something(language: Language) -> None:
    words = COPY.found_material.spoken(language)
    assert TIPLINE[language] in words
    assert "911" in words
    assert COPY.found_material.title
    tipline = next(line for line in COPY.support if line.key == "tipline")
    assert tipline.contact
    assert tipline.contact.spoken(language) == TIPLINE[language]
    assert tipline.name.spoken(language) in words


def test_the_advice_for_a_missing_space_says_what_to_do() -> None:
    assert "space after the point" in COPY.missing_space.spoken(Language.EN)
    assert "espace après le point" in COPY.missing_space.spoken(Language.FR)


def test_whatever_is_unverified_says_what_staff_must_settle() -> None:
    entries = [value for _, value in COPY if isinstance(value, Passage)] + list(COPY.support)
    assert not [entry for entry in entries if entry.status is Status.UNVERIFIED and not entry.note]


def test_no_unverified_keyword_is_given_to_a_child() -> None:
    helpline = next(line for line in COPY.support if line.key == "kids_help_phone")
    assert helpline.contact
    assert not re.search(r"TEXTO|PARLER", helpline.contact.spoken(Language.FR))


def test_keys_of_support_lines_are_unique() -> None:
    assert len({line.key for line in COPY.support}) == len(COPY.support)


def test_the_copy_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        COPY.blocked_link = COPY.missing_space  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('words.fr = "Quitter ce site"\n', "", "missing in: fr"),
        ("[quick_exit]", "[quick_exits]", "“quick_exit” is missing here"),
        ('words.en = "Leave this site"', 'words.en = "Leave [site]"', "a [placeholder]"),
        ('name = { fr = "Cyberaide.ca"', 'name = { fr = "[nom]"', "a [placeholder]"),
        ('status = "ours"', 'status = "maybe"', "“status”"),
        ("[quick_exit]\n", '[quick_exit]\ncolour = "red"\n', "“colour” is not a key known here"),
    ],
)
def test_a_gap_an_unknown_key_or_a_placeholder_is_refused_with_its_line(old: str, new: str, complaint: str) -> None:
    assert old in TEXT
    with pytest.raises(TomlProblems) as refusal:
        load(TEXT.replace(old, new, 1), file="copy.toml")
    assert complaint in str(refusal.value)
    assert re.match(r"copy\.toml:\d+:1: ", str(refusal.value))


def test_a_read_copy_is_the_shipped_copy() -> None:
    assert load(TEXT) == COPY
    assert isinstance(COPY, SafetyCopy)
