"""Reading ballots and votes. Nothing here changes anything.

Until a ballot has ended, no page needs any position but the reader's own, so no other is
loaded: who has voted is a query of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from workgroup.cohorts.models import PERSON, Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db
from workgroup.deciding.models import Ballot, Elector, Participation, Vote
from workgroup.drafting.models import Section, Version
from workgroup.paging import Page, cut, offset

AT_ONCE = 20  # ballots of one page
Rows = Select[Ballot, str, int, int, int, int]  # what Listed is made of

NOT_ENDED = and_(Ballot.closed_at.is_(None), Ballot.cancelled_at.is_(None))


def _electors() -> tuple[ORMOption, ...]:
    electors = selectinload(Ballot.electors)
    return (
        electors.joinedload(Elector.membership).options(*PERSON),
        electors.joinedload(Elector.delegation),
    )


def find_ballot(cohort_id: int, ballot_id: int) -> Ballot | None:
    """Return the ballot with its version's text, section and electors (two queries)."""
    return db.session.scalars(
        select(Ballot)
        .options(
            joinedload(Ballot.version).options(
                joinedload(Version.section), undefer(Version.canonical)
            ),
            *_electors(),
        )
        .where(Ballot.id == ballot_id, Ballot.cohort_id == cohort_id)
    ).first()


def with_electors(ballot_id: int) -> Ballot:
    """Return an existing ballot with its electors (two queries)."""
    return db.session.scalars(
        select(Ballot)
        .options(*_electors())
        .where(Ballot.id == ballot_id)
        .execution_options(populate_existing=True)
    ).one()


def lock_ballot(ballot_id: int) -> Ballot:
    """Read the ballot again and keep others from changing it until the transaction ends."""
    return db.session.scalars(
        select(Ballot)
        .where(Ballot.id == ballot_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def lock_section_of(version_id: int) -> Section:
    """Read a version's section again and lock it; always before its ballot is locked."""
    return db.session.scalars(
        select(Section)
        .join(Version, Version.section_id == Section.id)
        .where(Version.id == version_id)
        .with_for_update(of=Section)
        .execution_options(populate_existing=True)
    ).one()


def stream_of(version_id: int) -> int:
    """Return the id of the live text that a version was frozen from."""
    return db.session.scalars(
        select(Section.stream_id)
        .join(Version, Version.section_id == Section.id)
        .where(Version.id == version_id)
    ).one()


def find_open_ballot(section_id: int) -> Ballot | None:
    """Return the section's ballot that has not ended, with its electors (two queries)."""
    return db.session.scalars(
        select(Ballot)
        .join(Ballot.version)
        .options(contains_eager(Ballot.version), *_electors())
        .where(Ballot.section_id == section_id, NOT_ENDED)
    ).first()


def find_living_elector(ballot_id: int, membership_id: int) -> Elector | None:
    """Return an elector who may still vote, which means that the membership has not ended."""
    return db.session.scalars(
        select(Elector)
        .join(Elector.membership)
        .where(
            Elector.ballot_id == ballot_id,
            Elector.membership_id == membership_id,
            Membership.ended_at.is_(None),
        )
    ).first()


def find_vote(ballot_id: int, membership_id: int) -> Vote | None:
    """Return one's own vote."""
    return db.session.scalars(
        select(Vote)
        .join(Elector, Elector.id == Vote.elector_id)
        .where(Vote.ballot_id == ballot_id, Elector.membership_id == membership_id)
    ).first()


def who_has_voted(ballot_id: int) -> dict[int, datetime]:
    """Return elector → when they first voted; never how."""
    rows = db.session.execute(
        select(Participation.elector_id, Participation.at).where(
            Participation.ballot_id == ballot_id
        )
    )
    return dict(rows.all())


def votes(ballot_id: int) -> Sequence[Vote]:
    """Return how everybody voted, for counting and, once the ballot has ended, for showing."""
    return db.session.scalars(
        select(Vote).where(Vote.ballot_id == ballot_id).order_by(Vote.elector_id)
    ).all()


@dataclass(frozen=True)
class Listed:
    """One line of the list of ballots."""

    ballot: Ballot
    title: str  # as it stands in the version
    electors: int
    voted: int
    may_vote: bool  # the reader: an elector who has not become an observer
    has_voted: bool  # the reader


def page_of_ballots(member: Membership, number: int) -> Page[Listed]:
    """Return a page of the cohort's ballots, the newest first (one query)."""
    wanted = _ballots(member).offset(offset(number, AT_ONCE)).limit(AT_ONCE + 1)
    return cut(_listed(member, wanted), number, AT_ONCE)


def open_ballots(member: Membership) -> list[Listed]:
    """Return the ballots that have not ended, one for each section at most (one query)."""
    return _listed(member, _ballots(member).where(NOT_ENDED))


def _ballots(member: Membership) -> Rows:
    """Select the cohort's ballots, the newest first, without texts."""
    return (
        select(
            Ballot,
            Version.title,
            func.count(Elector.id),
            func.count(Participation.elector_id),
            func.count(Elector.id).filter(Elector.membership_id == member.id),
            func.count(Participation.elector_id).filter(
                Elector.membership_id == member.id
            ),
        )
        .join(Ballot.version)
        .join(Version.section)
        .join(Elector, Elector.ballot_id == Ballot.id)
        .outerjoin(Participation, Participation.elector_id == Elector.id)
        .options(
            contains_eager(Ballot.version).load_only(
                Version.number, Version.title, Version.sha256, raiseload=True
            ),
            contains_eager(Ballot.version)
            .contains_eager(Version.section)
            .load_only(Section.kind, Section.position),
        )
        .where(Ballot.cohort_id == member.cohort_id)
        .group_by(Ballot.id, Version.id, Section.id)
        .order_by(Ballot.opens_at.desc(), Ballot.id.desc())
    )


def _listed(member: Membership, wanted: Rows) -> list[Listed]:
    rows = db.session.execute(wanted)
    votes = member.may(Permission.VOTE)
    return [
        Listed(ballot, title, electors, voted, votes and bool(mine), bool(cast))
        for ballot, title, electors, voted, mine, cast in rows
    ]


def due(at: datetime) -> Sequence[int]:
    """Return the ids of ballots past their deadline that have not been counted."""
    return db.session.scalars(
        select(Ballot.id)
        .where(Ballot.closes_at <= at, NOT_ENDED)
        .order_by(Ballot.closes_at, Ballot.id)
    ).all()


def ballots_with_votes(cohort_id: int) -> Sequence[Ballot]:
    """Return all ballots that were counted, with version, electors and votes.

    For the record of votes; four queries, whatever the number of ballots.
    """
    return db.session.scalars(
        select(Ballot)
        .join(Ballot.version)
        .join(Version.section)
        .options(
            contains_eager(Ballot.version).contains_eager(Version.section),
            selectinload(Ballot.votes),
            *_electors(),
        )
        .where(Ballot.cohort_id == cohort_id, Ballot.closed_at.is_not(None))
        .order_by(Section.position, Ballot.opens_at)
    ).all()
