"""A part that an open page asks for is never another page."""

from tests import cast
from tests.furniture import furnish
from tests.test_authorization import OURS, addresses
from workgroup.database import db


def test_no_part_of_an_open_page_becomes_the_page_for_signing_in(app):
    with app.app_context():
        ours = furnish(cast.SLUG, OURS)
        db.engine.dispose()
    wrong = []

    for asked in addresses(app, ours):
        if asked.method != "GET" or asked.policy == "public":
            continue
        if asked.endpoint.startswith("security."):
            continue
        for by_itself, status in (({}, 401), ({"X-By-Itself": "yes"}, 204)):
            headers = {"HX-Request": "true", **by_itself}
            response = app.test_client().get(asked.address, headers=headers)
            if (response.status_code, response.data) != (status, b""):
                wrong.append((str(asked), response.status_code))

    assert wrong == []
