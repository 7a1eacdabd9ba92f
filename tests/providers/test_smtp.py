"""A mail server is spoken to on one line that is kept, and whatever it answers, we know what to do next."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import pytest

from advocacy.delivery.provider import Accepted, NotAllowed, Refused, TryLater, Unknown
from advocacy.providers.smtp import MAX_IDLE, Server, Smtp, Tls
from tests.fakes.certificate import write_certificate
from tests.fakes.relay import Relay
from tests.providers.benches import an_envelope, now, read
from tests.providers.mail_server import CLOSE, PASSWORD, USER, MailServer


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


pytestmark = pytest.mark.loopback


@contextmanager
def an_smtp(url: str, **different: Any) -> Iterator[Smtp]:
    smtp = Smtp(url, now=now, **different)
    try:
        yield smtp
    finally:
        smtp.close()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1, and what a server needs to show it."""
    file = write_certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return file, context


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as listening:
        yield listening


@pytest.fixture
def smtp(server: MailServer) -> Iterator[Smtp]:
    with an_smtp(server.url) as made:
        yield made


def test_the_server_hears_one_sender_and_one_address_and_its_number_is_told(server: MailServer, smtp: Smtp) -> None:
    assert smtp.send(an_envelope()) == Accepted("4AF31C2E")
    [mail] = server.taken
    assert (mail.sender, mail.to) == ("lettres@campagne.example", ("yasir.naqvi@parl.example",))
    assert mail.helo == "campagne.example"


def test_a_server_that_tells_no_number_takes_the_mail_all_the_same(server: MailServer, smtp: Smtp) -> None:
    server.answers["DATA"] = "250 Thank you for <camille.essai@example.ca>"
    assert smtp.send(an_envelope()) == Accepted("")


def test_this_machine_has_the_name_it_is_given(server: MailServer) -> None:
    with an_smtp(server.url, helo="letters.example") as smtp:
        smtp.send(an_envelope())
    assert server.taken[0].helo == "letters.example"


def test_many_mails_go_by_one_line(server: MailServer, smtp: Smtp) -> None:
    for nth in range(20):
        smtp.send(an_envelope(id=f"id{nth}"))
    assert (len(server.taken), server.lines) == (20, 1)


def test_a_line_that_was_closed_in_the_meantime_is_opened_again(server: MailServer, smtp: Smtp) -> None:
    smtp.send(an_envelope(id="before"))
    server.hang_up()
    smtp.send(an_envelope(id="after"))
    assert [read(mail.content).id for mail in server.taken] == ["before", "after"]
    assert server.lines == 2


def test_a_kept_line_that_says_goodbye_is_opened_again(server: MailServer, smtp: Smtp) -> None:
    smtp.send(an_envelope())
    server.answers["MAIL"] = "421 idle for too long"
    with pytest.raises(TryLater, match=r"^smtp_421$"):
        smtp.send(an_envelope())
    assert server.lines == 2
    del server.answers["MAIL"]
    smtp.send(an_envelope())
    assert len(server.taken) == 2


