"""The frames of the live protocol: what an editor may send, and how the server answers.

Text frames are JSON and rare. Binary frames are a sequence of parts: updates and cursors from
an editor; a snapshot, rows of the log and cursors to it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from workgroup.textlog.encoding import MalformedError, Reader, block, number

SNAPSHOT, ROWS, PRESENCE, UPDATE, CURSOR = 1, 2, 3, 4, 5

MAX_FRAME_BYTES = 1_000_000 + 1024  # one update of the largest size and its head
MAX_PARTS = 20_000  # in one frame: more than fit into the 200 kB that an editor packs
MAX_HELLO_BYTES = 20_000
MAX_CURSOR_BYTES = 1000
MAX_WRITERS = 500  # loaded editors with unsent words in one outbox
MAX_CLIENT_ID = 2**53
MAX_COUNT = 2**53


class Close(IntEnum):
    """Why a socket is closed. What the editor does then is in frontend/src/endings.js."""

    RESYNC = 1012  # come back, a moment later
    TOO_SLOW = 1013  # come back
    MALFORMED = 4400
    SIGNED_OUT = 4401  # sign in again; the outbox is kept
    FORBIDDEN = 4403
    OTHER_SCHEMA = 4409  # reload to continue
    RESET = 4410  # keep a copy, then load the text again
    CLIENT_TAKEN = 4411  # a new document, with a new client id
    OTHER_NAMES = 4412  # reload to see how people are named now; the outbox is kept
    TOO_LARGE = 4413
    REFUSED = 4422  # the intake did not take it
    UNREADABLE = 4500  # this text cannot be opened: come back in a minute
    UNSAVED = 4503  # nothing can be stored: come back in a minute


class Reset(StrEnum):
    """Why the rows that an editor holds are not those of this stream."""

    EPOCH = "epoch"
    AHEAD = "ahead"
    TAG = "tag"


class ProtocolError(Exception):
    """The socket must be closed, with this code; often for a frame that our editor never sends."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: what the editor holds, and which writers it speaks for."""

    schema: int
    epoch: int
    have: int  # the last row it holds, 0 for none
    tag: int  # that row's tag
    writers: tuple[int, ...]  # client ids, its own last
    person: int | None = None  # the owner of the outbox
    names: str = (
        ""  # how people were named when the page was made; the log does not read it
    )


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One update of one writer."""

    writer: int  # its place in the hello
    n: int  # the writer's own count, from 1
    data: bytes


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position of a cursor; empty if nowhere. Not checked yet, and never stored."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the log as it goes over the wire."""

    client_id: int
    n: int
    data: bytes


def parse_hello(frame: str) -> Hello:
    """Read the first frame.

    Raises:
        ProtocolError: it is not a hello.
    """
    if len(frame) > MAX_HELLO_BYTES:
        raise ProtocolError(Close.TOO_LARGE, "hello too large")
    try:
        fields = json.loads(frame)
    except (ValueError, RecursionError):
        raise ProtocolError(Close.MALFORMED, "not JSON") from None
    if not isinstance(fields, dict) or fields.get("t") != "hello":
        raise ProtocolError(Close.MALFORMED, "hello first")
    writers = fields.get("writers")
    if not isinstance(writers, list) or not 0 < len(writers) <= MAX_WRITERS:
        raise ProtocolError(Close.MALFORMED, "writers")
    ids = tuple(_count(client_id, least=1) for client_id in writers)
    if len(set(ids)) < len(ids):
        raise ProtocolError(Close.MALFORMED, "writers")
    names = fields.get("names", "")
    if not isinstance(names, str):
        raise ProtocolError(Close.MALFORMED, "names")
    return Hello(
        schema=_count(fields.get("schema")),
        epoch=_count(fields.get("epoch")),
        have=_count(fields.get("have")),
        tag=_count(fields.get("tag")),
        writers=ids,
        person=None if fields.get("person") is None else _count(fields["person"]),
        names=names,
    )


def _count(value: object, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ProtocolError(Close.MALFORMED, "number")
    if not least <= value < MAX_COUNT:
        raise ProtocolError(Close.MALFORMED, "number")
    return value


def parse_parts(frame: bytes, writers: int) -> Iterator[Keystroke | Cursor]:
    """Read the parts of a binary frame one by one, since a large frame takes a while.

    Args:
        frame: the bytes as they came.
        writers: how many the hello named.

    Raises:
        ProtocolError: a part is not one that an editor sends.
    """
    if len(frame) > MAX_FRAME_BYTES:
        raise ProtocolError(Close.TOO_LARGE, "frame too large")
    reader = Reader(frame)
    left = MAX_PARTS
    try:
        while not reader.is_done:
            left -= 1
            if left < 0:
                raise ProtocolError(Close.TOO_LARGE, "too many parts")
            kind = reader.byte()
            if kind == UPDATE:
                yield _keystroke(reader, writers)
            elif kind == CURSOR:
                yield _cursor(reader)
            else:
                raise ProtocolError(Close.MALFORMED, "unknown part")
    except MalformedError as error:
        raise ProtocolError(Close.MALFORMED, str(error)) from None


def _keystroke(reader: Reader, writers: int) -> Keystroke:
    keystroke = Keystroke(reader.number(), reader.number(), reader.block())
    if keystroke.writer >= writers or not keystroke.n:
        raise ProtocolError(Close.MALFORMED, "writer")
    return keystroke


def _cursor(reader: Reader) -> Cursor:
    cursor = Cursor(reader.block())
    if len(cursor.data) > MAX_CURSOR_BYTES:
        raise ProtocolError(Close.MALFORMED, "cursor too large")
    return cursor


def snapshot_part(seq: int, tag: int, state: bytes) -> bytes:
    """Write the whole document up to a row."""
    return bytes((SNAPSHOT,)) + number(seq) + number(tag) + block(state)


def rows_part(first: int, tag: int, rows: Sequence[Row]) -> bytes:
    """Write rows of the log, contiguous from ``first``; the tag is the last one's."""
    written = [bytes((ROWS,)), number(first), number(tag), number(len(rows))]
    for row in rows:
        written += (number(row.client_id), number(row.n), block(row.data))
    return b"".join(written)


def presence_part(cursors: Iterable[tuple[int, bytes]]) -> bytes:
    """Write cursors by connection; an empty one has gone."""
    listed = list(cursors)
    written = [bytes((PRESENCE,)), number(len(listed))]
    for connection, data in listed:
        written += (number(connection), block(data))
    return b"".join(written)


def text_frame(kind: str, **content: object) -> str:
    """Write a text frame."""
    return json.dumps({"t": kind, **content}, ensure_ascii=False, separators=(",", ":"))


def welcome(
    connection: int, epoch: int, last: int, acked: Sequence[int], *, frozen: bool
) -> str:
    """Write the answer to a hello: the stream's state, and each writer's last stored number."""
    return text_frame(
        "welcome", conn=connection, epoch=epoch, last=last, frozen=frozen, acked=acked
    )


def people(present: Mapping[int, Mapping[str, object]]) -> str:
    """Write a frame with the people present, by connection: name, code, initials and color."""
    return text_frame("people", p={str(number): who for number, who in present.items()})
