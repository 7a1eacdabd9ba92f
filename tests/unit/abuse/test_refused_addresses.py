"""No mail that asks to confirm goes to a function, to someone who is written to, or to an address of a few minutes."""

import pytest

from advocacy.abuse.refused_addresses import NO_MAIL, RECIPIENT, ROLE, THROW_AWAY, refusal
from advocacy.messages import Message
from tests.unit.abuse.test_mail_domains import Resolver, asking

MEMBERS = frozenset({"anne.roy@parl.gc.ca", "j.essai@gmail.com"})


def refused(address: str) -> str | None:
    found = refusal(address, recipients=MEMBERS, domains=None)
    return found.msgid if found else None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("abuse@example.ca", ROLE),
        ("postmaster@gmail.com", ROLE),
        ("info+letters@example.ca", ROLE),
        ("no-reply@example.ca", ROLE),
        ("anne.roy@parl.gc.ca", RECIPIENT),
        ("anne.roy+x@parl.gc.ca", RECIPIENT),
        ("jessai@googlemail.com", RECIPIENT),
        ("camille@mailinator.com", THROW_AWAY),
        ("camille@of.any.mailinator.com", THROW_AWAY),
        ("camille@yopmail.com", THROW_AWAY),
    ],
)
def test_an_address_that_no_person_answers_for_is_refused(address: str, why: Message) -> None:
    assert refused(address) == why.msgid


@pytest.mark.parametrize(
    "address",
    [
        "camille.essai@example.ca",
        "marketing.roy@example.ca",
        "infos@example.ca",
        "anne.roy@example.ca",
        "camille@mailinator.com.example.ca",
        "x@privaterelay.appleid.com",
        "x@duck.com",
        "x@proton.me",
        "x@videotron.ca",
    ],
)
def test_people_are_let_through_those_behind_a_relay_too(address: str) -> None:
    assert refused(address) is None


def test_the_dns_is_asked_last_and_about_the_domain_alone() -> None:
    resolver = Resolver({("example.ca.", "MX"): "0 ."})
    domains = asking(resolver)
    for address in ("abuse@example.ca", "x@mailinator.com", "anne.roy@parl.gc.ca"):
        assert refusal(address, recipients=MEMBERS, domains=domains)
    assert resolver.asked == []
    found = refusal("camille@example.ca", recipients=MEMBERS, domains=domains)
    assert found == NO_MAIL.with_params(domain="example.ca")
    assert resolver.asked == [("example.ca.", "MX")]
