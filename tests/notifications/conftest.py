"""What tests of notices may ask for; sections and ballots are built as for deciding."""

import pytest

from tests.deciding import building


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
