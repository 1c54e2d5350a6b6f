"""What tests of exports may ask for; the rest is built by ``building``."""

import pytest

from exports import fonts
from tests.conftest import missing


@pytest.fixture
def engine():
    """What the layout needs of the machine."""
    for lacking in fonts.missing():
        missing(f"{lacking.name} ({lacking.package})")
