"""One real server for the tests of sockets, with a section in each cohort."""

import asyncio
import shutil
from types import SimpleNamespace

import pytest

from app import create_app
from tests import cast
from tests.conftest import settings
from tests.live.editors import Editor, cookie_of, write_section
from tests.servers import Server
from workgroup.database import db


@pytest.fixture(scope="module")
def site(tmp_path_factory, template):
    """A running server, its sections, and editors for the cast."""
    instance = tmp_path_factory.mktemp("site") / "instance"
    shutil.copytree(template, instance)
    app = create_app(settings(instance))
    with app.app_context():
        section, other = write_section(), write_section("Elsewhere", cast.OTHER_SLUG)
        db.session.commit()
        ids = section.id, other.id
        streams = section.stream_id, other.stream_id
    server = Server(instance)
    server.start()

    def editor(name, section=ids[0], **options):
        return Editor(server.url, section, cookie_of(app, name), **options)

    yield SimpleNamespace(
        app=app,
        server=server,
        editor=editor,
        section=ids[0],
        foreign=ids[1],
        stream=streams[0],
    )
    server.stop()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def section(app):
    """A section with one empty paragraph, in the test's own database."""
    with app.app_context():
        made = write_section()
        db.session.commit()
        return SimpleNamespace(id=made.id, stream_id=made.stream_id)


@pytest.fixture
def served(tmp_path, template):
    """A server that is not started yet, its application and a section."""
    instance = tmp_path / "instance"
    shutil.copytree(template, instance)
    app = create_app(settings(instance))
    with app.app_context():
        section = write_section()
        db.session.commit()
        ids = section.id, section.stream_id
    server = Server(instance)
    yield server, app, *ids
    server.stop()
    with app.app_context():
        db.engine.dispose()


def play(scene):
    """Run a coroutine to its end."""
    return asyncio.run(scene)
