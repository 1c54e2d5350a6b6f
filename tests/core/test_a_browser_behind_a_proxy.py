"""A browser behind a real TLS proxy: signing in, sending a form, and writing."""

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.browsing import saved, sign_in, text_of
from tests.core.proxies import behind_a_proxy

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory, template):
    with behind_a_proxy(tmp_path_factory.mktemp("proxied"), template) as site:
        yield site


def test_people_sign_in_send_a_form_and_write_in_a_browser(browser, site):
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()

    sign_in(page, site.url, "amy")
    page.goto(f"{site.url}/account/profile")
    page.get_by_label("Affiliation").fill("Institute of Proxies")
    page.get_by_role("button", name="Save the profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.goto(f"{site.url}/c/{cast.SLUG}/sections/{site.section}/")
    text_of(page).click()
    page.keyboard.type("Written through TLS.")
    saved(page)

    page.reload()
    expect(text_of(page)).to_contain_text("Written through TLS.")
    context.close()