REFUSALS = [
    *((step, f"{code} no", TryLater, f"smtp_{code}") for step in ("MAIL", "RCPT", "DATA") for code in (421, 451, 452)),
    ("MAIL", "550 who are you", NotAllowed, "smtp_550"),
    ("MAIL", "530 5.7.0 Authentication required", NotAllowed, "smtp_530"),
    ("MAIL", "552 5.3.4 too big", Refused, "too_large"),
    ("RCPT", "530 5.7.0 Authentication required", NotAllowed, "smtp_530"),
    ("RCPT", "550 5.1.1 <yasir.naqvi@parl.example> unknown", Refused, "address"),
    ("RCPT", "552 5.2.2 mailbox full", Refused, "address"),
    ("RCPT", "550 5.1.1 <relay@parl.example> unknown", Refused, "address"),
    ("RCPT", "554 5.7.1 <yasir.naqvi@parl.example>: Relay access denied", NotAllowed, "smtp_554"),
    ("RCPT", "550 relay not permitted", NotAllowed, "smtp_550"),
    ("RCPT", "550 5.7.1 Relaying denied", NotAllowed, "smtp_550"),
    ("RCPT", "550 5.7.1 Unable to relay", NotAllowed, "smtp_550"),
    ("DATA", "554 5.7.1 spam", TryLater, "policy"),
    ("DATA", "554 spam", Refused, "content"),
    ("DATA", "554 5.6.0 no such encoding", Refused, "content"),
    ("RCPT", "550 Daily sending limit", Refused, "address"),
    ("RCPT", "550 5.4.5 Daily sending limit", TryLater, "limit"),
    ("MAIL", "550 5.4.5 Daily sending limit", TryLater, "limit"),
    ("RCPT", "550 5.1.90 Daily limit of recipients", TryLater, "limit"),
    ("DATA", "550 5.7.28 flood", TryLater, "limit"),
    ("RCPT", "550 5.4.1 no answer from that host", TryLater, "policy"),
    ("RCPT", "550 5.3.0 something is wrong here", TryLater, "policy"),
    ("RCPT", "550 5.5.0 what was said", TryLater, "policy"),
    ("RCPT", "550 5.7.2 a list that takes no mail", Refused, "address"),
    ("DATA", "550 5.1.1 nobody", Refused, "address"),
    ("DATA", "550 5.7.26 unauthenticated", NotAllowed, "smtp_550"),
    ("RCPT", "550 5.7.13 account disabled", NotAllowed, "smtp_550"),
    ("RCPT", "550 5.1.8 bad outbound sender", NotAllowed, "smtp_550"),
    ("MAIL", "550 5.1.1 nobody of this name", NotAllowed, "smtp_550"),
    ("MAIL", "550 5.7.1 not you", NotAllowed, "smtp_550"),
    ("RCPT", "550 15.4.5 not a status", Refused, "address"),
    ("RCPT", "550 5.99.1 of no subject", Refused, "address"),
    ("DATA", "552 5.3.4 too big", Refused, "too_large"),
    ("MAIL", CLOSE, TryLater, "connection"),
    ("RCPT", CLOSE, TryLater, "connection"),
    ("DATA", CLOSE, Unknown, "connection"),
    ("DATA", "354 once more", Unknown, "answer"),
]


@pytest.mark.parametrize(("step", "answer", "asked", "reason"), REFUSALS)
def test_each_answer_at_each_step_says_what_to_do(
    server: MailServer, smtp: Smtp, *, step: str, answer: str, asked: type[Exception], reason: str
) -> None:
    server.answers[step] = answer
    with pytest.raises(asked) as trouble:
        smtp.send(an_envelope())
    assert str(trouble.value) == reason
    server.answers.clear()
    server.taken.clear()
    smtp.send(an_envelope(id="next"))
    assert [read(mail.content).id for mail in server.taken] == ["next"]


@pytest.mark.parametrize(
    ("step", "answer", "counts"),
    [
        ("MAIL", "451 later", False),
        ("MAIL", CLOSE, False),
        ("RCPT", "421 closing", False),
        ("RCPT", "451 later", True),
        ("RCPT", CLOSE, True),
        ("DATA", "451 later", True),
    ],
)
def test_a_temporary_trouble_names_no_time_and_counts_where_it_is_about_this_mail(
    server: MailServer, smtp: Smtp, *, step: str, answer: str, counts: bool
) -> None:
    server.answers[step] = answer
    with pytest.raises(TryLater) as trouble:
        smtp.send(an_envelope())
    assert (trouble.value.after, trouble.value.counts) == (None, counts)


def test_a_server_that_cannot_be_reached_uses_up_no_attempt(server: MailServer, smtp: Smtp) -> None:
    server.stop()
    with pytest.raises(TryLater) as trouble:
        smtp.send(an_envelope())
    assert (trouble.value.reason, trouble.value.counts) == ("connection", False)


@pytest.mark.parametrize(
    ("answer", "refused"), [("550 5.1.1 nobody", False), ("550 nobody", True), ("550 5.7.1 a policy", True)]
)
def test_it_is_said_whether_the_next_message_may_be_refused_alike(
    server: MailServer, smtp: Smtp, *, answer: str, refused: bool
) -> None:
    server.answers["RCPT"] = answer
    with pytest.raises((Refused, TryLater)) as trouble:
        smtp.send(an_envelope())
    said = trouble.value
    assert (said.refused if isinstance(said, TryLater) else isinstance(said, Refused) and not said.only_this) is refused


@pytest.mark.parametrize(("answer", "counts"), [("550 5.4.5 limit", False), ("550 5.7.1 a policy", True)])
def test_a_limit_uses_up_no_attempt_and_a_policy_does(
    server: MailServer, smtp: Smtp, *, answer: str, counts: bool
) -> None:
    server.answers["DATA"] = answer
    with pytest.raises(TryLater) as trouble:
        smtp.send(an_envelope())
    assert trouble.value.counts is counts


