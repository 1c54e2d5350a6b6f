"""Nobody waits for somebody else's flood: neither another room nor the sender's own words."""

import asyncio
import time
from pathlib import Path

from tests import cast
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from tests.live.turns import LONGEST, frame_of, most_of_a_turn
from workgroup.live import commits, receiving
from workgroup.live.limits import UPDATES_A_SECOND, UPDATES_AT_ONCE
from workgroup.textlog.protocol import MAX_PARTS

OFFLINE = 5000  # updates: ten minutes of fast typing, and more
KEYS = 20  # by which an acknowledgement's delay is measured


def typed_offline(editor, count):
    for _ in range(count):
        editor.type("a")


def loop_seconds(server):
    """Return what the server's loop, its first thread, has used of a processor."""
    nanoseconds, *_ = Path(f"/proc/{server.process.pid}/schedstat").read_text().split()
    return int(nanoseconds) / 1e9


async def delays(server, editor, go_on=lambda: True):
    """Type one key after another; give the loop's work while each waited for its answer.

    Real time would say how busy the machine is.
    """
    measured = []
    while len(measured) < KEYS and go_on():
        began = loop_seconds(server)
        await editor.write("b")
        await editor.settled(60)
        measured.append(loop_seconds(server) - began)
    return measured


def test_five_thousand_updates_from_offline_all_come_in_and_nobody_is_cut_off(site):
    async def scene():
        amy = site.editor("amy")
        typed_offline(amy, OFFLINE)
        await amy.open()
        began = time.monotonic()
        await amy.send()
        await amy.settled()
        took = time.monotonic() - began
        assert amy.closed is None
        await amy.close()
        return took

    assert play(scene()) > (OFFLINE - UPDATES_AT_ONCE) / UPDATES_A_SECOND


def test_two_windows_of_one_person_share_one_pace(site):
    async def scene():
        windows = [site.editor("minjun") for _ in range(2)]
        for window in windows:
            typed_offline(window, 1500)
            await window.open()
        began = time.monotonic()
        for window in windows:
            await window.send()
        for window in windows:
            await window.settled()
            await window.close()
        return time.monotonic() - began

    assert play(scene()) > (3000 - UPDATES_AT_ONCE) / UPDATES_A_SECOND


def test_no_turn_of_the_loop_is_long_while_a_full_frame_is_taken(app, section):
    def prepare(amy):
        typed_offline(amy, 3000)
        return frame_of(amy, 1, 3000)

    assert most_of_a_turn(app, section, prepare) < LONGEST / 2


def test_a_pasted_book_is_read_beside_the_loop(app, section):
    def prepare(amy):
        return frame_of(amy, 1, amy.paste("word " * 40, paragraphs=1500))

    assert most_of_a_turn(app, section, prepare) < LONGEST / 2


def test_a_commit_takes_a_share_of_each_room_in_turn(app, section, monkeypatch):
    monkeypatch.setattr(commits, "ROWS_OF_A_ROOM", 10)
    monkeypatch.setattr(commits, "BYTES_OF_A_ROOM", 200)
    sizes = []

    async def scene():
        async with a_hub(app) as hub:
            store = hub.store
            hub.committer.store = lambda batches: (
                sizes.extend(len(batch.entries) for batch in batches) or store(batches)
            )
            amy = await Desk(hub, section, "amy").enter()
            amy.write("a" * 35)
            await amy.settled()
            assert [row[1] for row in amy.rows[1:]] == list(range(1, 36))

    play(scene())

    assert sum(sizes) == 35
    assert 1 <= max(sizes) <= 10
    assert len(sizes) >= 4


def test_what_a_room_has_queued_is_bounded_while_the_disk_is_slow(
    app, section, monkeypatch
):
    monkeypatch.setattr(receiving, "QUEUE", 100)

    async def scene():
        async with a_hub(app) as here:
            stored, go_on = here.store, asyncio.Event()
            loop = asyncio.get_running_loop()

            def slow(batches):
                asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
                return stored(batches)

            here.committer.store = slow
            queued, next_commit = [], here.committer.next_commit
            amy = await Desk(here, section, "amy").enter()

            async def noted():
                queued.append(len(amy.peer.room.queue))  # a commit takes it soon
                await next_commit()

            here.committer.next_commit = noted
            typed_offline(amy, 900)
            taking = asyncio.create_task(
                here.receiver.receive(amy.peer, frame_of(amy, 1, 900))
            )
            try:
                await until(lambda: queued)  # from here on the receiver takes no more
            finally:
                go_on.set()
            await taking
            await amy.settled()
            return queued

    assert all(100 <= count < 200 for count in play(scene()))


def test_a_frame_full_of_updates_delays_no_other_room(site):
    async def scene():
        olivia = await site.editor("olivia").open()
        sam = await site.editor("sam", site.foreign, slug=cast.OTHER_SLUG).open()
        quiet = await delays(site.server, sam)
        typed_offline(olivia, MAX_PARTS)
        await olivia.socket.send(frame_of(olivia, 1, MAX_PARTS))
        flooded = await delays(site.server, sam, lambda: olivia.outbox)
        await sam.close()
        await olivia.close()
        return quiet, flooded

    quiet, flooded = play(scene())

    # The server works on the frame also while a busy machine keeps these editors waiting, so
    # not each key tells. Taken in one piece, the frame is over before the first is answered.
    assert len(flooded) > 2
    assert min(flooded) < max(quiet) + LONGEST
