"""One real server for the tests of sockets, with a section in each cohort."""

import asyncio
import shutil
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest

from app import create_app
from tests import cast
from tests.conftest import settings
from tests.live.editors import Editor, cookie_of, write_section
from tests.renewal import TEMPLATE
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
    shutil.copytree(template, tmp_path / "instance")
    with a_section_to_serve(tmp_path / "instance") as prepared:
        yield prepared


@pytest.fixture
def served_on_postgresql(tmp_path, postgresql):
    """The same on a fresh PostgreSQL database."""
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS served WITH (FORCE)")
        connection.execute(f"CREATE DATABASE served TEMPLATE {TEMPLATE}")
    (tmp_path / "instance").mkdir(mode=0o700)
    address = postgresql.url("served")
    with a_section_to_serve(tmp_path / "instance", address) as prepared:
        yield prepared


@contextmanager
def a_section_to_serve(instance, address=""):
    app = create_app(settings(instance, address))
    with app.app_context():
        section = write_section()
        db.session.commit()
        ids = section.id, section.stream_id
    server = Server(instance, database_url=address)
    yield server, app, *ids
    server.stop()
    with app.app_context():
        db.engine.dispose()


def play(scene):
    """Run a coroutine to its end."""
    return asyncio.run(scene)
