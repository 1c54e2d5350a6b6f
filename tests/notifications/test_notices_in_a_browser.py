"""The count in the bar of an open page: live beside an editor, by polling without one."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from tests import cast
from tests.browsing import sign_in
from tests.deciding.building import a_ballot, a_section, person
from tests.waiting import until
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.notifications.models import Notice

pytestmark = pytest.mark.browser

SOON = 15_000  # milliseconds; a page without an editor would ask after a minute


def notices():
    """Count what the server's worker has written by now."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Notice.id)))


def bell(page, name):
    return page.locator("#bell").get_by_role("link", name=name, exact=True)


def test_an_answer_shows_at_once_beside_the_editor_and_is_read_by_opening_it(
    page, server, written
):
    section, other = a_section(), a_section("Space policy")
    thread = discussion.open_thread(
        other, person("hana"), "Why so?", Quotation("", "", "")
    )
    db.session.commit()
    sign_in(page, server.url, "hana")
    page.goto(f"{server.url}/c/{cast.SLUG}/sections/{section.id}/")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    expect(bell(page, "Notices, all read")).to_be_visible()

    discussion.reply(thread, person("amy"), "Because.")
    db.session.commit()
    expect(bell(page, "Notices, one unread")).to_be_visible(timeout=SOON)
    bell(page, "Notices, one unread").click()
    page.get_by_role("link", name="Amy Adler replied to your comment").click()

    expect(page.get_by_role("heading", name="Space policy")).to_be_visible()
    expect(bell(page, "Notices, all read")).to_be_visible()


def test_a_page_without_an_editor_asks_each_minute(page, server, written):
    page.clock.install()
    sign_in(page, server.url, "hana")
    page.goto(f"{server.url}/account/profile")
    expect(bell(page, "Notices, all read")).to_be_visible()
    with page.expect_response("**/notices/count**") as asked:
        page.clock.fast_forward(61_000)
    assert asked.value.status == 204

    a_ballot()
    db.session.commit()
    until(lambda: notices() == 3)
    with page.expect_response("**/notices/count**") as asked:
        page.clock.fast_forward(61_000)
    assert asked.value.status == 200

    expect(bell(page, "Notices, one unread")).to_be_visible()
