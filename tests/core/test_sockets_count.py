"""A socket is a connection like others, and counts for its network until it closes."""

import socket
from contextlib import ExitStack

import pytest

from tests.core.bare_server import served
from tests.waiting import PATIENT, until
from workgroup import connections
from workgroup.connections import Connection
from workgroup.live.transport import Transport

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


async def open_until_it_closes(_scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await receive()


@pytest.fixture
def knock(monkeypatch):
    """Ask for a socket; give the connection, and the answer's first line or nothing."""
    monkeypatch.setattr(connections, "FROM_ONE_NETWORK", 2)
    with ExitStack() as ending:
        listener = ending.enter_context(socket.create_server(("127.0.0.1", 0)))
        ending.enter_context(
            served(open_until_it_closes, listener, http=Connection, ws=Transport)
        )

        def ask():
            one = ending.enter_context(socket.socket())
            one.settimeout(PATIENT)
            one.connect(listener.getsockname())
            try:
                one.sendall(HANDSHAKE)
                return one, one.recv(1000).partition(b"\r\n")[0]
            except ConnectionError:
                return one, b""

        yield ask


def test_sockets_count_until_they_close(knock):
    first, answer = knock()
    assert b"101" in answer
    assert b"101" in knock()[1]

    assert knock()[1] == b""

    first.close()
    until(lambda: sum(Connection.open_from.values()) < 2)
    assert b"101" in knock()[1]
