"""Requests that are never answered: an open page gives them up, and comes to know all the same.

Their limits are the browser's own, which no page's clock turns: these pages get shorter ones.
"""

import pytest
from playwright.sync_api import expect

from tests.cast import person
from tests.editor.test_requests_without_a_connection import lose_the_session
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section

pytestmark = pytest.mark.browser

WHO = "**/account/who"
IMPATIENT = """document.addEventListener('readystatechange', () => {
  const config = document.querySelector('meta[name=htmx-config]')
  config.content = config.content.replace(/"timeout":\\d+/, '"timeout":300')
}, {once: true})"""
IS_LIVE_AFTER_ALL = """() => {
  dispatchEvent(new Event('focus'))
  return !document.querySelector('[data-notice=session]')
}"""


class Silence:
    """Leaves the first request to an address without any answer; lets others through."""

    def __init__(self, page, address):
        self.held = None
        page.route(address, self.pass_on)

    def pass_on(self, route):
        if self.held:
            route.continue_()
        self.held = self.held or route


def comment(draft, words):
    with draft.app.app_context():
        section = db.session.get(Section, draft.section_id)
        services.open_thread(section, person("amy"), words, Quotation())
        db.session.commit()


@pytest.fixture
def hana(sit_down):
    """Somebody who writes, on a page that soon gives up."""
    desk = sit_down("hana")
    desk.page.add_init_script(IMPATIENT)
    return desk


def test_comments_come_though_an_earlier_request_for_them_died(hana, draft):
    asked = "**/threads?after=*"
    Silence(hana.page, asked)
    with hana.page.expect_request(asked):
        hana.page.reload()
    hana.state("saved")

    comment(draft, "Why eleven?")

    expect(hana.page.locator("#open-threads")).to_contain_text("Why eleven?")


def test_a_person_who_signs_in_again_is_noticed_though_a_question_died(hana, draft):
    hana.page.clock.install()
    hana.page.reload()
    hana.state("saved")
    Silence(hana.page, WHO)
    lose_the_session(hana)
    with hana.page.expect_request(WHO):
        hana.page.evaluate("dispatchEvent(new Event('focus'))")

    hana.context.add_cookies([draft.cookie("hana")])

    hana.page.wait_for_function(IS_LIVE_AFTER_ALL, polling=50)
