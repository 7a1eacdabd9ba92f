"""What changed is said passage by passage and word by word; labels whole; what breaks an open form is named."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.differences import changed_passages as titles_changed
from advocacy.campaigns.differences import compare_documents
from advocacy.campaigns.revision_effects import breaking_changes, changed_citations, season_changes
from advocacy.campaigns.setting_differences import compare_settings
from advocacy.campaigns.word_differences import Piece, compare_texts
from advocacy.language import Language
from tests.campaign_files import (
    LETTER,
    LETTER_TOML,
    SENTENCES,
    STATEMENTS,
    STATEMENTS_FIELD,
    campaign,
    campaign_with_statements,
    changed,
    statements_toml,
    with_field,
)

WORDS = some.lists(some.sampled_from(["the", "law", "must", "[riding]", "a", "should", ",", "\u00a0%"]), max_size=12)


def plain(bits: list[Piece], gone: str) -> str:
    """Read one of the two texts off a difference, spaces aside."""
    return "".join(bit.text for bit in bits if bit.change != gone).replace(" ", "")


@given(WORDS, WORDS)
def test_both_texts_can_be_read_off_a_difference(one: list[str], two: list[str]) -> None:
    bits = list(compare_texts(" ".join(one), " ".join(two)))
    assert plain(bits, "ins") == "".join(one)
    assert plain(bits, "del") == "".join(two)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("they responded today", "they chose to respond today", "they -responded- +chose to respond+ today"),
        ("it must pass", "it should pass", "it -must- +should+ pass"),
        ("it must", "it must not", "it must+ not+"),
        ("of stolen images", "of images", "of -stolen- images"),
        ("same", "same", "same"),
        ("", "new", "+new+"),
    ],
)
def test_what_is_gone_stands_before_what_is_new(old: str, new: str, shown: str) -> None:
    signs = {"": "", "del": "-", "ins": "+"}
    assert "".join(f"{signs[bit.change]}{bit.text}{signs[bit.change]}" for bit in compare_texts(old, new)) == shown


def rows(new: CampaignFolder, document: str = LETTER) -> list[tuple[str, str, str]]:
    """Return the rows that change: their title, and what is gone and new in English."""
    return [
        (
            row.title.in_language(Language.EN),
            "".join(bit.text for bit in row.sides[Language.EN] if bit.change == "del"),
            "".join(bit.text for bit in row.sides[Language.EN] if bit.change == "ins"),
        )
        for row in compare_documents(campaign(), new, document)
        if row.changed
    ]


def test_a_letter_is_compared_by_section_and_way_to_say_it() -> None:
    assert rows(changed(f"{LETTER}/letter.toml", "Please support", "Do support")) == [
        ("Opening, 2 of 2", "Please", "Do")
    ]


def test_whom_a_text_is_for_is_compared_in_words() -> None:
    assert rows(changed(f"{LETTER}/letter.toml", '{ given = ["email"] }', '{ roles = ["senator"] }')) == [
        (
            "Closing, for whom",
            "from somebody who can be answered by e-mail",
            "for a senator",
        )
    ]


PASSAGES = [
    ("subject-0", "Subject", ""),
    ("opening-0", "Opening, 1 of 2", ""),
    ("opening-1", "Opening, 2 of 2", ""),
    ("survey-0", "The survey", ""),
    ("own_words-0", "Their own words", ""),
    ("closing-0", "Closing, 1 of 2", ""),
    ("closing-1", "Closing, only from somebody who can be answered by e-mail", ""),
]


@pytest.mark.parametrize(
    ("pattern", "new", "shown"),
    [
        ("words that are nowhere", "", PASSAGES),
        (
            r'\[\[section\]\]\nkey = "survey"',
            r'[[section]]\nkey = "more"\n\n[[section.alternative]]\nen = "Read on."\nfr = "Lisez."\n\n\g<0>',
            [*PASSAGES[:3], ("more-0", "Section 3", "new"), *PASSAGES[3:]],
        ),
        (
            r'\[\[section\]\]\nkey = "own_words".*?(?=\[\[section\]\]\n)',
            "",
            [*PASSAGES[:4], *PASSAGES[5:], (None, "Their own words", "gone")],
        ),
        (
            r'\[\[section.alternative\]\]\nen = """Please support.*?(?=\[\[section\]\])',
            "",
            [PASSAGES[0], ("opening-0", "Opening", ""), (None, "Opening", "gone"), *PASSAGES[3:]],
        ),
    ],
)
def test_passages_are_called_by_their_places_in_the_new_letter(
    pattern: str, new: str, shown: list[tuple[str | None, str, str]]
) -> None:
    text = re.sub(pattern, new, LETTER_TOML, flags=re.DOTALL)
    found = [
        (row.cell, row.title.in_language(Language.EN), "new" if row.is_new else "gone" if row.is_gone else "")
        for row in compare_documents(campaign(), campaign({f"{LETTER}/letter.toml": text}), LETTER)
    ]
    assert found[: len(shown) + 1] == [*shown, (None, "Title", "")]


