"""Running the program that creates the PDF, and finding out how it ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "exports")
KEPT = 4000  # characters of what a child wrote on standard error

# What programs write when they get no memory: Python, C++, GLib, the C library; the last two
# when there is none for the stack of a new thread.
OUT_OF_MEMORY = (
    "MemoryError", "bad_alloc", "failed to allocate", "Cannot allocate",
    "creating thread", "start new thread",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one export may use of the machine."""

    # CPU time says how much work a report is; real time also how busy the machine is.
    cpu_seconds: int
    wall_seconds: float  # only ends a child that hangs, so it is generous
    memory_mb: int  # of address space


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    last: dict[str, Any]  # its last line
    exit_code: int  # negative: the number of the signal that ended it
    cpu: float  # seconds that it used
    overdue: bool  # we killed it because its real time was over
    errors: str  # what it wrote last on standard error


def run(
    source: Path, target: Path, on_page: Callable[[int], None], limits: Limits
) -> Ended:
    """Run the child that turns ``source`` into ``target``; takes from seconds to minutes.

    Args:
        source: the document. The child's error output and the engine's temporary files are
            written beside it, and stay there if the child is killed.
        target: where the finished file goes.
        on_page: called with the number of each page that is laid out.
        limits: the child applies them to itself, except for the real time.
    """
    command = [
        *COMMAND,
        f"--parent={os.getpid()}",
        f"--cpu-seconds={limits.cpu_seconds}",
        f"--memory-mb={limits.memory_mb}",
        str(source),
        str(target),
    ]
    with source.with_suffix(".errors").open("w+") as errors:
        beside = str(source.parent)
        return _run(command, errors, on_page, limits.wall_seconds, beside)


def _run(
    command: list[str],
    errors: IO[str],
    on_page: Callable[[int], None],
    wall_seconds: float,
    scratch: str,
) -> Ended:
    last: dict[str, Any] = {}
    overdue = threading.Event()
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={"TMPDIR": scratch},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )

    def stop() -> None:
        overdue.set()
        os.kill(child.pid, signal.SIGKILL)

    timer = threading.Timer(wall_seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        for line in child.stdout or ():
            last = _parsed(line) or last
            if page := last.get("page"):
                on_page(page)
        # Waited for without reaping: until it is reaped, its process id cannot be given to
        # another process, so the timer cannot kill anything but the child.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    finally:
        timer.cancel()
        timer.join()
        usage = _reap(child)
    cpu = usage.ru_utime + usage.ru_stime
    errors.seek(0)
    output = errors.read()[-KEPT:]
    return Ended(last, child.returncode, cpu, overdue.is_set(), output)


def _parsed(line: str) -> dict[str, Any]:
    """Parse one line of the child's output; a killed child may stop in the middle of a line."""
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _reap(child: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - the resource module's own type
    """Kill the child if it is still running, and return the resources that it used."""
    os.kill(child.pid, signal.SIGKILL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.stdout:
        child.stdout.close()
    return usage


def cause(ended: Ended, limits: Limits) -> dict[str, Any]:
    """Return why there is no file: a ``code`` and, where useful, its parameters.

    Some causes can be distinguished only by how the process ended: a limit of the machine, a limit
    of ours and a crash in a library all leave no last line.
    """
    if error := ended.last.get("error"):
        return dict(error)
    if ended.overdue:
        return {"code": "wall-limit", "minutes": round(limits.wall_seconds / 60)}
    killed = ended.exit_code == -signal.SIGKILL
    used_up = killed and ended.cpu >= limits.cpu_seconds
    if used_up or ended.exit_code == -signal.SIGXCPU:
        return {"code": "cpu-limit", "seconds": limits.cpu_seconds}
    if any(words in ended.errors for words in OUT_OF_MEMORY):
        return {"code": "memory-limit", "megabytes": limits.memory_mb}
    if killed:
        return {"code": "killed"}
    return {"code": "crashed", "end": _named(ended.exit_code)}


def _named(exit_code: int) -> str:
    """Describe how a process ended in operators' terms: ``SIGSEGV``, or ``exit 3``."""
    if exit_code >= 0:
        return f"exit {exit_code}"
    try:
        return signal.Signals(-exit_code).name
    except ValueError:
        return f"signal {-exit_code}"
