"""What the intake accepts and what it refuses."""

import pytest

from tests.textlog.wire import (
    ANN,
    BEN,
    IN_TEXT,
    TRAFFIC,
    attribute,
    element,
    item,
    mark,
    opening,
    string,
    typed,
    update,
    words_in,
)
from workgroup.textlog import schema
from workgroup.textlog.encoding import number, text
from workgroup.textlog.intake import RefusedError, StreamState
from workgroup.textlog.packing import pack, unpack

NESTED = bytes((117, 1)) * 200 + bytes((126,))  # a list in a list in a list …


def test_everything_that_the_editor_sends_is_accepted():
    state = StreamState()

    for client, data in TRAFFIC:
        state.admit(data, client)

    assert len(state.order.clients) == len({client for client, _ in TRAFFIC})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(typed(ANN, 7, "한국어"), id="words after one's own"),
        pytest.param(
            update(ANN, 7, string("x", origin=(ANN, 2), right=(ANN, 3))),
            id="words between two units",
        ),
        pytest.param(update(ANN, 7, string("x", origin=(BEN, 1))), id="after a pair"),
        pytest.param(
            update(ANN, 7, string("x", origin=(ANN, 6), right=(BEN, 0))),
            id="before a pair",
        ),
        pytest.param(update(ANN, 7, deletes=[(BEN, 0, 2)]), id="a pair deleted"),
        pytest.param(update(ANN, 7, deletes=[(ANN, 0, 1)]), id="a block deleted"),
        pytest.param(update(ANN, 7, mark("em", {}, **IN_TEXT)), id="a mark"),
        pytest.param(update(ANN, 7, mark("em", None, **IN_TEXT)), id="its end"),
        pytest.param(
            update(ANN, 7, mark("comment--AbCd12+/", {"id": 4}, **IN_TEXT)),
            id="a mark that may overlap",
        ),
        pytest.param(
            typed(ANN, 7, "a\tb\nc\u3000\u200b\ufffd\x7f"), id="odd characters"
        ),
        pytest.param(
            update(ANN, 7, mark("link", {"href": r"/\u0000\b"}, **IN_TEXT)),
            id="a backslash",
        ),
        pytest.param(
            update(ANN, 7, element("heading"), attribute("level", 2, parent=(ANN, 7))),
            id="a heading's level",
        ),
        pytest.param(
            update(ANN, 7, attribute("lang", "ja", parent=(ANN, 0))), id="an attribute"
        ),
        pytest.param(
            update(ANN, 7, element("heading", origin=(ANN, 0))), id="a second block"
        ),
        pytest.param(
            update(ANN, 7, element("hard_break", parent=(ANN, 0))), id="a line break"
        ),
        pytest.param(update(ANN, 7, bytes((0,)) + number(5)), id="made and deleted"),
        pytest.param(
            update(ANN, 7, bytes((0,)) + number(1)), id="one made and deleted"
        ),
        pytest.param(
            update(ANN, 7, item(1, number(3), **IN_TEXT)), id="words deleted at once"
        ),
    ],
)
def test_an_honest_update_is_accepted(state, data):
    state.admit(data, ANN)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "ends early"),
        (b"\xff" * 40, "number too long"),
        (b"\0\0", "empty"),
        (typed(ANN, 7, "x") + b"\0", "trailing"),
        (typed(ANN, 7, "x")[:-2], "ends early"),
        (typed(BEN, 2, "x"), "another writer's client id"),
        (typed(ANN, 6, "x"), "own clock"),
        (typed(ANN, 9, "x"), "own clock"),
        (b"\2" + typed(ANN, 7, "x")[1:], "number of structs"),
        (bytes((1, 0, ANN, 7, 0)), "number of structs"),
        (update(ANN, 7, string("x", origin=(ANN, 7))), "not in the stream"),
        (update(ANN, 7, string("x", origin=(99, 0))), "not in the stream"),
        (update(ANN, 7, string("x", right=(BEN, 2))), "not in the stream"),
        (update(ANN, 7, words_in(parent=(BEN, 7))), "not in the stream"),
        (update(ANN, 7, deletes=[(ANN, 0, 8)]), "deletes what is not there"),
        (update(ANN, 7, deletes=[(99, 0, 1)]), "deletes what is not there"),
        (update(ANN, 7, deletes=[(ANN, 3, 0)]), "deletes what is not there"),
        (update(ANN, 7, string("", **IN_TEXT)), "length"),
        (update(ANN, 7, bytes((0,)) + number(2**30)), "length"),
        (update(ANN, 7, item(1, number(2**31), **IN_TEXT)), "length"),
        (update(ANN, 7, bytes((10,)) + number(5)), "root name|content|ends early"),
        (update(ANN, 7, bytes((32,)) + number(5)), "flags"),
        (update(ANN, 7, bytes((0,)) + number(0)), "length"),
        (update(ANN, 7, item(1, number(0), **IN_TEXT)), "length"),
        (update(ANN, 7, string("x", right=(BEN, 1))), "surrogate pair"),
        (update(ANN, 7, string("x", origin=(BEN, 0))), "surrogate pair"),
        (update(ANN, 7, deletes=[(BEN, 0, 1)]), "surrogate pair"),
        (update(ANN, 7, deletes=[(BEN, 1, 1)]), "surrogate pair"),
        (
            update(
                ANN,
                7,
                string("🎌", **IN_TEXT),
                string("x", origin=(ANN, 7)),
            ),
            "surrogate pair",
        ),
        (update(ANN, 7, element("paragraph", root="other")), "root name"),
        (update(ANN, 7, attribute("lang", "ja")), "root name"),
        (update(ANN, 7, words_in()), "slot: text"),
        (update(ANN, 7, string("x")), "slot: words"),
        (update(ANN, 7, string("x", origin=(ANN, 0))), "slot: words"),
        (update(ANN, 7, string("x", parent=(ANN, 0))), "slot: words"),
        (update(ANN, 7, string("x", parent=(ANN, 3))), "slot: no parent"),
        (
            update(ANN, 7, string("x", origin=(ANN, 6), right=(ANN, 0))),
            "neighbors differ",
        ),
        (update(ANN, 7, element("paragraph", **IN_TEXT)), "slot: type"),
        (update(ANN, 7, element("paragraph", parent=(ANN, 0))), "slot: node"),
        (update(ANN, 7, element("table_row")), "slot: node"),
        (update(ANN, 7, element("doc")), "slot: node"),
        (update(ANN, 7, element("script")), "node"),
        (update(ANN, 7, element("Paragraph")), "node"),
        (update(ANN, 7, item(7, number(4))), "type"),
        (update(ANN, 7, item(7, number(1) + text("map"))), "type"),
        (update(ANN, 7, mark("blink", {}, **IN_TEXT)), "mark"),
        (update(ANN, 7, mark("comment", {"id": 4}, **IN_TEXT)), "mark"),
        (update(ANN, 7, mark("em--AbCd12+/", {}, **IN_TEXT)), "mark"),
        (update(ANN, 7, mark("comment--AbCd12", {"id": 4}, **IN_TEXT)), "mark"),
        (update(ANN, 7, mark("em", {"style": "x"}, **IN_TEXT)), "mark's attributes"),
        (update(ANN, 7, mark("em", [], **IN_TEXT)), "mark's attributes"),
        (update(ANN, 7, mark("link", {}, **IN_TEXT)), "mark's attributes"),
        (
            update(ANN, 7, mark("link", {"href": "javascript:alert(1)"}, **IN_TEXT)),
            "mark's attributes",
        ),
        (
            update(ANN, 7, mark("link", {"href": " data:text/html,x"}, **IN_TEXT)),
            "mark's attributes",
        ),
        (
            update(ANN, 7, item(6, text("em") + text("[" * 5000), **IN_TEXT)),
            "JSON too large",
        ),
        (update(ANN, 7, attribute("onclick", "x", parent=(ANN, 0))), "attribute"),
        (update(ANN, 7, attribute("level", 1, parent=(ANN, 0))), "attribute"),
        (update(ANN, 7, attribute("lang", "<b>", parent=(ANN, 0))), "value"),
        (update(ANN, 7, attribute("lang", None, parent=(ANN, 0))), "value"),
        (
            update(ANN, 7, item(8, number(1) + NESTED, parent=(ANN, 0), key="brk")),
            "value too large",
        ),
        (
            update(ANN, 7, item(8, number(2) + b"~~", parent=(ANN, 0), key="lang")),
            "slot: value",
        ),
        (update(ANN, 7, item(2, number(1) + text("{}"), **IN_TEXT)), "content"),  # JSON
        (update(ANN, 7, item(3, text("x"), **IN_TEXT)), "content"),  # binary
        (update(ANN, 7, item(5, text("{}"), **IN_TEXT)), "content"),  # embed
        (update(ANN, 7, item(9, text("x") + b"v\0", **IN_TEXT)), "content"),  # document
        (update(ANN, 7, item(4, number(2) + b"\xff\xfe", **IN_TEXT)), "not UTF-8"),
        (update(ANN, 7, item(4, number(3) + b"\xed\xa0\x80", **IN_TEXT)), "not UTF-8"),
        (b"\0" + number(1) + number(ANN) + number(60_000), "deleted runs"),
        (b"\0" + number(1) + number(ANN) + number(0), "deleted runs"),
    ],
)
def test_an_attack_is_refused_and_changes_nothing(state, data, why):
    before = pack(state)

    with pytest.raises(RefusedError, match=why):
        state.admit(data, ANN)

    assert pack(state) == before
    assert pack(unpack(before)) == before


