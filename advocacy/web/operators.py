"""Whether whoever asks keeps the site running: from its own machine past every proxy, or with the token for it."""

import re
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address

from flask import request

from advocacy.web.services import services

HERE = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
"""What this machine calls itself: a page elsewhere whose name was made to lead here asks for its own."""
PASSED_ON = re.compile(r"x-forwarded-.*|forwarded|x-real-ip|via", re.IGNORECASE)
"""Headers that tell of a proxy, believed or not."""


def is_operator() -> bool:
    """Whether a program of this machine asks by itself, or somebody who knows ADVOCACY_METRICS_TOKEN."""
    token = services().settings.metrics_token.get_secret_value().encode()
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    has_token = scheme.lower() == "bearer" and compare_digest(credential.strip().encode(), token)
    return _is_direct() or bool(token and has_token)


def _is_direct() -> bool:
    """Whether a program of this machine asks by itself: what a proxy passes on comes from anywhere."""
    if HERE.fullmatch(request.host) is None or any(PASSED_ON.fullmatch(name) for name, _ in request.headers):
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a socket file has no address
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback
