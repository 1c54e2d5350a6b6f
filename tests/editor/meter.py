"""Counting what an open page asks for, and the bytes of the answers."""

import json
import time
from collections import Counter
from urllib.parse import urlsplit

from tests.waiting import PATIENT
from workgroup.bus import Aspect
from workgroup.live.topics import OF_A_STREAM

ALL = {*OF_A_STREAM, Aspect.NOTICES}  # that a page fetches when it connects
WHO = "/account/who"
BELL = "/notices/count"


class Meter:
    """Counts the requests of one page from now on."""

    def __init__(self, page):
        self.page = page
        self.asked = []
        self.bytes = {}  # path → of the largest answer, with its headers
        self.events = []  # names of what the server said has changed
        self.ever = Counter()  # paths and names, also those that were forgotten
        self.pending = set()
        self.arrived = set()  # those that came over the last socket
        self.sockets = 0
        self.stands = False
        page.on("request", self.note)
        page.on("requestfinished", self.weigh)
        page.on("requestfailed", lambda one: self.pending.discard(one))  # noqa: PLW0108 - a built-in cannot be listened with
        page.on("websocket", self.note_socket)

    def note(self, request):
        self.pending.add(request)
        self.asked.append(urlsplit(request.url).path)
        self.ever[self.asked[-1]] += 1

    def weigh(self, request):
        path, sizes = urlsplit(request.url).path, request.sizes()
        size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
        self.bytes[path] = max(size, self.bytes.get(path, 0))
        self.pending.discard(request)

    def note_socket(self, socket):
        self.sockets += 1
        self.arrived.clear()
        socket.on("framereceived", self.count)

    def count(self, frame):
        if isinstance(frame, str) and '"event"' in frame:
            self.events.append(json.loads(frame)["name"])
            self.arrived.add(self.events[-1])
            self.ever[self.events[-1]] += 1

    def begin(self):
        """Forget what was counted."""
        self.asked.clear()
        self.events.clear()
        self.arrived.clear()
        self.bytes.clear()
        self.sockets = 0

    def stop_the_clock(self):
        """Let the page's time stand from a second later on, also after a reload."""
        if not self.stands:
            now = self.page.evaluate("Date.now()")
            self.page.clock.pause_at(now + 1000)
            self.stands = True

    def wait(self, true, *, turning=0):
        """Wait for something that the page's messages bring.

        Args:
            true: whether it has come.
            turning: by how many milliseconds to turn the page's clock between two looks.
        """
        deadline = time.monotonic() + PATIENT
        while not true():
            assert time.monotonic() < deadline, (self.asked, self.events)
            if turning:
                self.page.clock.run_for(turning)
            self.page.wait_for_timeout(20)  # accepts messages

    def catch_up(self, *, turning=0):
        """Let a page that connects learn of all that may have changed, and ask for it."""
        self.wait(lambda: self.arrived, turning=turning)
        self.wait(lambda: self.arrived >= ALL)
        self.settle()

    def settle(self):
        """Let the page ask for all that it means to ask for, and get it bit by bit."""
        for _ in range(24):
            self.page.clock.run_for(50)
            self.wait(lambda: not self.pending)

    def minute(self):
        """Let a minute pass on a page; return what was asked for in it.

        The clock stands while an answer is under way: to the page it comes within a second, as on a quiet
        machine, however busy this one is.
        """
        self.stop_the_clock()
        self.begin()
        for _ in range(60):
            self.page.clock.run_for(1000)
            self.wait(lambda: not self.pending)
        return sorted(self.asked)

    @property
    def parts(self):
        """How often each part was asked for, by the last word of its address."""
        return Counter(path.rstrip("/").rsplit("/", 1)[-1] for path in self.asked)
