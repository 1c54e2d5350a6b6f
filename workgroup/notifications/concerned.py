"""Who is concerned by an act, with one query for each question. Nothing here changes anything.

Every query returns current members only; the caller leaves out the person who acted.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, null, select
from sqlalchemy.orm import aliased

from workgroup.acts.kinds import Act
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission, permissions
from workgroup.database import db
from workgroup.deciding.models import Ballot, Elector, Participation
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.queries import VISIBLE_TO_MEMBER
from workgroup.drafting.models import Section
from workgroup.textlog.models import Update, Writer

LIVING = Membership.ended_at.is_(None)
Then = aliased(Membership, name="then")  # under which somebody wrote


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that produces notices, with the ids of what it is about."""

    cause: str
    actor_id: int | None
    cohort_id: int
    at: datetime
    section_id: int | None
    ballot_id: int | None = None
    thread_id: int | None = None
    comment_id: int | None = None


Concerned = Callable[[Event], Collection[int]]


def event_of(record: AuditRecord, act: Act) -> Event | None:
    """Return what an act was about (one query); none where its subject is gone."""
    subject_id = int(record.subject.partition(":")[2])
    nothing = null()
    # By what an act's subject is. Each gives the same four columns, so that one query answers.
    columns: dict[str, Select[*tuple[Any, ...]]] = {
        "ballot": select(Ballot.section_id, Ballot.id, nothing, nothing).where(
            Ballot.id == subject_id
        ),
        "section": select(Section.id, nothing, nothing, nothing).where(
            Section.id == subject_id
        ),
        "stream": select(Section.id, nothing, nothing, nothing).where(
            Section.stream_id == subject_id
        ),
        "cohort": select(nothing, nothing, nothing, nothing),
        "comment": select(Thread.section_id, nothing, Thread.id, Comment.id)
        .join(Comment, Comment.thread_id == Thread.id)
        .where(Comment.id == subject_id),
    }
    found = db.session.execute(columns[act.subject]).first()
    # Of what is gone nobody can be sent anywhere; what is of no cohort has no members.
    if found is None or record.cohort_id is None:
        return None
    kind, _, number = record.actor.partition(":")
    return Event(
        # Unique with person and kind, so that an act that is read twice produces nothing new.
        cause=f"act:{record.number}",
        actor_id=int(number) if kind == "person" else None,
        cohort_id=record.cohort_id,
        at=record.at,
        section_id=found[0],
        ballot_id=found[1],
        thread_id=found[2],
        comment_id=found[3],
    )


def everybody(event: Event) -> Collection[int]:
    """Return all current members of the cohort (one query)."""
    return _user_ids(Membership.cohort_id == event.cohort_id)


def organizers(event: Event) -> Collection[int]:
    """Return the cohort's organizers (one query)."""
    return _who_may(Permission.ORGANIZE, Membership.cohort_id == event.cohort_id)


def electors(event: Event) -> Collection[int]:
    """Return everyone who can vote in the ballot, as its policy says (one query)."""
    return _who_may(
        Permission.VOTE,
        exists().where(
            Elector.ballot_id == event.ballot_id, Elector.membership_id == Membership.id
        ),
    )


def electors_without_vote(event: Event) -> Collection[int]:
    """Return everyone who can still vote in the ballot and has not (one query)."""
    voted = exists().where(Participation.elector_id == Elector.id)
    return _who_may(
        Permission.VOTE,
        exists().where(
            Elector.ballot_id == event.ballot_id,
            Elector.membership_id == Membership.id,
            ~voted,
        ),
    )


def thread_starter(event: Event) -> Collection[int]:
    """Return the author of a thread's first comment (one query)."""
    # Ids order a thread's comments: each is written under the lock of its section.
    first = select(func.min(Comment.id)).where(Comment.thread_id == event.thread_id)
    return _authors(event, Comment.id == first.scalar_subquery())


def earlier_commenters(event: Event) -> Collection[int]:
    """Return everyone who commented in a thread before this comment, without the thread's starter."""
    spoke = _authors(
        event, Comment.thread_id == event.thread_id, Comment.id < event.comment_id
    )
    # He or she gets a notice of another kind for the same comment, and one is enough.
    return set(spoke) - set(thread_starter(event))


def section_people(event: Event) -> Collection[int]:
    """Return the section's subgroup; if it has none, everyone who has written in its text."""
    section = db.session.execute(
        select(Section.subgroup_id, Section.stream_id).where(
            Section.id == event.section_id
        )
    ).one()
    if section.subgroup_id is not None:
        return _user_ids(Membership.subgroup_id == section.subgroup_id)
    wrote = exists().where(
        Writer.stream_id == section.stream_id,
        Writer.user_id == Membership.user_id,
        Update.stream_id == Writer.stream_id,
        Update.client_id == Writer.client_id,
    )
    return _user_ids(Membership.cohort_id == event.cohort_id, wrote)


def _authors(event: Event, *comments: ColumnElement[bool]) -> Collection[int]:
    """Return who wrote some comments of a thread and sees it now.

    By the person: one who was removed and has come back wrote them under another membership.
    """
    wrote = exists().where(
        Comment.author_id == Then.id, Then.user_id == Membership.user_id, *comments
    )
    sees = exists().where(Thread.id == event.thread_id, VISIBLE_TO_MEMBER)
    return _user_ids(Membership.cohort_id == event.cohort_id, wrote, sees)


def _who_may(
    permission: Permission, *conditions: ColumnElement[bool]
) -> Collection[int]:
    """Return the living members to whom their roles permit something now."""
    # In Python, since what roles permit is one table there; SQL would be a second one.
    living = select(Membership.user_id, Membership.roles).where(LIVING, *conditions)
    return {
        user_id
        for user_id, roles in db.session.execute(living)
        if permission in permissions(roles)
    }


def _user_ids(*conditions: ColumnElement[bool]) -> Collection[int]:
    wanted = select(Membership.user_id).where(LIVING, *conditions).distinct()
    return set(db.session.scalars(wanted))
