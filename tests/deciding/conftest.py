"""What tests of ballots may ask for; the rest is built by ``building``."""

import pytest

from tests.deciding import building


@pytest.fixture
def ballot(session):
    return building.a_ballot()
