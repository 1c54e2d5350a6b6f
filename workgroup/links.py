"""Absolute addresses: built from the settings, never from a request's Host header."""

from typing import Any
from urllib.parse import urlsplit

from flask import Config, Flask, Request
from werkzeug.exceptions import SecurityError
from werkzeug.routing import (
    IntegerConverter,
    Map,
    MapAdapter,
    UnicodeConverter,
    ValidationError,
)

from workgroup.addresses import origin_of, plain_name

LARGEST = 2**31 - 1  # PostgreSQL's integer; a larger number names no row


class RowNumber(IntegerConverter):
    """A number in an address that fits a row's id; a larger one is a 404, not an error."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Werkzeug's
        super().__init__(url_map, *args, **{"max": LARGEST, **kwargs})


class Word(UnicodeConverter):
    """A word in an address; one with NUL, which PostgreSQL takes in no text, is a 404."""

    def to_python(self, value: str) -> str:
        """Return the word.

        Raises:
            ValidationError: no row has it.
        """
        if "\0" in value:
            raise ValidationError
        return str(super().to_python(value))


class PublicFlask(Flask):
    """Flask, with absolute addresses that begin with the public one, for extensions too.

    Flask takes them from the Host header, so anyone who sends a request could choose the
    port (or, if a proxy passes Host on unchecked, the name) in a mail that somebody else receives.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Flask's
        super().__init__(*args, **kwargs)
        self.url_map.converters |= {"int": RowNumber, "string": Word, "default": Word}

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match as Flask does, and build addresses from the settings, in jobs and commands too.

        Raises:
            SecurityError: the request names a host that is not ours.
        """
        parts = urlsplit(base_url(self.config))
        # Not Flask's TRUSTED_HOSTS: Werkzeug cuts each entry at its first colon, so an IPv6
        # address would never match. First of all: what cannot be a name fails differently.
        if request is not None and host_name(request.host) not in self.config["HOSTS"]:
            raise SecurityError(f"{request.host!r} is not this site")
        adapter = super().create_url_adapter(request)
        if adapter is None:
            return self.url_map.bind(parts.netloc, url_scheme=parts.scheme)
        adapter.server_name, adapter.url_scheme = parts.netloc, parts.scheme
        return adapter


def host_name(host: str) -> str:
    """Return a Host header's name as we write it, without port and the brackets of IPv6."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return plain_name(host.partition(":")[0])


def base_url(config: Config) -> str:
    """Return the address that people type: the public one, else HOST and PORT."""
    host = config["HOST"]
    bracketed = f"[{host}]" if ":" in host else host
    return str(config["PUBLIC_URL"] or f"http://{bracketed}:{config['PORT']}")


def origins(config: Config) -> frozenset[str]:
    """Return the origins of our own pages, written as browsers write them.

    Without a public address, all names of loopback are ours.
    """
    if config["PUBLIC_URL"]:
        return frozenset({origin_of(config["PUBLIC_URL"])})
    port = config["PORT"]
    return frozenset(
        origin_of(f"http://{host}:{port}")
        for host in ("127.0.0.1", "localhost", "[::1]")
    )
