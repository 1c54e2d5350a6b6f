"""Somebody who opens sockets one after another is slowed down, and the others are not."""

from tests import cast
from tests.live.conftest import play
from tests.live.editors import cookie_of
from workgroup.live import limits
from workgroup.live.limits import (
    LONGEST_PAUSE,
    OPENINGS_A_SECOND,
    OPENINGS_AT_ONCE,
    Openings,
)
from workgroup.live.socket import Sockets


def test_all_windows_may_come_back_at_once_and_then_each_waits_longer():
    openings = Openings()

    at_once = [openings.pause("amy", 0) for _ in range(OPENINGS_AT_ONCE)]
    after = [openings.pause("amy", 0) for _ in range(3)]

    assert set(at_once) == {0}
    assert after == [n / OPENINGS_A_SECOND for n in (1, 2, 3)]
    assert openings.pause("hana", 0) == 0


def test_a_refused_socket_costs_nothing():
    openings = Openings()
    pauses = [openings.pause("amy", 0) for _ in range(10 * OPENINGS_AT_ONCE)]

    waiting = [pause for pause in pauses if pause]
    assert max(waiting) == LONGEST_PAUSE
    assert pauses[-1] is None
    assert openings.pause("amy", LONGEST_PAUSE) == 1 / OPENINGS_A_SECOND


def test_sign_ins_that_are_idle_are_forgotten():
    openings = Openings()
    for number in range(limits.MANY_SIGN_INS + 1):
        openings.pause(f"sign-in {number}", 0)

    openings.pause("amy", OPENINGS_AT_ONCE)

    assert list(openings.buckets) == ["amy"]


def test_beyond_that_a_socket_is_asked_to_come_back_before_anything_is_read(
    app, section, monkeypatch
):
    monkeypatch.setattr(limits, "OPENINGS_AT_ONCE", 1)
    monkeypatch.setattr(limits, "OPENINGS_A_SECOND", 0.01)

    async def scene():
        sockets = Sockets(app)
        await sockets.start()
        try:
            return [await opened(sockets, app, section) for _ in range(2)]
        finally:
            await sockets.stop()

    first, second = play(scene())

    assert first == ["websocket.accept", (4400, "hello first")]
    assert second == ["websocket.accept", (1013, "too many openings")]


async def opened(sockets, app, section):
    """Open a socket and send no proper hello; return what came back."""
    incoming = iter(
        ({"type": "websocket.connect"}, {"type": "websocket.receive", "text": "{}"})
    )
    outgoing = []

    async def receive():
        return next(incoming)

    async def send(message):
        end = message.get("code"), message.get("reason")
        outgoing.append(
            end if message["type"] == "websocket.close" else message["type"]
        )

    headers = [
        (b"origin", min(sockets.origins).encode()),
        (b"cookie", cookie_of(app, "amy").encode()),
    ]
    path = f"/c/{cast.SLUG}/sections/{section.id}/live"
    await sockets({"path": path, "headers": headers}, receive, send)
    return outgoing
