"""Reading threads and their comments, always for a given reader. Nothing here changes anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from workgroup.cohorts.models import PERSON, Membership
from workgroup.database import db, lock_row
from workgroup.discussion.kinds import PUBLIC_ID, Audience
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Report, Section

AT_ONCE = 50  # threads of one list
COMMENTS_AT_ONCE = 50


def visible_to(reader: Membership) -> ColumnElement[bool]:
    """Return the condition under which a reader sees a thread; every query of threads needs it.

    A thread of a delegation or a subgroup is for its living members alone: no organizer
    sees it from outside, nor counts it. Whether it is of the reader's cohort is another
    question, which ``seen_by`` asks.
    """
    if reader.ended_at is not None:
        return false()
    return _visible(
        literal(reader.delegation_id, Integer), literal(reader.subgroup_id, Integer)
    )


def _visible(
    delegation_id: SQLColumnExpression[Any], subgroup_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    """Return the condition for a reader's delegation and subgroup; without one, NULL equals nothing."""
    return or_(
        Thread.audience == Audience.EVERYBODY,
        Thread.delegation_id == delegation_id,
        Thread.subgroup_id == subgroup_id,
    )


# The same over joined memberships, for reads on behalf of many: living ones, of the cohort.
VISIBLE_TO_MEMBER = _visible(Membership.delegation_id, Membership.subgroup_id)


def seen_by(reader: Membership) -> Select[Thread]:
    """Select the threads of the reader's cohort that the reader sees."""
    return _threads(literal(reader.cohort_id), visible_to(reader))


# For what every open page asks after each comment: building a statement takes longer than
# running it, so these are built once, and the reader comes as parameters.
@cache
def _seen() -> Select[Thread]:
    visible = _visible(bindparam("delegation_id"), bindparam("subgroup_id"))
    return _threads(bindparam("cohort_id"), visible).where(
        Thread.section_id == bindparam("section_id")
    )


def _parameters(reader: Membership, section_id: int) -> dict[str, Any]:
    """Return the parameters of ``_seen``; a person who has left is in no cohort and sees nothing."""
    return {
        "cohort_id": reader.cohort_id if reader.ended_at is None else None,
        "delegation_id": reader.delegation_id,
        "subgroup_id": reader.subgroup_id,
        "section_id": section_id,
    }


def _threads(
    cohort_id: ColumnElement[Any], visible: ColumnElement[bool]
) -> Select[Thread]:
    return (
        select(Thread)
        .join(Section, Section.id == Thread.section_id)
        .join(Report, Report.id == Section.report_id)
        .where(Report.cohort_id == cohort_id, visible)
    )


def threads(
    reader: Membership,
    section_id: int,
    *,
    resolved: bool = False,
    before: Thread | None = None,
    limit: int = AT_ONCE,
) -> Sequence[Thread]:
    """Return a section's newest threads in their order, without comments (one query).

    Args:
        reader: who reads.
        section_id: what is discussed.
        resolved: the resolved ones instead of the open ones.
        before: only threads begun before this one.
        limit: how many at most.
    """
    settled = Thread.resolved_at.is_not(None)
    wanted = seen_by(reader).where(
        Thread.section_id == section_id, settled if resolved else ~settled
    )
    if before is not None:
        wanted = wanted.where(Thread.id < before.id)
    newest = db.session.scalars(
        wanted.options(_who_resolved()).order_by(Thread.id.desc()).limit(limit)
    )
    return newest.all()[::-1]


def changed_threads(
    reader: Membership, section_id: int, after: int, limit: int
) -> Sequence[Thread]:
    """Return the threads that changed after a number, without comments (one query)."""
    wanted = _parameters(reader, section_id) | {"after": after, "limit": limit}
    return db.session.scalars(_changed(), wanted).all()


@cache
def _changed() -> Select[Thread]:
    return (
        _seen()
        .options(_who_resolved())
        .where(Thread.changed > bindparam("after"))
        .order_by(Thread.id)
        .limit(bindparam("limit", type_=Integer))
    )


@dataclass(frozen=True)
class Counts:
    """How many threads of a section a reader sees, and the number of their last change."""

    open: int
    resolved: int
    changed: int  # as in ``Thread.changed``


