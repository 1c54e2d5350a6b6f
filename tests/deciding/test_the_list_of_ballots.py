"""What the list of ballots states where a page of it is empty."""

import pytest

from tests import cast
from tests.deciding.building import a_ballot
from workgroup.database import db

ADDRESS = f"/c/{cast.SLUG}/ballots"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("olivia", "Open one from the page of a section that is ready."),
        ("hana", "The organizer opens one on a section that is ready."),
    ],
)
def test_where_there_is_none_everybody_reads_who_opens_one(as_, name, sentence):
    text = as_(name).get(ADDRESS).text

    assert "No ballot yet" in text
    assert sentence in text


def test_past_the_end_it_does_not_state_that_there_is_none(app, as_):
    with app.app_context():
        a_ballot()
        db.session.commit()

    text = as_("hana").get(f"{ADDRESS}?page=2").text

    assert "No ballot yet" not in text
    assert "You have reached the end of the list." in text
    assert f'href="{ADDRESS}?page=1"' in text
