"""What members do with a ballot: they vote. Services change; entry points commit.

Anyone who changes a ballot locks it and only then asks the clock: of a vote and a close at
the same instant one is first, on every database.
"""

from flask_babel import gettext as _

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import Trace
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.deciding import queries
from workgroup.deciding.models import Ballot, Participation, Vote
from workgroup.deciding.rules import Position
from workgroup.errors import DomainError


class BallotClosedError(DomainError):
    """A vote arrived outside the ballot's time."""


class NotElectorError(DomainError):
    """Who is no elector of this ballot, or none any more, wanted to vote."""


class ReasonMissingError(DomainError):
    """An objection or a block came without its reason."""


def cast_vote(
    ballot: Ballot, voter: Membership, position: Position, reason: str
) -> Vote:
    """Record the voter's position; a later vote replaces an earlier one without a trace.

    That somebody has voted is an act, noted once: who has voted twice has changed his or
    her mind, and that is nobody's to know, an organizer's with the log included.

    Raises:
        MoreNamesError: ballots show more of the voter's name than they did.
        BallotClosedError: the ballot is not open at this moment.
        NotElectorError: the voter is not among the living electors.
        ReasonMissingError: an objection or a block came without its reason.
    """
    promises.keep(voter, Trace.VOTE)
    # Under the lock, and with the clock asked after it: a vote that waited for the close
    # finds the ballot closed, whenever it was sent.
    ballot = queries.lock_ballot(ballot.id)
    if not ballot.is_open(clock.now()):
        raise BallotClosedError(_("This ballot is closed; your vote was not counted."))
    elector = queries.find_living_elector(ballot.id, voter.id)
    if elector is None:
        raise NotElectorError(
            _("You can’t vote in this ballot: you are not one of its electors.")
        )
    if position.needs_reason and not reason.strip():
        raise ReasonMissingError(_("Give a reason, so that the others can respond."))
    vote = queries.find_vote(ballot.id, voter.id)
    is_first = vote is None
    if vote is None:
        keys = {"ballot_id": ballot.id, "elector_id": elector.id}
        vote = Vote(**keys)
        db.session.add_all([vote, Participation(at=clock.now(), **keys)])
    vote.position, vote.reason = position, reason.strip()
    if is_first:
        _note_vote(ballot, voter)
    return vote


def _note_vote(ballot: Ballot, voter: Membership) -> None:
    """Note that a vote was cast, never which way."""
    acts.note(
        Act.VOTE_CAST,
        ballot.id,
        by=voter.user_id,
        cohort_id=ballot.cohort_id,
        stream_id=queries.stream_of(ballot.version_id),
    )
