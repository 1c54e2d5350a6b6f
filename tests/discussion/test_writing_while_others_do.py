"""In browsers: a reply that is being written survives the replies of others."""

import pytest
from playwright.sync_api import expect

from app import create_app
from tests import cast
from tests.browsing import sign_in
from tests.cast import person
from tests.conftest import settings
from tests.discussion.conftest import paragraph, write_section
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.quotations import Quotation

pytestmark = pytest.mark.browser


@pytest.fixture
def discussed(server):
    """The address of a section on a real server, with one thread of Hana's."""
    app = create_app(settings(server.instance))
    with app.app_context():
        section = write_section(paragraph(("Early warning, each spring.", None)))
        services.open_thread(section, person("hana"), "Why spring?", Quotation())
        db.session.commit()
        address = f"{server.url}/c/{cast.SLUG}/sections/{section.id}/"
        db.engine.dispose()
    return address


def test_what_one_types_stays_while_others_answer(server, discussed, new_context):
    pages = {}
    for name in ("amy", "hana"):
        pages[name] = page = new_context().new_page()
        sign_in(page, server.url, name)
        page.goto(discussed)
        page.locator("#threads summary", has_text="Reply").click()
    amy, hana = (pages[name].locator("#threads [data-thread]") for name in pages)
    amy.get_by_role("textbox").fill("The budgets are")

    hana.get_by_role("textbox").fill("秋はどうですか。")
    hana.get_by_role("button", name="Reply").click()
    expect(hana).to_contain_text("秋はどうですか。")
    amy.get_by_role("textbox").press_sequentially(" made then.", delay=100)
    expect(amy).not_to_contain_text("秋はどうですか。")  # shown when she looks up
    amy.get_by_role("textbox").blur()
    expect(amy).to_contain_text("秋はどうですか。")

    expect(amy.get_by_role("textbox")).to_have_value("The budgets are made then.")
    amy.get_by_role("button", name="Reply").click()
    expect(amy).to_contain_text("The budgets are made then.")
    expect(hana).to_contain_text("The budgets are made then.")
    expect(amy.get_by_role("textbox", include_hidden=True)).to_have_value("")
