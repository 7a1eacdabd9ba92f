"""A domain that cannot receive mail is known by its DNS, which is asked seldom and never for long."""

from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

import dns.rrset
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoNameservers

from advocacy.abuse.mail_domains import MAX_AT_ONCE, TIMEOUT_S, MailDomains

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


def asking(resolver: Any) -> MailDomains:
    return MailDomains(make_resolver=lambda: resolver)


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

    assert MailDomains(make_resolver=none).take_mail("example.ca")
