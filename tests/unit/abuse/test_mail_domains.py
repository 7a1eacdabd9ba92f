"""A domain that cannot receive mail is known by its DNS, which is asked seldom and never for long."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import dns.rrset
import pytest
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, NoNameservers

from advocacy.abuse.mail_domains import MAX_AT_ONCE, MAX_CACHED, TIMEOUT_S, MailDomains

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Answers = Mapping[tuple[str, str], str | type[DNSException]]


class Resolver:
    """A DNS that holds these records; of all others there is none, or the name does not exist."""

    def __init__(self, answers: Answers, *, otherwise: type[DNSException] = NoAnswer) -> None:
        self.answers, self.otherwise = answers, otherwise
        self.asked: list[tuple[str, str]] = []

    def resolve(self, name: str, kind: str, *, lifetime: float) -> Any:
        """Answer as dnspython does."""
        assert 0 < lifetime <= TIMEOUT_S
        self.asked.append((name, kind))
        answer = self.answers.get((name, kind), self.otherwise)
        if not isinstance(answer, str):
            raise answer() if answer is not NoAnswer else _no_answer()
        return dns.rrset.from_text(name, 300, "IN", kind, answer)


def _no_answer() -> NoAnswer:
    return NoAnswer.__new__(NoAnswer)  # it wants a whole response otherwise


def asking(resolver: Any, clock: list[datetime] | None = None) -> MailDomains:
    """Ask this resolver, by a clock that can be moved."""
    time = clock or [NOW]
    return MailDomains(lambda: time[0], make_resolver=lambda: resolver)


@pytest.mark.parametrize(
    ("answers", "otherwise", "takes_mail"),
    [
        ({("example.ca.", "MX"): "10 mx.example.ca."}, NoAnswer, True),
        ({("example.ca.", "A"): "192.0.2.1"}, NoAnswer, True),
        ({("example.ca.", "AAAA"): "2001:db8::1"}, NoAnswer, True),
        ({("example.ca.", "MX"): "0 ."}, NoAnswer, False),
        ({}, NoAnswer, False),
        ({}, NXDOMAIN, False),
        ({}, LifetimeTimeout, True),
        ({}, NoNameservers, True),
        ({("example.ca.", "A"): LifetimeTimeout}, NoAnswer, True),
    ],
)
def test_a_domain_is_refused_for_what_its_dns_says_and_never_for_its_silence(
    answers: Answers, otherwise: type[DNSException], *, takes_mail: bool
) -> None:
    assert asking(Resolver(answers, otherwise=otherwise)).take_mail("example.ca") is takes_mail


@pytest.mark.parametrize(("otherwise", "minutes"), [(NXDOMAIN, 10), (LifetimeTimeout, 1)])
def test_an_answer_is_cached_for_ten_minutes_and_silence_for_one(otherwise: type[DNSException], minutes: int) -> None:
    clock, resolver = [NOW], Resolver({}, otherwise=otherwise)
    domains = asking(resolver, clock)
    for at in (NOW, NOW + minutes * MINUTE - timedelta(seconds=1), NOW + minutes * MINUTE):
        clock[0] = at
        domains.take_mail("example.ca")
    assert len(resolver.asked) == 2


def test_the_cache_has_an_end() -> None:
    domains = asking(Resolver({}, otherwise=NXDOMAIN))
    for number in range(MAX_CACHED + 5):
        domains.take_mail(f"d{number}.example")
    assert len(domains._cached) == MAX_CACHED


def test_slow_domains_do_not_hold_all_threads_of_a_process() -> None:
    let_go, begun = Event(), [Event() for _ in range(MAX_AT_ONCE)]

    class Slow(Resolver):
        def resolve(self, name: str, kind: str, *, lifetime: float) -> Any:
            if name[0].isdigit():
                begun[int(name[0])].set()
            let_go.wait(10)
            raise NXDOMAIN

    domains = asking(Slow({}))
    threads = [Thread(target=domains.take_mail, args=(f"{number}.example",)) for number in range(MAX_AT_ONCE)]
    for thread in threads:
        thread.start()
    assert all(one.wait(10) for one in begun)
    assert domains.take_mail("another.example"), "asked about no more: let through at once"
    let_go.set()
    for thread in threads:
        thread.join()
    assert not domains.take_mail("another.example")


def test_a_machine_without_a_resolver_lets_through() -> None:
    def none() -> Any:
        raise NoNameservers

    assert MailDomains(lambda: NOW, make_resolver=none).take_mail("example.ca")
