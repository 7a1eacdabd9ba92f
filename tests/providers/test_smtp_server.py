"""A mail server's address says how it is entered, and a wrong one is answered with advice that repeats nothing."""

import pytest

from advocacy.providers.smtp import Server, Tls


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.ca", Server("mail.example.ca", 587, "", "", Tls.STARTTLS)),
        ("smtp://mail.example.ca:25/?tls=none", Server("mail.example.ca", 25, "", "", Tls.NONE)),
        ("smtps://a:b@mail.example.ca", Server("mail.example.ca", 465, "a", "b", Tls.IMPLICIT)),
        ("smtp://a%40b.ca:p%2Fs%23%3A@mail", Server("mail", 587, "a@b.ca", "p/s#:", Tls.STARTTLS)),
        ("smtp://localhost:1025", Server("localhost", 1025, "", "", Tls.NONE)),
        ("smtp://[::1]:25", Server("::1", 25, "", "", Tls.NONE)),
        ("smtp://127.0.0.1?tls=starttls", Server("127.0.0.1", 587, "", "", Tls.STARTTLS)),
    ],
)
def test_an_address_says_where_and_how(url: str, server: Server) -> None:
    assert Server.read(url) == server


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.example.ca", "https://mail.example.ca", "smtp://", "smtp://:secret@", "smtp://mail:port"),
        *("smtp://a:secret#@mail", "smtp://a:secret/@mail", "smtp://mail/secret", "smtp://mail?tls=maybe"),
        *("smtp://mail?ssl=secret", "smtp://mail?secret", "smtp://[mail", "smtp://mail:99999"),
    ],
)
def test_a_wrong_one_is_answered_with_advice_that_repeats_nothing(url: str) -> None:
    with pytest.raises(ValueError, match=r"^write it as smtp://user:password@mail\.example\.ca:587 or") as wrong:
        Server.read(url)
    assert "secret" not in str(wrong.value)


def test_no_password_is_shown_by_accident() -> None:
    assert "secret" not in repr(Server.read("smtps://name:secret@mail.example.ca"))
