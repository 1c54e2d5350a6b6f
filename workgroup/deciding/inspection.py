"""Looking for ballots whose votes are no longer what was cast or counted."""

from collections.abc import Iterator

from sqlalchemy import exists, or_, select

from workgroup.database import db
from workgroup.deciding import queries, results
from workgroup.deciding.models import Ballot, Participation, Vote


def unmatched_ballots() -> list[int]:
    """Return the ballots in which a vote or the record that it was cast is missing (one query)."""
    casts = exists().where(
        Participation.ballot_id == Vote.ballot_id,
        Participation.elector_id == Vote.elector_id,
    )
    votes_alone = select(Vote.ballot_id).where(~casts)
    casts_alone = select(Participation.ballot_id).where(
        ~exists().where(
            Vote.ballot_id == Participation.ballot_id,
            Vote.elector_id == Participation.elector_id,
        )
    )
    wanted = or_(Ballot.id.in_(votes_alone), Ballot.id.in_(casts_alone))
    return list(db.session.scalars(select(Ballot.id).where(wanted).order_by(Ballot.id)))


def miscounted_ballots() -> Iterator[int]:
    """Yield the closed ballots whose outcome is not that of their votes (three queries for each)."""
    closed = select(Ballot.id).where(Ballot.closed_at.is_not(None)).order_by(Ballot.id)
    for ballot_id in db.session.scalars(closed).all():
        ballot = queries.with_electors(ballot_id)
        counted = results.count(ballot, queries.votes(ballot_id))
        if counted.outcome is not ballot.outcome:
            yield ballot_id
