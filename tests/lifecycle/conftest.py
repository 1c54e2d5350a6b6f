"""What several tests of the moves of a section need."""

import pytest

from tests.deciding.building import a_section
from workgroup.database import db


@pytest.fixture
def section_id(app):
    """The id of a draft."""
    with app.app_context():
        section = a_section()
        db.session.commit()
        return section.id
