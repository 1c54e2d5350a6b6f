"""How a connection to PostgreSQL gives up: on a lock, on a server that is gone, on us.

By default it waits without end for each of them: for a row that an operator's open transaction
holds, for a machine that was cut off, and other servers for one of ours that was suspended in
the middle of a commit. SQLite gives up after some seconds, and so does this.
"""

from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

LOCK_SECONDS = 5
# A transaction that writes does nothing slow, so one that is idle for so long belongs to a process
# that is suspended or cut off, and others wait for what it has locked.
IDLE_SECONDS = 10
# Of libpq: how long we wait for a server that does not answer, in seconds but for the last two.
CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}
# How soon the server notices that the machine of a connection has gone, and ends what it began.
SERVERS_SIDE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
READ_ONLY = "25006"


def give_up_connecting(
    _dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]
) -> None:
    """Add the limits to what is used to connect; those in the database's address stay."""
    for name, value in CONNECTING.items():
        parameters.setdefault(name, value)


def limit_waiting(connection: psycopg.Connection[Any], _record: object) -> None:
    """Have a new connection wait for no lock without end, and its server not for us."""
    connection.autocommit = True
    for name, value in {"lock_timeout": f"{LOCK_SECONDS}s", **SERVERS_SIDE}.items():
        connection.execute(f"SET {name} = '{value}'")
    connection.autocommit = False


def begin(connection: Connection, *, reading: bool) -> None:
    """Begin a transaction: it only reads, or it is ended by the server once it is idle for long."""
    connection.exec_driver_sql(
        "SET TRANSACTION READ ONLY"
        if reading
        else f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'"
    )


def why_unreachable(error: DBAPIError) -> str:
    """Return a sentence for the operator if PostgreSQL accepted no connection; else nothing."""
    # Without a connection, there is no statement.
    if error.statement is not None or not isinstance(
        error.orig, psycopg.OperationalError
    ):
        return ""
    reason = str(error.orig).partition("\n")[0]
    return (
        f"The database cannot be reached ({reason}): start PostgreSQL, or check "
        "WORKGROUP_DATABASE_URL."
    )
