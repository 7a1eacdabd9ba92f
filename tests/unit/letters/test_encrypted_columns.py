"""A sealed column opens in its own row alone, and every spelling of a mailbox is one address."""

import pytest

from advocacy.encryption import CannotDecrypt, Keys
from advocacy.letters import encrypted_columns
from advocacy.letters.models import Submission

KEYS = Keys.make()


def test_a_sealed_column_is_opened_in_its_own_row_alone() -> None:
    row, other = Submission(id="4f"), Submission(id="5f")
    encrypted_columns.write(row, "name_sealed", "Camille Essai", keys=KEYS)
    other.name_sealed = row.name_sealed

    assert encrypted_columns.place(Submission, "4f", "name_sealed") == "submissions.name_sealed:4f"
    assert encrypted_columns.read(row, "name_sealed", keys=KEYS) == "Camille Essai"
    with pytest.raises(CannotDecrypt):
        encrypted_columns.read(other, "name_sealed", keys=KEYS)


def test_what_was_erased_is_read_as_nothing() -> None:
    assert encrypted_columns.read(Submission(id="4f", name_sealed=None), "name_sealed", keys=KEYS) is None


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
