"""A cursor goes to the others only as a place in the text, and with nothing beside it."""

import json

import pytest

from tests.live.conftest import play
from tests.live.editors import until
from workgroup.live import cursors

UNIT = {"client": 4242, "clock": 7}
POSITION = {"type": UNIT, "tname": None, "item": UNIT, "assoc": -1}
PLACE = {"anchor": POSITION, "head": {"type": None, "tname": "prosemirror", "assoc": 0}}


def test_what_an_editor_sends_is_passed_on():
    assert json.loads(cursors.checked(json.dumps(PLACE).encode())) == PLACE
    assert cursors.checked(b"") == b""
    assert (
        cursors.checked(b'{"anchor": null, "head": null}')
        == b'{"anchor":null,"head":null}'
    )


@pytest.mark.parametrize(
    "sent",
    [
        b"<script>",
        b"[]",
        b"7",
        b"[" * 900,
        b'{"anchor":7}',
        b'{"__proto__":{"admin":true}}',
        b'{"anchor":{"item":{"client":1,"clock":-1}}}',
        b'{"anchor":{"item":{"client":1.5,"clock":1}}}',
        b'{"anchor":{"item":{"client":1e400,"clock":1}}}',
        b'{"anchor":{"item":{"client":true,"clock":1}}}',
        b'{"anchor":{"item":{"client":1}}}',
        b'{"anchor":{"tname":"other"}}',
        b'{"anchor":{"assoc":"0"}}',
        b'{"anchor":{"assoc":[]}}',
        b'{"anchor":{"tname":[]}}',
        b'{"anchor":{"item":{"client":1,"clock":1,"name":"Olivia"}}}',
        b'{"anchor":{"__proto__":{}}}',
        b'{"anchor":null,"user":{"name":"Olivia Okafor"}}',
        "\ud800".encode("utf-16", "surrogatepass"),
    ],
)
def test_what_is_not_a_position_is_dropped(sent):
    assert cursors.checked(sent) is None


def test_nobody_is_sent_what_was_hidden_in_a_cursor(site):
    async def scene():
        amy = await site.editor("amy").open()
        hana = await site.editor("hana").open()
        await amy.point(b'{"anchor":null,"user":{"name":"Olivia Okafor"}}')
        await amy.point(b'{"head":null, "anchor":null,"anchor":null}')
        await until(lambda: hana.cursors)
        assert list(hana.cursors.values()) == [b'{"head":null,"anchor":null}']
        await amy.close()
        await hana.close()

    play(scene())
