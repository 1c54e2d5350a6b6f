"""Texts are read as the site reads them: in a child, which may be killed."""

import pytest

from tests import cast
from tests.readings import in_children
from tests.textlog.wire import ANN, BEN, IN_TEXT, opening, string, update
from workgroup.textlog.intake import StreamState


@pytest.fixture(autouse=True)
def _in_children():
    with in_children():
        yield


@pytest.fixture
def amy(session):
    return cast.person("amy").user


@pytest.fixture
def state():
    """Ann's paragraph "Hello", clocks 0 to 6, then Ben's emoji, clocks 0 and 1."""
    known = StreamState()
    known.admit(opening(), ANN)
    known.admit(update(BEN, 0, string("🎌", **IN_TEXT)), BEN)
    return known
