"""What an export may use of the machine; the child limits itself before it reads anything."""

import ctypes
import os
import resource
import signal
import sys
from types import FrameType

from exports.problems import ExportError

CPU_SECONDS = 300
MEMORY_MB = 3 * 1024
FILE_BYTES = 100 * 1024**2

# Seconds after the signal in which to report why; then the kernel kills the process.
GRACE_SECONDS = 5
NICENESS = 10  # pages and keystrokes go first
PR_SET_PDEATHSIG = 1


def apply(cpu_seconds: int = CPU_SECONDS, memory_mb: int = MEMORY_MB) -> None:
    """Apply the limits to this process; beyond one it gets an ExportError or is killed."""
    memory = memory_mb * 1024**2
    _lower(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + GRACE_SECONDS)
    _lower(resource.RLIMIT_AS, memory, memory)
    _lower(resource.RLIMIT_FSIZE, FILE_BYTES, FILE_BYTES)
    signal.signal(signal.SIGXCPU, _raise_cpu_limit)
    os.nice(NICENESS)


def end_with_parent(parent: int) -> None:
    """Have this process killed at once when its parent ends, however that happens.

    Nobody waits for its result then. The kernel does it, so a process that hangs inside a
    library ends too.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel got the request
        os._exit(1)


def _lower(limit: int, soft: int, hard: int) -> None:
    """Set a limit, but never above one that is already in force."""
    _, ceiling = resource.getrlimit(limit)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(limit, (soft, hard))


def _raise_cpu_limit(_signal: int, _frame: FrameType | None) -> None:
    seconds, _ = resource.getrlimit(resource.RLIMIT_CPU)
    raise ExportError(
        "cpu-limit", f"The report took more than {seconds} seconds of CPU time."
    )
