"""The database session, the base of all tables, and how transactions begin."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, MetaData, event, orm
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry

from workgroup import postgresql
from workgroup.columns import TYPES
from workgroup.errors import GoneError
from workgroup.turns import Turns

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(orm.DeclarativeBase):
    """The parent of every table; names constraints so that migrations find them."""

    # Flask-SQLAlchemy copies this class, so the type map must live on the registry:
    # a ``type_annotation_map`` attribute here fails at import time.
    registry = orm.registry(
        type_annotation_map=TYPES,
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
    )


class OutermostCommits(Session):
    """A session whose ``commit`` is always the outermost one, made with no savepoint open.

    So a listener can distinguish a commit from the release of a savepoint, for which
    SQLAlchemy calls the same listeners.
    """

    def commit(self) -> None:
        """Commit the transaction.

        Raises:
            RuntimeError: a savepoint is open; leave its block first.
        """
        if self.in_nested_transaction():
            raise RuntimeError("commit after the savepoint's block, not inside it")
        super().commit()

    def close(self) -> None:
        """End the session, also when its connection is gone and the transaction with it.

        Contexts end with this, outside of every handler: a page that is finished would be
        thrown away, a worker's thread would end, and the next context would find this session.
        """
        try:
            super().close()
        except DBAPIError:
            self.invalidate()


# A page goes on using what it committed: its redirect names the cohort, and an expired
# relationship would raise. No session outlives its request, batch or job.
db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": OutermostCommits, "expire_on_commit": False},
)

# Flask-SQLAlchemy builds ``db.Model`` at run time, where no type checker can see
# it. Models inherit from ``Model``, which is the same class to both readers.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

# PostgreSQL's codes for serialization failures, deadlocks and locks that are not available.
LOCKS = {"40001", "40P01", "55P03"}

# SQLite has no queue for the writers of other processes: one that waits looks every tenth of a
# second, so it needs a pause longer than that to get its turn.
PAUSE_SECONDS = 0.12

TURN = "turn"  # set on a pooled connection while its writer holds a turn
TURN_SECONDS = 4  # plus the 5 that SQLite waits: less than the 10 that a stop may take

WROTE = "wrote"  # whether the session's transaction has changed anything,
WROTE_BEFORE = "wrote_before"  # and whether it had when each savepoint began

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading_only() -> Iterator[None]:
    """Make transactions in this context read-only: they lock nothing."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


class UndeclaredWriteError(RuntimeError):
    """A transaction that began as read-only tried to write: a bug of ours."""


def set_reading(*, on: bool) -> None:
    """Set whether the transactions of the current request only read."""
    _reading.set(on)


@contextmanager
def writing() -> Iterator[None]:
    """Allow the transaction that begins in this block to write.

    A view begins by reading: who asks, for what, with which form. That locks nothing, so it
    may be slow, and so may rendering. Only this block holds the lock that every other writer
    waits for; it commits at its end, and afterwards the view only reads again. Rows that were
    read before the block may be out of date: services that depend on them lock the row and
    read it again.
    """
    if not _reading.get():  # a job or a command, which may write from its start
        yield
        return
    end_transaction()
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)
    if not db.session().info.get(WROTE):
        # Everything was refused: the page is rendered without the lock.
        end_transaction()


def end_transaction() -> None:
    """End a transaction that has written nothing; the objects that it loaded stay usable.

    Call it before anything slow, so that no lock is held meanwhile.

    Raises:
        RuntimeError: something was written, and would be committed half done.
    """
    session = db.session()
    if session.info.get(WROTE) or session.dirty or session.new or session.deleted:
        raise RuntimeError("something was written before the transaction ended")
    session.commit()


def give_way() -> None:
    """Let others write between two parts of a long change (a pause on SQLite).

    Raises:
        RuntimeError: the part before was not committed.
    """
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("commit each part of a long change before the next one")
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(PAUSE_SECONDS)


def lock_row(thing: Base, *columns: str, referable: bool = False) -> None:
    """Read a row again and lock it until the transaction ends.

    Args:
        thing: as it was read before, perhaps in an earlier transaction.
        columns: what is read again; everything when left out.
        referable: whether others may insert rows that refer to it meanwhile.

    Raises:
        GoneError: somebody has removed it since.
    """
    session = db.session()
    session.flush()  # a refresh would discard unwritten changes
    lock: Any = {"key_share": True} if referable else True
    try:
        session.refresh(thing, columns or None, with_for_update=lock)
    except InvalidRequestError as error:
        raise GoneError from error


@event.listens_for(db.session, "after_flush")
def _flushed(session: Session, _context: UOWTransaction) -> None:
    session.info[WROTE] = True


@event.listens_for(db.session, "do_orm_execute")
def _executed(execution: ORMExecuteState) -> None:
    if not execution.is_select:
        execution.session.info[WROTE] = True


@event.listens_for(db.session, "after_transaction_create")
def _begun(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        before = session.info.setdefault(WROTE_BEFORE, {})
        before[transaction] = session.info.get(WROTE, False)


@event.listens_for(db.session, "after_soft_rollback")
def _undone(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info[WROTE] = session.info[WROTE_BEFORE].pop(transaction)


@event.listens_for(db.session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(WROTE, None)
        session.info.pop(WROTE_BEFORE, None)


def is_refused_write(error: BaseException | None) -> bool:
    """Return whether the database refused a write because it is open for reading only."""
    readonly = isinstance(error, sqlite3.Error) and "readonly" in str(error)
    return readonly or getattr(error, "sqlstate", "") == postgresql.READ_ONLY


def is_lock(error: DBAPIError) -> bool:
    """Return whether the database gave up waiting for a lock; the same may be tried again."""
    locked = isinstance(error.orig, sqlite3.Error) and "locked" in str(error.orig)
    return locked or getattr(error.orig, "sqlstate", "") in LOCKS


def _name_our_fault(context: ExceptionContext) -> None:
    """Distinguish a page that may not write (our fault) from a disk that cannot be written to."""
    if _reading.get() and is_refused_write(context.original_exception):
        raise UndeclaredWriteError(str(context.original_exception))


def prepare_engine(engine: Engine) -> None:
    """Make each connection durable and strict, and each transaction begin as reading or writing.

    A transaction that may write begins IMMEDIATE on SQLite: a read that becomes a
    write fails at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout.
    """
    event.listen(engine, "handle_error", _name_our_fault)
    if engine.dialect.name == "sqlite":
        turns = Turns()
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turns))
        event.listen(engine, "checkin", partial(_leave_turn, turns))
    else:
        event.listen(engine, "do_connect", postgresql.give_up_connecting)
        event.listen(engine, "connect", postgresql.limit_waiting)
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - the pool's record
    connection.isolation_level = None  # we send BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        # Without it `INSERT OR REPLACE` deletes a row without running its DELETE triggers.
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(turns: Turns, connection: Connection) -> None:
    reading = _reading.get()
    # Missing for a connection that has left the pool.
    held = connection.connection.record_info
    if not reading and held is not None and TURN not in held:
        if not turns.take(TURN_SECONDS):
            locked = sqlite3.OperationalError("database is locked")
            raise OperationalError("BEGIN IMMEDIATE", None, locked)
        held[TURN] = True
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _leave_turn(
    turns: Turns, _connection: DBAPIConnection | None, record: ConnectionPoolEntry
) -> None:
    if record.record_info and record.record_info.pop(TURN, False):
        turns.leave()


def _begin_postgresql(connection: Connection) -> None:
    postgresql.begin(connection, reading=_reading.get())
