"""Sessions on the real server: two people at once are two people."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests import cast
from tests.waiting import PATIENT

pytestmark = pytest.mark.kill


class Visitor:
    """Somebody with a cookie jar, as a browser has one."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        return self.opener.open(self.base + path, timeout=PATIENT).read().decode()

    def sign_in(self, name: str) -> None:
        page = self.get("/account/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
        typed = {
            "email": cast.address(name),
            "password": cast.PASSWORD,
            "csrf_token": token,
        }
        url = self.base + "/account/sign-in"
        self.opener.open(url, urlencode(typed).encode(), timeout=PATIENT)


def test_people_at_the_same_time_see_each_their_own_profile(standing_server):
    visitors = {
        name: Visitor(standing_server.url) for name in ("hana", "amy", "minjun")
    }
    stranger = Visitor(standing_server.url)
    for name, visitor in visitors.items():
        visitor.sign_in(name)

    turns = [*visitors.items()] * 10
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda turn: turn[1].get("/account/profile"), turns))
        asked = stranger.get("/account/profile")

    for (name, _), page in zip(turns, pages, strict=True):
        assert cast.address(name) in page
    assert "@cast.example" not in asked
