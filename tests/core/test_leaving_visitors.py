"""A visitor who leaves before the answer leaves no trace in the server's log."""

import http.client
import socket
import struct

import pytest

from tests.waiting import PATIENT
from workgroup import assets

pytestmark = pytest.mark.kill
FILE = f"{assets.address_of(assets.FOLDER)}/editor/editor.js"  # in several pieces
REQUEST = f"GET {FILE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
AT_ONCE = struct.pack("ii", 1, 0)  # close without a farewell, as a lost network does


def fetch(server):
    """Fetch the file as a visitor who stays; it comes after all earlier requests."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENT)
    connection.request("GET", FILE)
    assert connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize("requests", [1, 3], ids=["one request", "several in a row"])
def test_those_who_leave_while_their_answers_go_out_are_nobodys_failure(
    server, requests
):
    for _ in range(30):
        visitor = socket.create_connection(("127.0.0.1", server.port))
        visitor.settimeout(PATIENT)
        visitor.sendall(requests * REQUEST)
        assert visitor.recv(1)  # the first answer has begun
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        visitor.close()
    fetch(server)
    fetch(server)

    server.stop()
    assert "Traceback" not in server.log
