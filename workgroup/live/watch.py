"""Asking the bus what has changed: once a second, and at once after a commit of this process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

from workgroup import bus

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; lost rights end a socket within two

Ask = Callable[[Collection[str]], Awaitable[dict[str, int]]]


class Watch:
    """The topics that matter here, and the revision of each that was acted upon."""

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

        What is known already is left: it may be older, and then a change is still due.
        """
        revisions = await self.ask(topics)
        for topic in topics:
            self.known.setdefault(topic, revisions.get(topic, 0))

    def look_again(self, topic: str) -> None:
        """Act on a topic soon, whether or not its revision was raised."""
        self.known[topic] = -1  # no revision is: whatever is there differs
        self.woken.set()

    def _wake(self, _topic: str) -> None:
        # Called in whichever thread has committed; the event belongs to the loop.
        with suppress(RuntimeError):  # the loop has ended: nobody is here any more
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
                logger.exception("the bus did not answer")

    async def _look(self) -> None:
        topics = self.topics()
        # What nobody here depends on any more is forgotten: if it comes back, it is asked
        # for afresh by `start_from_now`, and the memory does not grow with all that ever was.
        self.known = {
            topic: revision for topic, revision in self.known.items() if topic in topics
        }
        if not topics:
            return
        revisions = await self.ask(topics)
        for topic in topics:
            revision = revisions.get(topic, 0)
            if revision != self.known.get(topic, 0):
                # Known only once it was acted upon: what fails is tried at the next look.
                await self.changed(topic)
                self.known[topic] = revision
