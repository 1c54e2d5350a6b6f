"""A few of the attacks over a real socket, on PostgreSQL."""

import pytest

from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of
from tests.live.test_hostile_sockets import FRAMES
from workgroup.textlog import queries

SAMPLE = (
    "a lying length",
    "an update of noise",
    "words after words that nobody has",
    "a script",
    "the deletion of what is not there",
)

pytestmark = pytest.mark.kill


def test_a_hostile_frame_cuts_off_its_sender_and_stores_nothing(served_on_postgresql):
    server, app, section_id, stream_id = served_on_postgresql
    server.start()

    async def scene():
        hana = await Editor(server.url, section_id, cookie_of(app, "hana")).open()
        for attack in SAMPLE:
            frame, code = FRAMES[attack]
            amy = await Editor(server.url, section_id, cookie_of(app, "amy")).open()
            await amy.write("a")
            await amy.settled()
            await amy.socket.send(frame(amy.client_id))
            assert await amy.ended() == code, attack
        await hana.write("b")
        await hana.settled()
        assert hana.closed is None
        await hana.close()

    play(scene())

    with app.app_context():
        assert len(queries.rows_after(stream_id, 1)) == len(SAMPLE) + 1
