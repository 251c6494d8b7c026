"""Whose address a request counts for, behind proxies of one's own (``trusted_proxies`` in ``isoxa.toml``).

A proxy appends the address that it was asked from to ``X-Forwarded-For``; what stands before that is what somebody
wrote there. So the header is read from its end, and only as long as it was a trusted proxy that speaks: from the
connection itself backwards to the first address that is none. Tornado's own ``xheaders`` believes the header of
whoever connects, and ``X-Real-Ip``, which not every proxy overwrites; so this stands in its place.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

__all__ = ["AddressServer", "real_address"]

Networks = Sequence[IPv4Network | IPv6Network]


def real_address(peer: str, forwarded: str, trusted: Networks) -> str:
    """The address that asked. ``peer``: of the connection; ``forwarded``: ``X-Forwarded-For``, all of it."""
    at = _address(peer)
    if at is None:
        return peer
    for said in reversed(forwarded.split(",")) if forwarded else ():
        if not any(at in network for network in trusted):
            break
        before = _address(said)
        if before is None:
            break
        at = before
    return str(at)


class AddressServer(HTTPServer):
    """An ``HTTPServer`` whose requests have the `real_address`; ``trusted_downstream``: networks too."""

    @cached_property
    def trusted(self) -> Networks:
        """Our proxies."""
        return [ip_network(one) for one in self.trusted_downstream or ()]

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        return _Told(super().start_request(server_conn, request_conn), request_conn, self.trusted)


class _Told(HTTPMessageDelegate):
    """Sets the address before a request is made of the headers; each one of a connection has its own."""

    def __init__(self, delegate: HTTPMessageDelegate, connection: HTTPConnection, trusted: Networks) -> None:
        self.delegate = delegate
        # Where Tornado keeps what a connection knows of its other end, as it does for its own headers.
        self.context: Any = connection.context  # type: ignore[attr-defined]
        self.trusted = trusted

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        peer = str(self.context.address[0])
        self.context.remote_ip = real_address(peer, headers.get("X-Forwarded-For", ""), self.trusted)
        return self.delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self.delegate.data_received(chunk)

    def finish(self) -> None:
        self.delegate.finish()

    def on_connection_close(self) -> None:
        self.delegate.on_connection_close()


def _address(said: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(said.strip())
    except ValueError:
        return None
    # An IPv4 address as a socket for both kinds shows it.
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
