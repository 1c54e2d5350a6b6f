"""Spellings and neighbors that no editor writes are refused: readers would differ."""

import struct

import pytest

from tests.textlog.wire import (
    ANN,
    BEN,
    IN_TEXT,
    attribute,
    element,
    item,
    string,
    update,
)
from workgroup.textlog.encoding import number, text, value
from workgroup.textlog.intake import RefusedError
from workgroup.textlog.packing import pack

BREAK_OF_NEW = {"parent": (ANN, 7), "key": "brk"}
TWICE = bytes((118, 2)) + 2 * (text("k") + value("ins"))


def link(spelled):
    """A link whose address holds this, as it is spelled in JSON."""
    href = f'{{"href":"https://example.org/{spelled}"}}'
    return item(6, text("link") + text(href), **IN_TEXT)


def comment(written):
    return item(6, text("comment--AbCd12+/") + text(written), **IN_TEXT)


def level(written):
    """The level of Ann's new heading in lib0's bytes."""
    return item(8, number(1) + written, parent=(ANN, 7), key="level")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (update(ANN, 7, string("x", origin=(ANN, 6), right=(ANN, 6))), "crossed"),
        (update(ANN, 7, string("x", origin=(ANN, 5), right=(ANN, 3))), "crossed"),
        (update(ANN, 7, string("x", origin=(BEN, 1), right=(ANN, 6))), "crossed"),
        (update(ANN, 7, string("x", origin=(BEN, 1), right=(BEN, 0))), "crossed"),
        # Ben's pair stands after the o, so nobody finds the beginning next to the pair.
        (update(ANN, 7, string("x", right=(BEN, 0))), "crossed"),
        (update(ANN, 7, string("x", origin=(ANN, 3), right=(BEN, 0))), "crossed"),
        (
            update(ANN, 7, element("paragraph", origin=(ANN, 0), right=(ANN, 0))),
            "crossed",
        ),
        *(
            (update(ANN, 7, string(f"a{unfit}b", **IN_TEXT)), "control character")
            for unfit in "\0\1\b\v\f\x1b\ufffe\uffff"
        ),
        *(
            (update(ANN, 7, link(spelled)), "JSON as browsers")
            for spelled in (
                r"\ud800",
                r"\udc00\ud800",
                r"\ud83c\udf8c",
                r"\u0000",
                r"\b",
                r"\\\f",
                r"\u001b",
                r"\/",
                r"\u0041",
            )
        ),
        *(
            (update(ANN, 7, comment(written)), "JSON as browsers|attributes|not JSON")
            for written in (
                '{"id": 4}',
                '{"id":4.0}',
                '{"id":1e3}',
                '{"id":true}',
                '{"id":NaN}',
                '{"id":Infinity}',
                '{"id":4294967296}',
                '{"id":3,"id":4}',
                '{"id":-0}',
            )
        ),
        *(
            (
                update(ANN, 7, element("heading"), level(written)),
                "kind|value|minus|too long",
            )
            for written in (
                bytes((122,)) + (2).to_bytes(8),  # a big integer
                bytes((123,)) + struct.pack(">d", 2),
                bytes((124,)) + struct.pack(">f", 2),
                bytes((120,)),  # true
                bytes((126,)),  # null
                bytes((127,)),  # undefined
                bytes((116, 1, 2)),  # bytes
                bytes((125, 64)),  # minus zero
                bytes((125, 130, 0)),  # two, written too long
                value("2"),
                value([2]),
            )
        ),
        (
            update(ANN, 7, element("heading"), item(8, b"\1" + TWICE, **BREAK_OF_NEW)),
            "a key twice",
        ),
        (
            update(
                ANN,
                7,
                attribute("lang", "ja", parent=(ANN, 0)),
                item(8, number(1) + value("ko"), right=(ANN, 7)),
            ),
            "values have no order",
        ),
        (b"\1\1" + bytes((ANN, 128 + 7, 0)) + b"\4\1x\0", "written too long"),
    ],
)
def test_what_readers_would_read_differently_is_refused(state, data, why):
    before = pack(state)

    with pytest.raises(RefusedError, match=why):
        state.admit(data, ANN)

    assert pack(state) == before
