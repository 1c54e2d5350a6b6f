"""What every test may ask for: an application, its pages, the cast, real servers."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from exports import fonts
from tests import cast
from tests.applications import Standing, fill, for_all_workers, hash_lightly
from tests.applications import settings as settings  # noqa: PLC0414 - tests take it here
from tests.chromium import browser_context_args as browser_context_args  # noqa: PLC0414 - a fixture
from tests.chromium import browser_type_launch_args as browser_type_launch_args  # noqa: PLC0414 - a fixture
from tests.chromium import whole_browser as whole_browser  # noqa: PLC0414 - a fixture
from tests.machine import missing
from tests.notifications import mailbox
from tests.order import pytest_collection_modifyitems as pytest_collection_modifyitems  # noqa: PLC0414 - a hook
from tests.order import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler  # noqa: PLC0414 - a hook
from tests.readings import read_here
from tests.renewal import TEMPLATE
from tests.servers import PostgreSQL, Server, postgresql_folder
from workgroup.database import db

# Mark → where a test runs; one of a single test comes before that of its file.
DATABASES = {
    "on_sqlite": ["sqlite"],
    "on_postgresql": ["postgresql"],
    "both_databases": ["sqlite", "postgresql"],
}


def pytest_configure(config):
    hash_lightly()
    read_here()
    # How long an example takes shows how busy the machine is, and nothing about the code.
    hypothesis.settings.register_profile("tests", deadline=None)
    hypothesis.settings.load_profile("tests")
    for name, databases in DATABASES.items():
        config.addinivalue_line("markers", f"{name}: runs on {' and '.join(databases)}")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        databases = next(
            (on for name, on in DATABASES.items() if marked(name)), ["sqlite"]
        )
        metafunc.parametrize("database", databases, indirect=True)


@pytest.fixture(scope="session")
def engine():
    """What the layout of a PDF needs of the machine."""
    for lacking in fonts.missing():
        missing(f"{lacking.name} ({lacking.package})")


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """An instance with the cast, made once and copied for every test."""
    return for_all_workers(tmp_path_factory.getbasetemp(), "template", fill)


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
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        fill(tmp_path_factory.mktemp("pg-instance"), server.url(TEMPLATE))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory, template) -> Iterator[Standing]:
    """The application that tests on SQLite share."""
    standing = Standing(tmp_path_factory.mktemp("sqlite") / "instance", template)
    yield standing
    standing.put_back()


@pytest.fixture(scope="session")
def on_postgresql(tmp_path_factory, template, postgresql) -> Iterator[Standing]:
    """The application that tests on PostgreSQL share."""
    instance = tmp_path_factory.mktemp("postgresql") / "instance"
    standing = Standing(instance, template, postgresql)
    yield standing
    standing.put_back()


@pytest.fixture
def database(request) -> Standing:
    """A database with the cast and nothing else, and the application on it."""
    standing = request.getfixturevalue(f"on_{request.param}")
    standing.put_back()
    return standing


@pytest.fixture
def app(database) -> Iterator[Flask]:
    """The application on a fresh database; forgotten commits fail the test."""
    with database.guard.watching():
        yield database.app


@pytest.fixture
def own_app(database) -> Iterator[Flask]:
    """An application of the test's own, which may add pages to it."""
    app = database.make()
    with database.guard.watching():
        yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app):
    """The database session inside a context; for tests of services, not of pages."""
    with app.app_context():
        yield db.session


@pytest.fixture
def olivia(session):
    return cast.person("olivia")


@pytest.fixture
def amy(session):
    return cast.person("amy")


@pytest.fixture
def hana(session):
    return cast.person("hana")


@pytest.fixture
def minjun(session):
    return cast.person("minjun")


@pytest.fixture
def post(app):
    """A mail server that the application sends to."""
    with mailbox.served() as served:
        app.config["SMTP_URL"] = served.url
        yield served


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
def each_alone(app, tmp_path):
    """Give every request the same rows; return whether the one before it wrote anything."""
    kept, used = tmp_path / "kept.sqlite", app.config["INSTANCE"] / "workgroup.sqlite"
    written = used.with_name("workgroup.sqlite-wal")  # every commit goes there first

    def restore():
        if kept.exists() and not (written.exists() and written.stat().st_size):
            return False
        with app.app_context():
            db.engine.dispose()
        if not kept.exists():
            shutil.copy(used, kept)
            return False
        for leftover in ("-wal", "-shm"):
            used.with_name(used.name + leftover).unlink(missing_ok=True)
        shutil.copy(kept, used)
        return True

    return restore


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


@pytest.fixture
def written(server) -> Iterator[None]:
    """A context on the database of the server that runs, to write what a test begins with."""
    app = create_app(settings(server.instance))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory, template) -> Iterator[Server]:
    """A real server with the cast for tests that change nothing another one reads."""
    instance = tmp_path_factory.mktemp("standing") / "instance"
    shutil.copytree(template, instance)
    server = Server(instance)
    server.start()
    yield server
    server.stop()