def test_a_label_is_compared_whole() -> None:
    new = changed(f"{LETTER}/letter.toml", "In a survey, {{ finding.opening_yes }}", "In a survey, 62%")
    found = compare_documents(campaign(), new, LETTER)
    gone = [bit for row in found for bit in row.sides[Language.EN] if bit.change == "del"]
    assert [(bit.chip, bit.text.startswith("62%")) for bit in gone] == [("known", True)]


def test_settings_go_by_the_names_people_know() -> None:
    assert rows(changed("findings.toml", "percent = 62", "percent = 61"), "findings") == [
        ("Question “Should libraries open on Sunday?”, answer “Yes”, share, in percent", "62", "61")
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "shown"),
    [
        (f"{LETTER}/letter.toml", 'kind = "words"', 'kind = "line"', ("Own words", "A line of text")),
        ("campaign.toml", "\nchambers", "\ncloses = 2026-12-31\nchambers", ("", "December 31, 2026")),
        ("findings.toml", "percent = 62", "percent = 61", ("62", "61")),
    ],
)
def test_a_sign_of_a_file_is_reported_in_words_of_the_page(
    file: str, old: str, new: str, *, shown: tuple[str, str]
) -> None:
    document = file.split("/")[0].removesuffix(".toml")
    state = changed(file, old, new)
    found = [
        one.sides[Language.EN] for one in compare_documents(campaign(), state, document) if one.changed and one.ours
    ]
    sides = [[" ".join(bit.text for bit in side if bit.change == what) for what in ("del", "ins")] for side in found]
    assert [*shown] in sides


def test_shared_sentences_show_labels_and_whom_they_are_for() -> None:
    act = """
[[act]]
only_for = { roles = ["senator"], stages = ["pending"] }

[[act.wording]]
en = "Will you vote for Bill {{ bill.number }}?"
fr = "Voterez-vous pour le projet de loi {{ bill.number }}?"
"""
    new = campaign({"sentences.toml": SENTENCES + act})
    assert rows(new, "sentences") == [
        (
            "What I ask of you, only for a senator, until the bill passes or dies, for whom",
            "",
            "Only for a senator, until the bill passes or dies",
        ),
        (
            "What I ask of you, only for a senator, until the bill passes or dies, wording 1",
            "",
            "Will you vote for Bill [bill number]?",
        ),
    ]


def test_a_key_is_shown_only_where_it_is_all_that_changes() -> None:
    assert not [
        title for title, _, _ in rows(changed("sentences.toml", "Reader", "Bookworm"), "sentences") if "key" in title
    ]
    renamed = rows(changed("sentences.toml", 'key = "reader"', 'key = "lover"'), "sentences")
    assert [(gone, new) for title, gone, new in renamed if title.endswith(", key")] == [("", "lover"), ("reader", "")]


