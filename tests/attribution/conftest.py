"""A world made on demand: one person did half of everything, another one the other half."""

import pytest

from exports import fonts
from tests.attribution.worlds import NOW, build
from tests.conftest import missing
from workgroup import clock


@pytest.fixture
def made(app, database, monkeypatch):
    """Make a world in which ``first`` did one half of everything and ``second`` the other."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def make(first, second, mode):
        database.put_back()
        return database.once(build, first, second, mode)

    return make


@pytest.fixture
def unchanged(app, database):
    """Give the next request the rows of the world as it was made, if the last one wrote any."""

    def restore(*world):
        written = app.config["INSTANCE"] / "workgroup.sqlite-wal"
        if written.exists() and written.stat().st_size:
            database.once(build, *world)

    return restore


@pytest.fixture(scope="session")
def engine():
    """What the layout needs of the machine."""
    for lacking in fonts.missing():
        missing(f"{lacking.name} ({lacking.package})")
