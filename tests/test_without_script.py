"""Every page without script, or before it has loaded: whatever shows can be used."""

import pytest
from playwright.sync_api import expect

from app import create_app
from tests import cast
from tests.browsing import sign_in
from tests.conftest import settings
from tests.discussion.conftest import paragraph, write_section
from tests.test_accessibility import SIZES, kind, linked_pages, lived_in
from workgroup.database import db

pytestmark = pytest.mark.browser
__all__ = ["lived_in"]

# What can be pressed and would do nothing.
DEAD = """() => {
  const shows = (one) => one.checkVisibility({ visibilityProperty: true }) &&
    one.getBoundingClientRect().width > 1 && !one.disabled
  const dead = [
    ...[...document.querySelectorAll('button, input[type=submit]')]
      .filter((one) => !one.form || one.type !== 'submit' || one.form.method === 'dialog'),
    ...document.querySelectorAll('a:not([href]), [role=tab], [role=button], [contenteditable]'),
    ...document.querySelectorAll('select[data-command]')
  ]
  return dead.filter(shows).map((one) => one.outerHTML.slice(0, 120))
}"""
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_what_shows_without_script_can_be_used(lived_in, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    found, walked = [], set()

    for name in ("olivia", "oscar"):
        context.clear_cookies()
        sign_in(page, lived_in.url, name)
        for path in linked_pages(page, lived_in.url):
            if kind(path) in walked:
                continue
            walked.add(kind(path))
            for size in SIZES:
                page.set_viewport_size(size)
                found += [
                    f"{path} at {size['width']}: {one}" for one in page.evaluate(DEAD)
                ]
                if page.evaluate(EXCESS) > 0:
                    found.append(f"{path} at {size['width']} is too wide")

    context.close()
    assert found == []
    assert len(walked) > 20


@pytest.fixture
def section(server):
    """The address of a draft of some words."""
    app = create_app(settings(server.instance))
    with app.app_context():
        section = write_section(paragraph(("Each reports once a year.", None)))
        db.session.commit()
        db.engine.dispose()
        return f"{server.url}/c/{cast.SLUG}/sections/{section.id}/"


@pytest.mark.parametrize(
    ("width", "arrives"), [(390, "off"), (1440, "off"), (1440, "late")]
)
def test_comments_work_while_script_is_off_or_not_loaded(
    browser, server, section, width, arrives
):
    context = browser.new_context(
        java_script_enabled=arrives != "off", viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    sign_in(page, server.url, "amy")

    page.goto(section)
    page.get_by_text("Comment on the section").click()
    page.locator("#new-thread textarea").fill("秋はどうですか。")
    page.locator("#new-thread [type=submit]").click()
    card = page.locator("[data-thread]")
    expect(card).to_contain_text("秋はどうですか。")
    card.locator("summary").click()
    card.get_by_role("textbox").fill("Spring suits the budgets.")
    card.get_by_role("button", name="Reply").click()
    expect(card).to_contain_text("Spring suits the budgets.")
    card.get_by_role("button", name="Resolve").click()
    page.goto(section)
    page.get_by_role("link", name="Show one resolved thread").click()
    card.get_by_role("button", name="Reopen").click()

    page.goto(section)
    expect(card).to_have_attribute("data-state", "open")
    context.close()
