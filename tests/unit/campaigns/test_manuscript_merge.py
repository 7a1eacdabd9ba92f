"""Two people's paragraphs are put together: what one alone changed is theirs, and no words are lost."""

import pytest

from advocacy.campaigns.editor.manuscript import add_section, add_variant, cell, remove_section, with_text
from advocacy.campaigns.three_way_merge import CannotMerge, merge_manuscripts
from advocacy.language import Language
from tests.campaign_files import EN, FR
from tests.unit.campaigns.manuscripts import opened

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
