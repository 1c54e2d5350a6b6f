"""How migrations run: inside one transaction that loses no row."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from alembic import context
from click import ClickException
from flask import current_app
from sqlalchemy import Connection, Enum, TypeDecorator, event, inspect, text
from sqlalchemy.exc import IntegrityError

from workgroup.columns import UtcDateTime
from workgroup.database import db
from workgroup.database_files import holder_of, path_of


class LostRowsError(ClickException):
    """A migration would have deleted rows that it did not mean to; `flask db` prints it in one line."""


class UnfitRowError(ClickException):
    """A row is not as the other schema wants it."""


class ServerRunsError(ClickException):
    """A server uses the database, and would go on with a schema that it does not know."""


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types in SQLAlchemy's words: history imports nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return "sa.String(length=32)"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        table: connection.scalar(text(f"SELECT count(*) FROM {quote(table)}")) or 0  # noqa: S608 - names come from the schema itself
        for table in inspect(connection).get_table_names()
        if table != "alembic_version"
    }


def run() -> None:
    """Run the requested migrations.

    On SQLite a table is changed by copying it, and with foreign keys on the deletion
    of the old table silently empties the tables that cascade from it. So they are switched
    off meanwhile, and checked together with the row counts before the commit. The old table
    takes its triggers with it, so they are created again. And while it is gone, triggers of
    other tables that read it must not stop the copy from being renamed, so the older way
    of renaming is used.
    """
    engine = db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA legacy_alter_table=ON")
        try:
            with connection.begin():
                if not sqlite:
                    # Between two statements a migration may compute for long.
                    connection.exec_driver_sql(
                        "SET LOCAL idle_in_transaction_session_timeout = 0"
                    )
                before = counts(connection)
                with triggers_kept(connection) if sqlite else nullcontext() as restore:
                    configure(connection, after_each=restore)
                    context.run_migrations()
                check(connection, before, sqlite=sqlite)
        except IntegrityError as error:
            # The rows themselves are not named: they hold what people wrote.
            raise UnfitRowError(
                f"A row does not fit the other schema ({first_line(error)}). Nothing was "
                "changed: correct that row, then try again."
            ) from error
        finally:
            if sqlite:
                raw.execute("PRAGMA legacy_alter_table=OFF")
                raw.execute("PRAGMA foreign_keys=ON")


def refuse_under_a_server() -> None:
    """Refuse to change a SQLite database that a server holds; PostgreSQL does not tell.

    Raises:
        ServerRunsError: it would answer most pages, and fail wherever one needs what has changed.
    """
    path = path_of(current_app)
    if path and (holder := holder_of(path)):
        raise ServerRunsError(
            f"A server is using {path} (process {holder}). Stop it first, and start it again "
            "afterwards. Nothing was changed."
        )


def first_line(error: IntegrityError) -> str:
    """Return what the database calls the condition, without the row."""
    return str(error.orig).splitlines()[0]


@contextmanager
def triggers_kept(connection: Connection) -> Iterator[Callable[..., None]]:
    """Yield what makes those triggers again that went with a copied table, undropped.

    It is called after each migration: the next one finds the schema as it was written.
    """
    kept = triggers(connection)

    def follow(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if made := re.match(r"CREATE TRIGGER (\w+)", statement):
            kept[made[1]] = statement
        if dropped := re.match(r"DROP TRIGGER (\w+)", statement):
            kept.pop(dropped[1], None)

    def restore(**_: Any) -> None:
        refuse_under_a_server()
        present, tables = triggers(connection), inspect(connection).get_table_names()
        for name, statement in list(kept.items()):
            table = re.search(r"\bON (\w+)", statement)
            if name not in present and table and table[1] in tables:
                connection.exec_driver_sql(statement)

    event.listen(connection, "before_cursor_execute", follow)
    try:
        yield restore
    finally:
        event.remove(connection, "before_cursor_execute", follow)


def triggers(connection: Connection) -> dict[str, str]:
    """Return the statement that made each of SQLite's triggers."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    return dict(rows.all())


def configure(
    connection: Connection, after_each: Callable[..., None] | None = None
) -> None:
    """Tell Alembic what to compare, how to write, and what to call after each step."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=False,
        on_version_apply=after_each,
        **{
            key: value
            for key, value in current_app.extensions["migrate"].configure_args.items()
            if key not in {"render_as_batch", "compare_type", "render_item"}
        },
    )


def check(connection: Connection, before: dict[str, int], *, sqlite: bool) -> None:
    """Refuse the migration when a table that is still there has fewer rows."""
    after = counts(connection)
    lost = [
        table for table in before.keys() & after.keys() if after[table] < before[table]
    ]
    if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        lost.append("a row that others refer to")
    if lost:
        raise LostRowsError(
            f"The migration would lose rows of {', '.join(sorted(lost))}. Nothing was changed: "
            "go on with the version that you have, and report this line to the makers of Workgroup."
        )


run()
