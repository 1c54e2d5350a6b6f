"""What an installation lacks or does unsafely, each as one sentence with a remedy."""

import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Config, current_app
from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from workgroup import clock, database_files, mail
from workgroup.acts import queries as audit
from workgroup.config import LOOPBACK
from workgroup.database import db, reading_only
from workgroup.deciding import inspection as ballots
from workgroup.drafting import inspection as versions
from workgroup.files import queries as files
from workgroup.findings import Finding, bad, ok, warn
from workgroup.jobs import queries as jobs
from workgroup.jobs.models import Job
from workgroup.notifications import log_reader
from workgroup.notifications import queries as notices
from workgroup.postgresql import why_unreachable
from workgroup.publishing import printing as publishing
from workgroup.publishing import queries as exports
from workgroup.textlog import inspection

ROOM_WANTED = 1024**3  # bytes free on the instance's disk
AGAIN = {"mail": ", and try them again with `flask jobs revive --mail`"}
OVERDUE = timedelta(hours=1)  # a worker takes jobs within seconds of their time
MAX_LAG = timedelta(minutes=5)  # and writes notices of acts within seconds too


def examine() -> list[Finding]:
    """Examine settings, database and the PDF's libraries (a few seconds)."""
    with reading_only():
        # To open a database whose files were replaced would make matters worse.
        damage = list(files_in_place())
        return [*settings(), *disk(), *(damage or database()), *printing()]


def settings() -> Iterator[Finding]:
    """Examine the settings."""
    config = current_app.config
    yield from modes(config["INSTANCE"])
    yield from proxies(config)
    if current_app.debug:
        yield bad("Debug mode is on: it lets visitors run code. Unset FLASK_DEBUG.")
    if not config["PUBLIC_URL"]:
        yield warn(
            "No public address is set, so only this machine can reach the site. Set WORKGROUP_PUBLIC_URL."
        )
    elif not config["SESSION_COOKIE_SECURE"]:
        yield bad("Cookies are sent unencrypted: use https in WORKGROUP_PUBLIC_URL.")
    yield _mail()


def _mail() -> Finding:
    if not mail.leaves():
        folder = current_app.config["INSTANCE"] / "mail"
        return warn(
            f"No e-mail is sent: it is written to {folder}, and notices appear on their "
            "page only. Set WORKGROUP_SMTP_URL."
        )
    if trouble := mail.trouble():
        return bad(
            f"The mail server does not answer ({trouble}): check WORKGROUP_SMTP_URL."
        )
    return ok("The configured mail server answers.")


def modes(instance: Path) -> Iterator[Finding]:
    """Find files that other users of this machine can read, the folder first."""
    for path in (instance, *sorted(instance.iterdir())):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            wanted = "700" if path.is_dir() else "600"
            yield bad(
                f"Other users of this machine can read {path}: run chmod {wanted} {path}"
            )


def proxies(config: Config) -> Iterator[Finding]:
    """Check that the settings for the address and the proxies fit each other."""
    secure = config["PUBLIC_URL"].startswith("https:")
    if config["PROXIES"] and not secure:
        yield bad(
            "WORKGROUP_PROXIES is set, but WORKGROUP_PUBLIC_URL is not an https address: "
            "set the address that people type."
        )
    if config["PROXIES"] and config["HOST"] not in LOOPBACK:
        yield warn(
            "Clients that bypass the proxy can forge addresses: set HOST=127.0.0.1."
        )
    if secure and not config["PROXIES"]:
        yield warn(
            "All visitors seem to come from the proxy's address and share its limits: "
            "set WORKGROUP_PROXIES to the number of proxies in front."
        )


def disk() -> Iterator[Finding]:
    """Check the disk space that is left for the instance."""
    free = shutil.disk_usage(current_app.config["INSTANCE"]).free
    room = f"{free / ROOM_WANTED:.1f} GiB"
    if free < ROOM_WANTED:
        yield bad(f"The instance's disk is nearly full: {room} free.")
    else:
        yield ok(f"The instance's disk has {room} free.")


def files_in_place() -> Iterator[Finding]:
    """Check that a running server still writes into the files that have the database's names."""
    path = database_files.path_of(current_app)
    for fault in database_files.faults_under_a_server(path) if path else ():
        yield bad(
            f"{fault} while the server runs, which now stores nothing: stop it, copy "
            f"{path}* to a safe place, start it again, and run `flask doctor` once more."
        )


def database() -> Iterator[Finding]:
    """Check the schema, the durability and the stored data."""
    try:
        yield from _database()
    except DatabaseError as error:
        why = why_unreachable(error)
        if not why and type(error) is not DatabaseError:
            raise  # a statement that failed; a page that cannot be read is of no other class
        damaged = f"The database file is damaged ({error.orig}): restore a backup."
        yield bad(why or damaged)


