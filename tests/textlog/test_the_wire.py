"""What an editor may send; anything else closes the socket with a code."""

import json

import pytest

from workgroup.textlog import protocol
from workgroup.textlog.encoding import Reader, block, number
from workgroup.textlog.protocol import Close, Cursor, Keystroke, ProtocolError, Row

HELLO = {
    "t": "hello",
    "schema": 1,
    "epoch": 5,
    "have": 7,
    "tag": 9,
    "writers": [2**32 - 1, 11],
}


def test_a_hello_names_what_the_editor_holds_and_who_writes():
    hello = protocol.parse_hello(json.dumps(HELLO))

    assert hello == protocol.Hello(1, 5, 7, 9, (2**32 - 1, 11))


def test_an_editor_that_holds_nothing_yet_names_its_person():
    nothing = {"epoch": 0, "have": 0, "tag": 0, "writers": [1], "person": 3}

    hello = protocol.parse_hello(json.dumps({**HELLO, **nothing}))

    assert hello == protocol.Hello(1, 0, 0, 0, (1,), person=3)


def test_an_editor_states_how_people_were_named_on_its_page():
    named = protocol.parse_hello(json.dumps({**HELLO, "names": "none,named"}))
    older = protocol.parse_hello(json.dumps(HELLO))

    assert (named.names, older.names) == ("none,named", "")
    with pytest.raises(ProtocolError, match=r"^names$"):
        protocol.parse_hello(json.dumps({**HELLO, "names": ["none"]}))


@pytest.mark.parametrize(
    ("name", "most", "more"),
    [
        ("writers", [*range(1, 501)], [*range(1, 502)]),
        ("have", 2**53 - 1, 2**53),
        ("person", 0, -1),
    ],
)
def test_the_most_that_a_hello_may_name(name, most, more):
    assert protocol.parse_hello(json.dumps({**HELLO, name: most}))
    with pytest.raises(ProtocolError):
        protocol.parse_hello(json.dumps({**HELLO, name: more}))


def test_a_hello_of_more_than_twenty_kilobytes_is_not_read():
    assert protocol.parse_hello(json.dumps(HELLO).ljust(20_000))
    with pytest.raises(ProtocolError, match=r"^hello too large$") as caught:
        protocol.parse_hello(json.dumps(HELLO).ljust(20_001))
    assert caught.value.code is Close.TOO_LARGE


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "not JSON",
        "[]",
        '"hello"',
        "[" * 10_000,
        json.dumps({**HELLO, "t": "goodbye"}),
        json.dumps({**HELLO, "schema": "1"}),
        json.dumps({**HELLO, "have": -1}),
        json.dumps({**HELLO, "tag": True}),
        json.dumps({**HELLO, "epoch": 2**60}),
        json.dumps({**HELLO, "writers": []}),
        json.dumps({**HELLO, "writers": [0]}),
        json.dumps({**HELLO, "writers": [1, 1]}),
        json.dumps({**HELLO, "writers": list(range(1, 600))}),
        json.dumps({**HELLO, "writers": ["1"]}),
    ],
)
def test_anything_else_is_not_a_hello(frame):
    with pytest.raises(ProtocolError) as caught:
        protocol.parse_hello(frame)

    assert caught.value.code is Close.MALFORMED


def keystroke(writer, n, data):
    return b"\4" + number(writer) + number(n) + block(data)


def test_parts_follow_one_another_in_a_frame():
    frame = keystroke(1, 300, b"abc") + b"\5" + block(b"{}") + keystroke(0, 1, b"")

    assert list(protocol.parse_parts(frame, 2)) == [
        Keystroke(1, 300, b"abc"),
        Cursor(b"{}"),
        Keystroke(0, 1, b""),
    ]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\1\0", Close.MALFORMED),
        (b"\xff", Close.MALFORMED),
        (b"\4", Close.MALFORMED),
        (keystroke(2, 1, b"x"), Close.MALFORMED),
        (keystroke(0, 0, b"x"), Close.MALFORMED),
        (keystroke(0, 1, b"abc")[:-1], Close.MALFORMED),
        (b"\4" + b"\xff" * 12, Close.MALFORMED),
        (b"\5" + block(bytes(1001)), Close.MALFORMED),
        (bytes(1_001_025), Close.TOO_LARGE),
    ],
)
def test_a_frame_with_one_bad_part_is_refused_whole(frame, code):
    with pytest.raises(ProtocolError) as caught:
        list(protocol.parse_parts(frame, 2))

    assert caught.value.code is code


@pytest.mark.parametrize(
    "frame",
    [
        keystroke(1, 1, b""),
        b"\5" + block(bytes(1000)),
        keystroke(0, 1, bytes(1_001_018)),
        b"\5\0" * 20_000,
    ],
    ids=["the last writer", "a cursor", "a frame", "parts"],
)
def test_the_most_that_a_frame_may_hold(frame):
    assert list(protocol.parse_parts(frame, 2))


def test_rows_are_written_as_the_editor_reads_them():
    written = Reader(protocol.rows_part(4, 99, [Row(11, 2, b"ab"), Row(12, 1, b"")]))

    assert written.byte() == 2
    assert [written.number() for _ in range(3)] == [4, 99, 2]
    assert (written.number(), written.number(), written.block()) == (11, 2, b"ab")
    assert (written.number(), written.number(), written.block()) == (12, 1, b"")
    assert written.is_done


def test_a_snapshot_is_written_as_the_editor_reads_it():
    written = Reader(protocol.snapshot_part(4, 99, b"state"))

    assert (written.byte(), written.number(), written.number()) == (1, 4, 99)
    assert written.block() == b"state"
    assert written.is_done


def test_cursors_are_written_as_the_editor_reads_them():
    written = Reader(protocol.presence_part([(3, b"{}"), (300, b"")]))

    assert (written.byte(), written.number()) == (3, 2)
    assert (written.number(), written.block()) == (3, b"{}")
    assert (written.number(), written.block()) == (300, b"")
    assert written.is_done


def test_a_name_goes_out_in_its_own_letters():
    assert (
        protocol.text_frame("people", p={"1": "星野"})
        == '{"t":"people","p":{"1":"星野"}}'
    )


def test_a_frame_of_more_parts_than_an_editor_packs_is_refused():
    with pytest.raises(ProtocolError) as caught:
        list(protocol.parse_parts(b"\5\0" * 20_001, 1))
    assert caught.value.code is Close.TOO_LARGE
