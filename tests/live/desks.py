"""Editors that sit at the hub without a socket between."""

import json
from contextlib import asynccontextmanager

from tests import cast
from tests.live.editors import Editor
from workgroup.cohorts.attribution import written
from workgroup.live import queries
from workgroup.live.hub import Hub
from workgroup.live.queries import SeatRequest
from workgroup.textlog.encoding import Reader
from workgroup.textlog.protocol import Hello, Keystroke


class Desk(Editor):
    """An editor whose frames go straight to the hub."""

    def __init__(self, hub, section, name):
        super().__init__("http://desk", section.id, "")
        self.hub, self.section, self.peer = hub, section, None
        self.request = SeatRequest(cast.uniquifier(name), cast.SLUG, section.id)
        self.ending = None

    def send_bytes(self, frame):
        self.read(Reader(frame))

    def send_text(self, frame):
        self.receive(json.loads(frame))

    def close(self, code, reason):
        self.closed = self.ending = self.ending or (code, reason)

    async def enter(self, **changes):
        seat = await self.hub.read(queries.find_seat, self.request)
        hello = {
            "schema": 1,
            "epoch": self.epoch,
            "have": len(self.rows),
            "tag": self.tag,
            "writers": (self.client_id,),
            "names": written(seat.modes),  # of a page that was just loaded
            **changes,
        }
        self.closed = None
        self.peer = await self.hub.enter(self, self.request, seat, Hello(**hello))
        return self

    def send(self, *numbers):
        sent = [Keystroke(0, n, self.outbox[n]) for n in numbers or self.outbox]
        self.hub.receiver.take(self.peer, sent, set())

    def write(self, words):
        for character in words:
            self.send(self.type(character))


@asynccontextmanager
async def a_hub(app):
    hub = Hub(app)
    try:
        yield hub
    finally:
        await hub.stop()
