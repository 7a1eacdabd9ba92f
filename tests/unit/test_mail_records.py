"""The DNS records of a site's mail: what to publish is text to paste, and what is published is known."""

from collections.abc import Mapping, Sequence

import dns.exception
import dns.resolver
import pytest

from advocacy.mail_records import LookupFailed, Record, records, txt_records
from advocacy.settings import Settings

SMTP = {
    "ADVOCACY_PROVIDER": "smtp",
    "ADVOCACY_FROM_EMAIL": "letters@example.ca",
    "ADVOCACY_SMTP_URL": "smtps://a:b@mail.example.ca:465",
    "ADVOCACY_SECURITY_CONTACT": "security@example.ca",
}
SENDGRID = SMTP | {"ADVOCACY_PROVIDER": "sendgrid"}
KEY, POLICY = "v=DKIM1; k=rsa; p=MIGf", "v=DMARC1; p=quarantine"


def found(variables: Mapping[str, str], published: Mapping[str, Sequence[str]]) -> dict[str, Record]:
    lookup = lambda name: published.get(name, ())  # noqa: E731
    return {record.kind: record for record in records(Settings.from_mapping(variables), lookup)}


def test_where_nothing_is_published_each_record_is_text_to_paste() -> None:
    told = {kind: record.advice for kind, record in found(SMTP, {}).items() if not record.is_right}

    assert told["SPF"] == 'publish one TXT record at example.ca: "v=spf1 a:mail.example.ca ~all"'
    assert told["DMARC"] == (
        'publish one TXT record at _dmarc.example.ca: "v=DMARC1; p=quarantine; rua=mailto:security@example.ca"'
    )
    assert "s1._domainkey.example.ca" in told["DKIM"]
    assert '"v=spf1 include:sendgrid.net ~all"' in found(SENDGRID, {})["SPF"].advice
    relay = SMTP | {"ADVOCACY_SMTP_URL": "smtps://a:b@smtp.provider.example:465"}
    assert '"v=spf1 include:YOUR-PROVIDER ~all"' in found(relay, {})["SPF"].advice


def test_what_is_published_is_right() -> None:
    published = {
        "example.ca": ["a site's token", "v=spf1 include:sendgrid.net -all"],
        "s1._domainkey.example.ca": [KEY],
        "_dmarc.example.ca": [POLICY],
    }
    assert [record.is_right for record in found(SENDGRID, published).values()] == [True] * 3


@pytest.mark.parametrize(
    ("kind", "published"),
    [
        ("SPF", {"example.ca": ["v=spf1 include:other.example -all"]}),
        ("SPF", {"example.ca": ["v=spf1 include:sendgrid.net -all", "v=spf1 mx -all"]}),
        ("DKIM", {"s1._domainkey.example.ca": ["v=DKIM1"]}),
        ("DMARC", {"_dmarc.example.ca": ["v=spf1"]}),
        ("DMARC", {"_dmarc.example.ca": [POLICY, POLICY]}),
    ],
)
def test_what_is_published_wrongly_is_told(kind: str, published: Mapping[str, Sequence[str]]) -> None:
    assert not found(SENDGRID, published)[kind].is_right


def test_a_name_without_records_is_none_and_a_resolver_that_is_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def answering(error: type[Exception]) -> None:
        def resolve(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(dns.resolver, "resolve", resolve)

    answering(dns.resolver.NoAnswer)
    assert txt_records("example.ca") == ()
    answering(dns.exception.Timeout)
    with pytest.raises(LookupFailed, match="Timeout"):
        txt_records("example.ca")
