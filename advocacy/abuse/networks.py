"""Networks: the neighbours of an IP address, who are counted together."""

from ipaddress import IPv6Address, ip_address

IPV4_TAIL, IPV6_TAIL = 32 - 24, 128 - 64
"""The bits that vary inside one /24, or inside one /64: what one household or one machine is given."""


def network_of(address: str) -> str:
    """Return the /24 or /64 an IP address lies in; all that are none share one."""
    try:
        read = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(read, IPv6Address) and read.ipv4_mapped:
        read = read.ipv4_mapped
    tail = IPV6_TAIL if isinstance(read, IPv6Address) else IPV4_TAIL
    return f"{read.version}:{int(read) >> tail:x}"
