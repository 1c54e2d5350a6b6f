"""How long the event loop is kept by what an editor sends."""

import asyncio
import time
from contextlib import contextmanager

from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.pace import measured
from workgroup.textlog.encoding import block, number

LONGEST = 0.1  # seconds that one room may keep another waiting


def frame_of(editor, first, last):
    """Pack updates into one frame, as an editor that comes back does."""
    return b"".join(
        b"\4\0" + number(n) + block(editor.outbox[n]) for n in range(first, last + 1)
    )


class Turns:
    """What was measured; there once the block has ended."""

    longest = 0.0  # processor seconds of the reference machine


@contextmanager
def watched():
    """Measure the turns of the running loop while a block runs."""
    turns, spent = Turns(), []
    _note(asyncio.get_running_loop(), spent)
    with measured() as whole:
        yield turns
    turns.longest = max(spent) / whole.slowness


def _note(loop, spent):
    """Note the processor time of each turn of the loop, its own thread's alone."""
    at = time.thread_time()

    def turn():
        nonlocal at
        now = time.thread_time()
        spent.append(now - at)
        at = now
        loop.call_soon(turn)

    turn()


def most_of_a_turn(app, section, prepare):
    """Let one editor send one frame; give the longest turn of the loop meanwhile."""

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            frame = prepare(amy)
            with watched() as turns:
                await hub.receiver.receive(amy.peer, frame)
                await amy.settled()
            return turns.longest

    return play(scene())
