"""What the interpreter itself may do while people type."""

import gc
import subprocess
import sys

from tests.servers import ROOT
from workgroup import COLLECTED_AFTER

STARTED = """
import asyncio, gc, sys
from pathlib import Path
from tests.applications import settings
from app import create_app
from workgroup.server import Site

async def start():
    calls = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))
    async def receive():
        return next(calls)
    async def send(answer):
        if answer["type"] == "lifespan.startup.complete":
            print(gc.get_freeze_count(), len(gc.get_objects()))
    await Site(create_app(settings(Path(sys.argv[1]))))({"type": "lifespan"}, receive, send)

asyncio.run(start())
"""


def test_a_started_server_leaves_the_collector_nothing_old_to_look_at(tmp_path):
    printed = subprocess.check_output(
        [sys.executable, "-c", STARTED, tmp_path], cwd=ROOT, text=True
    )
    kept, looked_at = map(int, printed.split())
    assert kept > 100_000, "of libraries and of the application itself"
    assert looked_at < 5_000


def test_the_collector_comes_round_rarely_whatever_was_imported(app):
    assert gc.get_threshold() == COLLECTED_AFTER
