"""What a worker can do, as data: kinds of jobs with their rules, and periodic tasks; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

WORKER_LOST = "worker-lost"  # the error of a job whose worker ended without a result
OUTDATED = "outdated"  # the note of a job that is done because nothing was left to do

Payload = dict[str, Any]


class OutdatedError(Exception):
    """What a job was to do is no longer wanted; it is done, and nothing was done."""


@dataclass(frozen=True)
class Task:
    """One start of a job, as its handler receives it."""

    job_id: int
    holder: str  # the name in the lease; if another one is there, the lease was lost
    payload: Payload


@dataclass(frozen=True)
class Kind:
    """How jobs of one kind are run; each kind has a thread of its own."""

    run: Callable[[Task], None]  # raises OutdatedError where nothing is left to do
    pauses: tuple[timedelta, ...] = ()  # before each further try; then it is dead
    # How often a job may be started in all. Counted before each start, so that a job that
    # kills its worker is not started forever.
    max_starts: int = 3
    # The parts of the payload to keep when it is done.
    kept: frozenset[str] | None = None
    can_be_revived: bool = False
    gave_up: Callable[[Payload, str], None] | None = None  # in the same transaction


@dataclass(frozen=True)
class PeriodicTask:
    """Something that is done regularly; it commits its own work and must be safe to run twice."""

    every: timedelta
    run: Callable[[], None]
    punctual: bool = False  # has a thread of its own, so no other task delays it


@dataclass(frozen=True)
class Schedule:
    """All that a worker can do; ``app.py`` fills it in."""

    kinds: Mapping[str, Kind]
    periodic: Mapping[str, PeriodicTask] = field(default_factory=dict)

    def turns(self) -> list[list[str]]:
        """Return the names of the periodic tasks that take turns with each other, by thread."""
        punctual = [[name] for name, task in self.periodic.items() if task.punctual]
        others = [name for name, task in self.periodic.items() if not task.punctual]
        return [*punctual, others] if others else punctual
