"""What several tests of the core need."""

import pytest

from tests.deciding.building import a_ballot, a_section
from workgroup.database import db


@pytest.fixture
def ballot(app):
    """The id of an open ballot."""
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        return ballot.id


@pytest.fixture
def section(app):
    """The id of a draft."""
    with app.app_context():
        section = a_section()
        db.session.commit()
        return section.id
