"""The page of people on a narrow screen."""

import pytest

from tests import cast
from tests.browsing import sign_in

pytestmark = pytest.mark.browser


def test_no_name_breaks_inside_a_word(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, server.url, "olivia")
    page.goto(f"{server.url}/c/{cast.SLUG}/people")

    lines = page.locator(".people tbody th .grow [lang]").evaluate_all(
        "names => names.map(name => [name.textContent, name.getClientRects().length])"
    )

    assert dict(lines) == {"星野 花": 1, "마민준": 1}
    context.close()
