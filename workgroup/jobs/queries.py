"""Reading jobs. Nothing here changes anything."""

from collections.abc import Collection

from sqlalchemy import select

from workgroup.database import db
from workgroup.jobs.models import Job, JobState


def failing(keys: Collection[str]) -> dict[str, bool]:
    """Return which of these jobs have failed, and whether they were given up.

    Args:
        keys: what the jobs were named by when they were asked for.
    """
    rows = db.session.execute(
        select(Job.key, Job.state).where(
            Job.key.in_(keys), Job.error != "", Job.state != JobState.DONE
        )
    )
    return {row.key: row.state is JobState.DEAD for row in rows}
