"""However an address is written, its mailbox is one; two people's are two."""

import pytest

from advocacy.abuse.mailboxes import mailbox_of
from advocacy.letters.encrypted_columns import normalize_address


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("camille+1@example.ca", "camille@example.ca"),
        ("camille+a+b@example.ca", "camille@example.ca"),
        ("Ca.Mil.Le+x@GoogleMail.com", "camille@gmail.com"),
        ("camille@me.com", "camille@icloud.com"),
        ("ca-mi_l.le@pm.me", "camille@proton.me"),
        ("petitions@camille.fastmail.com", "camille@fastmail.com"),
        ("letters-news@yahoo.ca", "letters@yahoo.ca"),
    ],
)
def test_every_spelling_of_a_mailbox_is_counted_as_one(address: str, mailbox: str) -> None:
    assert mailbox_of(normalize_address(address)) == mailbox
    assert mailbox_of(mailbox) == mailbox


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("c.essai@example.ca", "cessai@example.ca"),
        ("c-essai@example.ca", "c@example.ca"),
        ("camille@yahoo.ca", "camille@yahoo.com"),
        ("camille@hotmail.com", "camille@outlook.com"),
        ("a@camille.example.ca", "camille@example.ca"),
    ],
)
def test_what_may_be_two_people_is_counted_as_two(one: str, another: str) -> None:
    assert mailbox_of(one) != mailbox_of(another)
