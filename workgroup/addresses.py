"""Addresses of the web and of the network: an origin, a visitor behind proxies; pure."""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
PATH = re.compile(r"/(?![/\\])[^\x00-\x1f]*\Z")
HOME_NETWORK = 64  # bits: what one household or office gets of IPv6


def visitor(peer: str, forwarded: Iterable[str], proxies: int) -> str:
    """Return the address of the person who sent a request.

    Each proxy appends the address that it sees. So the entry that the outermost of our
    own proxies wrote stands ``proxies`` places from the right; what stands left of it
    came from the visitor, who can write anything.

    Args:
        peer: the other end of the connection.
        forwarded: the values of X-Forwarded-For, in their order.
        proxies: how many proxies of ours stand in front.
    """
    chain = [entry for value in forwarded for entry in value.split(",")]
    if not proxies or len(chain) < proxies:
        return peer
    return plain(chain[-proxies]) or peer


def plain(written: str) -> str:
    """Return an address without brackets, port and zone; empty when it is none."""
    text = written.strip().partition("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def network(address: str) -> str:
    """Return whom to count together: one IPv4 address, or one home network of IPv6.

    A household is given 2**64 addresses of IPv6 and could use each of them once.
    """
    try:
        found = ip_address(plain(address))
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((int(found), HOME_NETWORK), strict=False))
        found = found.ipv4_mapped
    return str(found)


def is_path(written: str) -> bool:
    """Return whether an address stays on this site, as browsers read it.

    They leave tabs and line ends out and take a backslash for a slash, so two slashes with
    a tab between them lead to another site as ``//name`` does.
    """
    return PATH.match(written) is not None


def origin_of(address: str) -> str:
    """Return the origin of an address: scheme, name in ASCII, and a port of its own.

    Empty for what has none, such as ``null`` or a word.
    """
    try:
        parts = urlsplit(address)
        name, port = parts.hostname or "", parts.port
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except ValueError:  # a port beyond 65535, half a bracket, an impossible name
        return ""
    if parts.scheme not in DEFAULT_PORTS or not name:
        return ""
    bracketed = f"[{name}]" if ":" in name else name
    own = f":{port}" if port not in {None, DEFAULT_PORTS[parts.scheme]} else ""
    return f"{parts.scheme}://{bracketed}{own}"
