"""Texts read in the tests' own process: a child for each would take half of a test's time.

That the reading happens in a child, which may die, hang and run out of memory, is the
claim of ``tests/textlog`` and of the real servers; they take the child.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from workgroup.textlog import ahead, documents, replay, sharing

IN_CHILDREN = documents.run, ahead.subprocess
PAGE_WAIT = sharing.PAGE_WAIT  # as pages of the site wait


def read_here() -> None:
    """Let texts be read in this process from now on, and pages wait as long as it takes."""
    documents.run = run
    ahead.subprocess = SimpleNamespace(
        PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL, Popen=Reader
    )
    sharing.PAGE_WAIT = documents.PATIENT_WAIT


@contextmanager
def in_children() -> Iterator[None]:
    """Let them be read as the site reads them while the block runs."""
    documents.run, ahead.subprocess = IN_CHILDREN
    try:
        yield
    finally:
        read_here()


def run(updates: Iterable[bytes], *options: str) -> documents.Json:
    """Answer as ``python -m workgroup.textlog.replay`` does."""
    try:
        doc = replay.load(updates)
        return json.loads(json.dumps(replay.answer(doc, options)))
    except Exception as error:
        raise documents.UnreadableTextError(str(error)) from error


class Reader:
    """A thread in place of the child that a freeze reads ahead with."""

    def __init__(self, _command: list[str], **_options: object) -> None:
        theirs, self.stdin = (os.fdopen(*end) for end in ends())
        self.stdout, answers = (os.fdopen(*end) for end in ends())
        self.thread = threading.Thread(target=self.read, args=(theirs, answers))
        self.thread.start()

    def read(self, updates, answers) -> None:
        """Do what the child does; what goes wrong shows as an answer that is missing."""
        with updates, answers:
            try:
                doc = replay.load(replay.frames(updates))
                answers.write(ahead.READY)
                answers.flush()
                replay.apply(doc, replay.frames(updates))
                answers.write(json.dumps(replay.answer(doc)).encode())
            except Exception:  # noqa: BLE001, S110 - the child would end with a traceback
                pass

    def kill(self) -> None:
        """Do nothing: the thread ends when nothing more is sent."""

    def wait(self) -> None:
        """Let it come to its end."""
        if not self.stdin.closed:
            self.stdin.close()
        self.thread.join()


def ends() -> tuple[tuple[int, str], tuple[int, str]]:
    """Return the reading and the writing end of a new pipe."""
    reading, writing = os.pipe()
    return (reading, "rb"), (writing, "wb")
