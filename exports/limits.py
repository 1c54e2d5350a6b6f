"""What an export may use of the machine; the child takes it before it reads."""

import resource
import signal
from types import FrameType

from exports.problems import ExportError

CPU_SECONDS = 120
MEMORY_BYTES = 3 * 1024**3
FILE_BYTES = 300 * 1024**2

# After the signal there is this much time to say why, then the kernel ends the process.
GRACE_SECONDS = 5


def take() -> None:
    """Bind this process to the limits; past one is an ExportError or its end."""
    _lower(resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + GRACE_SECONDS)
    _lower(resource.RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES)
    _lower(resource.RLIMIT_FSIZE, FILE_BYTES, FILE_BYTES)
    signal.signal(signal.SIGXCPU, _say_so)


def _lower(limit: int, soft: int, hard: int) -> None:
    """Set a limit, but never above one that is already in force."""
    _, ceiling = resource.getrlimit(limit)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(limit, (soft, hard))


def _say_so(_signal: int, _frame: FrameType | None) -> None:
    raise ExportError(
        "time-limit", f"The report took more than {CPU_SECONDS} seconds to set."
    )
