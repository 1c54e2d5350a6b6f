"""Strangers with slow or many connections slow nobody; real sockets against a real server."""

import http.client
import re
import select
import socket
import time
from contextlib import ExitStack

import pytest

from tests.waiting import PATIENT
from workgroup import assets
from workgroup.connections import FROM_ONE_NETWORK

pytestmark = pytest.mark.kill
STATIC = assets.address_of(assets.FOLDER)
# Seconds in which everybody else has the page, on a machine that does other things too.
# Where strangers hold all pages it comes after 20, when theirs are given up.
PATIENCE = 5
POST = b"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def strangers(standing_server):
    """Open sockets, each with what it sends first: ``strangers(8, b"…")``."""
    with ExitStack() as open_ones:

        def open_some(count, first=b"", room=None):
            sockets = []
            for _ in range(count):
                one = socket.socket()
                if room:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
                one.settimeout(PATIENT)
                one.connect(("127.0.0.1", standing_server.port))
                one.sendall(first)
                sockets.append(open_ones.enter_context(one))
            return sockets

        yield open_some


def seconds_for(server, path):
    """Return how long somebody else waits for a whole answer."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENT)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200
    answer.read()
    connection.close()
    return time.monotonic() - began


def others_wait(server):
    """Return the longest of some waits for a page and for a file."""
    paths = ["/account/sign-in", f"{STATIC}/page.js"] * 3
    return max(seconds_for(server, path) for path in paths)


def is_closed(one, seconds):
    """Return whether the server closes a connection in time."""
    readable, _, _ = select.select([one], [], [], seconds)
    try:
        return bool(readable) and one.recv(1) == b""
    except ConnectionError:
        return True


def answer_of(one):
    """Read the server's answer to the end; return status and page."""
    answer = b""
    try:
        while piece := one.recv(65536):
            answer += piece
    except (TimeoutError, ConnectionError):
        pass
    return int(answer.split(b" ", 2)[1] or 0) if answer else 0, answer.decode()


def test_bodies_that_come_byte_by_byte_hold_no_page(standing_server, strangers):
    slow = strangers(24, POST + FORM + b"Content-Length: 100000\r\n\r\nemail=")

    waits = []
    for _ in range(3):
        for one in slow:
            one.send(b"a")
        waits.append(others_wait(standing_server))

    assert max(waits) < PATIENCE


def test_headers_that_come_byte_by_byte_hold_no_page(standing_server, strangers):
    slow = strangers(200, b"GET /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")

    waits = []
    for _ in range(3):
        for one in slow:
            one.send(b"a")
        waits.append(others_wait(standing_server))

    assert max(waits) < PATIENCE


def test_readers_that_take_nothing_hold_no_page(standing_server, strangers):
    """Some megabytes for each, which no buffer on the way can hold."""
    path = f"{STATIC}/editor/editor.js".encode()
    asked = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % path * 40
    strangers(24, asked, room=4096)

    # The first answers go into the system's buffers; what counts is when those are full.
    waits = [others_wait(standing_server) for _ in range(4)]

    assert waits[-1] < PATIENCE


def test_two_hundred_idle_connections_slow_nobody(standing_server, strangers):
    strangers(200)

    assert others_wait(standing_server) < PATIENCE


def test_one_network_cannot_take_all_connections(standing_server, strangers):
    idle = strangers(FROM_ONE_NETWORK + 20)

    assert any(is_closed(one, 1) for one in idle[-20:])


def test_a_body_over_the_limit_is_answered_without_being_kept(
    standing_server, strangers
):
    body = b"email=" + b"a" * 2_200_000
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    [one] = strangers(1, POST + FORM + length + body)

    status, page = answer_of(one)

    assert status == 413
    assert "two megabytes" in page


def test_a_huge_body_is_refused_before_it_is_sent(standing_server, strangers):
    [one] = strangers(1, POST + FORM + b"Content-Length: 9000000000\r\n\r\n")

    status, page = answer_of(one)

    assert status == 413
    assert "two megabytes" in page


def test_endless_zeros_before_a_length_are_no_failure(standing_server, strangers):
    zeros = b"0" * 5000  # more digits than Python reads as a number
    sent = b"Connection: close\r\nContent-Length: " + zeros + b"7\r\n\r\nemail=a"
    [one] = strangers(1, POST + FORM + sent)

    status, page = answer_of(one)

    assert status == 400  # the token is missing
    assert "content-security-policy" in page.lower()


def test_a_body_in_chunks_is_read_too(standing_server, strangers):
    chunk = b"email=words-that-came-in-chunks"
    sent = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
    [one] = strangers(1, POST + FORM + sent % (len(chunk), chunk))

    status, page = answer_of(one)

    assert status == 400  # the token is missing, but the words were read
    assert "words-that-came-in-chunks" in page


def test_headers_without_end_are_cut_off(standing_server, strangers):
    [one] = strangers(1, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    is_cut = False
    try:
        for _ in range(100):
            one.sendall(b"X-A: " + b"a" * 1000 + b"\r\n")
    except ConnectionError:
        is_cut = True

    assert is_cut or re.match(r"HTTP/1.1 431 ", answer_of(one)[1])


def test_a_client_that_sends_nothing_more_is_disconnected(standing_server, strangers):
    headers = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "
    late = [strangers(1, first)[0] for first in (b"", headers)]
    [form] = strangers(1, POST + FORM + b"Content-Length: 100000\r\n\r\nemail=")
    for one in (*late, form):
        one.settimeout(PATIENT)

    status, page = answer_of(form)

    assert status == 408
    assert "Your form took too long to arrive" in page
    assert all(is_closed(one, PATIENT) for one in late)
