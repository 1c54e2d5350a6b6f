"""A text that is nearly full says so before it refuses what somebody types."""

import pytest

from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup.textlog import queries, schema
from workgroup.textlog.protocol import ProtocolError


def percents(desk):
    return [frame["words"] / 2 for frame in desk.text_frames("size")]


def test_everybody_learns_how_full_it_is_from_nine_tenths_on(app, section, monkeypatch):
    monkeypatch.setitem(schema.MAX_STREAM, "words", 200)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            amy.write("a" * 170)
            await amy.settled()
            assert percents(amy) == percents(hana) == []
            for _ in range(30):
                amy.write("b")
                await amy.settled()
            assert percents(amy) == percents(hana)
            assert percents(hana) == [at / 2 for at in range(180, 201)]
            minjun = await Desk(hub, section, "minjun").enter()
            assert percents(minjun) == [100]

            with pytest.raises(ProtocolError, match="too large"):
                amy.write("c")

            await until(lambda: len(hana.rows) == 201)
            assert amy.outbox.keys() == {201}  # on the device, and nowhere else

    play(scene())
    with app.app_context():
        assert queries.standing(section.stream_id).last_seq == 201
