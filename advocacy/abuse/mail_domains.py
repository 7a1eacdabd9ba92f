"""Which domains receive mail, asked of the DNS: not those that do not exist, and not those that say so (RFC 7505).

A DNS that does not answer in time refuses nobody: what is not known to receive no mail receives some.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

TIMEOUT_S = 2.0
"""For all questions about one domain together."""
MAX_AT_ONCE = 4
"""Domains asked about at once: made-up ones with slow servers do not hold all threads of a process."""
MAX_CACHED = 1024
NULL_MX = "."


@dataclass(slots=True)
class MailDomains:
    """Asks the DNS; `make_resolver` is called for the first domain, and caches its answers for as long as they say."""

    make_resolver: Callable[[], Any] = field(default_factory=lambda: _default_resolver)
    _resolver: Any = None
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MAX_AT_ONCE))

    def take_mail(self, domain: str) -> bool:
        """Whether mail to a domain may arrive; also where nobody answers in time, or too many are asked about."""
        if not self._turns.acquire(blocking=False):
            return True
        try:
            return self._ask(domain)
        finally:
            self._turns.release()

    def _ask(self, domain: str) -> bool:
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
            return True
        return False


def _default_resolver() -> Any:
    from dns.resolver import LRUCache, Resolver  # noqa: PLC0415

    resolver = Resolver()
    resolver.cache = LRUCache(MAX_CACHED)
    return resolver
