"""What the script of every page adds: menus, focus, zones, and drafts forgotten at sign-out."""

import pytest

from tests.browsing import sign_in

pytestmark = pytest.mark.browser

STORE = """name => new Promise((done, failed) => {
  const request = indexedDB.open(name);
  request.onsuccess = () => { request.result.close(); done(); };
  request.onerror = failed;
})"""
STORED = "indexedDB.databases().then(all => all.map(one => one.name).sort())"


def test_the_first_tab_leads_past_the_bar(standing_server, page):
    page.goto(f"{standing_server.url}/account/sign-in")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_the_summary_of_errors_takes_the_focus(standing_server, page):
    page.goto(f"{standing_server.url}/account/sign-in")

    page.get_by_role("button", name="Sign in").click()

    summary = page.locator("[data-error-summary]")
    assert summary.evaluate("it => it === document.activeElement")
    assert "don’t match" in summary.inner_text()


def test_escape_closes_the_account_menu_and_gives_the_focus_back(standing_server, page):
    sign_in(page, standing_server.url, "hana")
    menu = page.locator("#account")

    page.get_by_label("Account: Hana Hoshino").click()
    assert page.get_by_role("link", name="Profile").is_visible()
    page.keyboard.press("Escape")

    assert menu.get_attribute("open") is None
    assert menu.locator("summary").evaluate("it => it === document.activeElement")


def test_a_click_elsewhere_closes_the_account_menu(standing_server, page):
    sign_in(page, standing_server.url, "hana")

    page.get_by_label("Account: Hana Hoshino").click()
    page.locator("h1").click()

    assert page.locator("#account").get_attribute("open") is None


def test_a_newcomers_zone_is_guessed_and_a_profile_shows_the_saved_one(
    standing_server, page
):
    sign_in(page, standing_server.url, "oscar")

    page.goto(f"{standing_server.url}/account/welcome")
    assert page.get_by_label("Time zone").input_value() == "Asia/Tokyo"

    page.goto(f"{standing_server.url}/account/profile")
    assert page.get_by_label("Time zone").input_value() == "UTC"

    page.get_by_label("Time zone").select_option("Europe/Oslo")
    page.get_by_role("button", name="Save the profile").click()
    assert page.get_by_label("Time zone").input_value() == "Europe/Oslo"


def test_signing_out_forgets_the_drafts_kept_on_this_device(standing_server, page):
    sign_in(page, standing_server.url, "hana")
    for name in ("workgroup:3:7:1", "something else"):
        page.evaluate(STORE, name)

    page.get_by_label("Account: Hana Hoshino").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/sign-in")

    assert page.evaluate(STORED) == ["something else"]
