"""The files of a SQLite database: one server holds them, and sees when they are replaced.

A commit on SQLite goes into the file that ends on ``-wal``. Anyone who deletes that file, or
copies a backup over the database, while the server runs, leaves it writing into files
that have no name any more: all works, and a restart loses it. So each commit of the server
is followed by a look at the names, before anybody learns that it is stored.
"""

import fcntl
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click import ClickException
from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Engine, event, make_url

from workgroup.errors import DomainError

logger = logging.getLogger(__name__)

ENDINGS = ("", "-wal", "-shm")
WRITE_BACK_TRIES, WRITE_BACK_PAUSE = 20, 0.1  # seconds
LOCK = ".server"  # the ending of the file that one server holds


class SecondServerError(ClickException):
    """Another server runs on this database."""


class FilesReplacedError(DomainError):
    """What is committed now would be gone after a restart."""


class DatabaseFiles:
    """The files that this process has open, as their names stood when it began."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.replaced = False
        self.rescuing = threading.Lock()
        # Held open for the whole life: as long as one connection is open, SQLite itself
        # neither deletes nor recreates the file, so whatever does is somebody else. And
        # through it the contents can still be reached when the name has gone.
        self.connection = sqlite3.connect(path, check_same_thread=False)
        self.connection.execute("PRAGMA busy_timeout=5000")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        self.known = [identity(name) for name in self.names()]

    def names(self) -> Iterator[Path]:
        """Return the path of each file."""
        return (Path(f"{self.path}{ending}") for ending in ENDINGS)

    def check(self) -> None:
        """Check that each name still means the file that is open (three stat calls).

        Raises:
            FilesReplacedError: one does not; what had been stored was written back into
                the database, where that was possible.
        """
        if not self.replaced and self.known == [
            identity(name) for name in self.names()
        ]:
            return
        with self.rescuing:
            if not self.replaced:
                self.replaced = True
                self.rescue()
        raise FilesReplacedError(
            _l(
                "Nothing can be saved right now. The operator has to restart the server. Keep this page open."
            )
        )

    def rescue(self) -> None:
        """Write what the nameless file holds into the database, and log what came of it."""
        gone = ", ".join(
            str(name)
            for name, known in zip(self.names(), self.known, strict=True)
            if identity(name) != known
        )
        consequence = "Nothing more is stored until the server is started again."
        if identity(self.path) != self.known[0]:
            logger.critical(
                "%s was replaced while the server ran: what was stored since then is "
                "not in the new file. %s",
                gone,
                consequence,
            )
            return
        if self.write_back():
            logger.critical(
                "%s was deleted or replaced while the server ran; all that had been stored "
                "is safe in %s. %s",
                gone,
                self.path,
                consequence,
            )
        else:
            logger.critical(
                "%s was deleted or replaced while the server ran, and not all of it could be "
                "written into the database: the last words may be lost. %s",
                gone,
                consequence,
            )

    def write_back(self) -> bool:
        """Copy what the open file holds into the database; return whether it was all."""
        for _ in range(WRITE_BACK_TRIES):
            try:
                _busy, pages, written = self.connection.execute(
                    "PRAGMA wal_checkpoint(PASSIVE)"
                ).fetchone()
            except sqlite3.Error:
                logger.exception("nothing could be written back")
                return False
            if pages == written:
                return True
            time.sleep(WRITE_BACK_PAUSE)  # somebody still reads an older state
        return False

    def guard(self, engine: Engine) -> None:
        """Refuse the commits of pages, too, as soon as it is known."""

        def refuse(connection: Connection) -> None:
            try:
                self.check()
            except FilesReplacedError:
                connection.connection.rollback()  # or the pool keeps it in the middle
                raise

        event.listen(engine, "commit", refuse)

    def close(self) -> None:
        """Release the files."""
        self.connection.close()


def identity(path: Path) -> tuple[int, int] | None:
    """Return which file a name means; none where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def path_of(app: Flask) -> Path | None:
    """Find the database's file; none on PostgreSQL and in memory."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(app.instance_path) / str(url.database)


@contextmanager
def held_by_one_server(app: Flask) -> Iterator[DatabaseFiles | None]:
    """Hold the database's files while the block runs; the system lets go after `kill -9`.

    Two servers on PostgreSQL serve together. On SQLite a second one would not see what
    what the first stores, so there it does not start.

    Raises:
        SecondServerError: another server holds them.
    """
    path = path_of(app)
    if path is None:
        yield None
        return
    descriptor = os.open(f"{path}{LOCK}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SecondServerError(
                f"Another server is already using {path} (process {_holder(path)}). "
                "Stop it first, or set WORKGROUP_INSTANCE to another folder."
            ) from None
        files = DatabaseFiles(path)
        holder = {"process": os.getpid(), "files": files.known}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        try:
            yield files
        finally:
            files.close()
    finally:
        os.close(descriptor)


def _holder(path: Path) -> str:
    try:
        return str(json.loads(Path(f"{path}{LOCK}").read_text())["process"])
    except (OSError, ValueError, KeyError):
        return "unknown"


def replaced_under_a_server(path: Path) -> list[Path]:
    """List the files of a running server that are not what it has open any more."""
    lock = Path(f"{path}{LOCK}")
    if not lock.exists() or not _is_held(lock):
        return []
    known = json.loads(lock.read_text())["files"]
    names = [Path(f"{path}{ending}") for ending in ENDINGS]
    return [
        name
        for name, before in zip(names, known, strict=True)
        if identity(name) != (tuple(before) if before else None)
    ]


def _is_held(lock: Path) -> bool:
    with lock.open() as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
