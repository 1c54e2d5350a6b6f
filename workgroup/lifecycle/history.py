"""Who did what in a cohort, in words, as an organizer asks for it. Nothing here changes anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from workgroup.acts import queries as acts
from workgroup.acts.labels import ACTS
from workgroup.acts.models import AuditRecord
from workgroup.acts.services import SYSTEM
from workgroup.cohorts.models import PERSON, Membership
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.queries import visible_to
from workgroup.drafting.models import Section

AT_ONCE = 50  # acts on a page


@dataclass(frozen=True)
class Entry:
    """One act as the log shows it."""

    at: datetime
    actor: Membership | None  # none: nobody, or somebody outside the cohort
    by_itself: bool
    what: str
    title: str  # of the section, where there is one


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first, and where the older ones begin."""

    entries: list[Entry]
    older: int | None


def page(reader: Membership, before: int | None) -> Page:
    """Return a page of the log (five queries)."""
    records = acts.records_of(reader.cohort_id, AT_ONCE + 1, before)
    seen = _seen_by(reader, records[:AT_ONCE])
    actors, titles = _actors(reader.cohort_id, seen), _titles(seen)
    entries = [
        Entry(
            at=one.at,
            actor=actors.get(one.actor),
            by_itself=one.actor == SYSTEM,
            what=str(ACTS.get(one.action, one.action)),
            title=titles.get(one.subject, ""),
        )
        for one in seen
    ]
    has_older = len(records) > AT_ONCE
    return Page(entries, records[AT_ONCE - 1].number if has_older else None)


def _seen_by(reader: Membership, records: Sequence[AuditRecord]) -> list[AuditRecord]:
    """Leave out what happened in threads that the reader does not see.

    A thread of a delegation or a subgroup is not there for others, in the log neither.
    """
    seen = select(Thread.id).where(visible_to(reader))
    threads = db.session.scalars(seen.where(Thread.id.in_(_ids(records, "thread"))))
    comments = db.session.scalars(
        select(Comment.id).where(
            Comment.id.in_(_ids(records, "comment")), Comment.thread_id.in_(seen)
        )
    )
    allowed = {f"thread:{one}" for one in threads}
    allowed |= {f"comment:{one}" for one in comments}
    talk = ("thread:", "comment:")
    return [
        one
        for one in records
        if not one.subject.startswith(talk) or one.subject in allowed
    ]


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


def _titles(records: Sequence[AuditRecord]) -> dict[str, str]:
    ballots = Ballot.id.in_(_ids(records, "ballot"))
    rows = db.session.execute(
        select(Section.id, Section.title, Ballot.id.label("ballot_id"))
        .outerjoin(Ballot, and_(Ballot.section_id == Section.id, ballots))
        .where(or_(Section.id.in_(_ids(records, "section")), Ballot.id.is_not(None)))
    )
    titles: dict[str, str] = {}
    for row in rows:
        titles[f"section:{row.id}"] = titles[f"ballot:{row.ballot_id}"] = row.title
    return titles


def _ids(records: Iterable[AuditRecord], kind: str) -> list[int]:
    parts = [one.subject.partition(":") for one in records]
    return [int(number) for name, _, number in parts if name == kind]
