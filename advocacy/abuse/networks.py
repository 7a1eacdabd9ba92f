"""Networks: the neighbours of an IP address, who are counted together."""

from ipaddress import IPv6Address, ip_address

PREFIXES = {4: (24,), 6: (64, 56, 48)}
"""The networks an address is counted in, by the bits that it shares: first what one household or machine is given, then
what one customer may be given (RFC 6177)."""
SHARES = {24: 1, 64: 1, 56: 2, 48: 4}
"""How many shares a network has: more than the smallest, far less than all that are in it together."""


def network_of(address: str) -> str:
    """Return the /24 or /64 an IP address lies in; all that are none share one."""
    return networks_of(address)[0][0]


def networks_of(address: str) -> tuple[tuple[str, int], ...]:
    """Return the networks an IP address lies in, from the smallest, each with how many shares it has."""
    try:
        read = ip_address(address)
    except ValueError:
        return (("unknown", 1),)
    if isinstance(read, IPv6Address) and read.ipv4_mapped:
        read = read.ipv4_mapped
    of_prefix = {prefix: int(read) >> (read.max_prefixlen - prefix) for prefix in PREFIXES[read.version]}
    return tuple((f"{read.version}/{prefix}:{bits:x}", SHARES[prefix]) for prefix, bits in of_prefix.items())
