"""What several tests of the core need."""

import pytest

from tests.deciding.building import a_ballot
from workgroup.database import db


@pytest.fixture
def ballot(app):
    """The id of an open ballot."""
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        return ballot.id