def _database() -> Iterator[Finding]:
    connection = db.session.connection()
    fault = schema_fault()
    yield bad(fault) if fault else ok("The database schema is up to date.")
    if connection.dialect.name == "sqlite":
        yield from _sqlite()
    else:
        commit = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
        if commit == "off":
            yield bad("PostgreSQL may lose commits: set synchronous_commit to on.")
    if not inspect(connection).has_table(Job.__tablename__):
        return
    altered = audit.first_altered()
    if altered is None:
        yield ok("The audit log is intact.")
    else:
        yield bad(f"Record {altered} of the audit log was altered.")
    yield from _jobs()
    yield from _notices()
    yield from _files()
    yield from _texts()
    yield from _record()


def _record() -> Iterator[Finding]:
    whole = "The versions and votes are as they were frozen and counted."
    altered = [
        *(
            f"Version {number} (of the table `versions`) is not the text that was frozen."
            for number in versions.altered_versions()
        ),
        *(
            f"Ballot {number}: a vote is missing, or the record that it was cast."
            for number in ballots.unmatched_ballots()
        ),
        *(
            f"Ballot {number}: its votes do not give its outcome."
            for number in ballots.miscounted_ballots()
        ),
    ]
    for sentence in altered:
        yield bad(f"{sentence} Restore a backup.")
    if not altered:
        yield ok(whole)


def _texts() -> Iterator[Finding]:
    damaged = list(inspection.faults())
    for stream_id, sentence in damaged:
        yield bad(f"Live text {stream_id}: {sentence}")
    for stream_id, numbers in inspection.numbers_set_aside().items():
        rows = ", ".join(map(str, numbers))
        yield warn(
            f"Live text {stream_id}: rows {rows} broke its readers and are set aside. They "
            "stay in the table `updates`; people were asked to write missing words again."
        )
    if not damaged:
        yield ok("The live texts are intact, and their snapshots match.")


def _jobs() -> Iterator[Finding]:
    now = clock.now()
    for stuck in jobs.given_up():
        yield warn(
            f"Jobs of kind {stuck.kind} failed for good: {stuck.number}, the oldest requested "
            f"{_hours(now - stuck.oldest)} ago: see `flask jobs list --dead`{AGAIN.get(stuck.kind, '')}."
        )
    for stuck in jobs.overdue(now - OVERDUE):
        yield warn(
            f"Jobs of kind {stuck.kind} are overdue: {stuck.number}, for up to "
            f"{_hours(now - stuck.oldest)}: is a worker of this version running?"
        )


def _notices() -> Iterator[Finding]:
    if notices.is_ahead(log_reader.READER):
        yield bad(
            "Notices were written of acts that the log does not hold: the log was cut, or the "
            "number in `log_cursors` altered. The next acts bring no notices. Restore a backup."
        )
    lag, now = notices.lag(log_reader.READER), clock.now()
    if lag and now - lag.oldest > MAX_LAG:
        yield warn(
            f"No notices were written for the last {lag.acts} acts, the oldest from "
            f"{_hours(now - lag.oldest)} ago: is a worker running? See its log."
        )


def _files() -> Iterator[Finding]:
    for file_id in files.damaged():
        yield bad(f"File {file_id} in the store is damaged: restore a backup.")
    missing = exports.without_file()
    if missing:
        numbers = ", ".join(map(str, missing))
        yield warn(
            f"Finished exports without a file in the store: {numbers}. A worker moves "
            "those in the instance's folder `exports`; export the others again."
        )


def _hours(age: timedelta) -> str:
    hours = round(age.total_seconds() / 3600)
    return f"{hours} hours" if hours != 1 else "1 hour"


def _sqlite() -> Iterator[Finding]:
    connection = db.session.connection()
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    for pragma, value in wanted.items():
        if connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() != value:
            yield bad(f"SQLite runs without {pragma}={value}: text could be lost.")
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
        yield bad("The database file is damaged: restore a backup.")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield bad("The database refers to rows that are gone: restore a backup.")


def schema_fault() -> str | None:
    """Return how the database's schema differs from this program's; none if it does not.

    A server on another schema would answer most pages, and fail wherever one needs what is
    not there: with a vote cast or a text frozen, but not noted.
    """
    scripts = ScriptDirectory.from_config(_alembic())
    context = MigrationContext.configure(db.session.connection())
    present = context.get_current_revision()
    if present == scripts.get_current_head():
        return None
    if present is None:
        return "The database is empty: run `flask db upgrade`."
    if present in {script.revision for script in scripts.walk_revisions()}:
        return (
            "The database schema is out of date: stop every server, copy the database, "
            "and run `flask db upgrade`."
        )
    return (
        "The database schema is unknown to this version, most likely because a newer one "
        "upgraded it: install that version again."
    )


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    folder = Path(current_app.root_path).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def printing() -> Iterator[Finding]:
    """Ask the program that creates the PDF what it lacks, in the environment that exports run in."""
    lacking = publishing.missing()
    for item in lacking:
        yield bad(f"The PDF needs {item.name}: install {item.package}.")
    if not lacking:
        yield ok("The PDF's libraries and fonts are installed.")
