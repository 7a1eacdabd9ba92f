"""Networks: whose requests are counted together, an IPv4 address, or the /64 that one household is given."""

from ipaddress import IPv6Address, ip_address, ip_network

from advocacy.encryption import Keys, digests


def network_of(address: str) -> str:
    """Return the IPv4 address or the IPv6 /64 of an IP address; all that are none share one."""
    try:
        read = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(read, IPv6Address):
        return str(read.ipv4_mapped or ip_network((read, 64), strict=False))
    return str(read)


def network_hash(keys: Keys, address: str) -> str:
    """Return the keyed hash that the network of an address is counted by."""
    return digests(keys, network_of(address), purpose="network")[0]
