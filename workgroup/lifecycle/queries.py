"""What a cohort's first page shows, read across the features. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import joinedload

from workgroup.cohorts.attribution import PROMISED, Surface, Trace
from workgroup.cohorts.models import Delegation, Membership
from workgroup.database import db
from workgroup.deciding import queries as deciding
from workgroup.deciding.models import Ballot, Participation
from workgroup.deciding.queries import Listed
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.queries import visible_to
from workgroup.drafting.models import Report, Section, Version
from workgroup.drafting.states import SectionState
from workgroup.publishing.models import Export
from workgroup.textlog.models import Writer

MOST_ANSWERS = 20  # shown at once; the newest
NAMED_FIRST = 6  # members of a subgroup who are named


@dataclass(frozen=True)
class Answer:
    """A thread in which somebody else commented after the reader."""

    thread_id: str  # the public one
    quote: str
    section_id: int
    section: str  # its title
    answers: int
    last_at: datetime


@dataclass(frozen=True)
class Members:
    """The first members of a subgroup, in the order of the list of people."""

    first: list[Membership]
    more: int  # members who are not among the first


def open_ballots(member: Membership, at: datetime) -> list[Listed]:
    """Return the cohort's open ballots, the first to close first (one query)."""
    not_ended = deciding.open_ballots(member)
    taking_votes = [listed for listed in not_ended if listed.ballot.is_open(at)]
    return sorted(taking_votes, key=lambda listed: listed.ballot.closes_at)


def answers_to(member: Membership) -> list[Answer]:
    """Return the unresolved threads with comments by others after the member's last (one query)."""
    last_of_mine = (
        select(Comment.thread_id, func.max(Comment.id).label("comment_id"))
        .where(Comment.author_id == member.id)
        .group_by(Comment.thread_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Thread.public_id,
            Thread.quote,
            Section.id,
            Section.title,
            func.count(Comment.id),
            func.max(Comment.at),
        )
        .join(last_of_mine, last_of_mine.c.thread_id == Thread.id)
        .join(Comment, Comment.thread_id == Thread.id)
        .join(Section, Section.id == Thread.section_id)
        .join(Report, Report.id == Section.report_id)
        .where(
            Report.cohort_id == member.cohort_id,
            Thread.resolved_at.is_(None),
            visible_to(member),
            Comment.id > last_of_mine.c.comment_id,
            Comment.author_id != member.id,
        )
        .group_by(Thread.public_id, Thread.quote, Section.id, Section.title)
        .order_by(func.max(Comment.id).desc())
        .limit(MOST_ANSWERS)
    )
    return [Answer(*row) for row in rows]


def sections_by_subgroup(cohort_id: int) -> dict[int | None, dict[SectionState, int]]:
    """Count the sections of each subgroup by state; those without a subgroup under None."""
    rows = db.session.execute(
        select(Section.subgroup_id, Section.state, func.count(Section.id))
        .join(Section.report)
        .where(Report.cohort_id == cohort_id)
        .group_by(Section.subgroup_id, Section.state)
    )
    counted: dict[int | None, dict[SectionState, int]] = {}
    for subgroup_id, state, number in rows:
        counted.setdefault(subgroup_id, {})[state] = number
    return counted


def members_of_subgroups(cohort_id: int) -> dict[int, Members]:
    """Return the first `NAMED_FIRST` current members of each subgroup (one query)."""
    order = (Delegation.position.nulls_last(), Membership.id)
    subgroup = Membership.subgroup_id
    numbered = (
        select(
            Membership.id,
            func.row_number()
            .over(partition_by=subgroup, order_by=order)
            .label("number"),
            func.count().over(partition_by=subgroup).label("size"),
        )
        .outerjoin(Membership.delegation)
        .where(
            Membership.cohort_id == cohort_id,
            Membership.ended_at.is_(None),
            subgroup.is_not(None),
        )
        .subquery()
    )
    rows = db.session.execute(
        select(Membership, subgroup, numbered.c.size)
        .join(numbered, numbered.c.id == Membership.id)
        .options(joinedload(Membership.user), joinedload(Membership.delegation))
        .where(numbered.c.number <= NAMED_FIRST)
        .order_by(numbered.c.number)
    )
    first: dict[int, list[Membership]] = {}
    sizes: dict[int, int] = {}
    for member, subgroup_id, size in rows:
        first.setdefault(subgroup_id, []).append(member)
        sizes[subgroup_id] = size
    return {one: Members(first[one], sizes[one] - len(first[one])) for one in first}


def open_threads_by_subgroup(reader: Membership) -> dict[int | None, int]:
    """Count the unresolved threads that the reader sees on the sections of each subgroup."""
    rows = db.session.execute(
        select(Section.subgroup_id, func.count(Thread.id).label("number"))
        .join(Thread, Thread.section_id == Section.id)
        .join(Section.report)
        .where(
            Report.cohort_id == reader.cohort_id,
            Thread.resolved_at.is_(None),
            visible_to(reader),
        )
        .group_by(Section.subgroup_id)
    )
    return {row.subgroup_id: row.number for row in rows}


def surfaces_in_use(cohort_id: int) -> set[Surface]:
    """Return the surfaces on which people have relied on the way they are named now."""
    section = select(Section.id).join(Report, Report.id == Section.report_id)
    of_cohort = section.where(Report.cohort_id == cohort_id)
    wrote = exists().where(
        Writer.user_id.is_not(None),
        Writer.stream_id == Section.stream_id,
        Section.id.in_(of_cohort),
    )
    spoke = exists().where(
        Comment.thread_id == Thread.id, Thread.section_id.in_(of_cohort)
    )
    froze = exists().where(Version.section_id.in_(of_cohort))
    asked = exists().where(Export.report_id == Report.id, Report.cohort_id == cohort_id)
    voted = exists().where(
        Participation.ballot_id == Ballot.id, Ballot.cohort_id == cohort_id
    )
    traces: dict[Trace, Exists] = {
        Trace.WORDS: wrote,
        Trace.COMMENT: spoke,
        Trace.VERSION: froze,
        Trace.EXPORT: asked,
        Trace.VOTE: voted,
    }
    found = db.session.execute(
        select(*(trace.label(one.value) for one, trace in traces.items()))
    ).one()
    left = [one for one in traces if getattr(found, one.value)]
    return {surface for one in left for surface in PROMISED[one]}
