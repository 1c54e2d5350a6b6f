"""Reading threads and their comments. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Report, Section


def threads(section_id: int) -> Sequence[Thread]:
    """Return a section's threads in their order, with all that is said (two queries)."""
    return db.session.scalars(
        select(Thread)
        .options(*_everything())
        .where(Thread.section_id == section_id)
        .order_by(Thread.id)
    ).all()


def open_threads(section_id: int) -> Sequence[Thread]:
    """Return the unresolved threads of a section that quote words, without comments."""
    return db.session.scalars(
        select(Thread)
        .where(
            Thread.section_id == section_id,
            Thread.resolved_at.is_(None),
            Thread.quote != "",
        )
        .order_by(Thread.id)
    ).all()


def find_thread(cohort_id: int, thread_id: int) -> Thread | None:
    """Return a thread of the cohort with its section (one query)."""
    return db.session.scalars(
        select(Thread)
        .join(Section, Section.id == Thread.section_id)
        .join(Report, Report.id == Section.report_id)
        .options(joinedload(Thread.section))
        .where(Thread.id == thread_id, Report.cohort_id == cohort_id)
    ).first()


def lock_thread(thread: Thread) -> None:
    """Look again whether a thread is resolved, and keep that so until the transaction ends."""
    db.session.refresh(thread, ["resolved_at", "resolved_by_id"], with_for_update=True)


def _everything() -> list[LoaderOption]:
    said_by = selectinload(Thread.comments).joinedload(Comment.author)
    return [
        said_by.joinedload(Membership.user),
        said_by.joinedload(Membership.delegation),
        joinedload(Thread.resolved_by).joinedload(Membership.user),
    ]