def test_nothing_grows_deeper_than_can_be_printed():
    state = StreamState()
    state.admit(update(ANN, 0, element("blockquote")), ANN)
    for clock in range(1, schema.MAX_DEPTH):
        state.admit(
            update(ANN, clock, element("blockquote", parent=(ANN, clock - 1))), ANN
        )

    with pytest.raises(RefusedError, match="depth"):
        state.admit(
            update(
                ANN,
                schema.MAX_DEPTH,
                element("blockquote", parent=(ANN, schema.MAX_DEPTH - 1)),
            ),
            ANN,
        )


def test_a_clock_never_runs_over():
    state = StreamState()
    state.admit(opening(), ANN)
    gap = bytes((0,)) + number(schema.MAX_RUN)
    many = schema.MAX_CLOCK // schema.MAX_RUN

    with pytest.raises(RefusedError, match="clock"):
        state.admit(update(ANN, 7, *[gap] * (many + 1)), ANN)


def test_an_overlarge_update_is_refused_unread():
    with pytest.raises(RefusedError, match="too large"):
        StreamState().admit(bytes(schema.MAX_UPDATE_BYTES + 1), ANN)


def test_what_was_collected_is_empty():
    state = StreamState()
    state.admit(update(ANN, 0, bytes((0,)) + number(3)), ANN)

    with pytest.raises(RefusedError, match="nothing left"):
        state.admit(update(ANN, 3, string("x", origin=(ANN, 1))), ANN)
