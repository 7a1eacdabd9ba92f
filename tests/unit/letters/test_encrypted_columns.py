"""Every spelling of a mailbox is one address, which is found by its hash."""

import pytest

from advocacy.encryption import Keys
from advocacy.letters import encrypted_columns

KEYS = Keys.make()


@pytest.mark.parametrize(
    "spelling",
    [
        "camille.essai@example.ca",
        "Camille.Essai@EXAMPLE.ca",
        "  camille.essai@example.ca\n",
        "camille.essai@ｅxample.ca",
    ],
)
def test_every_spelling_of_a_mailbox_is_one_address(spelling: str) -> None:
    assert encrypted_columns.normalize_address(spelling) == "camille.essai@example.ca"


def test_an_accent_and_a_domain_are_the_same_in_both_their_forms() -> None:
    assert encrypted_columns.normalize_address("rene\u0301@café.ca") == encrypted_columns.normalize_address(
        "rené@xn--caf-dma.ca"
    )


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("sam@example.ca", "\u017fam@example.ca"),
        ("i@example.ca", "\u0131@example.ca"),
        ("strasse@example.ca", "straße@example.ca"),
        ("kim@strasse.example.ca", "kim@straße.example.ca"),
        ("kim@example.ca", "kim+news@example.ca"),
        ("kim.lee@example.ca", "kimlee@example.ca"),
    ],
)
def test_two_mailboxes_that_look_alike_are_not_one(one: str, another: str) -> None:
    assert encrypted_columns.normalize_address(one) != encrypted_columns.normalize_address(another)


@pytest.mark.parametrize("text", ["", "camille", "a@b@c", "@"])
def test_anything_may_be_looked_for(text: str) -> None:
    assert encrypted_columns.normalize_address(text) == text


def test_an_address_is_looked_for_by_a_hash_under_every_key_the_newest_first() -> None:
    rotated = Keys((*Keys.make().newest_first, *KEYS.newest_first))
    newest, older = encrypted_columns.address_hashes(rotated, "Camille@example.ca")

    assert (older,) == encrypted_columns.address_hashes(KEYS, "camille@example.ca")
    assert newest != older
    assert "camille" not in newest
