"""The names that a letter may use, and the message where it uses another."""

from advocacy.campaigns.grammar.allowed_names import FLAGS, OFFICES, AllowedNames
from advocacy.campaigns.letter_template import NOTE_NAMES
from advocacy.legislators.recipient import Office

NAMES = AllowedNames.offered(fields=["reason"], findings=["a", "b"], choices={"reason": frozenset({"x"})})


def test_the_offices_are_those_there_are() -> None:
    assert frozenset(Office) == OFFICES


def test_a_name_of_a_known_root_is_answered_with_those_of_that_root() -> None:
    assert NAMES.similar("recipient.nam") == ["recipient.name", "recipient.office", "recipient.role"]
    assert NAMES.similar("finding.c") == ["finding.a", "finding.b"]
    assert "citizen.is_constituent" in NAMES.similar("citizen")
    assert "citizen.is_constituent" not in NAMES.similar("citizen", printed=True)


def test_a_name_of_an_unknown_root_is_answered_with_the_roots() -> None:
    offered = ["campaign.…", "citizen.…", "finding.…", "reason", "recipient.…", "survey.…", "today"]
    assert NAMES.similar("user.name") == NAMES.similar("reasons") == offered


def test_where_few_names_are_offered_all_are_listed() -> None:
    assert NOTE_NAMES.similar("citizen.name", printed=True) == [
        *("survey.duration", "survey.method", "survey.respondents", "survey.source", "survey.started", "survey.title")
    ]


def test_a_condition_may_ask_for_texts_and_flags() -> None:
    assert all(NAMES.offers(name) for name in (*FLAGS, "reason", "finding.a"))
    assert not NAMES.offers("citizen")


def test_what_a_name_can_be_is_known_for_offices_and_choices_alone() -> None:
    assert NAMES.answers("recipient.office") == OFFICES
    assert NAMES.answers("reason") == frozenset({"x"})
    assert NAMES.answers("citizen.city") is None
