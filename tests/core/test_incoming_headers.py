"""What a request brings: no header is slow to read, whatever a stranger writes into it."""

import time
from itertools import product

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from workgroup.addresses import origin_of
from workgroup.connections import LONGEST_LINE
from workgroup.incoming import LONGEST, OUR_COOKIE, our_cookie, within_bounds

UNITS = ["a", " ", "\t", ",", ";", "=", '"', "\\", "'", "*", "%", "/", "-", "0", "a=", "a;", ";a=", '"a', '\\"', ', "', "a/b;", "W/", "0-1,", "; a*0="]  # fmt: skip
BEFORE = ["", "a", "a=", 'a="', 'a; a="', "multipart/form-data; boundary=", "bytes=", "session="]  # fmt: skip
AFTER = ["", "b", '"', "="]
READ = ["Accept", "Accept-Language", "Authorization", "Content-Type", "Cookie", "If-None-Match", "If-Range", "Range", "Referer"]  # fmt: skip


def as_kept(name, value):
    """Return a header as pages get it; none if it is left out."""
    sent = [(name.lower().encode(), value.encode("latin-1"))]
    return [(name, kept.decode("latin-1")) for _name, kept in within_bounds(sent)]


def read_all(headers):
    """Read everything that the program and its libraries read from headers."""
    request = Request(EnvironBuilder(headers=headers).get_environ())
    return (
        request.cookies,
        request.accept_mimetypes.accept_html,
        request.accept_languages.best_match(["en", "ja"]),
        request.authorization,
        request.mimetype,
        request.if_none_match,
        request.if_range,
        request.range,
        origin_of(request.referrer or ""),
    )


@pytest.mark.parametrize("name", READ)
def test_no_value_takes_long(name):
    slow = []
    for before, unit, after in product(BEFORE, UNITS, AFTER):
        value = before + unit * (LONGEST_LINE // len(unit)) + after
        sent = as_kept(name, value)
        began = time.process_time()
        read_all(sent)
        if time.process_time() - began > 0.2:
            slow.append((before, unit, after))

    assert not slow


def test_a_boundary_is_short_enough_to_be_searched_for():
    """Werkzeug looks for it at each place of a body. RFC 2046 allows 70 characters."""
    form = "multipart/form-data; boundary="

    longest = as_kept("Content-Type", form + "-" * 70)
    [(_name, cut)] = as_kept("Content-Type", form + "-" * 8000)

    assert longest == [("Content-Type", form + "-" * 70)]
    assert len(cut) == 200


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"session=eyJh.aBc-._", b"session=eyJh.aBc-._"),
        (b"other=1; session=a.b; more=2", b"session=a.b"),
        (b"session=first; session=second", b"session=first"),
        (b"sessions=a; x-session=b", b""),
        (b'session="a b"', b""),
        (b"session=" + b"a" * 5000, b""),
        (b"session=", b""),
        (b"a=" + b" " * 8000 + b'"', b""),
    ],
)
def test_of_all_cookies_only_ours_is_read(sent, kept):
    assert our_cookie(sent) == kept


def test_our_cookie_has_the_name_that_the_application_gives_it(app):
    assert app.config["SESSION_COOKIE_NAME"] == OUR_COOKIE


def test_a_long_value_is_cut_but_for_what_our_own_proxy_wrote_at_its_end():
    long = "a, " * 2000 + "203.0.113.9"

    assert as_kept("Accept", long) == [("Accept", long[:LONGEST])]
    assert as_kept("X-Forwarded-For", long) == [("X-Forwarded-For", long)]


def test_an_address_is_kept_whole():
    address = "https://report.example/?" + "a" * 7000

    assert as_kept("Referer", address) == [("Referer", address)]


def test_a_name_with_an_underscore_is_left_out():
    assert as_kept("X_Real", "a") == []
