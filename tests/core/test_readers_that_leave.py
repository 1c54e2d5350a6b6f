"""A connection that the server has closed ends, also where its client reads nothing of what is left."""

import socket
import threading

import pytest

from tests.core.bare_server import served
from tests.waiting import PATIENT, until
from workgroup import connections
from workgroup.connections import Connection

ROOM = 4096  # bytes that the system is asked to hold on each side; it doubles them
BODY = b"x" * 60_000  # more than the system holds, less than what pauses the writing
PIECE = 12_000  # bytes
ASKED = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Counted(Connection):
    """A connection that counts how often it was looked at, from all threads."""

    looks = 0
    closing = threading.Event()

    def watch(self, unsent_before=0):
        Counted.looks += 1
        super().watch(unsent_before)

    def on_response_complete(self):
        super().on_response_complete()
        assert self.transport.is_closing()
        Counted.closing.set()


async def answer(_scope, _receive, send):
    length = (b"content-length", str(len(BODY)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": BODY})


@pytest.fixture
def client(monkeypatch):
    """A connection that has asked for a body, which the server has closed on its side."""
    monkeypatch.setattr(connections, "READING_WITHIN", 0.3)  # seconds
    monkeypatch.setattr(Counted, "closing", threading.Event())
    with socket.socket() as listener, socket.socket() as one:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        one.settimeout(PATIENT)
        listener.bind(("127.0.0.1", 0))
        with served(answer, listener, http=Counted):
            listener.listen()
            one.connect(listener.getsockname())
            one.sendall(ASKED)
            assert Counted.closing.wait(PATIENT)
            yield one


def test_a_client_that_reads_nothing_is_cut_off(client):
    assert Connection.open_from

    until(lambda: not Connection.open_from)

    received = 0
    while piece := client.recv(PIECE):
        received += len(piece)
    assert received < len(BODY)


def test_a_client_that_reads_slowly_gets_everything(client):
    page = b""
    while len(page) < len(BODY):
        seen = Counted.looks
        page += client.recv(PIECE)
        until(lambda: Counted.looks > seen or not Connection.open_from)  # noqa: B023

    assert page.endswith(b"x" * 1000)
    while piece := client.recv(PIECE):
        page += piece
    assert page.partition(b"\r\n\r\n")[2] == BODY
