"""The files of a SQLite database: one server holds them, and notices when they are replaced.

A commit on SQLite goes into the file whose name ends in ``-wal``. If somebody deletes that
file, or copies a backup over the database, while the server runs, the server goes on writing
into files that no longer have a name: everything seems to work, and a restart loses it. If
somebody truncates a file, stored text is gone at once. So server and worker check before each
commit that the names still refer to the files that they have open, and that these contain what
SQLite's index says. The server checks again before it acknowledges anything as stored.
"""

import fcntl
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from click import ClickException
from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Engine, event, make_url

from workgroup.errors import DomainError
from workgroup.wal import Log

logger = logging.getLogger(__name__)

ENDINGS = ("", "-wal", "-shm")
WRITE_BACK_TRIES, WRITE_BACK_PAUSE = 20, 0.1  # seconds
LOCK = ".server"  # the ending of the lock file that one server holds

Identity = tuple[int, int] | None  # of a file; none where there is none
Known = list[Identity]  # of each of the three


class SecondServerError(ClickException):
    """Another server runs on this database."""


class FilesReplacedError(DomainError):
    """The files were replaced: what is committed now would be gone after a restart."""

    status = 503


class DatabaseFiles:
    """The files that this process has open, as they were when it started.

    Args:
        path: of the database.
        known: the files that the names must refer to, if another process started earlier.
    """

    def __init__(self, path: Path, known: Known | None = None) -> None:
        self.path = path
        self.trouble = ""  # what happened to the files, for the operator
        self.rescuing = threading.Lock()
        # Kept open for the life of the process: while a connection is open, SQLite itself
        # neither deletes nor recreates the file, so if that happens, somebody else did it.
        # And through it the contents can still be reached after the name is gone.
        self.connection = sqlite3.connect(path, check_same_thread=False)
        self.connection.execute("PRAGMA busy_timeout=5000")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        self.known = known or identities(path)
        self.log = Log(path)
        self.size = path.stat().st_size

    @property
    def replaced(self) -> bool:
        """Whether the files were replaced or cut, so that nothing more may be stored."""
        return bool(self.trouble)

    def check(self) -> None:
        """Check that each name refers to the file that is open, and that it is whole (50 µs).

        Raises:
            FilesReplacedError: it is not so; what had been stored was written back into
                the database, where that was possible.
        """
        if not self.trouble and self.in_place() and self.whole():
            return
        with self.rescuing:
            if not self.trouble:
                self.trouble = self.rescue()
                logger.critical(
                    "%s Nothing more is stored until the server is started again.",
                    self.trouble,
                )
        raise FilesReplacedError(
            _l(
                "Nothing can be saved right now. The operator has to restart the server. Keep this page open."
            )
        )

    def in_place(self) -> bool:
        """Return whether each name still refers to the file that is open."""
        return identities(self.path) == self.known

    def whole(self) -> bool:
        """Return whether neither the database nor its log was truncated.

        A database file shrinks honestly only at a checkpoint after VACUUM, and then it has
        exactly the pages that the index counts.
        """
        size, index = self.path.stat().st_size, self.log.index()
        if index is None or size >= min(self.size, index.database_bytes):
            self.size = size
            return self.log.is_whole()
        return False

    def rescue(self) -> str:
        """Copy what a file without a name holds into the database; return what came of it."""
        gone = [
            f"{self.path}{ending}"
            for ending, now, known in zip(
                ENDINGS, identities(self.path), self.known, strict=True
            )
            if now != known
        ]
        names = ", ".join(gone)
        # SQLite deletes the log of an empty database as soon as anybody opens it.
        is_cut = str(self.path) not in gone and self.path.stat().st_size < self.size
        if is_cut or not gone:
            # Not written back: a checkpoint would copy the holes into the database.
            return (
                f"{self.path} or its -wal was truncated while the server ran: some of what "
                f"had been stored is lost. Stop the server, copy {self.path}* to a safe "
                "place, start it again, and run `flask doctor`."
            )
        if str(self.path) in gone:
            return (
                f"{names} was replaced while the server ran: what was stored since then is "
                "not in the new file."
            )
        if self.write_back():
            return (
                f"{names} was deleted or replaced while the server ran; all that had been "
                f"stored is safe in {self.path}."
            )
        return (
            f"{names} was deleted or replaced while the server ran, and not all of it could "
            "be written into the database: the last words may be lost."
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
        """Check before each commit; what goes into replaced files could not be saved later."""
        event.listen(engine, "commit", self.refuse)

    def refuse(self, connection: Connection) -> None:
        """Roll back a transaction that was about to be committed into replaced files."""
        try:
            self.check()
        except FilesReplacedError:
            # Or it returns to the pool in the middle of a transaction.
            connection.connection.rollback()
            raise

    def close(self) -> None:
        """Release the files."""
        self.connection.close()


def identities(path: Path) -> Known:
    """Return which files the three names refer to (three stat calls)."""
    return [identity(Path(f"{path}{ending}")) for ending in ENDINGS]


def identity(path: Path) -> Identity:
    """Return which file a name refers to; none if it does not exist."""
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
    # SQLite follows links, and keeps its log beside the file itself.
    return (Path(app.instance_path) / str(url.database)).resolve()


@contextmanager
def held_by_one_server(app: Flask) -> Iterator[DatabaseFiles | None]:
    """Hold the database's files while the block runs; after `kill -9` the system releases them.

    On PostgreSQL several servers can serve together. On SQLite a second one would not see
    what the first one stores, so it does not start.

    Raises:
        SecondServerError: another server holds them, or might do so under another name.
    """
    path = path_of(app)
    if path is None:
        yield None
        return
    if path.exists() and path.stat().st_nlink > 1:
        raise SecondServerError(
            f"{path} has a second name (a hard link). SQLite would keep a log for each of "
            "them and damage the database: remove the other name, or copy the file."
        )
    descriptor = os.open(f"{path}{LOCK}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SecondServerError(
                f"Another server is already using {path} (process {holder_of(path)}). "
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


def holder_of(path: Path) -> str | None:
    """Return the process id of the server that runs on a database; none if none does."""
    if not _is_held(Path(f"{path}{LOCK}")):
        return None
    return str(_noted(path).get("process", "unknown"))


def _noted(path: Path) -> dict[str, Any]:
    """Return what a server noted when it started; nothing while it is just starting."""
    try:
        noted = json.loads(Path(f"{path}{LOCK}").read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


@contextmanager
def watched_by_a_worker(app: Flask) -> Iterator[DatabaseFiles | None]:
    """Watch the files that the running server has open; without one, those that exist now."""
    path = path_of(app)
    if path is None:
        yield None
        return
    with closing(DatabaseFiles(path, _known_to_a_server(path))) as files:
        yield files


def faults_under_a_server(path: Path) -> Iterator[str]:
    """Yield what is wrong with the files of a running server (opens none of them)."""
    if (known := _known_to_a_server(path)) is None:
        return
    for ending, now, before in zip(ENDINGS, identities(path), known, strict=True):
        if now != before:
            yield f"{path}{ending} was deleted or replaced"
    if identities(path) == known and not Log(path).is_whole():
        yield f"{path}-wal was truncated"


def _known_to_a_server(path: Path) -> Known | None:
    """Return the files that the names referred to when the running server started; none without one."""
    if holder_of(path) is None or not (noted := _noted(path).get("files")):
        return None
    return [(one[0], one[1]) if one else None for one in noted]


def _is_held(lock: Path) -> bool:
    if not lock.exists():
        return False
    with lock.open() as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
