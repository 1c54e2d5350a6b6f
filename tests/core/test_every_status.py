"""Each status that can be answered has a page in our words, none in Werkzeug's."""

import pytest
from flask import abort
from werkzeug.exceptions import default_exceptions

CODES = sorted(default_exceptions)


@pytest.fixture
def failing(own_app):
    """A site with one page that answers with any status."""
    own_app.add_url_rule("/failing/<int:code>", "failing", abort)
    own_app.extensions["policies"]["failing"] = "public"
    return own_app.test_client()


@pytest.mark.parametrize("code", CODES)
def test_a_status_has_a_page_of_ours(failing, code):
    answer = failing.get(f"/failing/{code}")

    assert answer.status_code == code
    assert "<h1" in answer.text
    assert str(default_exceptions[code].description)[:40] not in answer.text
    assert default_exceptions[code]().name not in answer.text
