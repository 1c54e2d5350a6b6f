"""A ballot in a real browser: without script, for everybody, and to its deadline."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import cast
from tests.browsing import sign_in
from tests.deciding.building import a_ballot, a_section, person
from tests.waiting import until
from workgroup.database import db
from workgroup.deciding import services
from workgroup.deciding.rules import SIMPLE_MAJORITY, Position
from workgroup.lifecycle import flow

pytestmark = pytest.mark.browser

REASON = "The horizon is too near."


def address(server, ballot):
    return f"{server.url}/c/{cast.SLUG}/ballots/{ballot.id}"


def has_ended(ballot):
    """Look again at what the server's worker writes."""
    db.session.rollback()
    db.session.refresh(ballot)
    return ballot.has_ended


def serious(page):
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in {"serious", "critical"}]


def test_a_vote_without_script_and_what_a_refusal_keeps(browser, server, written):
    ballot = a_ballot()
    db.session.commit()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, server.url, "hana")
    page.goto(address(server, ballot))

    page.get_by_role("textbox", name="Reason").fill(REASON)
    page.get_by_role("button", name="Record my vote").click()
    expect(page.get_by_text("Choose a position.").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Reason")).to_have_value(REASON)
    page.get_by_role("radio", name="Object").check()
    page.get_by_role("button", name="Record my vote").click()

    expect(page.get_by_text("Vote recorded; you can change it until")).to_be_visible()
    expect(page.get_by_text("1 of 1")).to_be_visible()
    context.close()


def test_axe_finds_nothing_serious(page, server, written):
    asked, counted, section = a_ballot("Space"), a_ballot("Climate"), a_section("Trade")
    services.cast_vote(counted, person("hana"), Position.OBJECT, REASON)
    flow.close(counted, by=person("olivia"))
    db.session.commit()
    section_page = f"{server.url}/c/{cast.SLUG}/sections/{section.id}"

    sign_in(page, server.url, "olivia")
    for target in (
        f"{server.url}/c/{cast.SLUG}/ballots",
        address(server, asked),
        address(server, counted),
        f"{section_page}/open",
    ):
        page.goto(target)
        assert (target, serious(page)) == (target, [])
    page.context.clear_cookies()
    sign_in(page, server.url, "hana")
    page.goto(address(server, asked))
    assert serious(page) == []


def test_the_worker_closes_at_the_deadline_and_the_result_shows(page, server, written):
    ballot = a_ballot(rule=SIMPLE_MAJORITY, closes_in=timedelta(seconds=4))
    for name in ("amy", "hana"):
        services.cast_vote(ballot, person(name), Position.SUPPORT, "")
    db.session.commit()
    sign_in(page, server.url, "minjun")

    until(lambda: has_ended(ballot))
    page.goto(address(server, ballot))

    expect(page.get_by_role("heading", name="Adopted")).to_be_visible()
    expect(
        page.get_by_text("2 for, 0 against; more than one-half needed")
    ).to_be_visible()
