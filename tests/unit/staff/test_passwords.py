"""A password is long enough and not the first that anybody would try; nothing else is asked of it."""

import pytest

from advocacy.staff import passwords

KNOWN = ("maude@example.ca", "Maude Exemple", "advocacy", "letters.example.ca")


def test_twelve_characters_are_enough_and_eleven_are_not() -> None:
    assert passwords.problem("vb k72 q0 zx", personal=KNOWN) is None
    assert passwords.problem("vb k72 q0 z", personal=KNOWN) is passwords.TOO_SHORT


def test_128_characters_are_taken_and_129_are_not() -> None:
    long = "quatre chats gris au soleil du matin " * 5
    assert passwords.problem(long[:128], personal=KNOWN) is None
    assert passwords.problem(long[:129], personal=KNOWN) is passwords.TOO_LONG


def test_characters_are_counted_as_they_are_kept() -> None:
    # A ligature is two letters once normalized, a letter with its accent beside it is one.
    assert passwords.problem("ﬁve vb k72 q", personal=KNOWN) is None
    assert len(passwords.normalized("ﬁ")) == 2
    assert passwords.problem("e\u0301" * 6 + "xyzqv", personal=KNOWN) is passwords.TOO_SHORT


@pytest.mark.parametrize(
    "common",
    [
        "passwordpassword",
        "PASSWORD2026!",
        "12345678password",
        "1q2w3e4r5t6y",
        "aaaaaaaaaaaa",
        "AbAbAbAbAbAb",
        "123456789012",
        "zyxwvutsrqpo",
        "!!letmein!!!",
    ],
)
def test_what_everybody_tries_first_is_refused(common: str) -> None:
    assert passwords.problem(common, personal=KNOWN) is passwords.COMMON


@pytest.mark.parametrize(
    "mine", ["maude@example.ca", "MAUDE EXEMPLE 1", "maude-exemple", "Letters.example.ca", "advocacy2026!"]
)
def test_what_everybody_knows_of_one_is_refused(mine: str) -> None:
    assert passwords.problem(mine, personal=KNOWN) is passwords.PERSONAL


@pytest.mark.parametrize(
    "good", ["correct horse battery staple", "à la claire fontaine", "日本語のパスワードはここに", "8f3a9c1d7b2e"]
)
def test_nothing_is_asked_of_what_it_is_made(good: str) -> None:
    assert passwords.problem(good, personal=KNOWN) is None


def test_the_list_is_whole() -> None:
    assert len(passwords.common()) > 19_000
