"""What a stream says at one of its numbers, read in a child process that may be killed."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from workgroup.errors import DomainError
from workgroup.textlog import queries
from workgroup.textlog.models import Stream

ROOT = Path(__file__).parents[2]
WALL_SECONDS = 30
AT_ONCE = 2  # children; more would only share the same cores
KEPT = 256  # documents, a few kilobytes each
LENGTH_BYTES = 4

Json = dict[str, Any]
Key = tuple[int, int, int]  # stream, epoch, number

_turn = threading.BoundedSemaphore(AT_ONCE)
_kept: OrderedDict[Key, str] = OrderedDict()
_lock = threading.Lock()


class UnreadableTextError(DomainError):
    """The child died, hung or failed; the log itself is untouched."""


def read_document(stream: Stream, upto: int | None = None) -> Json:
    """Give a stream's text as ProseMirror's JSON; about 150 ms unless read before.

    Args:
        stream: the stream.
        upto: the last row that counts; left out, all that is there now.

    Raises:
        UnreadableTextError: the rows could not be made into a document.
    """
    now = queries.standing(stream.id)
    epoch, last = (now.epoch, now.last_seq) if now else (stream.epoch, 0)
    key = (stream.id, epoch, last if upto is None else min(upto, last))
    text = _recall(key)
    if text is None:
        text = json.dumps(run(_updates(key))["doc"])
        _keep(key, text)
    document: Json = json.loads(text)
    return document


def encode_state(stream_id: int, upto: int) -> bytes:
    """Give the whole state at a number as one update, replayed from every row.

    Raises:
        UnreadableTextError: it could not be made, or reads otherwise than the rows.
    """
    rows = queries.rows_after(stream_id, 0, upto=upto)
    return base64.b64decode(run((row.data for row in rows), "--state")["state"])


def run(updates: Iterable[bytes], *options: str) -> Json:
    """Have the child apply updates; give what it says.

    Raises:
        UnreadableTextError: it said nothing.
    """
    framed = b"".join(len(update).to_bytes(LENGTH_BYTES) + update for update in updates)
    command = [sys.executable, "-m", "workgroup.textlog.replay", *options]
    with _turn:
        try:
            child = subprocess.run(
                command,
                input=framed,
                capture_output=True,
                check=True,
                cwd=ROOT,
                env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)},
                timeout=WALL_SECONDS,
            )
            answer: Json = json.loads(child.stdout)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise UnreadableTextError(
                _("This text cannot be read at the moment. Nothing of it is lost.")
            ) from error
    return answer


def _updates(key: Key) -> Iterable[bytes]:
    stream_id, epoch, upto = key
    snapshot = queries.latest_snapshot(stream_id, epoch, upto)
    if snapshot:
        yield snapshot.state
    covered = snapshot.seq if snapshot else 0
    for row in queries.rows_after(stream_id, covered, upto=upto):
        yield row.data


def _recall(key: Key) -> str | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: Key, text: str) -> None:
    with _lock:
        _kept[key] = text
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
