"""Web and network addresses: an origin, or a visitor's address as proxies report it; pure."""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
PATH = re.compile(r"/(?![/\\])[^\x00-\x1f]*\Z")
LAST_DOT = re.compile(r"(?<=[^./:])\.(?=(:\d+)?\Z)")  # of a name, before its port
HOME_NETWORK = 64  # bits: what one household or office gets of IPv6


def visitor(peer: str, forwarded: Iterable[str], proxies: int) -> str:
    """Return the address of the person who sent a request.

    Each proxy appends the address that it sees. So the entry written by the outermost of our
    own proxies is ``proxies`` places from the right. Anything left of it came from the
    visitor, who can write what he or she likes.

    Args:
        peer: the other end of the connection.
        forwarded: the values of X-Forwarded-For, in their order.
        proxies: how many of our own proxies stand in front.
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
    """Return the network to count as one visitor: an IPv4 address, or a /64 of IPv6.

    A household gets 2**64 IPv6 addresses and could use a new one for every request.
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

    Browsers ignore tabs and line ends and read a backslash as a slash, so two slashes with a
    tab between them lead to another site, as ``//name`` does.
    """
    return PATH.match(written) is not None


def plain_name(host: str) -> str:
    """Return a host's name as we write it: names know no capitals and may end on a dot."""
    return host.lower().removesuffix(".")


def as_sent(origin: str) -> str:
    """Return an Origin header as we write origins; what is none stays none."""
    return LAST_DOT.sub("", origin.lower())


def origin_of(address: str) -> str:
    """Return the origin of an address: scheme, name in ASCII, and a port of its own.

    Empty if it has none, as for ``null`` or a bare word.
    """
    try:
        parts = urlsplit(address)
        name, port = plain_name(parts.hostname or ""), parts.port
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except ValueError:  # a port beyond 65535, half a bracket, an impossible name
        return ""
    if parts.scheme not in DEFAULT_PORTS or not name:
        return ""
    bracketed = f"[{name}]" if ":" in name else name
    own = f":{port}" if port not in {None, DEFAULT_PORTS[parts.scheme]} else ""
    return f"{parts.scheme}://{bracketed}{own}"
