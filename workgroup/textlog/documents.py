"""What a stream holds at one of its numbers, read in a child process that may be killed.

A reading costs about 150 ms, most of it the child's start. Each is done once, however
many ask at the same moment ("single flight"), and what came of it is remembered, a failure
too: no text is given child after child to kill.
"""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workgroup.database import db, reading_only
from workgroup.errors import DomainError
from workgroup.textlog import queries, schema, sharing
from workgroup.textlog.intake import RefusedError
from workgroup.textlog.models import Stream
from workgroup.textlog.packing import pack
from workgroup.textlog.sharing import Readings, SharedReading
from workgroup.textlog.surroundings import ROOT, surroundings

WALL_SECONDS = 30  # for a child that hangs; one that computes has 20 seconds of CPU
AT_ONCE = 2  # children; more would only share the same cores
LENGTH_BYTES = 4
PATIENT_WAIT = 60.0  # seconds that a freeze, an export or the worker waits
TOO_LONG = "longer than a text may be"

Json = dict[str, Any]
Key = sharing.Key


class UnreadableTextError(DomainError):
    """The child died, hung or failed, or the log has a hole; it is left as it is."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(
            _(
                "This text is too long to be read, frozen or printed. Nothing is lost; contact your operator."
            )
            if reason == TOO_LONG
            else _("This text can’t be read right now. Nothing is lost.")
        )
        self.reason = reason  # for the log, not for the reader

    @property
    def is_too_long(self) -> bool:
        """Return whether trying again is of no use."""
        return self.reason == TOO_LONG


class TextNotReadyError(UnreadableTextError):
    """The reading goes on, but the page does not wait for it any longer."""

    def __init__(self) -> None:
        DomainError.__init__(
            self,
            _("The text is being prepared. Reload this page in a few seconds."),
        )
        self.reason = "not ready"


_turn = threading.BoundedSemaphore(AT_ONCE)
readings = Readings()


def read_document(
    stream: Stream, upto: int | None = None, *, wait: float | None = None
) -> Json:
    """Return a stream's text as ProseMirror's JSON.

    The rows are fetched in a short transaction of their own: one left open while the child
    reads would keep a connection, and SQLite from writing its log back into the file.

    Args:
        stream: the stream.
        upto: the last row that counts; left out, all that is there now.
        wait: seconds to wait for the child; left out, as long as a page does.

    Raises:
        TextNotReadyError: it takes longer; the reading goes on, or too many others do.
        UnreadableTextError: the rows could not be made into a document.
    """
    key = key_of(stream.id, upto)
    reading, leads = readings.begin(key, sharing.BRIEF_WAIT if wait is None else wait)
    if reading is None:
        raise TextNotReadyError
    if leads:
        _start_reading(key, reading)
    is_over = reading.wait() if wait is None else reading.over.wait(wait)
    if not is_over:
        raise TextNotReadyError
    if reading.text is None:
        raise UnreadableTextError(reading.reason)
    document: Json = json.loads(reading.text)
    return document


def refuse_failed(key: Key) -> None:
    """Refuse a text whose reading failed a moment ago.

    Raises:
        UnreadableTextError: with the reason of that failure.
    """
    reason = readings.failure(key)
    if reason is not None:
        raise UnreadableTextError(reason)


@contextmanager
def turn() -> Iterator[None]:
    """Wait until another child may start; not inside a transaction that writes.

    Raises:
        TextNotReadyError: too many texts are read before this one.
    """
    if not _turn.acquire(timeout=PATIENT_WAIT):
        raise TextNotReadyError
    try:
        yield
    finally:
        _turn.release()


def forget_documents() -> None:
    """Read everything again from now on."""
    readings.clear()


def encode_state(stream_id: int, upto: int) -> bytes:
    """Return the whole state at a number as one update, replayed from every row.

    Raises:
        UnreadableTextError: it could not be made, or reads otherwise than the rows.
    """
    with _log(stream_id, upto) as (_now, session):
        rows = queries.rows_after(stream_id, 0, upto=upto, session=session)
    check_whole(rows, 0, upto)
    return base64.b64decode(run((row.data for row in rows), "--state")["state"])


def packed_state(stream_id: int, upto: int) -> bytes | None:
    """Return the intake's state at a number; none where older rules let a row in."""
    state, covered = queries.intake_state(stream_id)
    rows = queries.rows_after(stream_id, covered, upto=upto)
    try:
        for row in rows:
            if not row.is_set_aside:
                state.admit(row.data, row.client_id)
    except RefusedError:
        return None
    return pack(state)