def test_passages_that_differ_are_named_as_their_differences_are() -> None:
    new = changed(f"{LETTER}/letter.toml", "Please support", "Do support")
    differing = [row.title for row in compare_documents(campaign(), new, LETTER) if row.changed]
    assert list(titles_changed(campaign(), new, LETTER)) == differing
    assert titles_changed(campaign(), campaign(), LETTER) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (f"{LETTER}/letter.toml", 'kind = "words"', 'kind = "words"\nrequired = true', "becomes required"),
        (f"{LETTER}/letter.toml", 'key = "reason"', 'key = "why"', "“Why it matters to you” is removed"),
        (f"{LETTER}/letter.toml", 'kind = "words"', 'kind = "words"\nmax_characters = 100', "fewer characters: 100"),
        ("sentences.toml", 'key = "reader"', 'key = "lover"', "The answer “Reader” of “I write as” is removed."),
    ],
)
def test_what_breaks_an_open_form_is_named(file: str, old: str, new: str, *, said: str) -> None:
    assert any(said in one.in_language(Language.EN) for one in breaking_changes(campaign(), changed(file, old, new)))


def test_a_chamber_taken_out_is_named() -> None:
    chambers = 'chambers = ["house-of-commons"]'
    old, new = (changed("campaign.toml", chambers, f"chambers = [{named}]") for named in ('"senate"', '"ministers"'))
    assert [one.in_language(Language.EN) for one in breaking_changes(old, new)] == [
        "Letters will no longer go to: Senate of Canada."
    ]
    assert breaking_changes(campaign(), campaign()) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "closes = 2026-11-24", "The campaign ends at once: its last day was November 24, 2026."),
        ("", "closes = 2026-11-25", ""),
        ("", "opens = 2026-11-26", "Letters can no longer be written before November 26, 2026, the new first day."),
        ("closes = 2026-11-23", "closes = 2026-11-24", ""),
        ("opens = 2026-11-26", "closes = 2026-11-24", "Nobody will be able to write: the campaign’s last day was"),
    ],
)
def test_days_that_keep_everybody_from_writing_are_named(before: str, after: str, said: str) -> None:
    old, new = (changed("campaign.toml", "chambers =", f"{days}\nchambers =") for days in (before, after))
    found = [first.in_language(Language.EN) for first, _ in season_changes(old, new, today=date(2026, 11, 25))]
    assert len(found) == bool(said)
    assert all(one.startswith(said) for one in found)


def test_what_breaks_nothing_is_not_named() -> None:
    assert breaking_changes(campaign(), changed(f"{LETTER}/letter.toml", "Why it matters", "Why this matters")) == []
    assert breaking_changes(campaign(), changed(f"{LETTER}/letter.toml", 'key = "reason"', 'key = "rea son"')) == []


def test_a_corrected_figure_shows_the_sentences_that_cite_it() -> None:
    new = changed("findings.toml", "percent = 62", "percent = 61")
    new = CampaignFolder.of(new.name, {n: c.replace(b"percent = 38", b"percent = 39") for n, c in new.files})
    found = {one.language: one.sentences for one in changed_citations(campaign(), new)}
    (english,) = found[Language.EN]
    assert "".join(bit.text for bit in english if bit.change != "del").split() == [
        "In",
        "a",
        "survey,",
        "61%",
        "of",
        "respondents",
        "agreed.",
    ]
    (french,) = found[Language.FR]
    assert "61" in "".join(bit.text for bit in french)


def test_a_changed_wording_is_named_by_its_sentence_and_its_number() -> None:
    before = SENTENCES + statements_toml()
    after = before.replace("Quiet tables are where", "Calm tables are where")
    [setting] = [one for one in compare_settings(before.encode(), after.encode()) if one.before != one.after]
    assert setting.title.in_language(Language.EN) == "Sentence (reasons) “I need a quiet place”, wording 2"
    assert setting.after
    assert setting.after[Language.EN] == "Calm tables are where I prepare my exams."


def test_a_sentence_that_goes_and_a_lower_number_are_said_to_change_open_forms() -> None:
    fewer = {key: texts for key, texts in STATEMENTS.items() if key != "study"}
    new = campaign_with_statements(
        {
            "sentences.toml": SENTENCES + statements_toml(fewer),
            f"{LETTER}/letter.toml": with_field(STATEMENTS_FIELD + "max_ticks = 2\n"),
        }
    )
    assert [one.in_language(Language.EN) for one in breaking_changes(campaign_with_statements(), new)] == [
        "The field “Sentences that are true for you” allows fewer sentences: 2.",
        "The sentence “I need a quiet place” of “Sentences that are true for you” is removed.",
    ]
    assert breaking_changes(campaign_with_statements(), campaign_with_statements()) == []
