"""What an open page asks for while it is signed out, offline, or its server is down.

A minute of the page's time passes by its own clock, so that the counts are of whole minutes.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.editor.desk import TEXT, Desk, Draft
from tests.editor.meter import BELL, WHO, Meter

pytestmark = pytest.mark.browser


@pytest.fixture
def amy(sit_down):
    """Somebody whose text is saved, on a page whose clock a test turns."""
    desk = sit_down("amy")
    desk.page.clock.install()
    desk.page.goto(desk.draft.address)
    desk.state("saved")
    return desk


def threads_of(desk):
    """Return what asks for changed threads; one that was under way is tried again."""
    return f"{urlsplit(desk.draft.address).path}threads"


def strip_of(desk):
    """Return what asks for the section's state; so is one of these."""
    return f"{urlsplit(desk.draft.address).path}standing"


def lose_the_session(desk):
    """End the cookie, and the socket with it."""
    desk.context.clear_cookies()
    desk.context.set_offline(True)
    desk.page.clock.run_for(200)
    desk.context.set_offline(False)
    expect(desk.page.locator('[data-notice="session"]')).to_be_visible()


def test_a_page_that_is_signed_out_sends_small_requests_rarely(amy):
    meter = Meter(amy.page)
    lose_the_session(amy)

    first, second, third = (meter.minute() for _ in range(3))

    assert set(first) <= {WHO, BELL, threads_of(amy), strip_of(amy)}
    for asked in (second, third):
        assert set(asked) <= {WHO, BELL}
        assert asked.count(BELL) <= 1
    assert 2 <= first.count(WHO) <= 6
    assert 1 <= (second + third).count(WHO) <= 5  # 30 to 60 seconds apart
    assert max(meter.bytes.values()) <= 1536  # of which nearly all are headers
    assert meter.sockets == 0


def test_a_person_who_comes_back_signed_in_is_noticed_at_once(amy, draft):
    lose_the_session(amy)
    meter = Meter(amy.page)
    for _ in range(3):
        meter.minute()
    amy.context.add_cookies([draft.cookie("amy")])
    meter.asked.clear()

    amy.page.evaluate("dispatchEvent(new Event('focus'))")

    amy.state("saved")
    expect(amy.page.locator('[data-notice="session"]')).to_have_count(0)
    assert meter.asked.count(WHO) == 1
    assert urlsplit(draft.address).path not in meter.asked


def test_a_page_without_a_network_asks_for_nothing(amy):
    amy.context.set_offline(True)
    meter = Meter(amy.page)
    meter.minute()

    asked = meter.minute()

    assert WHO not in asked
    assert set(asked) <= {BELL}
    assert len(asked) <= 1
    assert meter.sockets <= 12
    amy.context.set_offline(False)
    amy.state("saved")


def test_a_page_whose_server_is_down_asks_rarely(server, browser):
    amy = Desk(browser, Draft(server), "amy")
    amy.page.clock.install()
    amy.page.goto(amy.draft.address)
    amy.state("saved")
    server.kill()
    meter = Meter(amy.page)

    first, second = meter.minute(), meter.minute()

    # What was asked for as the page opened may have failed, and is tried again.
    assert len(first) <= 12
    assert set(second) <= {WHO, BELL, threads_of(amy), strip_of(amy)}
    assert second.count(threads_of(amy)) + second.count(strip_of(amy)) <= 4
    assert first.count(WHO) <= 6
    assert second.count(WHO) <= 2
    assert meter.sockets <= 12
    server.start()
    amy.page.evaluate("dispatchEvent(new Event('online'))")
    amy.state("saved")
    expect(amy.page.locator(TEXT)).to_be_visible()
    amy.context.close()
