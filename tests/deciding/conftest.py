"""What tests of ballots may ask for; the rest is built by ``building``."""

import pytest

from tests.deciding import building


@pytest.fixture
def ballot(session):
    return building.a_ballot()


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
