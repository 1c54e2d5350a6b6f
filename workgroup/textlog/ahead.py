"""Reading a text before its lock is taken, and only what came since under the lock.

A freeze stops the typing and hashes the text in one transaction. The slow part, a child that
replays the whole log, is done before that. The child keeps running; under the lock it gets the
few rows that came in between, and it answers within milliseconds.

The slow part waits for its turn among all children that read texts, while its caller holds
nothing that others wait for. The rest takes no turn: a transaction that writes never waits.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Timer
from typing import IO, cast

from workgroup.textlog import documents, queries
from workgroup.textlog.documents import Json, UnreadableTextError
from workgroup.textlog.surroundings import ROOT, surroundings

FINISH_SECONDS = 5.0  # for the few rows, while others wait for the lock
READY = b"ready\n"


class ReadAhead:
    """A text that was read up to a number, and the child process that holds it."""

    def __init__(self, key: documents.Key, child: "subprocess.Popen[bytes]") -> None:
        self.stream_id, self.epoch, self.seq = key
        self.child = child
        self.updates = cast("IO[bytes]", child.stdin)
        self.answer = cast("IO[bytes]", child.stdout)

    def start(self, updates: Iterable[bytes]) -> None:
        """Make the child replay all rows so far, and wait until it has done so.

        Raises:
            UnreadableTextError: it could not.
        """
        self._send([*updates, b""], wait=documents.WALL_SECONDS)
        with self._given(documents.WALL_SECONDS):
            if self.answer.readline() != READY:
                raise UnreadableTextError("the child did not get to the end")

    def document(self, upto: int) -> Json:
        """Return the text at a later number, reading the missing rows in the caller's transaction.

        Raises:
            UnreadableTextError: rows are missing, or the child failed.
        """
        rows = queries.rows_after(self.stream_id, self.seq, upto=upto)
        documents.check_whole(rows, self.seq, upto)
        self._send((row.data for row in rows), wait=FINISH_SECONDS)
        with self._given(FINISH_SECONDS):
            self.updates.close()
            try:
                document: Json = json.loads(self.answer.read())["doc"]
            except (OSError, ValueError, KeyError) as error:
                raise UnreadableTextError(str(error)) from error
        return document

    def _send(self, updates: Iterable[bytes], *, wait: float) -> None:
        with self._given(wait):
            try:
                self.updates.writelines(documents.framed(update) for update in updates)
                self.updates.flush()
            except OSError as error:
                raise UnreadableTextError(str(error)) from error

    @contextmanager
    def _given(self, seconds: float) -> Iterator[None]:
        """Kill the child if it takes longer; a read that waits for it then sees its output end."""
        timer = Timer(seconds, self.child.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextmanager
def read_ahead(stream_id: int) -> Iterator[ReadAhead]:
    """Read a text up to its last row, in short transactions of its own.

    Raises:
        TextNotReadyError: too many texts are being read.
        UnreadableTextError: the rows could not be made into a document, or could not a
            moment ago.
    """
    key = documents.key_of(stream_id, None)
    documents.refuse_failed(key)
    with ExitStack() as ending:
        with documents.turn():
            documents.refuse_failed(key)  # while this one waited
            try:
                updates = documents.updates_to(key)
                ahead = ending.enter_context(_with_child(key))
                ahead.start(updates)
            except UnreadableTextError as error:
                documents.readings.fail(key, error.reason)
                raise
        yield ahead


@contextmanager
def _with_child(key: documents.Key) -> Iterator[ReadAhead]:
    child = subprocess.Popen(
        [sys.executable, "-m", "workgroup.textlog.replay", "--ahead"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=surroundings(),
    )
    try:
        yield ReadAhead(key, child)
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
