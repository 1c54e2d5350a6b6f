"""Texts are read as the site reads them: in a child, which may be killed."""

import pytest

from tests.readings import in_children


@pytest.fixture(autouse=True)
def _in_children():
    with in_children():
        yield
