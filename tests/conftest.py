"""What every test may ask for: an application, its pages, the cast, real servers."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from flask_security import hash_password
from sqlalchemy import event

from app import create_app
from tests import cast
from tests.servers import PostgreSQL, Server, postgresql_folder
from workgroup import config
from workgroup.database import db

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
LAST = (
    "kill",
    "browser",
)  # in this order: Playwright keeps a loop running once it began


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "both_databases: run on SQLite and on PostgreSQL"
    )


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        databases = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database", databases, indirect=True)


def pytest_collection_modifyitems(items):
    """Run what is fast first, then kills, then browsers."""

    def rank(item):
        names = {mark.name for mark in item.iter_markers()}
        return max((LAST.index(name) + 1 for name in names & set(LAST)), default=0)

    items.sort(key=rank)


def missing(what: str) -> None:
    """Skip with a loud line on an ordinary machine; fail where nothing may be missing."""
    sentence = f"{what} is not installed; `make setup-test` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def settings(instance: Path, database_url: str = "") -> config.Config:
    environ = {
        "WORKGROUP_INSTANCE": str(instance),
        "WORKGROUP_DATABASE_URL": database_url,
    }
    return config.read(environ)


def fill(instance: Path, database_url: str = "") -> None:
    """Bring an empty database to the newest schema and write the cast into it."""
    app = create_app(settings(instance, database_url))
    with app.app_context():
        upgrade()
        cast.found_both_cohorts(hash_password(cast.PASSWORD))
        db.session.commit()
        db.engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """An instance with the cast, made once and copied for every test."""
    instance = tmp_path_factory.mktemp("template")
    fill(instance)
    return instance


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory) -> Iterator[PostgreSQL]:
    if postgresql_folder() is None:
        missing("PostgreSQL")
    # Not in pytest's folder: another run of pytest closes that to the user postgres.
    folder = Path(tempfile.mkdtemp(prefix="workgroup-"))
    server = PostgreSQL(folder)
    server.start()
    try:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE cast_template")
        fill(tmp_path_factory.mktemp("pg-instance"), server.url("cast_template"))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def database(request, tmp_path, template) -> str:
    """The address of a fresh database with the cast; empty for SQLite's default."""
    if request.param == "sqlite":
        shutil.copytree(template, tmp_path / "instance")
        return ""
    server = request.getfixturevalue("postgresql")
    name = f"test_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE cast_template")
    (tmp_path / "instance").mkdir()
    return server.url(name)


@pytest.fixture
def app(tmp_path, database) -> Iterator[Flask]:
    """The application on a fresh database; forgotten commits fail the test."""
    app = create_app(settings(tmp_path / "instance", database))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with forgotten_commits_fail(app):
        yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def forgotten_commits_fail(app: Flask) -> Iterator[None]:
    """Fail any request that wrote to the database and ended without a commit."""
    flushed: list[str] = []

    def note(session, _context):
        flushed.extend(map(repr, [*session.new, *session.dirty, *session.deleted]))

    def note_bulk(statement):
        if not statement.is_select:
            flushed.append(str(statement.statement))

    def forget(*_):
        flushed.clear()

    watched = {
        "after_flush": note,
        "do_orm_execute": note_bulk,
        "after_commit": forget,
        "after_soft_rollback": forget,
    }
    for name, listener in watched.items():
        event.listen(db.session, name, listener)

    @app.teardown_request
    def nothing_left(error):
        if error is None and db.session.registry.has():
            db.session.flush()
            assert not flushed, f"the view forgot to commit {flushed}"

    yield
    for name, listener in watched.items():
        event.remove(db.session, name, listener)


@pytest.fixture
def session(app):
    """The database session inside a context; for tests of services, not of pages."""
    with app.app_context():
        yield db.session


@pytest.fixture
def as_(app) -> Callable[[str], FlaskClient]:
    """Pages as somebody of the cast sees them: ``as_("hana").get(...)``."""

    def sign_in(name: str) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = cast.uniquifier(name)
            cookie["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def counted_queries(app):
    """Count the statements of a block: ``with counted_queries() as seen: …``."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_):
            if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
                seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return count


@pytest.fixture
def server(tmp_path, template) -> Iterator[Server]:
    """A real server with the cast, on a free port; restart it as you like."""
    instance = tmp_path / "served"
    shutil.copytree(template, instance)
    server = Server(instance)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory, template) -> Iterator[Server]:
    """A real server with the cast for tests that change nothing another one reads."""
    instance = tmp_path_factory.mktemp("standing") / "instance"
    shutil.copytree(template, instance)
    server = Server(instance)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("Chromium")
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "headless": True,
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "en-US",
        "timezone_id": "Asia/Tokyo",
        "viewport": {"width": 1280, "height": 800},
    }
