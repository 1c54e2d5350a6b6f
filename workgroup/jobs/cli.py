"""The operator's commands for jobs: ``flask jobs list`` and ``flask jobs revive``."""

import click
from flask import current_app
from flask.cli import AppGroup

from workgroup import clock
from workgroup.database import db, reading_only
from workgroup.jobs import queries, services
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.schedule import WORKER_LOST, Schedule

commands = AppGroup("jobs", help="Inspect and retry the worker's jobs.")

# Jobs hold codes; these are the ones that are no exception's name.
REASONS = {WORKER_LOST: "its worker stopped unexpectedly"}
UNFINISHED = (JobState.WAITING, JobState.RUNNING, JobState.DEAD)


@commands.command("list")
@click.option("--dead", is_flag=True, help="Only jobs that failed for good.")
def list_jobs(*, dead: bool) -> None:
    """Show jobs that are waiting, running or given up, without their contents."""
    states = (JobState.DEAD,) if dead else UNFINISHED
    with reading_only():
        found = queries.in_states(states)
        db.session.rollback()
    for job in found:
        click.echo(_line(job))
    if not found:
        click.echo("No jobs.")


def _line(job: Job) -> str:
    reason = REASONS.get(job.error, job.error)
    age = clock.now() - job.created_at
    hours = f"{age.total_seconds() / 3600:.1f} h old"
    parts = (str(job.id), job.kind, job.state, f"{job.attempts} starts", hours, reason)
    return "  ".join(part for part in parts if part)


@commands.command("revive")
@click.argument("job_id", type=int, required=False)
@click.option("--mail", is_flag=True, help="All e-mail that was given up.")
def revive(job_id: int | None, *, mail: bool) -> None:
    """Retry a job that was given up, or all e-mail, from the start.

    E-mail that is no longer true, such as an invitation that was withdrawn, is not sent.
    """
    if mail == (job_id is not None):
        raise click.UsageError("Name one job, or use --mail for all e-mail.")
    if job_id is None:
        _revive_mail()
    else:
        _revive_one(job_id)


def _revive_mail() -> None:
    dead = [job for job in queries.in_states({JobState.DEAD}) if job.kind == "mail"]
    revived = sum(services.revive(job) for job in dead)
    db.session.commit()
    click.echo(f"E-mails that will be tried again now, if still true: {revived}.")


def _revive_one(job_id: int) -> None:
    job = db.session.get(Job, job_id)
    if job is None:
        raise click.ClickException(f"There is no job {job_id}.")
    schedule: Schedule = current_app.extensions["schedule"]
    kind = schedule.kinds.get(job.kind)
    if kind is None or not kind.can_be_revived:
        raise click.ClickException(
            f"Jobs of kind {job.kind} can't be revived; request the work again."
        )
    if not services.revive(job):
        raise click.ClickException(f"Job {job_id} has not failed: it is {job.state}.")
    db.session.commit()
    click.echo(f"Job {job_id} will be tried again now.")
