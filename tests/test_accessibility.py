"""Every page that links lead to: axe finds nothing, nothing overflows, no policy is broken.

The walk starts at the first page and follows each kind of link once, so a new page is
looked at as soon as something links to it.
"""

import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app import create_app
from tests import cast
from tests.browsing import saved, sign_in
from tests.conftest import settings
from tests.furniture import furnish
from tests.servers import Server
from workgroup import assets
from workgroup.database import db

pytestmark = pytest.mark.browser

# What passes is not reported: on a long page that is most of the answer.
ONLY = {"resultTypes": ["violations"]}
RULES = {
    **ONLY,
    "runOnly": {
        "type": "tag",
        "values": [
            "wcag2a",
            "wcag2aa",
            "wcag21a",
            "wcag21aa",
            "wcag22aa",
            "best-practice",
        ],
    },
}
COLORS = {**ONLY, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
SIZES = [
    {"width": 390, "height": 844},
    {"width": 768, "height": 1024},
    {"width": 1440, "height": 900},
]
# After two frames, since a page that has just been resized is laid out a little later.
EXCESS = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
  done(document.documentElement.scrollWidth - document.documentElement.clientWidth))))"""
# Colors change over some frames: axe would measure a mixture of light and dark.
SETTLED = """async () => {
  const frames = () =>
    new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frames();
  const ending = document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime !== Infinity);
  const bound = new Promise(done => setTimeout(done, 3000));  // one that is paused never ends
  await Promise.race([bound, Promise.all(ending.map(one => one.finished.catch(() => null)))]);
  await frames();
}"""
PUBLIC = ["/account/sign-in", "/account/reset", "/nowhere"]
MOST_PAGES = 60
LOADED = {"script", "stylesheet", "font", "image", "other"}
FILES = re.compile(r"\.(pdf|json|zip|txt)$|/download|/static/")


def kind(path: str) -> str:
    """Return a path with its numbers taken out: what two pages of one kind share.

    Every section counts by itself: one is edited, another one is voted on.
    """
    return path if re.search(r"/sections/\d+/$", path) else re.sub(r"\d+", "N", path)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory, template):
    """A real server whose cohort has a report, a ballot, threads and an export."""
    instance = tmp_path_factory.mktemp("lived-in") / "instance"
    shutil.copytree(template, instance)
    app = create_app(settings(instance))
    with app.app_context():
        furnish(cast.SLUG, "Signal")
        db.engine.dispose()
    server = Server(instance)
    server.start()
    yield server
    server.stop()


def linked_pages(page, base: str) -> Iterator[str]:
    """Open one page of each kind, starting at the first, and yield its path."""
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) <= MOST_PAGES:
        path = waiting.pop(0)
        page.goto(base + path)
        yield path
        links = page.locator("a[href]").evaluate_all("all => all.map(one => one.href)")
        for link in links:
            parts = urlsplit(link)
            found = parts.path + (f"?{parts.query}" if parts.query else "")
            inside = link.startswith(base) and not FILES.search(parts.path)
            if inside and kind(found) not in seen:
                seen.add(kind(found))
                waiting.append(found)


def connected(page) -> None:
    """Wait for an editor, where there is one: its buttons are enabled as it connects.

    One that is enabled while axe looks counts as legible with the paleness it had before.
    """
    if page.locator("#toolbar").count():
        saved(page)
        expect(page.locator("#toolbar [data-command=comment]")).to_be_enabled()


def problems(page, path: str) -> list[str]:
    """Return what is wrong with the open page, at three widths, light and dark."""
    found = []
    connected(page)
    page.evaluate(Axe().axe_script)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for size in SIZES:
        page.set_viewport_size(size)
        excess = page.evaluate(EXCESS)
        if excess > 0:
            found.append(f"{path} at {size['width']} is {excess} px too wide")
    page.evaluate(SETTLED)
    found += violations(page, RULES, path)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(SETTLED)
    found += violations(page, COLORS, f"{path} dark")
    return found


def violations(page, rules: dict, where: str) -> list[str]:
    answer = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{where}: {violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def console(page) -> list[str]:
    """What the browser complained about: broken policies, missing files, errors."""
    messages: list[str] = []
    page.on(
        "console",
        lambda message: (
            messages.append(f"{page.url}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on("pageerror", lambda error: messages.append(f"{page.url}: {error}"))
    return messages


@pytest.fixture
def kept(page) -> dict[str, str]:
    """Address → rule of caching, for each file that pages load."""
    seen: dict[str, str] = {}

    def note(response):
        if response.request.resource_type in LOADED and response.ok:
            seen[urlsplit(response.url).path] = response.headers["cache-control"]

    page.on("response", note)
    return seen


def test_pages_before_signing_in(standing_server, page, console):
    found = []

    for path in PUBLIC:
        page.goto(standing_server.url + path)
        found += problems(page, path)

    assert found == []
    assert [line for line in console if "404" not in line] == []


def test_every_page_that_links_lead_to(lived_in, page, console, kept):
    found, walked = [], set()

    for name in ("olivia", "hana", "paul"):
        page.context.clear_cookies()
        sign_in(page, lived_in.url, name)
        for path in linked_pages(page, lived_in.url):
            if kind(path) not in walked:
                found += problems(page, path)
            walked.add(kind(path))

    assert found == []
    assert console == []
    assert len(walked) > 20
    assert walked >= {"/notices", "/account/profile"}  # which the bar leads to
    # A browser keeps what has the hash of the files in its address, and nothing else.
    build = assets.address_of(assets.FOLDER)
    lasting = {path for path, rule in kept.items() if "no-store" not in rule}
    assert [path for path in lasting if not path.startswith(f"{build}/")] == []
    assert {path.rsplit(".")[-1] for path in lasting} >= {"js", "css", "woff2", "svg"}
    assert f"{build}/sign-out.js" in lasting  # which is imported, not named by a page
