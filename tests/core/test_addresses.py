"""Whose request it is, and which origin an address has: tables."""

import pytest

from workgroup.addresses import as_sent, is_path, network, origin_of, plain, visitor


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ([], 0, "10.0.0.1"),
        (["203.0.113.9"], 0, "10.0.0.1"),
        (["203.0.113.9"], 1, "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9"], 1, "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9"], 1, "203.0.113.9"),
        (["forged, 203.0.113.9, 192.0.2.7"], 2, "203.0.113.9"),
        (["203.0.113.9"], 2, "10.0.0.1"),  # the outer proxy was passed by
        (["nonsense"], 1, "10.0.0.1"),
        (["203.0.113.9:51234"], 1, "203.0.113.9"),
        (["[2001:db8::1]:443"], 1, "2001:db8::1"),
        ([""], 1, "10.0.0.1"),
    ],
)
def test_the_visitor_is_whom_our_outermost_proxy_saw(forwarded, proxies, found):
    assert visitor("10.0.0.1", forwarded, proxies) == found


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("a word", "unknown"),
    ],
)
def test_a_home_network_counts_as_one(address, counted_as):
    assert network(address) == counted_as


@pytest.mark.parametrize("written", ["", "x", "999.1.1.1", "[::1", ":::", "1.2.3.4.5"])
def test_what_is_no_address_is_none(written):
    assert plain(written) in {"", "::1"}


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://report.example/a?b#c", "https://report.example"),
        ("HTTPS://Report.Example:443", "https://report.example"),
        ("http://report.example:80/", "http://report.example"),
        ("https://report.example:80", "https://report.example:80"),
        ("https://보고서.example", "https://xn--299ax81ai7c.example"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://report.example:99999", ""),
        ("https://[::1", ""),
        ("null", ""),
        ("file:///etc/passwd", ""),
        ("//report.example", ""),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address, origin):
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("sent", "ours"),
    [
        ("https://report.example", True),
        ("HTTPS://Report.Example", True),
        ("https://report.example.", True),
        ("https://report.example..", False),
        ("https://report.example/", False),
        ("https://report.example./", False),
        ("https://report.example.evil.example", False),
        ("https://report.example:443", False),
        ("https://.report.example", False),
        ("null", False),
        ("", False),
        (".", False),
    ],
)
def test_an_origin_counts_however_its_name_is_written(sent, ours):
    assert (as_sent(sent) == "https://report.example") is ours


def test_an_origin_with_a_port_counts_however_its_name_is_written():
    assert as_sent("http://LOCALHOST.:8000") == "http://localhost:8000"


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("/", True),
        ("/c/trilateral/?page=2#people", True),
        ("/보고서", True),
        ("", False),
        ("c/trilateral/", False),
        ("//report.example/", False),
        ("/\\report.example", False),
        ("/\t/report.example", False),
        ("/\n/report.example", False),
        ("\t//report.example", False),
        ("/c/\n", False),
        ("https://report.example/", False),
    ],
)
def test_a_path_stays_on_this_site_as_browsers_read_it(written, is_one):
    assert is_path(written) is is_one
