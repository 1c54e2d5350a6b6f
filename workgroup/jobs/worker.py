"""The worker: a thread for each kind of job and each punctual task, and one for all others."""

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from workgroup.database import db, is_lock
from workgroup.database_files import DatabaseFiles, FilesReplacedError
from workgroup.jobs import services
from workgroup.jobs.schedule import OUTDATED, Kind, OutdatedError, Schedule, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks at an empty table
RENEW_EVERY = services.LEASE / 3
GRACE = 8  # seconds that running jobs get at a stop; `server.py` waits one more


def log_failure(error: Exception, sentence: str) -> None:
    """Log a failure with its traceback; a lock that was held for too long needs only a line."""
    if isinstance(error, DBAPIError) and is_lock(error):
        logger.warning("%s: the database was locked", sentence)
    else:
        logger.error("%s", sentence, exc_info=error)


class Worker:
    """One process's worker."""

    def __init__(
        self, app: "Flask", schedule: Schedule, files: DatabaseFiles | None = None
    ) -> None:
        self.app = app
        self.files = files  # none on PostgreSQL, which manages its own files
        self.schedule = schedule
        self.stopping = threading.Event()
        self.due = dict.fromkeys(schedule.periodic, 0.0)

    def run(self) -> None:
        """Work until asked to stop.

        Each kind of job has a thread of its own, so that mail leaves while a long report is
        printed, and a report is printed while a mail server does not answer. A periodic task
        that must be punctual has one too, so that a ballot closes at its deadline whatever
        else is going on. The others share one.
        """
        threads = [
            threading.Thread(target=self._run_jobs, args=(name, {name: kind}))
            for name, kind in self.schedule.kinds.items()
        ]
        threads += [
            threading.Thread(target=self._run_periodic, args=(names,))
            for names in self.schedule.turns()
        ]
        for thread in threads:
            thread.daemon = True
            thread.start()
        for thread in threads:
            thread.join()

    def _run_jobs(self, name: str, kinds: Mapping[str, Kind]) -> None:
        while not self.stopping.is_set():
            try:
                if self.can_store() and self.run_next_job(kinds):
                    continue
            except Exception as error:  # noqa: BLE001 - logged
                # For example, the database was not there. Without this the thread would
                # end, and no job of its kind would ever run again.
                log_failure(error, f"the thread for jobs of kind {name} goes on")
            self.stopping.wait(PAUSE)

    def _run_periodic(self, names: Collection[str]) -> None:
        while not self.stopping.is_set():
            if self.can_store():
                self.run_periodic_tasks(names)
            self.stopping.wait(PAUSE)

    def can_store(self) -> bool:
        """Return whether the database's files are in place; if not, that is logged once.

        The worker then only waits to be ended: a new one would find the same files.
        """
        if self.files is None:
            return True
        try:
            self.files.check()
        except FilesReplacedError:
            return False
        return True

    def run_periodic_tasks(self, names: Collection[str] | None = None) -> None:
        """Run the periodic tasks that are due; a failure is logged and tried again at the next turn.

        Args:
            names: the tasks to choose from; if left out, all of the schedule.
        """
        for name in self.schedule.periodic if names is None else names:
            task = self.schedule.periodic[name]
            if time.monotonic() < self.due[name]:
                continue
            # Set before it runs, so that a task that fails waits for its next turn.
            self.due[name] = time.monotonic() + task.every.total_seconds()
            try:
                # Its end can fail too, where the database has gone meanwhile.
                with self.app.app_context():
                    task.run()
            except Exception as error:  # noqa: BLE001 - logged
                log_failure(error, f"periodic task {name} failed")

    def run_next_job(self, kinds: Mapping[str, Kind] | None = None) -> bool:
        """Claim one job, run it and store the result; return whether there was one.

        Args:
            kinds: the kinds to choose from; if left out, all kinds of the schedule.
        """
        kinds = self.schedule.kinds if kinds is None else kinds
        with self.app.app_context():
            # A name for each start, not for the worker: a worker that lost a lease and claims
            # the same job again must not mistake the old start for the new one.
            job = services.claim(secrets.token_hex(8), kinds)
            db.session.commit()
            if job is None:
                return False
            name, task = job.kind, Task(job.id, job.lease, dict(job.payload))
        # Each in a context of its own: the work may take an hour, and a transaction that stays
        # open so long would keep PostgreSQL from cleaning up, and would see old rows.
        error = self._run(name, kinds[name], task)
        with self.app.app_context():
            try:
                job = services.held(task)
            except services.LeaseLostError:
                logger.warning("the lease of job %s was lost", task.job_id)
                db.session.rollback()
                return True
            if error in {"", OUTDATED}:
                services.finish(job, kinds[name], error)
            else:
                services.fail(job, error, kinds[name])
            db.session.commit()
        return True

    def _run(self, name: str, kind: Kind, task: Task) -> str:
        """Run one job and return what went wrong, ``OUTDATED``, or nothing."""
        with self._kept_alive(task), self.app.app_context():
            try:
                kind.run(task)
            except services.LeaseLostError:
                # None of its work counts; the caller notices the lost lease too.
                return ""
            except OutdatedError:
                return OUTDATED
            except Exception as error:
                logger.exception("job %s of kind %s failed", task.job_id, name)
                return type(error).__name__
        return ""

    @contextmanager
    def _kept_alive(self, task: Task) -> "Iterator[None]":
        """Renew the lease from a second thread while the work goes on."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_EVERY.total_seconds()):
                try:
                    with self.app.app_context():
                        services.keep_alive(task.job_id, task.holder)
                        db.session.commit()
                except Exception:
                    # One renewal may fail: a lease lasts longer than two of them.
                    logger.exception("job %s: lease not renewed", task.job_id)

        thread = threading.Thread(target=renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def serve(
    app: "Flask",
    schedule: Schedule,
    parent_pipe: int | None,
    files: DatabaseFiles | None,
) -> None:
    """Work until SIGTERM, SIGINT or the parent's end.

    Args:
        app: the application.
        schedule: what the worker can do.
        parent_pipe: a file descriptor that reads to its end when the parent is gone,
            however it went; none for a worker that was started alone.
        files: the database's files, checked before each commit.
    """
    worker = Worker(app, schedule, files)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(worker))
    if parent_pipe is not None:
        threading.Thread(
            target=_watch, args=(parent_pipe, worker), name="parent", daemon=True
        ).start()
    worker.run()


def _watch(pipe: int, worker: Worker) -> None:
    wait_for_the_end_of(pipe)
    _stop(worker)


def wait_for_the_end_of(parent_pipe: int | None) -> None:
    """Wait until the parent is gone; not at all where there is none."""
    while parent_pipe is not None and os.read(parent_pipe, 1):
        pass


def _stop(worker: Worker) -> None:
    worker.stopping.set()
    # A job that does not end in time is cut off; its lease runs out, and it is run again.
    timer = threading.Timer(GRACE, os._exit, args=(1,))
    timer.daemon = True
    timer.start()
