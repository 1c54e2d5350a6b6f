"""An editor that has vanished keeps its seat only for a moment."""

import socket

import pytest

from tests.live.conftest import play
from tests.live.editors import until

GONE = 35  # seconds: a ping each ten, twenty for its answer, and a little more

pytestmark = pytest.mark.kill


def narrow(port):
    """Connect with little room for what is not read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    return made


def here(editor):
    """Count the editors that one of them is shown."""
    return (
        len(editor.text_frames("people")[-1]["p"])
        if editor.text_frames("people")
        else 0
    )


def test_the_seat_of_an_editor_that_stops_reading_is_free_within_thirty_five_seconds(
    site,
):
    async def scene():
        amy = await site.editor("amy").open(sock=narrow(site.server.port))
        hana = await site.editor("hana").open()
        await until(lambda: here(hana) == 2)
        amy.socket.transport.pause_reading()
        for _ in range(3):  # more than fits on the way to her
            await hana.send(hana.paste("word " * 160, paragraphs=1000))
        await hana.settled()
        await until(lambda: here(hana) == 1, GONE)
        await hana.close()
        amy.socket.transport.abort()
        await until(lambda: amy.closed)

    play(scene())
