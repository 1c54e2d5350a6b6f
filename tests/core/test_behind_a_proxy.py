"""Behind a real TLS proxy: forms, sockets, large and slow bodies; what is forged changes nothing."""

import asyncio
import http.client
import re
import time
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from websockets.exceptions import InvalidStatus

from tests import cast
from tests.core.proxies import behind_a_proxy
from tests.live.editors import Editor, cookie_of
from tests.waiting import PATIENT

pytestmark = pytest.mark.kill
SESSION = re.compile(r"session=([^;]+)")
PROFILE = {
    "printed_name": "Hana Hoshino",
    "native_language": "ja",
    "name_order": "family-first",
    "sector": "",
    "time_zone": "Asia/Tokyo",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory, template):
    """A server that believes one proxy, and nginx before it."""
    with behind_a_proxy(tmp_path_factory.mktemp("proxied"), template) as site:
        yield site


class Visitor:
    """Somebody who can send any header, which a browser cannot."""

    def __init__(self, site):
        self.site, self.cookie = site, ""

    def ask(self, method, path, body=None, **headers):
        """Send one request; give status, headers and page."""
        proxy = self.site.proxy
        connection = http.client.HTTPSConnection(
            "localhost", proxy.port, timeout=PATIENT, context=proxy.trust
        )
        sent = {"Cookie": self.cookie, "Origin": self.site.url}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        present = {name: value for name, value in sent.items() if value is not None}
        connection.request(method, path, body, present)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        if found := SESSION.search(answer.headers.get("Set-Cookie", "")):
            self.cookie = f"session={found[1]}"
        connection.close()
        return SimpleNamespace(status=answer.status, headers=answer.headers, page=page)

    def send(self, path, form, **headers):
        """Send a form with the token of the page that holds it."""
        page = self.ask("GET", path).page
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        return self.ask(
            "POST", path, urlencode({"csrf_token": token, **form}), **headers
        )

    def sign_in(self, name, **headers):
        typed = {"email": cast.address(name), "password": cast.PASSWORD}
        return self.send("/account/sign-in", typed, **headers)


@pytest.fixture(scope="module")
def hana(site):
    """Hana, signed in."""
    visitor = Visitor(site)
    assert visitor.sign_in("hana").status == 302
    return visitor


def test_signing_in_gives_a_cookie_that_only_https_carries(site):
    answer = Visitor(site).sign_in("hana")

    assert answer.status == 302
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {
        part.strip() for part in answer.headers["Set-Cookie"].split(";")
    }
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Origin": None, "Referer": "{url}/account/profile"}, 302),
        ({"Origin": "null", "Referer": "{url}/account/profile"}, 302),
        ({"Origin": None}, 302),  # no browser sends neither: the token decides
        ({"Origin": "HTTPS://LOCALHOST.:{port}"}, 302),
        ({"Origin": "null"}, 400),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "{url}.evil.example"}, 400),
        ({"Origin": "{url}/"}, 400),
        ({"Origin": "http://localhost:{port}"}, 400),
        ({"Origin": "https://localhost"}, 400),
        ({"Origin": "https://localhost:1{port}"}, 400),
        ({"Origin": "{url} https://evil.example"}, 400),
        ({"Origin": None, "Referer": "https://evil.example/{url}/"}, 400),
        ({"Origin": None, "Referer": "http://localhost:{port}/"}, 400),
        ({"Sec_Fetch_Site": "cross-site"}, 400),
        ({"Sec_Fetch_Site": "same-origin"}, 302),
    ],
)
def test_a_form_is_accepted_only_from_our_own_pages(site, hana, headers, status):
    written = {
        name: value and value.format(url=site.url, port=site.proxy.port)
        for name, value in headers.items()
    }

    assert hana.send("/account/profile", PROFILE, **written).status == status


def test_a_form_with_files_arrives_whole(hana):
    page = hana.ask("GET", "/account/profile").page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    fields = {**PROFILE, "csrf_token": token, "native_name": "星野 花"}
    parts = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    parts += (
        '--edge\r\nContent-Disposition: form-data; name="list"; filename="a.csv"\r\n\r\n'
        + "name,address\r\n" * 50_000
        + "\r\n--edge--\r\n"
    )

    answer = hana.ask(
        "POST",
        "/account/profile",
        parts.encode(),
        Content_Type="multipart/form-data; boundary=edge",
    )

    assert answer.status == 302
    assert "星野 花" in hana.ask("GET", "/account/profile").page


def test_a_body_just_below_the_limit_is_read_and_one_above_it_gets_our_page(hana):

    large = hana.send("/account/profile", PROFILE | {"affiliation": "a" * 1_900_000})
    over = hana.send("/account/profile", PROFILE | {"affiliation": "a" * 2_200_000})

    assert large.status == 422
    assert "Use at most 200 characters." in large.page
    assert over.status == 413
    assert "two megabytes" in over.page


def test_a_body_that_comes_slowly_arrives(hana):
    page = hana.ask("GET", "/account/profile").page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    body = urlencode({**PROFILE, "csrf_token": token}).encode()

    def pieces():
        for at in range(0, len(body), 100):
            time.sleep(0.5)  # a slow line: time itself is what is tested
            yield body[at : at + 100]

    answer = hana.ask(
        "POST",
        "/account/profile",
        pieces(),
        Content_Type="application/x-www-form-urlencoded",
        Content_Length=str(len(body)),
    )

    assert answer.status == 302


def test_forged_addresses_do_not_help_a_guesser(site):
    guesser = Visitor(site)
    wrong = {"email": cast.address("oscar"), "password": "wrong password here"}

    answers = [
        guesser.send(
            "/account/sign-in",
            wrong,
            X_Forwarded_For=f"203.0.113.{number}",
            X_Real_IP=f"203.0.113.{number}",
            Forwarded=f"for=203.0.113.{number}",
        ).status
        for number in range(6)
    ]

    assert answers == [200] * 5 + [429]


def test_forged_names_and_schemes_change_no_address_on_a_page(site):
    answer = Visitor(site).ask(
        "GET",
        "/account/profile",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="http",
        X_Forwarded_Port="81",
        X_Forwarded_Prefix="/evil",
    )

    assert answer.status == 302
    assert answer.headers["Location"] == "/account/sign-in?next=/account/profile"
    assert answer.headers["Strict-Transport-Security"]


def test_a_foreign_name_in_the_host_header_is_refused(site):
    assert Visitor(site).ask("GET", "/", Host="evil.example").status == 400


def test_plain_http_is_sent_to_the_public_address(site):
    connection = http.client.HTTPConnection("localhost", site.proxy.plain_port)
    connection.request("GET", "/account/sign-in", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert answer.status == 301
    assert answer.headers["Location"] == f"{site.url}/account/sign-in"


@pytest.mark.parametrize(
    ("origin", "opens"),
    [("{url}", True), ("http://localhost:{port}", False), ("https://localhost", False)],
)
def test_a_socket_opens_only_for_the_public_origin(site, origin, opens):
    async def scene():
        sent = origin.format(url=site.url, port=site.proxy.port)
        hana = Editor(site.url, site.section, cookie_of(site.app, "hana"), origin=sent)
        hana.tls = site.proxy.trust
        if not opens:
            with pytest.raises(InvalidStatus) as caught:
                await hana.open()
            assert caught.value.response.status_code == 403
            return
        await hana.open()
        await hana.write("語")
        await hana.settled()
        await hana.close()

    asyncio.run(scene())