def count_threads(reader: Membership, section_id: int) -> Counts:
    """Count a section's threads (one query)."""
    wanted = _parameters(reader, section_id)
    return Counts(*db.session.execute(_counted(), wanted).one())


@cache
def _counted() -> Select[int, int, int]:
    return _seen().with_only_columns(
        func.count(Thread.id).filter(Thread.resolved_at.is_(None)),
        func.count(Thread.resolved_at),
        func.coalesce(func.max(Thread.changed), 0),
    )


def newest_change(section_id: int) -> int:
    """Return the highest number of a change in a section, for any reader; 0 without one.

    Used under the section's lock to assign the next number; never shown to anybody.
    """
    return (
        db.session.scalar(
            select(func.max(Thread.changed)).where(Thread.section_id == section_id)
        )
        or 0
    )


@dataclass(frozen=True)
class Talk:
    """Those comments of a thread that a page shows."""

    count: int  # of all comments
    first: Comment
    latest: Sequence[Comment]  # some of those after the first, in their order
    start: int  # the position of the first of the latest, counted from 1


def talks(threads: Iterable[Thread]) -> dict[int, Talk]:
    """Return thread id → its first and its last comment (one query)."""
    found = db.session.execute(_ends(), {"ids": [one.id for one in threads]})
    ends: dict[int, list[Comment]] = {}
    counts: dict[int, int] = {}
    for comment, count in found:
        ends.setdefault(comment.thread_id, []).append(comment)
        counts[comment.thread_id] = count
    return {
        thread_id: Talk(counts[thread_id], first, latest, counts[thread_id])
        for thread_id, (first, *latest) in ends.items()
    }


@cache
def _ends() -> Select[Comment, int]:
    ends = (
        select(
            func.min(Comment.id).label("first"),
            func.max(Comment.id).label("last"),
            func.count(Comment.id).label("count"),
        )
        .where(Comment.thread_id.in_(bindparam("ids", expanding=True)))
        .group_by(Comment.thread_id)
        .subquery()
    )
    is_end = or_(Comment.id == ends.c.first, Comment.id == ends.c.last)
    return _comments(is_end).add_columns(ends.c.count).order_by(Comment.id)


def talk_before(thread: Thread, before: int | None) -> Talk:
    """Return the first comment of a thread and up to ``COMMENTS_AT_ONCE`` others (two queries).

    Args:
        thread: one that the reader sees.
        before: the position that the others stand before; none for the latest.
    """
    whole = talks([thread])[thread.id]
    end = min(before - 1 if before else whole.count, whole.count)
    start = max(2, end - COMMENTS_AT_ONCE + 1)
    latest = db.session.scalars(
        _comments(Comment.thread_id == thread.id)
        .order_by(Comment.id)
        .offset(start - 1)
        .limit(max(0, end - start + 1))
    ).all()
    return Talk(whole.count, whole.first, latest, start)


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
    """Return the thread that the reader has just started, by its row's number."""
    return db.session.scalars(seen_by(reader).where(Thread.id == thread_id)).first()


def open_ids(reader: Membership, section_id: int) -> Sequence[str]:
    """Return the public ids of the unresolved threads on words (one query)."""
    return db.session.scalars(
        seen_by(reader)
        .with_only_columns(Thread.public_id)
        .where(
            Thread.section_id == section_id,
            Thread.resolved_at.is_(None),
            Thread.quote != "",
        )
    ).all()


def find_thread(reader: Membership, public_id: str) -> Thread | None:
    """Return a thread that the reader sees, with its section and who resolved it (one query)."""
    # Not an id that was ever given out, so the database need not look.
    if not PUBLIC_ID.fullmatch(public_id):
        return None
    return db.session.scalars(
        seen_by(reader)
        .options(contains_eager(Thread.section), _who_resolved())
        .where(Thread.public_id == public_id)
    ).first()


def lock_thread(thread: Thread) -> None:
    """Read again whether a thread is resolved, and lock it until the transaction ends."""
    lock_row(thread, "resolved_at", "resolved_by_id")


def _comments(condition: ColumnElement[bool]) -> Select[Comment]:
    """Select comments with their authors, of threads that the reader is known to see."""
    author = joinedload(Comment.author).options(*PERSON)
    return select(Comment).options(author).where(condition)


def _who_resolved() -> LoaderOption:
    return joinedload(Thread.resolved_by).options(*PERSON)
