"""What tests of notices may ask for; sections and ballots are built as for deciding."""

import pytest

from tests.deciding import building
from tests.notifications.told import tell
from workgroup.database import db


@pytest.fixture
def olivia(session):
    return building.person("olivia")


@pytest.fixture
def amy(session):
    return building.person("amy")


@pytest.fixture
def hana(session):
    return building.person("hana")


@pytest.fixture
def minjun(session):
    return building.person("minjun")


@pytest.fixture
def opened(app):
    """The id of a ballot that has opened, everybody told; for tests of pages."""
    with app.app_context():
        ballot = building.a_ballot()
        db.session.commit()
        tell()
        return ballot.id
