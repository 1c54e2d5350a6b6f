"""Signing out on a computer that others use: nothing of one's own stays, nothing unsaved goes unasked."""

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.editor.desk import TEXT
from tests.waiting import until

pytestmark = pytest.mark.browser

DATABASES = "async () => (await indexedDB.databases()).map(({ name }) => name).sort()"
CONFIRM = "#confirm"
UNREADABLE = "Storage.prototype.key = () => { throw new Error('refused') }"


def kept(page, person=""):
    """List the texts' databases of this browser, or one person's."""
    return [
        name
        for name in page.evaluate(DATABASES)
        if name.startswith(f"workgroup:{person}")
    ]


def write_offline(desk, words):
    """Write what never reaches the server, and close the page."""
    person = desk.page.locator("#workspace").get_attribute("data-person")
    desk.keeps()
    desk.page.route_web_socket("**/live", lambda socket: socket.close())
    desk.page.reload()
    desk.page.locator(TEXT).wait_for()
    desk.go_to()
    desk.type(words)
    desk.state("unsaved")
    desk.keeps(waiting=len(words))  # a key each; the last ones may be on their way
    desk.page.close()
    return person


def other_page(desk):
    """Open a page without any text."""
    page = desk.context.new_page()
    page.goto(f"{desk.draft.server.url}/account/profile")
    return page


def sign_out(page):
    page.locator("#account summary").click()
    page.locator("form[data-signs-out] button").click()


def signed_out(page):
    page.wait_for_url(
        lambda url: "/account/profile" not in url and "/sections/" not in url
    )


def test_unsaved_words_of_another_page_are_named_before_they_are_deleted(
    sit_down, draft
):
    amy = sit_down("amy")
    person = write_offline(amy, "never sent")
    page = other_page(amy)

    sign_out(page)

    question = page.locator(CONFIRM)
    expect(question).to_contain_text("delete unsaved text?")
    expect(question.get_by_role("link")).to_have_text([draft.title()])
    expect(question.get_by_role("link")).to_have_attribute(
        "href", f"/c/{draft.address.split('/c/')[1]}"
    )
    question.get_by_role("button", name="Cancel").click()
    expect(question).not_to_be_visible()
    assert kept(page, person) != []

    sign_out(page)
    question.get_by_role("button", name="Delete it and sign out").click()
    signed_out(page)
    assert kept(page) == []
    assert "never sent" not in draft.text()


def test_nobody_is_asked_when_everything_is_saved(sit_down):
    amy = sit_down("amy")
    amy.go_to()
    amy.type("saved ")

    sign_out(amy.page)

    signed_out(amy.page)
    assert kept(amy.page) == []
    until(lambda: "saved " in amy.draft.text())


def test_another_persons_unsaved_words_outlive_a_sign_out(sit_down, draft):
    amy = sit_down("amy")
    person = write_offline(amy, "words of Amy")
    amy.context.clear_cookies()
    amy.context.add_cookies([draft.cookie("hana")])
    page = other_page(amy)

    sign_out(page)

    signed_out(page)
    assert kept(page, person) != []
    amy.context.add_cookies([draft.cookie("amy")])
    amy.page = amy.open()
    until(lambda: "words of Amy" in draft.text())


def test_other_tabs_learn_of_it_and_create_no_new_database(sit_down, draft):
    amy = sit_down("amy")
    amy.go_to()
    amy.type("before ")
    amy.state("saved")
    page = other_page(amy)

    sign_out(page)

    signed_out(page)
    expect(amy.page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(amy.page.locator("body")).not_to_contain_text("before")
    amy.type("after")
    amy.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert kept(page) == []
    assert "after" not in draft.text()


def test_every_open_page_is_taken_away_and_leads_back_after_signing_in(
    browser, draft, page
):
    """The next person at this browser finds nothing to read, in any window."""
    base, people = draft.server.url, f"/c/{cast.SLUG}/people"
    page.context.add_cookies([draft.cookie("hana")])
    page.goto(base + people)
    expect(page.locator("main")).to_contain_text("Amy")
    other = page.context.new_page()
    other.goto(f"{base}/account/profile")

    sign_out(other)

    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(page.locator("body")).not_to_contain_text("Amy")
    signed_out(other)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(cast.address("hana"))
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(base + people)


def test_back_shows_nothing_to_the_next_person_at_the_browser(sit_down, draft):
    amy = sit_down("amy")
    amy.go_to()
    amy.type("confidential ")
    amy.state("saved")
    page = amy.context.new_page()  # as the browser would keep it for Back
    page.goto(draft.address)
    page.get_by_text("confidential").first.wait_for()
    sign_out(amy.page)
    signed_out(amy.page)

    amy.page.go_back()
    assert "confidential" not in amy.page.content()
    page.evaluate(
        "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    )
    page.wait_for_url("**/sign-in**")
    assert "confidential" not in page.content()


def test_a_browser_that_lists_no_databases_forgets_them_too(sit_down):
    amy = sit_down("amy")
    amy.state("saved")
    page = amy.context.new_page()
    page.add_init_script("delete IDBFactory.prototype.databases")
    page.goto(f"{amy.draft.server.url}/account/profile")
    assert page.evaluate("indexedDB.databases") is None
    amy.page.close()

    sign_out(page)

    signed_out(page)
    fresh = amy.context.new_page()
    fresh.goto(f"{amy.draft.server.url}/account/sign-in")
    assert kept(fresh) == []


def test_a_device_that_cannot_be_read_is_taken_for_one_with_unsaved_words(
    sit_down, draft
):
    amy = sit_down("amy")
    write_offline(amy, "never sent")
    page = amy.context.new_page()
    page.add_init_script(UNREADABLE)
    page.goto(f"{draft.server.url}/account/profile")
    question = page.locator(CONFIRM)

    sign_out(page)

    expect(question).to_contain_text("delete unsaved text?")
    expect(question.locator("li")).to_have_text(["A section"])
    question.get_by_role("button", name="Cancel").click()
    page.route_web_socket("**/live", lambda socket: socket.close())
    page.goto(draft.address)
    expect(page.locator("#workspace[data-unsaved]")).to_be_visible()
    sign_out(page)
    expect(question.locator("li")).to_have_text(["A section", draft.title()])


def test_a_sign_out_without_a_connection_reaches_no_other_page(sit_down, draft):
    amy = sit_down("amy")
    amy.state("saved")
    amy.keeps()
    page = other_page(amy)
    amy.context.set_offline(True)

    sign_out(page)

    question = page.locator(CONFIRM)
    expect(question).to_contain_text("you are still signed in here")
    assert kept(page) != []
    expect(amy.page.locator(TEXT)).to_be_visible()
    amy.context.set_offline(False)
    question.get_by_role("button", name="Try again").click()

    signed_out(page)
    assert kept(page) == []
    expect(amy.page.get_by_role("heading", level=1)).to_have_text("You are signed out")
