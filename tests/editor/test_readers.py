"""A page that its reader may no longer see hides what it shows, says why, and asks no more."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from tests import cast
from tests.deciding.building import TEXT, a_ballot
from tests.waiting import until
from workgroup import clock
from workgroup.accounts.models import SignIn
from workgroup.cohorts.models import Membership
from workgroup.database import db

pytestmark = pytest.mark.browser

WORDS = "There were eleven interruptions."
A_MINUTE = 60_000  # ms, in which a reader's page asks twice


def set_end(draft, name, moment):
    with draft.app.app_context():
        membership = update(Membership).where(Membership.user_id == cast.user_id(name))
        db.session.execute(membership.values(ended_at=moment))
        db.session.commit()


@pytest.fixture
def open_as(browser, draft):
    """Open a page as somebody of the cast; the test turns its clock."""
    contexts = []

    def open_page(name, address, words):
        contexts.append(browser.new_context())
        contexts[-1].add_cookies([draft.cookie(name)])
        page = contexts[-1].new_page()
        page.clock.install()
        page.goto(address)
        main = page.locator("main")
        # On a busy machine the text comes later: the page asks for it again.
        until(lambda: words in main.inner_text() or page.clock.run_for(A_MINUTE), 60)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def oscar(draft, open_as):
    """An observer's page of the text."""
    yield open_as("oscar", draft.address, WORDS)
    set_end(draft, "oscar", None)


@pytest.fixture
def ballot(draft):
    """The address of an open ballot."""
    with draft.app.app_context():
        number = a_ballot().id
        db.session.commit()
    yield f"{draft.server.url}/c/{cast.SLUG}/ballots/{number}"
    set_end(draft, "hana", None)


def asks_no_more(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(5 * A_MINUTE)
    page.evaluate("fetch('/the-last')")  # comes after everything that went before
    return [one.rpartition("/")[2] for one in asked] == ["the-last"]


def test_a_reader_who_was_removed_sees_it_and_nothing_else(oscar, draft):
    set_end(draft, "oscar", clock.now())
    oscar.clock.run_for(A_MINUTE)

    heading = oscar.get_by_role("heading", level=1)
    expect(heading).to_have_text("You no longer have access to this page")
    expect(oscar.locator("body")).not_to_contain_text(WORDS)
    expect(oscar.locator("body")).not_to_contain_text("Constraints")
    expect(oscar.locator("textarea")).to_have_count(0)
    assert oscar.title() == "You no longer have access to this page"
    assert asks_no_more(oscar)


def test_a_voter_who_was_removed_keeps_the_reason_that_was_typed(
    draft, open_as, ballot
):
    hana = open_as("hana", ballot, TEXT)
    hana.locator("textarea[name=reason]").fill("The number is not right.")
    set_end(draft, "hana", clock.now())
    hana.clock.run_for(A_MINUTE)

    kept = hana.get_by_label("What you typed was not sent.")
    expect(kept).to_have_value("The number is not right.")
    expect(hana.locator("body")).not_to_contain_text(TEXT)
    assert asks_no_more(hana)


def test_a_reader_whose_sign_in_has_ended_is_led_back_to_the_text(oscar, draft):
    with draft.app.app_context():
        theirs = update(SignIn).where(SignIn.user_id == cast.user_id("oscar"))
        db.session.execute(theirs.values(ended_at=clock.now()))
        db.session.commit()
    oscar.clock.run_for(A_MINUTE)

    heading = oscar.get_by_role("heading", level=1)
    expect(heading).to_have_text("You are signed out")
    expect(oscar.locator("body")).not_to_contain_text(WORDS)
    expect(oscar.locator("textarea")).to_have_count(0)
    assert asks_no_more(oscar)
    oscar.get_by_role("link", name="Sign in").click()
    oscar.fill("input[name=email]", cast.address("oscar"))
    oscar.fill("input[name=password]", cast.PASSWORD)
    oscar.click("main button[type=submit]")
    expect(oscar.locator("#sheet")).to_contain_text(WORDS)


def test_a_failure_of_the_server_hides_nothing(oscar):
    oscar.route("**/text?*", lambda route: route.fulfill(status=503, body="later"))
    with oscar.expect_response("**/text?*"):
        oscar.clock.run_for(A_MINUTE)

    oscar.clock.run_for(A_MINUTE)
    expect(oscar.locator("#sheet")).to_contain_text(WORDS)
