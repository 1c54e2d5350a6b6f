"""Polling the bus for changes: once a second, and at once after a commit in this process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

from workgroup import bus

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; so a socket whose rights were lost is closed within two

Ask = Callable[[Collection[str]], Awaitable[dict[str, int]]]


class Watch:
    """The topics that matter here, and the last revision of each that was acted on."""

    def __init__(
        self,
        topics: Callable[[], Collection[str]],
        ask: Ask,
        changed: Callable[[str], Awaitable[None]],
    ) -> None:
        self.topics = topics
        self.ask = ask
        self.changed = changed
        self.known: dict[str, int] = {}
        self.again: set[str] = set()  # to be acted on whatever their revision
        self.woken = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.task = self.loop.create_task(self._look_on())
        bus.listen(self._wake)

    def stop(self) -> None:
        """Stop asking."""
        bus.unlisten(self._wake)
        self.task.cancel()

    async def start_from_now(self, topics: Collection[str]) -> None:
        """Act on whatever changes after this moment.

        A revision that is known already is kept: if it is older, its change has still to be acted on.
        """
        revisions = await self.ask(topics)
        for topic in topics:
            self.known.setdefault(topic, revisions.get(topic, 0))

    def look_again(self, topic: str) -> None:
        """Act on a topic at the next look, whether or not its revision was raised."""
        self.again.add(topic)
        self.woken.set()

    def _wake(self, _topic: str) -> None:
        # Called in the thread that has just committed, while the event belongs to the loop.
        with suppress(RuntimeError):  # the loop has ended, so nobody is left to wake
            self.loop.call_soon_threadsafe(self.woken.set)

    async def _look_on(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self.woken.wait()
            except TimeoutError:
                pass
            self.woken.clear()
            try:
                await self._look()
            except Exception:
                logger.exception("the bus could not be read")

    async def _look(self) -> None:
        topics = self.topics()
        # Topics that nobody here depends on now are forgotten, or memory would grow with
        # every section ever opened; `start_from_now` reads them again if somebody comes back.
        self.known = {
            topic: revision for topic, revision in self.known.items() if topic in topics
        }
        if not topics:
            return
        revisions = await self.ask(topics)
        self.again.intersection_update(topics)
        changed = {
            topic
            for topic in topics
            if topic in self.again
            or revisions.get(topic, 0) != self.known.get(topic, 0)
        }
        # In one order everywhere: the state of a section before its text, whose freeze makes
        # every editor connect again, which sends it all that may have changed.
        for topic in sorted(changed):
            self.again.discard(topic)  # before: it may be asked for meanwhile
            try:
                await self.changed(topic)
            except Exception:
                # The next look tries again. The others go on: a text that cannot be read must
                # not keep a right that was lost elsewhere from ending a socket.
                logger.exception("%s could not be acted on", topic)
                self.again.add(topic)
            else:
                self.known[topic] = revisions.get(topic, 0)
