"""PostgreSQL's database of a test, brought back to the cast before each one.

Copying the template takes more than a tenth of a second of the server's time; writing the
rows again takes a few milliseconds. So it is copied only after a test changed the schema.
"""

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from tests.servers import PostgreSQL

TEMPLATE = "cast_template"
IN_USE = "in_use"

# What was there at first is kept in a schema of its own, where no test looks.
KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.changes ();
CREATE FUNCTION kept.note() RETURNS event_trigger LANGUAGE plpgsql
AS 'BEGIN INSERT INTO kept.changes DEFAULT VALUES; END';
"""
# Last, so that what is kept is no change itself.
NOTE_CHANGES = """
CREATE EVENT TRIGGER changes ON ddl_command_end EXECUTE FUNCTION kept.note();
"""
SCHEMA_CHANGED = "SELECT EXISTS (SELECT FROM kept.changes)"
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = """
SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL
FROM pg_sequences WHERE schemaname = 'public'
"""


class Renewal:
    """Gives the database in use the schema and the rows of the template."""

    def __init__(self, server: PostgreSQL) -> None:
        self.server = server
        self.rows_again = ""  # SQL; empty until there is a database

    def renew(self) -> None:
        """End all other connections to the database, and restore it."""
        if not self.rows_again or not self._write_rows():
            self._copy_template()

    def _write_rows(self) -> bool:
        """Return whether writing rows is enough, after doing so."""
        with self._connected() as connection:
            if connection.execute(SCHEMA_CHANGED).fetchone() == (True,):
                return False
            connection.execute(END_OTHERS)
            connection.execute(self.rows_again)
        return True

    def keep_changed(self, name: str) -> bool:
        """Copy the database in use aside if its schema is another; return whether it is."""
        with self._connected() as connection:
            if connection.execute(SCHEMA_CHANGED).fetchone() == (False,):
                return False
        with self._connected("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {IN_USE}")
        return True

    def copy(self, name: str) -> None:
        """Let the database in use be a copy of another."""
        with self._connected("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {IN_USE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {IN_USE} TEMPLATE {name}")

    def _connected(self, name: str = IN_USE) -> psycopg.Connection:
        return psycopg.connect(self.server.url(name), autocommit=True)

    def _copy_template(self) -> None:
        self.copy(TEMPLATE)
        with self._connected() as connection:
            connection.execute(KEEP)
            self.rows_again = _keep_rows(connection)
            connection.execute(NOTE_CHANGES)


def _keep_rows(connection: psycopg.Connection) -> str:
    """Copy the rows aside; return the SQL that brings them back in one transaction."""
    tables = [Identifier(name) for (name,) in connection.execute(TABLES)]
    steps = [SQL("SET LOCAL session_replication_role = replica")]  # triggers keep rows
    steps += [SQL("DELETE FROM public.{}").format(one) for one in tables]
    for one in tables:
        count = connection.execute(SQL("SELECT count(*) FROM public.{}").format(one))
        if count.fetchone() != (0,):
            connection.execute(SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(one))  # fmt: skip
            steps.append(SQL("INSERT INTO public.{0} TABLE kept.{0}").format(one))
    for name, value, is_called in connection.execute(SEQUENCES):
        path = SQL("public.{}").format(Identifier(name)).as_string(connection)
        step = SQL("SELECT setval({}, {}, {})")
        steps.append(step.format(Literal(path), Literal(value), Literal(is_called)))
    return SQL("; ").join([SQL("BEGIN"), *steps, SQL("COMMIT")]).as_string(connection)