def test_the_attempts_of_one_message_bear_one_number(server: MailServer, smtp: Smtp) -> None:
    server.answers["DATA"] = CLOSE
    with pytest.raises(Unknown):
        smtp.send(an_envelope())
    server.answers.clear()
    smtp.send(an_envelope())
    assert len(server.taken) == 2
    assert len({read(mail.content).id for mail in server.taken}) == 1


def test_starttls_is_asked_for_and_the_certificate_looked_at(tmp_path: Path) -> None:
    trusted, shown = certificate(tmp_path)
    with MailServer(starttls=shown) as server:
        with an_smtp(f"{server.url}?tls=starttls", ca_certs=trusted) as smtp:
            smtp.send(an_envelope())
            smtp.send(an_envelope())
        assert [mail.secret for mail in server.taken] == [True, True]
        assert server.lines == 1


def test_tls_from_the_start(tmp_path: Path) -> None:
    trusted, shown = certificate(tmp_path)
    with MailServer(tls=shown) as server:
        with an_smtp(server.url.replace("smtp:", "smtps:"), ca_certs=trusted) as smtp:
            smtp.send(an_envelope())
        assert [mail.secret for mail in server.taken] == [True]


@pytest.mark.parametrize(("host", "vouched"), [("127.0.0.1", False), ("localhost", True)])
def test_a_certificate_of_nobodys_or_of_anothers_holds_everything(tmp_path: Path, *, host: str, vouched: bool) -> None:
    trusted, shown = certificate(tmp_path)
    with MailServer(starttls=shown) as server:
        url = f"smtp://{host}:{server.port}?tls=starttls"
        with an_smtp(url, ca_certs=trusted if vouched else None) as smtp, pytest.raises(NotAllowed, match=r"^tls$"):
            smtp.send(an_envelope())
        assert server.lines == 1
        assert not server.taken


def test_without_starttls_where_it_is_wanted_nothing_is_said(server: MailServer) -> None:
    with an_smtp(f"{server.url}?tls=starttls") as smtp, pytest.raises(NotAllowed, match=r"^not_offered$"):
        smtp.send(an_envelope())
    assert not server.taken


def test_tls_spoken_to_a_server_that_does_not_know_it_holds_everything(server: MailServer) -> None:
    with an_smtp(server.url.replace("smtp:", "smtps:")) as smtp, pytest.raises(NotAllowed, match=r"^tls$"):
        smtp.send(an_envelope())


def with_login(url: str, password: str = PASSWORD) -> str:
    return url.replace("//", f"//{USER}:{quote(password, safe='')}@") + "?tls=starttls"


@pytest.fixture
def entered(tmp_path: Path) -> Iterator[tuple[MailServer, Path]]:
    """A server that wants a login, and the certificate to trust it by."""
    trusted, shown = certificate(tmp_path)
    with MailServer(starttls=shown, login=True) as listening:
        yield listening, trusted


def test_it_logs_in_once_a_line(entered: tuple[MailServer, Path]) -> None:
    server, trusted = entered
    with an_smtp(with_login(server.url), ca_certs=trusted) as smtp:
        smtp.send(an_envelope())
        smtp.send(an_envelope())
    assert (len(server.taken), server.lines) == (2, 1)


@pytest.mark.parametrize(("password", "reason"), [("wrong", "smtp_535"), ("é", "login")])
def test_a_login_that_is_refused_holds_everything(entered: tuple[MailServer, Path], password: str, reason: str) -> None:
    server, trusted = entered
    with an_smtp(with_login(server.url, password), ca_certs=trusted) as smtp, pytest.raises(NotAllowed) as trouble:
        smtp.send(an_envelope())
    assert trouble.value.reason == reason
    assert not server.taken


def test_a_login_that_is_wanted_and_not_given_holds_everything(entered: tuple[MailServer, Path]) -> None:
    server, trusted = entered
    with an_smtp(f"{server.url}?tls=starttls", ca_certs=trusted) as smtp, pytest.raises(NotAllowed) as trouble:
        smtp.send(an_envelope())
    assert trouble.value.reason == "smtp_530"


@contextmanager
def a_raw_server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Whoever connects is answered by `answer`, byte for byte."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    with line, suppress(OSError):
                        answer(line)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    ("greeting", "asked", "reason"),
    [
        (b"554 we do not take mail from you\r\n", NotAllowed, "smtp_554"),
        (b"421 too many lines\r\n", TryLater, "smtp_421"),
        (b"", TryLater, "connection"),
        (b"HTTP/1.1 200 OK\r\n\r\n", TryLater, "smtp_-1"),
    ],
)
def test_each_greeting_says_what_to_do(greeting: bytes, asked: type[Exception], reason: str) -> None:
    with (
        a_raw_server(lambda line: line.sendall(greeting)) as url,
        an_smtp(url) as smtp,
        pytest.raises(asked) as trouble,
    ):
        smtp.send(an_envelope())
    assert str(trouble.value) == reason


