"""One network never takes all threads: neither those of pages nor those of files."""

import asyncio
from collections import Counter

import pytest

from tests.waiting import PATIENT
from workgroup import pages
from workgroup.pages import Pages

KINDS = {
    "/account/sign-in": (pages.SHARE_OF_ONE, pages.PAGES_AT_ONCE),
    "/static/page.js": (pages.FILES_OF_ONE, pages.FILES_AT_ONCE),
}
FLOOD, HOME = "203.0.113.9", "198.51.100.7"


async def nothing_more():
    return {"type": "http.request", "body": b"", "more_body": False}


async def read_nothing(_message):
    pass


@pytest.mark.parametrize(
    ("path", "share", "threads"), [(p, *k) for p, k in KINDS.items()]
)
def test_a_flood_from_one_network_leaves_threads_to_others(app, path, share, threads):
    """What a thread does is held up here, as a large file or a slow page would."""
    inside, leave = Counter(), asyncio.Event()
    site = Pages(app)

    async def held(scope, _receive, send):
        inside[scope["client"][0]] += 1
        await leave.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    site.pages = site.files = held

    async def scene():
        def ask(address):
            scope = {
                "type": "http",
                "method": "GET",
                "path": path,
                "client": (address, 1),
                "headers": [],
            }
            return asyncio.create_task(site(scope, nothing_more, read_nothing))

        asked = [ask(FLOOD) for _ in range(50)] + [ask(HOME)]
        async with asyncio.timeout(PATIENT):
            while not inside[HOME]:  # noqa: ASYNC110 - the site reports it to nobody
                await asyncio.sleep(0)
        taken = Counter(inside)
        leave.set()
        await asyncio.gather(*asked)
        return taken

    taken = asyncio.run(scene())

    assert taken[FLOOD] == share < threads
    assert inside == {FLOOD: 50, HOME: 1}
    assert not site.visitors.under_way


@pytest.mark.parametrize("path", ["/account/sign-in", "/invitations/abc"])
def test_guesses_from_many_networks_leave_threads_to_other_pages(app, path):
    """Each waits in its thread for one of two hashes."""
    inside, leave = Counter(), asyncio.Event()
    site = Pages(app)

    async def held(scope, _receive, send):
        inside[scope["method"]] += 1
        await leave.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    site.pages = held

    async def scene():
        def ask(method, path, number):
            client = (f"203.0.113.{number}", 1)
            scope = {"type": "http", "path": path, "client": client, "headers": []}
            return asyncio.create_task(
                site({**scope, "method": method}, nothing_more, read_nothing)
            )

        asked = [ask("POST", path, number) for number in range(20)]
        asked.append(ask("GET", "/account/sign-in", 21))
        async with asyncio.timeout(PATIENT):
            while not inside["GET"]:  # noqa: ASYNC110 - the site reports it to nobody
                await asyncio.sleep(0)
        taken = Counter(inside)
        leave.set()
        await asyncio.gather(*asked)
        return taken

    assert asyncio.run(scene())["POST"] == pages.HASHING_AT_ONCE < pages.PAGES_AT_ONCE
    assert inside == {"POST": 20, "GET": 1}
