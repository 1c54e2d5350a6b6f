"""No request of an open page waits without a limit: a network that falls silent resets nothing."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(
    path
    for folder in ("workgroup/static", "frontend/src")
    for path in (ROOT / folder).glob("*.js")
)
SENDS = re.compile(r"\bfetch\(|XMLHttpRequest|sendBeacon|EventSource|\bimport\(")
SHORTEST, LONGEST = 10_000, 120_000  # ms
BY_ITSELF = re.compile(r"<\w+[^<]*\sdata-quiet\b[^<]*>")  # a part's first tag


def test_scripts_send_every_request_through_the_one_function_with_a_limit():
    sending = {
        path.name: SENDS.findall(path.read_text())
        for path in SCRIPTS
        if SENDS.search(path.read_text())
    }

    assert sending == {"patience.js": ["fetch("]}
    patience = (ROOT / "workgroup/static/patience.js").read_text()
    assert re.search(r"\bfetch\(.*signal: AbortSignal\.timeout\(limit\)", patience)


def test_htmx_gives_up_a_request_too(as_):
    page = as_("amy").get("/account/profile").get_data(as_text=True)
    [config] = re.findall(r"name=\"htmx-config\"\s+content='(.*?)'", page)

    assert SHORTEST <= json.loads(config)["timeout"] <= LONGEST


def test_parts_that_may_take_longer_have_a_limit_of_their_own():
    for path in (ROOT / "templates").rglob("*.html"):
        for options in re.findall(r"hx-request='(.*?)'", path.read_text()):
            assert SHORTEST <= json.loads(options)["timeout"] <= LONGEST, path


def test_every_part_that_a_page_asks_for_again_and_again_can_be_asked_for_after_a_failure():
    parts = [
        tag
        for path in (ROOT / "templates").rglob("*.html")
        for tag in BY_ITSELF.findall(path.read_text())
        if 'hx-trigger="load"' not in tag
    ]

    assert len(parts) >= 5
    for tag in parts:
        assert re.search(r'hx-trigger="[^"]*, wg:again"', tag), tag
        assert re.search(r'\sid="', tag), tag
