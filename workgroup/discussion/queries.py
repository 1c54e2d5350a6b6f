"""Reading threads and their comments, always for somebody. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from workgroup.cohorts.models import PERSON, Membership
from workgroup.database import db
from workgroup.discussion.kinds import PUBLIC_ID, Audience
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Report, Section


def visible_to(reader: Membership) -> ColumnElement[bool]:
    """Return the condition under which a reader sees a thread; every read of threads has it.

    A thread of a delegation or a subgroup is for its living members alone: no organizer
    sees it from outside, nor counts it. Whether it is of the reader's cohort is another
    question, which ``seen_by`` asks.
    """
    if reader.ended_at is not None:
        return false()
    seen = [Thread.audience == Audience.EVERYBODY]
    if reader.delegation_id is not None:
        seen.append(Thread.delegation_id == reader.delegation_id)
    if reader.subgroup_id is not None:
        seen.append(Thread.subgroup_id == reader.subgroup_id)
    return or_(*seen)


# The same over joined memberships, for reads on behalf of many: living ones, of the cohort.
VISIBLE_TO_MEMBER = or_(
    Thread.audience == Audience.EVERYBODY,
    Thread.delegation_id == Membership.delegation_id,
    Thread.subgroup_id == Membership.subgroup_id,
)


def seen_by(reader: Membership) -> Select[Thread]:
    """Select the threads of the reader's cohort that the reader sees."""
    return (
        select(Thread)
        .join(Section, Section.id == Thread.section_id)
        .join(Report, Report.id == Section.report_id)
        .where(Report.cohort_id == reader.cohort_id, visible_to(reader))
    )


def threads(reader: Membership, section_id: int) -> Sequence[Thread]:
    """Return a section's threads in their order, with all that is said (two queries)."""
    return db.session.scalars(
        seen_by(reader)
        .options(*_everything())
        .where(Thread.section_id == section_id)
        .order_by(Thread.id)
    ).all()


def open_threads(reader: Membership, section_id: int) -> Sequence[Thread]:
    """Return the unresolved threads of a section that quote words, without comments."""
    return db.session.scalars(
        seen_by(reader)
        .where(
            Thread.section_id == section_id,
            Thread.resolved_at.is_(None),
            Thread.quote != "",
        )
        .order_by(Thread.id)
    ).all()


def find_own_thread(reader: Membership, thread_id: int) -> Thread | None:
    """Return the thread that the reader has just begun, by its row's number."""
    return db.session.scalars(seen_by(reader).where(Thread.id == thread_id)).first()


def find_thread(reader: Membership, public_id: str) -> Thread | None:
    """Return a thread that the reader sees, with its section (one query)."""
    if not PUBLIC_ID.fullmatch(public_id):  # no database need read what nobody gave out
        return None
    return db.session.scalars(
        seen_by(reader)
        .options(contains_eager(Thread.section))
        .where(Thread.public_id == public_id)
    ).first()


def lock_thread(thread: Thread) -> None:
    """Look again whether a thread is resolved, and keep that so until the transaction ends."""
    db.session.refresh(thread, ["resolved_at", "resolved_by_id"], with_for_update=True)


def _everything() -> list[LoaderOption]:
    said_by = selectinload(Thread.comments).joinedload(Comment.author)
    return [
        said_by.options(*PERSON),
        joinedload(Thread.resolved_by).options(*PERSON),
    ]
