"""Finding out in a child process how far rows can be read, since reading them may kill it.

A child that is slow because the machine is busy, or that cannot be started, proves nothing
about the text: only what the text does to a child with enough resources counts.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from workgroup.textlog.surroundings import ROOT, surroundings

LENGTH_BYTES = 4
WALL_SECONDS = 60
LOOK_EVERY = 0.05
STALL_SECONDS = 0.5  # asleep without a reason
# Ends that the bytes can cause: an exception, too much CPU time, a crash. SIGKILL is not one
# of them: the system sends it when it needs the child's memory for something else.
OWN_FAULT = {1, -signal.SIGPROF, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS}

Group = Sequence[bytes]


def groups_read(groups: Sequence[Group], *, apart: bool = False) -> int | None:
    """Return how many groups of updates a child can read before one of them breaks it.

    Args:
        groups: updates; after each group the child reads the whole document.
        apart: each group is a text of its own, and not the continuation of the last.

    Returns:
        The number of groups read, or none where the child failed for another reason.
    """
    command = [sys.executable, "-m", "workgroup.textlog.replay", "--probe"]
    try:
        # From a file, so that the child never waits for input: if it sleeps, it hangs.
        with tempfile.TemporaryFile() as texts:
            texts.writelines(_framed(group) for group in groups)
            texts.seek(0)
            child = subprocess.Popen(
                [*command, "--apart"] if apart else command,
                stdin=texts,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=surroundings(),
            )
            with child:
                hangs = _hangs(child)
                child.kill()
                output = child.stdout.read() if child.stdout else b""
    except OSError:
        return None
    started, *read = output.split(b"\n")[:-1] or [b""]
    if started != b"started":
        return None
    if hangs or child.returncode in OWN_FAULT or len(read) == len(groups):
        return len(read)
    return None


def _hangs(child: "subprocess.Popen[bytes]") -> bool:
    """Wait until the child ends; return whether it sleeps and will never wake up.

    A text can make the reader wait for a lock that it holds itself. That uses no time
    of the processor, so only its state distinguishes it from a child that waits for its turn.
    """
    deadline, since, before = time.monotonic() + WALL_SECONDS, 0.0, ""
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY)
        now = _sleeps_at(child.pid)
        since = since + LOOK_EVERY if now and now == before else 0.0
        if since >= STALL_SECONDS:
            return True
        before = now
    return False


def _sleeps_at(pid: int) -> str:
    """Return the processor time of a sleeping process; empty for one that is running."""
    try:
        state, *counted = (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        )
    except (OSError, ValueError):
        return ""  # it has ended, or this is not Linux
    return " ".join(counted[10:12]) if state == "S" else ""


def _framed(group: Iterable[bytes]) -> bytes:
    """Write each update after its length; a length of 0 ends the group."""
    framed = [len(update).to_bytes(LENGTH_BYTES) + update for update in group]
    return b"".join((*framed, bytes(LENGTH_BYTES)))
