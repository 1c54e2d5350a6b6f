"""Queries for the event loop, in threads of their own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from workgroup.database import reading_only

logger = logging.getLogger(__name__)

THREADS = 2  # two, so that one long catch-up does not keep everybody else waiting

Found = TypeVar("Found")


class Reads:
    """Runs queries off the event loop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.threads = ThreadPoolExecutor(THREADS, "read")

    async def __call__(self, query: Callable[..., Found], *arguments: object) -> Found:
        """Run a query in a context and a transaction of its own."""

        def run() -> Found:
            with self.app.app_context(), reading_only():
                return query(*arguments)

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, run)

    async def and_write(self, change: Callable[..., None], *arguments: object) -> None:
        """Run a rare write that nothing waits for; a failure is logged."""

        def run() -> None:
            try:
                with self.app.app_context():
                    change(*arguments)
            except Exception:
                logger.exception("a write of the hub failed")

        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self.threads, run)

    def stop(self) -> None:
        """Wait for the queries under way and end the threads."""
        self.threads.shutdown()
