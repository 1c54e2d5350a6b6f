"""The intake's state as bytes, stored with a snapshot so that a room can open from there.

A cache, like the snapshot itself: bytes of another format, another schema or a machine with
another byte order are not used, and the rows are read instead.
"""

import sys
import zlib
from array import array

from workgroup.textlog import schema
from workgroup.textlog.intake import StreamState
from workgroup.textlog.runs import CLOCK, CLOCK_BITS
from workgroup.textlog.size import Size

FORMAT = 1  # raised when the bytes below, or what the intake accepts, change
LEVEL = 1  # of compression: a megabyte in about ten milliseconds
_COUNTS = "q"


class OtherFormatError(ValueError):
    """These bytes were written by another version of the program."""


def pack(state: StreamState) -> bytes:
    """Write a state; equal states give equal bytes."""
    columns = _columns(state)
    counts = array(_COUNTS, (len(columns), *map(len, columns)))
    body = b"".join(column.tobytes() for column in (counts, *columns))
    return _head() + zlib.compress(body, LEVEL)


def unpack(packed: bytes) -> StreamState:
    """Read a state that ``pack`` wrote: 50,000 runs in about 40 ms.

    Raises:
        OtherFormatError: another version wrote it, or it is damaged.
    """
    head = _head()
    if not packed.startswith(head):
        raise OtherFormatError("another format")
    state = StreamState()
    try:
        _fill(state, zlib.decompress(packed[len(head) :]))
    except (zlib.error, ValueError, IndexError) as error:
        raise OtherFormatError("damaged") from error
    return state


def _head() -> bytes:
    return f"{FORMAT}.{schema.VERSION}.{sys.byteorder}.".encode()


def _columns(state: StreamState) -> list["array[int]"]:
    order, size = state.order, state.size
    totals = (size.bytes, size.items, size.elements, size.words, size.marks)
    return [
        array("q", (order.steps, *totals)),
        order.clients,
        order.ends,
        order.firsts,
        order.taken,
        order.lists,
        order.following,
        order.origins,
        order.rights,
        order.heads,
        order.slots,
        order.keys,
        array("q", sorted(state.halves)),
        array("i", sorted(state.comments)),
        array("i", (state.comments[text] for text in sorted(state.comments))),
    ]


def _fill(state: StreamState, body: bytes) -> None:
    columns = _columns(state)
    width = array(_COUNTS).itemsize
    counts = array(_COUNTS)
    counts.frombytes(body[: width * (len(columns) + 1)])
    if counts[0] != len(columns):
        raise ValueError("columns")
    at = width * (len(columns) + 1)
    for column, count in zip(columns, counts[1:], strict=True):
        del column[:]
        end = at + count * column.itemsize
        column.frombytes(body[at:end])
        at = end
    (state.order.steps, *totals), halves, texts, begun = columns[0], *columns[-3:]
    state.size = Size(*totals)
    state.size.steps = state.order.steps
    state.halves = set(halves)
    state.comments = dict(zip(texts, begun, strict=True))
    _index(state)


def _index(state: StreamState) -> None:
    """Rebuild what can be derived from the columns."""
    order = state.order
    order.writers = {client: number for number, client in enumerate(order.clients)}
    order.list_of = {key: number for number, key in enumerate(order.keys)}
    order.starts = [array("q") for _ in order.clients]
    order.runs = [array("i") for _ in order.clients]
    firsts = order.firsts
    for run in sorted(range(len(firsts)), key=firsts.__getitem__):
        writer = firsts[run] >> CLOCK_BITS
        order.starts[writer].append(firsts[run] & CLOCK)
        order.runs[writer].append(run)
