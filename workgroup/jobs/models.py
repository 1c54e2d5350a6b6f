"""The table of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"  # leased; free again when the lease ends
    DONE = "done"
    DEAD = "dead"  # given up after the last try


class Job(Model):
    """One piece of work, written in the transaction of its cause, run at least once."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "state", "run_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    # What may happen only once.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    run_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(String(32), default="")  # who holds it
    error: Mapped[str] = mapped_column(default="")  # or why nothing was done
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
