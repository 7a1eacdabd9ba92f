"""A letter to Parliament needs no stamp while someone sits there; any other does, and what is not known is said."""

from advocacy.language import Language
from advocacy.legislators.forms_of_address import (
    ADDRESS,
    NO_ADDRESS,
    NO_STAMP,
    RULE,
    STAMP,
    STAMP_FOR_A_VACANT_SEAT,
    mailing_instructions,
)
from advocacy.legislators.recipient import Office
from tests.builders import a_member, a_vacant_seat

FEDERAL = {
    Office.MEMBER,
    Office.SPEAKER_COMMONS,
    Office.MINISTER,
    Office.PRIME_MINISTER,
    Office.SENATOR,
    Office.SPEAKER_SENATE,
}


def test_mail_to_members_and_senators_is_free_and_shows_the_rule() -> None:
    for office in FEDERAL:
        how = mailing_instructions(a_member(office=office))
        assert (how.free, how.has_postal_address, how.rule) == (True, True, RULE)
        assert {NO_STAMP, ADDRESS} <= set(how.steps)


def test_other_mail_needs_a_stamp_and_an_address_that_must_be_looked_up() -> None:
    for office in set(Office) - FEDERAL:
        how = mailing_instructions(a_member(office=office))
        assert (how.free, how.has_postal_address, how.rule) == (False, False, None)
        assert {STAMP, NO_ADDRESS} <= set(how.steps)


def test_a_vacant_seat_has_an_address_and_needs_a_stamp() -> None:
    how = mailing_instructions(a_vacant_seat())
    assert (how.free, how.has_postal_address, how.rule) == (False, True, None)
    assert STAMP_FOR_A_VACANT_SEAT in how.steps


def test_the_rule_names_the_act_and_what_it_leaves_out() -> None:
    words = {
        Language.EN: ("Canada Post Corporation Act", "35(2)", "parcels"),
        Language.FR: ("Loi sur la Société canadienne des postes", "35(2)", "colis"),
    }
    assert all(word in RULE.in_language(language) for language in words for word in words[language])
