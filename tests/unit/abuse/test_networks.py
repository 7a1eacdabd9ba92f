"""An IP address is counted in the network of its household, and of IPv6 in the wider ones around it."""

import pytest

from advocacy.abuse.networks import network_of, networks_of


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("192.0.2.1", "192.0.2.254"),
        ("192.0.2.1", "::ffff:192.0.2.9"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("", "not an address"),
        ("192.0.2.1, 10.0.0.1", "unix:"),
    ],
)
def test_one_household_is_one_network(one: str, another: str) -> None:
    assert network_of(one) == network_of(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("192.0.2.1", "192.0.3.1"),
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("0.0.2.1", "::2:0:0:0:0"),
        ("192.0.2.1", ""),
    ],
)
def test_two_households_are_two_networks(one: str, another: str) -> None:
    assert network_of(one) != network_of(another)


def test_the_65536_networks_of_one_customer_lie_in_one_that_has_four_shares() -> None:
    first, last = (networks_of(f"2001:db8:1:{part}::1") for part in ("0", "ffff"))
    assert [shares for _, shares in first] == [1, 2, 4]
    assert first[2] == last[2]
    assert not {name for name, _ in first[:2]} & {name for name, _ in last[:2]}
