"""The store of files in the database, beside a folder with the same interface.

    python -m benchmarks.files [--files N] [--mb N]

Both databases and the folder put, read, read in part and delete the same files, as the
site does: in parts, each durable. What is on disk is measured after each step.
"""

import argparse
import hashlib
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from benchmarks.pdf import processor
from tests.servers import PostgreSQL, postgresql_folder
from workgroup import clock, config
from workgroup.database import db, reading_only
from workgroup.files import queries, services
from workgroup.files.models import StoredFile
from workgroup.files.spool import MEGABYTE, PIECE_BYTES, spooled

PART = 64 * 1024  # bytes in the middle of a file


class Folder:
    """Files in a folder, named by their hash, written beside and moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: list[Path] = []

    def put(self, content: bytes) -> None:
        """Write one file durably."""
        path = self.folder / hashlib.sha256(content).hexdigest()
        draft = path.with_suffix(".part")
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(path)
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self.paths.append(path)

    def read(self, number: int) -> int:
        """Read one file and return its size."""
        with self.paths[number].open("rb") as stream:
            return sum(map(len, iter(lambda: stream.read(PIECE_BYTES), b"")))

    def part(self, number: int, start: int) -> int:
        """Read a part and return its size."""
        with self.paths[number].open("rb") as stream:
            stream.seek(start)
            return len(stream.read(PART))

    def delete(self, number: int) -> None:
        """Delete one file."""
        self.paths[number].unlink()

    def shrink(self) -> None:
        """Do nothing: the space is free already."""


class Database:
    """The store as the site uses it."""

    def __init__(self) -> None:
        self.files: list[StoredFile] = []

    def put(self, content: bytes) -> None:
        """Put one file and commit each part."""
        with spooled(BytesIO(content)) as spool:
            for _part in services.put(spool, "application/pdf", None):
                db.session.commit()
        self.files.append(queries.with_content(spool.sha256, "application/pdf"))
        db.session.rollback()

    def read(self, number: int) -> int:
        """Read one file and return its size."""
        with reading_only():
            size = sum(map(len, queries.content(self.files[number])))
            db.session.rollback()
        return size

    def part(self, number: int, start: int) -> int:
        """Read a part and return its size."""
        with reading_only():
            pieces = queries.content(self.files[number], start, start + PART)
            size = sum(map(len, pieces))
            db.session.rollback()
        return size

    def delete(self, number: int) -> None:
        """Delete one file a day later and commit each part."""
        file_id = self.files[number].id
        with clock.pretend(clock.now() + services.KEPT_UNUSED + timedelta(hours=1)):
            while db.session.get(StoredFile, file_id, populate_existing=True):
                services.delete_part(file_id)
                db.session.commit()

    def shrink(self) -> None:
        """Make the database return the space to the disk."""
        db.session.rollback()
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if connection.dialect.name == "sqlite":
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                raw.autocommit = True
                raw.execute("VACUUM FULL file_pieces")
                raw.execute("CHECKPOINT")


def main() -> None:
    """Measure the three and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--mb", type=int, default=5)
    options = parser.parse_args()
    print(f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{options.files} files of {options.mb} MB")
    with tempfile.TemporaryDirectory(prefix="workgroup-bench-") as scratch:
        folder = Path(scratch)
        with sqlite(folder / "sqlite") as instance:
            measure("SQLite", Database(), [instance], options)
        if postgresql_folder():
            with postgresql(folder) as data:
                measure("PostgreSQL", Database(), data, options)
        (folder / "files").mkdir()
        measure("folder", Folder(folder / "files"), [folder / "files"], options)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory of this process: {peak} MB")


@contextmanager
def sqlite(instance: Path) -> Iterator[Path]:
    """Make a new instance on SQLite and stay in its context."""
    app = create_app(config.read({"WORKGROUP_INSTANCE": str(instance)}))
    with app.app_context():
        upgrade()
        yield instance
        db.session.remove()
        db.engine.dispose()


@contextmanager
def postgresql(folder: Path) -> Iterator[list[Path]]:
    """Start a PostgreSQL of its own, durable as installed, and stay in its context."""
    home = Path(tempfile.mkdtemp(prefix="workgroup-bench-pg-"))
    server = PostgreSQL(home)
    server.start()
    try:
        url = server.url("postgres")
        settings = {
            "WORKGROUP_INSTANCE": str(folder / "pg-instance"),
            "WORKGROUP_DATABASE_URL": url,
        }
        app = create_app(config.read(settings))
        with app.app_context():
            upgrade()
            yield [server.data / "base", server.data / "pg_wal"]
            db.session.remove()
            db.engine.dispose()
    finally:
        server.stop()
        shutil.rmtree(home)


def measure(
    name: str, store: Folder | Database, places: list[Path], options: argparse.Namespace
) -> None:
    """Put, read, read in part and delete; print the times and the sizes."""
    size, count = options.mb * MEGABYTE, options.files
    numbers = range(count)
    empty = on_disk(places)
    writes = [timed(store.put, os.urandom(size)) for _ in numbers]
    full = on_disk(places)
    reads = [timed(store.read, number) for number in numbers]
    parts = [timed(store.part, number, size // 2 + 77) for number in numbers]
    again = timed(store.put, os.urandom(1))
    deletes = [timed(store.delete, number) for number in numbers]
    deleted = on_disk(places)
    shrink = timed(store.shrink)
    print(f"\n{name}")
    for step, times, moved in (
        ("write", writes, size),
        ("read", reads, size),
        ("range of 64 KB", parts, PART),
        ("delete", deletes, size),
    ):
        print(line(step, times, moved))
    print(f"  one byte more     {again * 1000:8.1f} ms")
    print(f"  on disk: empty {empty} MB, full {full} MB, deleted {deleted} MB")
    print(f"  shrunk in {shrink:.1f} s to {on_disk(places)} MB")


def timed(act: Callable[..., object], *arguments: object) -> float:
    """Return how long something takes, in seconds."""
    began = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - began


def line(step: str, times: list[float], moved: int) -> str:
    """Return a step's median, 95th in a hundred, slowest, and its rate."""
    milliseconds = sorted(each * 1000 for each in times)
    late = milliseconds[int(len(times) * 0.95)]
    rate = moved / MEGABYTE * len(times) / sum(times)
    median = statistics.median(milliseconds)
    return (
        f"  {step:16} {median:8.1f} ms median {late:8.1f} ms p95 "
        f"{milliseconds[-1]:8.1f} ms slowest {rate:8.0f} MB/s"
    )


def on_disk(places: list[Path]) -> int:
    """Return how many megabytes of the disk these folders take."""
    blocks = sum(
        path.stat().st_blocks
        for place in places
        for path in place.rglob("*")
        if path.is_file()
    )
    return blocks * 512 // MEGABYTE


if __name__ == "__main__":
    main()
