"""Requests that are never answered: an open page gives them up, and comes to know all the same.

Their limits are the browser's own, which no page's clock turns: these pages get shorter ones.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import person
from tests.editor.meter import Meter
from tests.editor.test_requests_without_a_connection import lose_the_session
from tests.waiting import until
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section

pytestmark = pytest.mark.browser

WHO = "**/account/who"
STRIP = "**/standing"
PARTS = re.compile(r"/(text|standing|threads|count)(\?|$)")
BEHIND = re.compile(r"^Not up to date since \w{3} \d+ \w{3,4}, \d\d:\d\d\. ")
A_WHILE = 5_000  # ms
CHANGES = """() => {
  globalThis.changes = 0
  const look = {subtree: true, childList: true, characterData: true, attributes: true}
  new MutationObserver(() => globalThis.changes++).observe(document.querySelector('.stale'), look)
}"""
IMPATIENT = """document.addEventListener('readystatechange', () => {
  const config = document.querySelector('meta[name=htmx-config]')
  if (!config) return  // not a page of ours
  config.content = config.content.replace(/"timeout":\\d+/, '"timeout":300')
  for (const part of document.querySelectorAll('[hx-request]')) {
    part.setAttribute('hx-request', '{"timeout": 300}')
  }
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


def hurry(route):
    """Make the page give up early also what somebody sends."""
    script = route.fetch()
    quick = script.text().replace("SENDING = 30000", "SENDING = 300")
    route.fulfill(response=script, body=quick)


class Network:
    """Leaves what a page asks for by itself without any answer, until it is mended."""

    def __init__(self, page, parts):
        self.is_silent = True
        page.route(parts, lambda route: self.is_silent or route.continue_())


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


def test_a_reply_whose_answer_never_comes_is_kept_and_can_be_sent_again(hana, draft):
    comment(draft, "Why eleven?")
    hana.page.route("**/patience.js", hurry)
    network = Network(hana.page, "**/reply")
    hana.page.reload()
    hana.state("saved")
    card = hana.page.locator("#open-threads [data-thread]")
    card.locator("summary").click()
    words = card.get_by_role("textbox")
    words.fill("It was in June.")
    send = card.get_by_role("button", name="Reply")
    send.click()

    expect(hana.page.locator("#request-failed")).to_contain_text("was not done")
    expect(words).to_have_value("It was in June.")

    network.is_silent = False
    send.click()
    expect(card.locator(".rep")).to_have_text([re.compile("It was in June.")])


def test_a_passage_whose_card_cannot_be_fetched_says_so(hana, draft):
    hana.page.route("**/threads/*", lambda route: route.abort())
    hana.page.goto("about:blank")

    hana.page.goto(f"{draft.address}#thread-elsewhere")

    expect(hana.page.locator("#request-failed")).to_be_visible()


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


def test_the_state_of_a_section_is_asked_for_again_after_a_request_died(hana):
    hana.page.goto("about:blank")  # what this page still asks for is not meant
    hana.page.clock.install()
    network = Network(hana.page, STRIP)
    meter = Meter(hana.page)
    hana.page.goto(hana.draft.address)
    meter.catch_up()
    assert meter.parts["standing"] >= 1
    meter.begin()

    network.is_silent = False

    # A clock that outruns the socket's answers would let the page connect again.
    meter.wait(lambda: meter.parts["standing"], turning=100)
    assert meter.sockets == 0


@pytest.fixture
def oscar(browser, draft):
    """An observer's page, which soon gives up, and whose clock the test turns."""
    context = browser.new_context()
    context.add_cookies([draft.cookie("oscar")])
    page = context.new_page()
    page.add_init_script(IMPATIENT)
    page.clock.install()
    page.goto(draft.address)
    yield page
    context.close()


def test_a_reader_sees_since_when_a_page_is_behind_and_when_it_no_longer_is(oscar):
    network = Network(oscar, PARTS)
    line = oscar.locator("#not-up-to-date")
    expect(line).to_be_hidden()
    until(lambda: line.is_visible() or oscar.clock.run_for(A_WHILE))
    assert BEHIND.match(line.inner_text().strip())
    oscar.evaluate(CHANGES)
    oscar.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(line).to_be_in_viewport()
    for _ in range(24):
        oscar.clock.run_for(A_WHILE)
    assert oscar.evaluate("changes") == 0  # a screen reader announces it once

    network.is_silent = False

    until(lambda: line.is_hidden() or oscar.clock.run_for(A_WHILE))
