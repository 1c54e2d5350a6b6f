"""A child that reads a text ends with the process that asked for it, whatever it is doing."""

import os
import subprocess
import sys
import textwrap
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.publishing.test_how_a_child_ends import is_alive
from tests.servers import ROOT
from tests.waiting import until
from workgroup.textlog import replay

WAYS = {
    "read": "documents.run([b'x'])",
    "encode": "documents.run([b'x'], '--state')",
    "probe": "probing.groups_read([[b'x']])",
}
# Its updates are a pipe that nobody writes, so that the child is there to be looked at.
PARENT = """
    import subprocess
    from workgroup.textlog import documents, probing
    run, popen = subprocess.run, subprocess.Popen
    subprocess.run = lambda *a, input, **more: run(*a, **more | {{"stdin": 0}})
    probing.subprocess.Popen = lambda *a, **more: popen(*a, **more | {{"stdin": 0}})
    probing._hangs = lambda child: child.wait()
    {way}
"""


@contextmanager
def nothing_comes():
    reading, writing = os.pipe()
    with closing(os.fdopen(reading)), closing(os.fdopen(writing, "w")):
        yield reading


def limited_child(parent):
    """Return the child of a process once it has taken its limits."""
    for process in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        limits = Path(f"/proc/{process}/limits").read_text()
        if str(replay.MEMORY_BYTES) in limits:
            return int(process)
    return None


@pytest.mark.parametrize("way", WAYS)
def test_it_ends_with_its_parent(way):
    script = textwrap.dedent(PARENT.format(way=WAYS[way]))
    with nothing_comes() as updates:
        parent = subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, stdin=updates
        )
        child = until(lambda: limited_child(parent.pid))

        parent.kill()
        parent.wait()

        until(lambda: not is_alive(child))
