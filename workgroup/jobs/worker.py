"""The worker: runs due jobs, one at a time, and beside them what comes round by the clock."""

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workgroup.database import db
from workgroup.jobs import services
from workgroup.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks at an empty table
RENEW_EVERY = services.LEASE / 3
GRACE = 8  # seconds that a running job has when the worker is told to stop

Handler = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Round:
    """Something that comes round by the clock; it commits what it does itself."""

    every: timedelta
    run: Callable[[], None]


@dataclass(frozen=True)
class Duties:
    """All that a worker can do; ``app.py`` fills the table."""

    kinds: Mapping[str, Handler]
    rounds: Mapping[str, Round] = field(default_factory=dict)


class Worker:
    """One process's worker; its name is written into the leases it takes."""

    def __init__(self, app: "Flask", duties: Duties) -> None:
        self.app = app
        self.duties = duties
        self.name = secrets.token_hex(8)
        self.stopping = threading.Event()
        self.due = dict.fromkeys(duties.rounds, 0.0)

    def run(self) -> None:
        """Work until told to stop.

        What comes round has a thread of its own: a ballot closes at its deadline also
        while a long report is set.
        """
        clock = threading.Thread(target=self._go_round, name="rounds", daemon=True)
        clock.start()
        while not self.stopping.is_set():
            if not self.run_next_job():
                self.stopping.wait(PAUSE)
        clock.join()

    def _go_round(self) -> None:
        while not self.stopping.is_set():
            self.run_rounds()
            self.stopping.wait(PAUSE)

    def run_rounds(self) -> None:
        """Run what has come round; a failure is logged and tried at the next turn."""
        for name, task in self.duties.rounds.items():
            if time.monotonic() < self.due[name]:
                continue
            self.due[name] = time.monotonic() + task.every.total_seconds()
            with self.app.app_context():
                try:
                    task.run()
                except Exception:
                    logger.exception("round %s failed", name)

    def run_next_job(self) -> bool:
        """Claim one job and run it; say whether there was one."""
        with self.app.app_context():
            job = services.claim(self.name)
            db.session.commit()
            if job is None:
                return False
            job_id, kind, payload = job.id, job.kind, dict(job.payload)
        error = self._run(job_id, kind, payload)
        with self.app.app_context():
            job = db.session.get(Job, job_id)
            if job is not None and job.lease == self.name:
                services.fail(job, error) if error else services.finish(job)
            db.session.commit()
        return True

    def _run(self, job_id: int, kind: str, payload: dict[str, Any]) -> str:
        """Run one job and return what went wrong, or nothing."""
        handler = self.duties.kinds.get(kind)
        if handler is None:
            return f"no worker knows jobs of kind {kind}"
        with self._kept_alive(job_id), self.app.app_context():
            try:
                handler(payload)
            except Exception as error:
                logger.exception("job %s of kind %s failed", job_id, kind)
                return type(error).__name__
        return ""

    @contextmanager
    def _kept_alive(self, job_id: int) -> "Iterator[None]":
        """Renew the lease from a second thread while the work goes on."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_EVERY.total_seconds()):
                with self.app.app_context():
                    services.keep_alive(job_id, self.name)
                    db.session.commit()

        thread = threading.Thread(target=renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def serve(app: "Flask", duties: Duties, parent_pipe: int | None) -> None:
    """Work until SIGTERM, SIGINT or the parent's end.

    Args:
        app: the application.
        duties: what the worker can do.
        parent_pipe: a file descriptor that reads to its end when the parent is gone,
            however it went; none for a worker that was started alone.
    """
    worker = Worker(app, duties)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(worker))
    if parent_pipe is not None:
        threading.Thread(
            target=_watch, args=(parent_pipe, worker), name="parent", daemon=True
        ).start()
    worker.run()


def _watch(pipe: int, worker: Worker) -> None:
    while os.read(pipe, 1):
        pass
    _stop(worker)


def _stop(worker: Worker) -> None:
    worker.stopping.set()
    # A job that does not end in time is cut off: its lease runs out and it is run again.
    timer = threading.Timer(GRACE, os._exit, args=(1,))
    timer.daemon = True
    timer.start()
