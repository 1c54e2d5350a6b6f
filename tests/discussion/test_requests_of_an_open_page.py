"""In browsers: what one comment makes the editor of another person fetch."""

import re

import pytest
from playwright.sync_api import expect

from app import create_app
from tests import cast
from tests.browsing import sign_in
from tests.cast import person
from tests.conftest import settings
from tests.discussion.conftest import paragraph, write_section
from tests.discussion.many import discuss
from tests.editor.meter import Meter
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.quotations import Quotation

pytestmark = pytest.mark.browser


@pytest.fixture
def discussed(server):
    """The address of a section with 1,000 threads, and the ids of three more of Hana's."""
    app = create_app(settings(server.instance))
    with app.app_context():
        section = write_section(paragraph(("Each reports once a year.", None)))
        discuss(section.id, person("hana"), resolved=40)
        hana = person("hana")
        ids = [
            services.open_thread(section, hana, f"Why {number}?", Quotation()).public_id
            for number in range(3)
        ]
        for number in range(6):
            services.reply(
                db.session.query(services.Thread).filter_by(public_id=ids[0]).one(),
                hana,
                f"Answer {number}",
            )
        db.session.commit()
        address = f"{server.url}/c/{cast.SLUG}/sections/{section.id}/"
        db.engine.dispose()
    return address, ids


def test_a_comment_makes_others_fetch_one_card(server, discussed, new_context):
    address, ids = discussed
    pages = {}
    for name in ("amy", "hana"):
        pages[name] = page = new_context().new_page()
        sign_in(page, server.url, name)
        page.clock.install()
        meter = Meter(page)
        page.goto(address)
        meter.catch_up()
        expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    amy, hana = pages["amy"], pages["hana"]
    expect(amy.locator("#threads [data-thread]")).to_have_count(50)
    amy.locator(f"#thread-{ids[0]} a.earlier").click()
    expect(amy.locator(f"#thread-{ids[0]} .rep")).to_have_count(6)
    amy.locator(f"#thread-{ids[0]} summary").click()
    amy.locator(f"#thread-{ids[0]} textarea").fill("I think that")
    amy.locator("#new-thread summary").click()
    amy.locator("#new-thread textarea").fill("On the whole")
    requests = []

    def note(request):
        requests.append(request)

    amy.on("request", note)

    card = hana.locator(f"#thread-{ids[0]}")
    card.locator("summary").click()
    card.get_by_role("textbox").fill("秋はどうですか。")
    card.get_by_role("button", name="Reply").click()
    expect(amy.locator(f"#thread-{ids[0]}")).to_contain_text("秋はどうですか。")

    [asked] = [one for one in requests if "/threads" in one.url]
    assert re.search(r"/threads\?after=\d+$", asked.url)
    assert len(asked.response().body()) <= 8 * 1024
    others = [one.url for one in requests if one is not asked]
    assert all("/notices" in url for url in others), others
    # what she has typed and opened is still there
    expect(amy.locator(f"#thread-{ids[0]} .rep")).to_have_count(7)
    expect(amy.locator(f"#thread-{ids[0]} textarea")).to_have_value("I think that")
    expect(amy.locator("#new-thread textarea")).to_have_value("On the whole")

    hana.locator(f"#thread-{ids[1]}").get_by_role("button", name="Resolve").click()
    expect(amy.locator(f"#thread-{ids[1]}")).to_have_count(0)
    expect(hana.locator(f"#thread-{ids[1]}")).to_have_count(0)
    expect(amy.locator("#show-resolved")).to_have_text("Show 41 resolved threads")
    amy.locator("#show-resolved").click()
    expect(amy.locator("#resolved-threads [data-thread]")).to_have_count(41)
    amy.locator(f"#thread-{ids[1]}").get_by_role("button", name="Reopen").click()
    expect(amy.locator(f"#open-threads #thread-{ids[1]}")).to_be_visible()
    expect(hana.locator(f"#open-threads #thread-{ids[1]}")).to_be_visible()


def test_a_link_leads_to_a_thread_that_the_page_does_not_list(
    server, discussed, new_context
):
    address, _ = discussed
    page = new_context().new_page()
    sign_in(page, server.url, "oscar")
    page.goto(address)
    first = page.locator("#open-threads [data-thread]").first
    expect(first).to_be_visible()
    page.locator("#open-threads > a.earlier").click()
    expect(page.locator("#open-threads [data-thread]")).to_have_count(100)
    earlier = page.locator("#open-threads [data-thread]").first.get_attribute("id")

    page.goto("about:blank")
    page.goto(f"{address}#{earlier}")

    expect(page.locator(f"#{earlier}")).to_be_in_viewport()
    expect(page.locator("#open-threads [data-thread]")).to_have_count(51)
