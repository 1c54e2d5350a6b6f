"""A copy of the SQLite database as it is at one moment, also while the server runs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from click import ClickException
from flask import Flask

from workgroup import database_files

UNFINISHED = ".unfinished"  # the ending until the copy is whole and on the disk


class NoBackupError(ClickException):
    """There is no copy; an earlier one of the same name is as it was."""


def back_up(app: Flask, target: Path) -> None:
    """Copy the database, with all that was acknowledged before; nobody waits for it.

    To copy the file alone is not enough: what was stored last is in the one whose name ends in
    ``-wal``, and two files are never copied at the same moment.

    Args:
        app: the application.
        target: the copy; an earlier one is replaced once the new one is whole.

    Raises:
        NoBackupError: the database is not on SQLite, is not there, or is damaged, or the copy
            cannot be written, or would replace the database.
    """
    path = database_files.path_of(app)
    if path is None:
        raise NoBackupError("On PostgreSQL, make the backup with `pg_dump`.")
    if target.resolve() == path:
        raise NoBackupError(f"{target} is the database itself: choose another name.")
    if not path.exists():
        raise NoBackupError(f"There is no database {path}.")
    for fault in database_files.faults_under_a_server(path):
        raise NoBackupError(f"{fault}: run `flask doctor`.")
    unfinished = target.with_name(target.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    try:
        _copy(path, unfinished)
        unfinished.replace(target)
        _wait_for_the_disk(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise NoBackupError(f"No backup was made: {error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(path: Path, unfinished: Path) -> None:
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        source.backup(copy)  # in one read, beside which others write
        copy.execute("PRAGMA journal_mode=DELETE")  # so that it is one file
        [(verdict,)] = copy.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok":
        raise NoBackupError(
            "No backup was made: the database file is damaged. Run `flask doctor`."
        )
    _wait_for_the_disk(unfinished)


def _wait_for_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
