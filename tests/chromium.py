"""The browsers that tests drive: two builds of one Chromium, both Debian's."""

import os
import shutil

import pytest
from playwright.sync_api import expect

from tests.machine import missing
from tests.waiting import PATIENT

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium(name: str) -> str:
    """Return where one of Debian's builds of Chromium is."""
    path = shutil.which(name)
    if path is None:
        missing(name)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Chromium as Debian builds it for programs: the same engine, a quarter of the CPU time."""
    expect.set_options(timeout=PATIENT * 1000)
    return {
        **browser_type_launch_args,
        "executable_path": chromium(
            os.environ.get("CHROMIUM", "chromium-headless-shell")
        ),
        "headless": True,
        "args": ARGUMENTS,
    }


@pytest.fixture
def whole_browser(browser_type, browser_type_launch_args):
    """Chromium as people have it, with all that is around the engine."""
    whole = {**browser_type_launch_args, "executable_path": chromium("chromium")}
    browser = browser_type.launch(**whole)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "en-US",
        "timezone_id": "Asia/Tokyo",
        "viewport": {"width": 1280, "height": 800},
    }
