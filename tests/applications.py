"""One application for each kind of database, made once; each test finds a fresh cast in it.

Making an application (routes, engine, templates) costs more than most tests, so a
test borrows one: its database, its folder and its settings are restored before it.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from app import create_app
from tests import cast
from tests.renewal import IN_USE, Renewal
from tests.servers import PostgreSQL
from workgroup import config
from workgroup.accounts import security
from workgroup.database import db

Made = TypeVar("Made")

# One test is about the slow hash; the others use a light one of the same kind.
LIGHT = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


def settings(instance: Path, database_url: str = "") -> config.Config:
    """Return the settings of an instance on this machine."""
    environ = {
        "WORKGROUP_INSTANCE": str(instance),
        "WORKGROUP_DATABASE_URL": database_url,
    }
    return config.read(environ)


def hash_lightly() -> None:
    """Let applications made from now on in this process hash passwords fast."""
    options = {f"argon2__{name}": value for name, value in LIGHT.items()}
    security.SETTINGS["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = options


def fill(instance: Path, database_url: str = "") -> None:
    """Bring an empty database to the newest schema and write the cast into it."""
    app = create_app(settings(instance, database_url))
    with app.app_context():
        upgrade()
        cast.found_both_cohorts(PasswordHasher(**LIGHT).hash(cast.PASSWORD))
        db.session.commit()
        db.engine.dispose()


def for_all_workers(base: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first worker fills, while the others wait for it.

    Args:
        base: pytest's folder of this process; those of other workers stand beside it.
        name: of the folder.
        make: fills a folder, which nobody changes afterward.
    """
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, unfinished = place / name, place / f"{name}.unfinished"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)  # of a worker that died
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


class Guard:
    """Finds what a request wrote to the database and did not commit."""

    def __init__(self) -> None:
        self.flushed: list[str] = []
        self.before_savepoint: list[int] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen to the session while a test runs."""
        self.flushed.clear()
        self.before_savepoint.clear()
        watched = {
            "after_flush": self.note,
            "do_orm_execute": self.note_bulk,
            "after_transaction_create": self.begin,
            "after_commit": self.commit,
            "after_soft_rollback": self.roll_back,
        }
        for name, listener in watched.items():
            event.listen(db.session, name, listener)
        try:
            yield
        finally:
            for name, listener in watched.items():
                event.remove(db.session, name, listener)

    def note(self, session, _context) -> None:
        """Record what an ordinary flush wrote."""
        rows = [*session.new, *session.dirty, *session.deleted]
        self.flushed.extend(map(repr, rows))

    def note_bulk(self, statement) -> None:
        """Record a statement that bypasses the flush."""
        if not statement.is_select:
            self.flushed.append(str(statement.statement))

    def begin(self, _session, transaction) -> None:
        """Remember how far the writing was when a savepoint was set."""
        if transaction.nested:
            self.before_savepoint.append(len(self.flushed))

    def commit(self, session) -> None:
        """Forget what is committed; what a savepoint has released is not yet."""
        if session.in_nested_transaction():
            self.before_savepoint.pop()
        else:
            self.flushed.clear()

    def roll_back(self, _session, transaction) -> None:
        """Forget what was rolled back, and only that."""
        kept = self.before_savepoint.pop() if transaction.nested else 0
        del self.flushed[kept:]

    def look(self, error) -> None:
        """Fail a request that ends with something uncommitted."""
        if error is None and db.session.registry.has():
            db.session.flush()
            assert not self.flushed, f"the view forgot to commit {self.flushed}"


class Standing:
    """An application whose database and folder are restored before each test.

    Args:
        instance: its folder, which need not exist.
        template: an instance with the cast in its SQLite file.
        postgresql: the server to use instead of SQLite, with the cast in a template.
    """

    def __init__(
        self, instance: Path, template: Path, postgresql: PostgreSQL | None = None
    ) -> None:
        self.instance, self.template, self.postgresql = instance, template, postgresql
        self.renewal = Renewal(postgresql) if postgresql else None
        self.guard = Guard()
        self.made: dict[object, tuple[object, Path]] = {}
        shutil.copytree(template, instance)  # its key is read when the app is made
        self.app = self.make()
        self.settings = dict(self.app.config)

    @property
    def url(self) -> str:
        """The address of the database; empty for SQLite's default."""
        return self.postgresql.url(IN_USE) if self.postgresql else ""

    def make(self) -> Flask:
        """Make one more application on this database, for a test that adds to it."""
        app = create_app(settings(self.instance, self.url))
        app.testing = True
        app.config["WTF_CSRF_ENABLED"] = False
        app.teardown_request(self.guard.look)
        return app

    def put_back(self) -> None:
        """Restore database, folder, settings and counters of tries."""
        self.app.config.clear()
        self.app.config.update(self.settings)
        self.app.extensions["throttle"].storage.reset()
        self.take(self.template)
        if self.renewal:
            self.renewal.renew()

    def take(self, folder: Path) -> None:
        """Let the instance's folder be a copy of another; nobody is connected then."""
        self.disconnect()
        shutil.rmtree(self.instance)
        shutil.copytree(folder, self.instance)

    def disconnect(self) -> None:
        """Close what this process has open in the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def once(self, make: Callable[..., Made], *arguments: object) -> Made:
        """Let ``make`` fill a fresh database, or copy what it wrote the first time.

        PostgreSQL copies only what changed the schema: the rest is written as fast.

        Args:
            make: a function of a module; what it returns holds no rows.
            arguments: for it; others give another database.
        """
        key = make.__module__, make.__qualname__, arguments
        if key in self.made:
            value, folder = self.made[key]
            self.take(folder)
            if self.renewal:
                self.renewal.copy(folder.name)
            return value
        with self.app.app_context():
            value = make(*arguments)
            db.session.commit()
        self.disconnect()
        folder = self.instance.with_name(f"made_{len(self.made)}")
        if not self.renewal or self.renewal.keep_changed(folder.name):
            shutil.copytree(self.instance, folder)
            self.made[key] = value, folder
        return value
