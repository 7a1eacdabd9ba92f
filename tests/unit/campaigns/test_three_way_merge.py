"""Two changes over one base become one; what both changed is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from advocacy.campaigns.editor.manuscript import add_section, add_variant, cell, remove_section, with_text
from advocacy.campaigns.three_way_merge import (
    CannotMerge,
    Conflict,
    merge,
    merge_manuscripts,
    merge_order,
    merge_tables,
)
from advocacy.language import Language
from tests.campaign_files import EN, FR
from tests.unit.campaigns.editor.manuscripts import opened

NAMES = some.sampled_from("abcde")
TEXTS = some.dictionaries(NAMES, some.sampled_from(["", "one", "two", "three"]))
ORDERS = some.lists(NAMES, unique=True)


def test_what_one_alone_changed_is_taken_from_them() -> None:
    merged = merge({"title": "A", "ask": "B"}, {"title": "A!", "ask": "B"}, {"title": "A", "ask": "B?"})
    assert merged.values == {"title": "A!", "ask": "B?"}
    assert not merged.conflicts


def test_where_both_changed_it_mine_stays_and_theirs_is_reported() -> None:
    merged = merge({"title": "A"}, {"title": "mine"}, {"title": "theirs"})
    assert merged.values == {"title": "mine"}
    assert merged.conflicts == {"title": Conflict("A", "mine", "theirs")}


def test_what_both_changed_alike_is_no_conflict() -> None:
    assert not merge({"title": "A"}, {"title": "B"}, {"title": "B"}).conflicts


def test_what_they_removed_and_i_left_alone_is_removed() -> None:
    assert merge({"title": "A"}, {"title": "A"}, {}).values == {}


def test_what_they_removed_and_i_changed_stays_and_is_reported() -> None:
    merged = merge({"title": "A"}, {"title": "B"}, {})
    assert merged.values == {"title": "B"}
    assert merged.conflicts == {"title": Conflict("A", "B", None)}


@given(TEXTS, TEXTS)
def test_a_change_of_one_alone_is_the_result_whoever_made_it(base: dict[str, str], changed: dict[str, str]) -> None:
    assert merge(base, changed, base).values == merge(base, base, changed).values == changed


@given(TEXTS, TEXTS, TEXTS)
def test_both_ways_round_find_the_same_conflicts(
    base: dict[str, str], one: dict[str, str], two: dict[str, str]
) -> None:
    assert merge(base, one, two).conflicts.keys() == merge(base, two, one).conflicts.keys()


def test_the_values_of_a_table_are_merged_one_by_one() -> None:
    base = {"name": {"en": "A", "fr": "B"}, "ask": None, "note": {"en": "C"}, "closes": 1, "opens": 1, "kind": 1}
    mine = {"name": {"en": "A!", "fr": "B"}, "ask": None, "note": None, "closes": 1, "opens": None, "kind": 1}
    theirs = {
        "name": {"en": "A", "fr": "B?"},
        "ask": {"en": "D"},
        "note": {"en": "C"},
        "closes": None,
        "opens": 1,
        "kind": 2,
    }
    values, conflicts = merge_tables(base, mine, theirs)
    whole = {
        "name": {"en": "A!", "fr": "B?"},
        "ask": {"en": "D"},
        "note": None,
        "closes": None,
        "opens": None,
        "kind": 2,
    }
    assert [*values.items()] == [*whole.items()]
    assert conflicts == {}


def test_a_table_of_which_both_changed_a_value_is_reported_by_its_name() -> None:
    mine, theirs = {"name": {"en": "mine", "fr": "B"}}, {"name": {"en": "theirs", "fr": "B?"}}
    assert merge_tables({"name": {"en": "A", "fr": "B"}}, mine, theirs) == (
        {"name": {"en": "mine", "fr": "B?"}},
        {"name": Conflict("A", "mine", "theirs")},
    )


def test_items_that_both_added_are_kept_where_each_put_them() -> None:
    assert merge_order("abc", "axbc", "abcy") == list("axbcy")


def test_an_item_that_one_removed_is_gone_unless_the_other_changed_it() -> None:
    assert merge_order("abc", "ac", "abc") == list("ac")
    assert merge_order("abc", "ac", "abc", keep={"b"}) == list("abc")


def test_my_order_counts_where_i_changed_it_and_theirs_otherwise() -> None:
    assert merge_order("abc", "cab", "abc") == list("cab")
    assert merge_order("abc", "abc", "bca") == list("bca")
    assert merge_order("abc", "cab", "bca") == list("cab")


@given(ORDERS, ORDERS)
def test_an_order_that_one_alone_changed_is_the_result(base: list[str], changed: list[str]) -> None:
    assert merge_order(base, changed, base) == merge_order(base, base, changed) == changed


BASE = opened(EN, FR)
SUBJECT, SURVEY = "s0.v0.c0", "s2.v0.c0"


def test_a_paragraph_that_a_colleague_added_is_combined_with_ones_own() -> None:
    mine = with_text(BASE, SURVEY, language=Language.EN, text="Paragraph of Maude.")
    theirs = with_text(add_section(BASE, after=0), "s1.v0.c0", language=Language.EN, text="New of Ines.")
    whole, conflicts = merge_manuscripts(BASE, mine, theirs)
    found = [case.text(Language.EN) for key in ("s1.v0.c0", "s3.v0.c0") if (case := cell(whole, key))]
    assert (found, conflicts) == (["New of Ines.", "Paragraph of Maude."], {})


def test_a_paragraph_that_i_removed_and_they_left_alone_stays_removed() -> None:
    theirs = with_text(BASE, SUBJECT, language=Language.FR, text="Objet d’Ines")
    whole, conflicts = merge_manuscripts(BASE, remove_section(BASE, 2), theirs)
    assert (whole, conflicts) == (remove_section(theirs, 2), {})


def test_a_paragraph_that_i_removed_and_they_changed_stays() -> None:
    theirs = with_text(BASE, SURVEY, language=Language.EN, text="Paragraph of Ines.")
    assert merge_manuscripts(BASE, remove_section(BASE, 2), theirs) == (theirs, {})


def test_of_a_text_that_both_changed_mine_stays_and_theirs_is_reported() -> None:
    mine, theirs = (with_text(BASE, SUBJECT, language=Language.EN, text=words) for words in ("Maude’s", "Ines’s"))
    theirs = with_text(theirs, SUBJECT, language=Language.FR, text="Objet d’Ines")
    whole, conflicts = merge_manuscripts(BASE, mine, theirs)
    assert whole == with_text(mine, SUBJECT, language=Language.FR, text="Objet d’Ines")
    assert conflicts == {f"{SUBJECT}.en": "Ines’s"}


def test_a_paragraph_whose_variants_both_changed_cannot_be_combined() -> None:
    theirs = with_text(add_variant(BASE, 2), SURVEY, language=Language.EN, text="Paragraph of Ines.")
    with pytest.raises(CannotMerge):
        merge_manuscripts(BASE, add_variant(add_variant(BASE, 2), 2), theirs)
