"""The log of a cohort in words, for organizers. Nothing here changes anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, select

from workgroup.acts import queries as acts
from workgroup.acts.labels import ACTS
from workgroup.acts.models import AuditRecord
from workgroup.acts.services import SYSTEM
from workgroup.cohorts.models import PERSON, Membership
from workgroup.database import db
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.queries import seen_by
from workgroup.drafting.models import Report, Section
from workgroup.lifecycle import subjects
from workgroup.lifecycle.subjects import Subject

AT_ONCE = 50  # acts on a page
CAN_GO = ("section:", "delegation:", "subgroup:")  # what can be removed


@dataclass(frozen=True)
class Entry:
    """One act as the log shows it."""

    at: datetime
    actor: Membership | None  # none: the program, or somebody outside the cohort
    by_itself: bool
    what: str
    subject: Subject | None  # what it was done to, where there is more to say
    is_gone: bool  # whether it has been removed since


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first, and where the older ones begin."""

    entries: list[Entry]
    older: int | None


def page(reader: Membership, before: int | None) -> Page:
    """Return a page of the log (two queries, and one for each kind of subject on it)."""
    records = acts.records_of(
        reader.cohort_id, AT_ONCE + 1, before, without=_unseen_by(reader)
    )
    shown = records[:AT_ONCE]
    actors = _actors(reader.cohort_id, shown)
    found = subjects.find(reader, (one.subject for one in shown))
    entries = [
        Entry(
            at=one.at,
            actor=actors.get(one.actor),
            by_itself=one.actor == SYSTEM,
            what=str(ACTS.get(one.action, one.action)),
            subject=found.get(one.subject),
            is_gone=one.subject.startswith(CAN_GO) and one.subject not in found,
        )
        for one in shown
    ]
    has_older = len(records) > AT_ONCE
    return Page(entries, shown[-1].number if has_older else None)


def _unseen_by(reader: Membership) -> ColumnElement[bool]:
    """Return the condition for records about threads that the reader does not see.

    A thread of a delegation or a subgroup does not exist for others, not even in the log. And
    since the database leaves them out, a short page does not reveal how many there were.
    """
    seen = seen_by(reader).with_only_columns(Thread.id)
    unseen = (
        select(Thread.id)
        .join(Section, Section.id == Thread.section_id)
        .join(Report, Report.id == Section.report_id)
        .where(Report.cohort_id == reader.cohort_id, Thread.id.not_in(seen))
    )
    threads = unseen.with_only_columns("thread:" + cast(Thread.id, String))
    comments = select("comment:" + cast(Comment.id, String)).where(
        Comment.thread_id.in_(unseen)
    )
    return AuditRecord.subject.in_(threads.union_all(comments))


def _actors(cohort_id: int, records: Iterable[AuditRecord]) -> dict[str, Membership]:
    ids = {one.actor.removeprefix("person:") for one in records}
    members = db.session.scalars(
        select(Membership)
        .options(*PERSON)
        .where(
            Membership.cohort_id == cohort_id,
            Membership.user_id.in_([int(one) for one in ids if one.isdecimal()]),
        )
        .order_by(Membership.id)
    )
    return {f"person:{one.user_id}": one for one in members}
