"""Which domains receive mail, asked of the DNS: not those that do not exist, and not those that say so (RFC 7505).

A DNS that does not answer in time refuses nobody: what is not known to receive no mail receives some.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

TIMEOUT_S = 2.0
"""For all questions about one domain together."""
MAX_AT_ONCE = 4
"""Domains asked about at once: made-up ones with slow servers do not hold all threads of a process."""
MAX_CACHED = 1024
CACHED_FOR, UNKNOWN_FOR = timedelta(minutes=10), timedelta(minutes=1)
NULL_MX = "."


@dataclass(slots=True)
class MailDomains:
    """The domains asked about lately; `make_resolver` is called for the first one."""

    now: Callable[[], datetime]
    make_resolver: Callable[[], Any] = field(default_factory=lambda: _default_resolver)
    _resolver: Any = None
    _cached: dict[str, tuple[datetime, bool]] = field(default_factory=dict)
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MAX_AT_ONCE))

    def take_mail(self, domain: str) -> bool:
        """Whether mail to a domain may arrive; also where nobody answers in time, or too many are asked about."""
        now = self.now()
        until, takes_mail = self._cached.get(domain, (now, True))
        if until > now:
            return takes_mail
        if not self._turns.acquire(blocking=False):
            return True
        try:
            answer = self._ask(domain)
        finally:
            self._turns.release()
        while len(self._cached) >= MAX_CACHED:
            self._cached.pop(next(iter(self._cached)), None)
        self._cached[domain] = now + (UNKNOWN_FOR if answer is None else CACHED_FOR), answer is not False
        return answer is not False

    def _ask(self, domain: str) -> bool | None:
        """Ask the DNS; None where it does not tell."""
        from dns.exception import DNSException  # noqa: PLC0415 - half a second that a site which sends nothing saves
        from dns.resolver import NXDOMAIN, NoAnswer  # noqa: PLC0415

        ends_at = monotonic() + TIMEOUT_S
        try:
            if self._resolver is None:
                self._resolver = self.make_resolver()
            for kind in ("MX", "A", "AAAA"):  # without MX, the host itself is asked (RFC 5321, 5.1)
                try:
                    found = self._resolver.resolve(f"{domain}.", kind, lifetime=max(0.1, ends_at - monotonic()))
                except NoAnswer:
                    continue
                return kind != "MX" or any(str(one.exchange) != NULL_MX for one in found)
        except NXDOMAIN:
            return False
        except DNSException:
            return None
        return False


def _default_resolver() -> Any:
    from dns.resolver import Resolver  # noqa: PLC0415

    return Resolver()
