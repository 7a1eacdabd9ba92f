"""The DNS records by which receivers know that a site's mail is its own: what to publish, and what is published."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import dns.exception
import dns.resolver

from advocacy.providers.smtp import Server
from advocacy.settings import Settings

TIMEOUT_S = 5.0
SPF, DMARC = "v=spf1", "v=DMARC1"
SELECTORS = ("s1", "s2", "default", "dkim", "mail", "selector1", "selector2", "k1", "google", "smtp")
"""Names under which providers publish their DKIM keys; s1 and s2 are SendGrid's."""
Lookup = Callable[[str], Sequence[str]]
"""Returns the TXT records of a name, none where there is none; raises LookupFailed."""


class LookupFailed(Exception):
    """DNS does not answer."""


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record: what it is called, whether it is published as it should be, and what to do where it is not."""

    kind: str
    is_right: bool
    advice: str


def txt_records(name: str) -> Sequence[str]:
    """Ask DNS for the TXT records of a name."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=TIMEOUT_S)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError) as error:
        raise LookupFailed(type(error).__name__) from None
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def records(settings: Settings, lookup: Lookup) -> Iterator[Record]:
    """Yield SPF, DKIM and DMARC of the domain that mail comes from. Raises LookupFailed."""
    domain = settings.from_email.partition("@")[2]
    published = [text for text in lookup(domain) if text.lower().startswith(SPF)]
    allowed = _senders(settings)
    yield Record(
        "SPF",
        len(published) == 1 and (not allowed or allowed.partition(":")[2] in published[0]),
        f'publish one TXT record at {domain}: "{SPF} {allowed or "include:YOUR-PROVIDER"} ~all"'
        + ("; there are several now, and receivers take none of them" if len(published) > 1 else ""),
    )
    has_key = any("p=" in text for name in SELECTORS for text in lookup(f"{name}._domainkey.{domain}"))
    yield Record(
        "DKIM",
        has_key,
        f"publish the records that your provider shows under domain authentication, as s1._domainkey.{domain}; no key "
        f"was found under the usual names ({', '.join(SELECTORS[:4])} …), so look whether yours has another",
    )
    policies = [text for text in lookup(f"_dmarc.{domain}") if text.startswith(DMARC)]
    contact = settings.security_contact if settings.security_contact.startswith("mailto:") else f"mailto:dmarc@{domain}"
    yield Record(
        "DMARC",
        len(policies) == 1,
        f'publish one TXT record at _dmarc.{domain}: "{DMARC}; p=quarantine; rua={contact}"',
    )


def _senders(settings: Settings) -> str:
    """Return the mechanism of SPF that allows the provider to send; "" where it cannot be told from the settings."""
    if settings.provider == "sendgrid":
        return "include:sendgrid.net"
    host = Server.read(settings.smtp_url.get_secret_value()).host
    # The server that takes the mail may hand it on: only one of the same domain is known to send by itself.
    return f"a:{host}" if host.endswith(settings.from_email.partition("@")[2]) else ""
