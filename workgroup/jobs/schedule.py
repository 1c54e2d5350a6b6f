"""What a worker can do, as data: kinds of jobs with their rules, and periodic tasks; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

WORKER_LOST = "worker-lost"  # a job's error: its worker ended without an answer

Payload = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One start of a job: what its handler is given."""

    job_id: int
    holder: str  # the name in the lease; another one there means that it was lost
    payload: Payload


@dataclass(frozen=True)
class Kind:
    """How jobs of one kind are run; each kind has a thread of its own."""

    run: Callable[[Task], None]
    pauses: tuple[timedelta, ...] = ()  # before each further try; then it is dead
    # A job may be started this often in all. It is counted before the start, so that
    # one that takes its worker down is not started for ever.
    max_starts: int = 3
    kept: frozenset[str] | None = None  # what of the payload stays when it is done
    can_be_revived: bool = False
    gave_up: Callable[[Payload, str], None] | None = None  # in the same transaction


@dataclass(frozen=True)
class PeriodicTask:
    """Something done by the clock; it commits its work itself and may run twice."""

    every: timedelta
    run: Callable[[], None]


@dataclass(frozen=True)
class Schedule:
    """All that a worker can do; ``app.py`` fills it in."""

    kinds: Mapping[str, Kind]
    periodic: Mapping[str, PeriodicTask] = field(default_factory=dict)
