"""Requests that are more than any browser sends are cut off before they cost anything."""

import http.client
import socket

import pytest

from tests.waiting import PATIENT
from workgroup.connections import (
    HEADER_BYTES,
    LONGEST_LINE,
    MOST_HEADERS,
    MOST_UNANSWERED,
)

pytestmark = pytest.mark.kill
GET = b"GET /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = POST + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = b"a" * (LONGEST_LINE + 1)


@pytest.fixture
def answer_to(standing_server):
    """Send bytes as a stranger, who may be cut off while sending; give what comes back."""

    def send(sent):
        answer = b""
        with socket.create_connection(("127.0.0.1", standing_server.port)) as one:
            one.settimeout(PATIENT)
            try:
                one.sendall(sent)
                while piece := one.recv(65536):
                    answer += piece
            except ConnectionError:
                pass
        return answer

    return send


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def test_requests_that_wait_for_no_answer_are_few(answer_to):
    answer = answer_to(GET + b"\r\n" + 30 * MOST_UNANSWERED * b"GET / HTTP/1.1\r\n\r\n")

    assert answer.count(b"HTTP/1.1 ") <= MOST_UNANSWERED


@pytest.mark.parametrize(
    "request_line",
    [
        GET + b"X-A: " + LONG,
        GET.replace(b"sign-in", LONG),
        GET + (MOST_HEADERS + 1) * b"X-A: a\r\n",
        GET + (HEADER_BYTES // 8000 + 1) * (b"X-A: " + 8000 * b"a" + b"\r\n"),
    ],
    ids=["a long header", "a long address", "many headers", "large headers"],
)
def test_headers_that_come_at_once_have_the_same_limit(answer_to, request_line):
    assert status_of(answer_to(request_line + b"\r\n\r\n")) == 431


@pytest.mark.parametrize(
    "more",
    [
        b"3\r\na=b\r\n0\r\n" + 60_000 * b"X: y\r\n",
        b"3\r\na=b\r\n0\r\nX: " + 300_000 * b"y",
        b"3;" + 300_000 * b"y" + b"\r\na=b\r\n",
        60_000 * b"1\r\na\r\n",
    ],
    ids=["headers after a body", "a long one", "words on a piece", "tiny pieces"],
)
def test_nothing_large_comes_around_the_pieces_of_a_body(answer_to, more):
    """Without a limit the server waits for the rest, and says so in the end."""
    assert answer_to(CHUNKED + more) == b""


def test_a_body_may_come_in_many_pieces(answer_to):
    pieces = b"".join(b"64\r\n%b\r\n" % (100 * b"a") for _ in range(3000))

    assert status_of(answer_to(CHUNKED + pieces + b"0\r\n\r\n")) == 400  # no token


@pytest.mark.parametrize(("fields", "status"), [(900, 400), (300_000, 413)])
def test_a_form_has_a_bounded_number_of_fields(answer_to, fields, status):
    body = fields * b"a=&"

    answer = answer_to(POST + FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    assert status_of(answer) == status
    assert b"Workgroup" in answer


def test_what_follows_a_body_is_no_header(standing_server, answer_to):
    """Else it would be taken for what a proxy has written."""
    seen = b"X-A: b\r\nCookie: session=a\r\nContent-Length: 3\r\n"
    answer = answer_to(CHUNKED + b"3\r\na=b\r\n0\r\n" + seen + b"\r\n")

    assert status_of(answer) == 400
    connection = http.client.HTTPConnection("127.0.0.1", standing_server.port)
    connection.request("GET", "/account/sign-in")
    assert connection.getresponse().status == 200
    connection.close()
