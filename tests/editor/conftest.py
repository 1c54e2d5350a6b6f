"""What the editor's tests in browsers ask for."""

import shutil

import pytest

from tests.editor.desk import Desk, Draft
from tests.servers import Server


@pytest.fixture(scope="session")
def site(tmp_path_factory, template):
    """One running server for all of these tests; each writes a section of its own."""
    instance = tmp_path_factory.mktemp("editor") / "instance"
    shutil.copytree(template, instance)
    server = Server(instance)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def draft(site) -> Draft:
    """A draft with a heading, a sentence and an empty paragraph."""
    return Draft(site)


@pytest.fixture
def sit_down(browser, draft):
    """Open the draft as somebody of the cast; no page may report a fault."""
    desks: list[Desk] = []

    def open_as(name, where=draft):
        desks.append(Desk(browser, where, name))
        return desks[-1]

    yield open_as
    faults = [fault for desk in desks for fault in desk.faults]
    for desk in desks:
        desk.context.close()
    assert faults == []
