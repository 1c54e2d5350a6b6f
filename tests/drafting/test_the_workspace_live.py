"""A page that is open when its section moves on shows that by itself."""

import pytest

from tests import cast

pytestmark = pytest.mark.browser


def enter(server, browser, name):
    page = browser.new_context().new_page()
    page.goto(f"{server.url}/account/sign-in")
    page.fill("input[name=email]", cast.address(name))
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("main button[type=submit]")
    return page


def test_a_freeze_shows_at_once_on_the_pages_of_the_others(server, browser):
    report = f"{server.url}/c/{cast.SLUG}/report"
    olivia, hana = enter(server, browser, "olivia"), enter(server, browser, "hana")
    olivia.goto(f"{report}/title")
    olivia.fill("input[name=title]", "A Practical Agenda")
    olivia.click("main button[type=submit]")
    olivia.goto(f"{report}/sections/new")
    olivia.fill("input[name=title]", "Early warning")
    olivia.check("input[name=kind][value=chapter]")
    olivia.click("main form button[type=submit]")
    olivia.click("text=Early warning >> nth=-1")
    hana.goto(olivia.url)
    hana.click(".ProseMirror[contenteditable=true]")
    hana.keyboard.type("First words.")
    hana.wait_for_selector("#save-state[data-state=saved]")

    olivia.click("#moves >> text=Freeze")
    olivia.click("#confirm button[value=yes]")

    hana.wait_for_selector("#notices >> text=Olivia Okafor froze the text")
    hana.wait_for_selector("#standing >> text=Frozen")
    hana.wait_for_selector("#standing >> text=Version 1")
    assert "First words." in hana.inner_text("#sheet")
