"""No header and no name of a field, however absurd, causes an internal error."""

import re
from pathlib import Path

import pytest

import workgroup
from tests import cast
from tests.core.test_values_in_every_field import answer, fields, requests
from tests.furniture import furnish

LONG = "9" * 5000  # more digits than Python reads as a number
DATES = ["Thu, 01 Jan 99999999999999 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 +99999999999999999999", f"Thu, {LONG} Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359"]  # fmt: skip
NUMBERS = ["-1", LONG, "\xb2", "1e999", "nan", "0x10"]
TAGS = ["*", '""', "W/", '"a' * 2000, "," * 5000]
ADDRESSES = ["http://[", f"http://localhost:{LONG}", "http://localhost:\xb2", "//xn--\xff", "\xe9" * 5000]  # fmt: skip
ANYTHING = ["", "\xff", '"', "[", ";", "=", "a;a*=x''%ff", "a; b*0=c", "\0", ";".join("ab" * 2000)]  # fmt: skip
HEADERS = {
    "Accept": [f"*/*;q={LONG}", "text/html;q=nan", "/", f"text/html;level={LONG}"],
    "Accept-Language": [f"en;q={LONG}", "en;q=nan", "-", "en-" * 2000, "*;q=2", "a," * 5000],
    "Authorization": ["Basic", "Basic \xff", "Basic ====", "Basic /w==", "Digest a", "Bearer \xff"],
    "Content-Length": NUMBERS,
    "Content-Type": ["multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={LONG}", "application/x-www-form-urlencoded; charset=rot13", "application/json"],
    "Cookie": ["session", "session=", "session=.eJw", "session=\xff.a.b", 'session="\\377\\', "session=" + "." * 5000],
    "Date": DATES,
    "Forwarded": [f"for={LONG}"],
    "Host": ["localhost:\xb2", f"localhost:{LONG}", "xn--\xff", "a" * 5000],
    "HX-Request": ["true"],
    "If-Match": TAGS,
    "If-Modified-Since": DATES,
    "If-None-Match": TAGS,
    "If-Range": [*DATES, *TAGS],
    "If-Unmodified-Since": DATES,
    "Origin": ["null", *ADDRESSES],
    "Range": ["bytes", "bytes=-", "bytes=--1", "bytes=1-0", f"bytes=0-{LONG}", f"bytes=-{LONG}", f"bytes={LONG}-", "bytes=\xb2-"],
    "Referer": ADDRESSES,
    "Sec-Fetch-Site": ["none"],
    "User-Agent": ["Mozilla/5.0 (" * 500],
    "X-By-Itself": ["1"],
    "X-Forwarded-For": [LONG, "[" * 500],
    "X-Forwarded-Host": ADDRESSES,
    "X-Requested-With": ["fetch"],
}  # fmt: skip


def environ_name(header):
    """Return a header's name as WSGI writes it."""
    name = header.upper().replace("-", "_")
    return name if name.startswith("CONTENT_") else f"HTTP_{name}"


@pytest.fixture
def served(app):
    """The application as people meet it, which turns a failure into a page."""
    app.testing = False
    yield app
    app.testing = True


@pytest.fixture
def pages(app, database):
    """Some addresses: each serves a page, a file or an answer to a form in another way."""
    furniture = database.once(lambda: furnish(cast.SLUG, "OURS"))
    export = f"/c/{cast.SLUG}/exports/{furniture.ids['export_id']}/report.pdf"
    return [
        ("GET", f"{app.static_url_path}/css/base.css"),
        ("GET", export),
        ("GET", f"/c/{cast.SLUG}/"),
        ("POST", "/account/profile"),
        ("POST", "/account/sign-in"),
    ]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_may_be_anything(served, as_, pages, header):
    olivia, wrong = as_("olivia"), []
    more = {"HTTP_RANGE": "bytes=0-1"} if header == "If-Range" else {}

    for value in [*HEADERS[header], *ANYTHING]:
        for method, address in pages:
            status = olivia.open(
                address,
                method=method,
                data=b"printed_name=a" if method == "POST" else None,
                environ_overrides={**more, environ_name(header): value},
                buffered=True,
            ).status_code
            if status >= 500:
                wrong.append((method, address, value[:50], status))

    assert wrong == []


def test_every_header_that_the_program_reads_is_among_them():
    read = re.compile(r"""request\.headers\.get(?:list)?\("([\w-]+)\"""")
    sources = Path(workgroup.__file__).parent.rglob("*.py")

    found = {name for path in sources for name in read.findall(path.read_text())}

    assert len(found) > 4
    assert found <= set(HEADERS)


def test_a_field_may_have_any_name(served, as_):
    with served.app_context():
        furniture = furnish(cast.SLUG, "OURS")
    rows = ["\u00b2", "\u0663", LONG, "-1", "", "0", "99999"]
    names = [f"{name}-{row}-code" for name in fields() for row in rows]
    odd = dict.fromkeys([*names, "", "-", "[", "\0", b"\xed\xa0\x80"], "a")
    wrong = []

    for page, form in requests(served, furniture):
        client = served.test_client() if page.policy == "public" else as_("olivia")
        status = answer(client, page, {**odd, **form}).status_code
        if status >= 500:
            wrong.append((page.endpoint, status))

    assert wrong == []


def test_a_field_of_no_row_adds_no_row(as_):
    odd = {f"delegations-{row}-code": "FR" for row in ("\u00b2", "\u0663", LONG)}

    page = as_("olivia").post("/cohorts/new", data={"name": "A group", **odd}).text

    assert page.count('name="delegations-') == as_("olivia").get("/cohorts/new").text.count('name="delegations-')  # fmt: skip
    assert 'value="FR"' not in page
