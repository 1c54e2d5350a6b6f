"""Finding out, in a child, how far some rows can be read: the text itself may kill it.

A child that is slow because the machine is, or that cannot be started, says nothing
about the text: only what a text does to a child that has all it needs counts.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
LENGTH_BYTES = 4
WALL_SECONDS = 60
# Ends that the bytes bring about: an exception, too much CPU time, a crash. SIGKILL is not
# among them: the system kills a child whose memory it needs for something else.
OWN_FAULT = {1, -signal.SIGXCPU, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS}

Group = Sequence[bytes]


def groups_read(groups: Sequence[Group], *, apart: bool = False) -> int | None:
    """Return how many groups of updates a child reads before one of them breaks it.

    Args:
        groups: updates; after each group the child reads all that it holds.
        apart: each group is a text of its own, and not the continuation of the last.

    Returns:
        The number of groups read, or none where the child failed for another reason.
    """
    command = [sys.executable, "-m", "workgroup.textlog.replay", "--probe"]
    try:
        child = subprocess.run(
            [*command, "--apart"] if apart else command,
            input=b"".join(_framed(group) for group in groups),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd=ROOT,
            env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)},
            timeout=WALL_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    started, *read = child.stdout.split(b"\n")[:-1] or [b""]
    if started != b"started":
        return None
    if child.returncode in OWN_FAULT or len(read) == len(groups):
        return len(read)
    return None


def _framed(group: Iterable[bytes]) -> bytes:
    """Write each update behind its length; a length of 0 ends the group."""
    framed = [len(update).to_bytes(LENGTH_BYTES) + update for update in group]
    return b"".join((*framed, bytes(LENGTH_BYTES)))
