"""A page that is open when its section moves on shows that by itself."""

import pytest
from playwright.sync_api import expect

from tests.browsing import sign_in
from tests.editor.desk import Draft

pytestmark = pytest.mark.browser

CHANGED = "document.body.dispatchEvent(new Event('wg:section'))"


@pytest.fixture
def enter(standing_server, browser):
    """Open one draft as somebody of the cast, each in a browser of their own."""
    draft, contexts = Draft(standing_server), []

    def as_somebody(name):
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        sign_in(page, standing_server.url, name)
        page.goto(draft.address)
        page.wait_for_selector(".ProseMirror[contenteditable=true]")
        return page

    yield as_somebody
    for context in contexts:
        context.close()


def replace_moves(page):
    """Have the page fetch again what it can do, as it does when a colleague changes something."""
    page.evaluate("document.getElementById('moves').dataset.old = 'yes'")
    page.evaluate(CHANGED)
    expect(page.locator("#moves[data-old]")).to_have_count(0)
    expect(page.locator("#moves")).to_be_visible()


def freeze(page):
    page.click("#moves >> text=Freeze")
    page.click("#confirm button[value=yes]")


def test_a_freeze_shows_at_once_on_the_pages_of_the_others(enter):
    olivia, hana = enter("olivia"), enter("hana")
    hana.click(".ProseMirror")
    hana.keyboard.type("First words.")
    hana.wait_for_selector("#save-state[data-state=saved]")

    freeze(olivia)

    hana.wait_for_selector("#notices >> text=Olivia Okafor froze the text")
    hana.wait_for_selector("#standing >> text=Frozen")
    hana.wait_for_selector("#standing >> text=Version 1")
    assert "First words." in hana.inner_text("#sheet")


def test_a_new_title_shows_on_the_pages_of_the_others(enter):
    olivia, hana = enter("olivia"), enter("hana")
    hana.click(".ProseMirror")

    olivia.goto(olivia.url.replace("/sections/", "/report/sections/") + "edit")
    olivia.fill("[name=title]", "Wind and waves")
    olivia.click("main >> text=Save the section")

    hana.wait_for_selector("#section-title >> text=Wind and waves")
    hana.keyboard.type("Still here.")
    hana.wait_for_selector(".ProseMirror >> text=Still here.")


def test_what_is_agreed_to_is_done_though_its_button_was_replaced_meanwhile(enter):
    olivia = enter("olivia")
    olivia.click("#moves >> text=Freeze")
    replace_moves(olivia)

    olivia.click("#confirm button[value=yes]")

    olivia.wait_for_selector("#standing >> text=Frozen")


def test_who_agrees_to_what_was_done_meanwhile_reads_so(enter):
    first, second = enter("olivia"), enter("olivia")
    first.click("#moves >> text=Freeze")
    freeze(second)
    second.wait_for_selector("#standing >> text=Frozen")
    first.wait_for_selector("#standing >> text=Frozen")

    first.click("#confirm button[value=yes]")

    first.wait_for_selector("main >> text=Only a draft can be frozen.")


def test_a_button_that_is_replaced_keeps_the_focus(enter):
    olivia = enter("olivia")
    olivia.focus("#moves button")

    replace_moves(olivia)

    focused = olivia.evaluate("document.activeElement.innerText.trim()")
    assert focused == "Freeze"