def updates_of(stream_id: int, upto: int) -> list[bytes]:
    """Return the updates that make a text, from the newest snapshot on.

    A hole is left to the person who reads the text: here it only means that nothing comes.
    """
    try:
        return updates_to(key_of(stream_id, upto))
    except UnreadableTextError:
        return [queries.NOTHING]


def run(updates: Iterable[bytes], *options: str) -> Json:
    """Run a child that applies updates; return what it answers.

    Raises:
        UnreadableTextError: it answered nothing.
    """
    frames = b"".join(framed(update) for update in updates)
    command = [sys.executable, "-m", "workgroup.textlog.replay", *options]
    with _turn:
        try:
            child = subprocess.run(
                command,
                input=frames,
                capture_output=True,
                check=True,
                cwd=ROOT,
                env=surroundings(),
                timeout=WALL_SECONDS,
            )
            answer: Json = json.loads(child.stdout)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise UnreadableTextError(str(error)) from error
    return answer


def framed(update: bytes) -> bytes:
    """Write an update as the child reads it: after its length."""
    return len(update).to_bytes(LENGTH_BYTES) + update


@contextmanager
def _log(
    stream_id: int, upto: int | None
) -> Iterator[tuple[queries.Standing, queries.Reading]]:
    """Read a stream in a transaction of its own, which ends before the child starts.

    Only what the caller has just made and not committed is looked for in the caller's.
    """
    with Session(db.engine) as session, reading_only():
        now = queries.standing(stream_id, session=session)
        if now and (upto or 0) <= now.last_seq:
            yield now, session
            return
    now = queries.standing(stream_id)
    if now is None:
        raise UnreadableTextError("no such text")
    yield now, db.session


def key_of(stream_id: int, upto: int | None) -> Key:
    """Name a text at a number, or where it stands now."""
    with _log(stream_id, upto) as (now, _session):
        last = now.last_seq
        return stream_id, now.epoch, last if upto is None else min(upto, last)


def _start_reading(key: Key, reading: SharedReading) -> None:
    """Fetch the rows here, where the application is known, and read in a thread."""
    try:
        updates = updates_to(key)
    except UnreadableTextError as error:
        readings.end(key, reading, reason=error.reason)
        return
    except BaseException:
        readings.end(key, reading, reason="the log could not be fetched")
        raise
    threading.Thread(
        target=_read_in_thread, args=(key, updates, reading), daemon=True
    ).start()


def _read_in_thread(key: Key, updates: list[bytes], reading: SharedReading) -> None:
    try:
        # Not escaped: a Japanese letter takes two bytes in memory, and six as \uXXXX.
        text = json.dumps(run(updates)["doc"], ensure_ascii=False)
    except UnreadableTextError as error:
        readings.end(key, reading, reason=error.reason)
    except BaseException as error:
        readings.end(key, reading, reason=repr(error))
        raise
    else:
        readings.end(key, reading, text)


def updates_to(key: Key) -> list[bytes]:
    """Fetch the newest snapshot and the rows after it.

    Raises:
        UnreadableTextError: a row is missing.
    """
    stream_id, epoch, upto = key
    with _log(stream_id, upto) as (_now, session):
        if not queries.is_contiguous(stream_id, upto, session=session):
            raise UnreadableTextError("rows are missing")
        snapshot = queries.latest_snapshot(stream_id, epoch, upto, session=session)
        covered = snapshot.seq if snapshot else 0
        rows = queries.rows_after(stream_id, covered, upto=upto, session=session)
    check_whole(rows, covered, upto)
    if sum(len(row.data) for row in rows) > schema.MAX_STREAM["bytes"]:
        # Older rules accepted it, or another program.
        raise UnreadableTextError(TOO_LONG)
    return (
        [snapshot.state, *(row.data for row in rows)]
        if snapshot
        else [row.data for row in rows]
    )


def check_whole(rows: list[queries.StoredRow], covered: int, upto: int) -> None:
    """Refuse rows between which one is missing.

    Raises:
        UnreadableTextError: they are not all the rows after ``covered``, up to ``upto``.
    """
    if [row.seq for row in rows] != list(range(covered + 1, upto + 1)):
        raise UnreadableTextError("rows are missing")