def dripping(answers: list[bytes], heard: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """Answer as told, then give one byte after the other and never an end."""

    def answer(line: socket.socket) -> None:
        line.sendall(b"220 mail.example\r\n")
        for said in answers:
            said_to_us = line.recv(65536)
            line.sendall(said)
            if heard is not None:
                heard.append(said_to_us)
        while not _gone(line):
            line.sendall(b"2")

    return answer


def _gone(line: socket.socket) -> bool:
    line.settimeout(0.02)
    try:
        return not line.recv(65536)
    except TimeoutError:
        return False


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([], TryLater),
        ([b"250 mail.example\r\n"], TryLater),
        ([b"250 mail.example\r\n", b"250 OK\r\n"], TryLater),
        ([b"250 mail.example\r\n", b"250 OK\r\n", b"250 OK\r\n"], TryLater),
        ([b"250 mail.example\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"], Unknown),
    ],
    ids=["greeted", "at MAIL", "at RCPT", "at DATA", "after DATA"],
)
def test_a_server_that_drips_holds_no_one_for_ever(answers: list[bytes], asked: type[Exception]) -> None:
    with a_raw_server(dripping(answers)) as url, an_smtp(url, max_seconds=0.5) as smtp, pytest.raises(asked) as trouble:
        smtp.send(an_envelope())
    assert str(trouble.value) == "connection"


def test_an_answer_without_end_after_the_mail_leaves_it_unknown() -> None:
    said = [b"250 mail.example\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n", b"2" * 10_000]
    with a_raw_server(dripping(said)) as url, an_smtp(url) as smtp, pytest.raises(Unknown):
        smtp.send(an_envelope())


def test_a_login_that_the_server_does_not_know_holds_everything() -> None:
    with a_raw_server(dripping([b"250 mail.example\r\n"])) as url:
        named = url.replace("//", "//name:password@")
        with an_smtp(named) as smtp, pytest.raises(NotAllowed, match=r"^not_offered$"):
            smtp.send(an_envelope())


def test_a_line_that_fell_silent_is_left_in_time_for_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advocacy.providers.smtp.PROBE_SECONDS", 0.2)
    monkeypatch.setattr("advocacy.providers.smtp.QUIT_SECONDS", 0.2)
    lines: list[int] = []
    polite = [b"250 mail.example\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n", b"250 queued as 12345\r\n"]

    def answer(line: socket.socket) -> None:
        lines.append(len(lines))
        dripping(polite)(line)

    with a_raw_server(answer) as url, an_smtp(url) as smtp:
        assert smtp.send(an_envelope()) == Accepted("12345")
        assert smtp.send(an_envelope()) == Accepted("12345")
    assert lines == [0, 1]


def test_a_line_that_a_nat_forgot_while_nothing_was_said_is_not_asked_whether_it_is_there(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = 0.0
    monkeypatch.setattr("advocacy.providers.smtp.monotonic", lambda: monotonic() + later)
    with Relay(server.port) as relay, an_smtp(f"smtp://127.0.0.1:{relay.port}") as smtp:
        smtp.send(an_envelope(id="before"))
        relay.forget()
        later = MAX_IDLE + 1
        smtp.send(an_envelope(id="after"))
    assert [read(mail.content).id for mail in server.taken] == ["before", "after"]
    assert relay.connections == 2


def test_goodbye_is_said_to_a_line_that_is_closed(server: MailServer, smtp: Smtp) -> None:
    smtp.send(an_envelope())
    smtp.close()
    assert server.goodbyes == 1


@pytest.mark.parametrize(
    ("offers", "asked"), [(b"SIZE 9", rb"mail FROM:<[^>]+> size=\d+\r\n"), (b"HELP", rb"mail FROM:<[^>]+>\r\n")]
)
def test_a_server_that_asks_for_the_size_is_told_it_first(offers: bytes, asked: bytes) -> None:
    heard: list[bytes] = []
    said = [b"250-mail.example\r\n250 " + offers + b"\r\n", b"552 too big\r\n", b"221 bye\r\n"]
    with a_raw_server(dripping(said, heard)) as url, an_smtp(url) as smtp, pytest.raises(Refused, match=r"^too_large$"):
        smtp.send(an_envelope())
    assert re.fullmatch(asked, heard[1])
