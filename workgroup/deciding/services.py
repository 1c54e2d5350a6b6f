"""Voting in a ballot. Services change; entry points commit.

Anything that changes a ballot locks it first and reads the clock after that: so of a vote and
a close at the same instant, one comes first on every database.
"""

from collections.abc import Callable

from flask_babel import gettext as _

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import Trace
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.deciding import queries
from workgroup.deciding.labels import position_label
from workgroup.deciding.models import Ballot, Elector, Participation, Vote
from workgroup.deciding.rules import Position
from workgroup.errors import DomainError
from workgroup.text import is_visible


class BallotClosedError(DomainError):
    """A vote arrived outside the ballot's time."""


class NotElectorError(DomainError):
    """The voter is not an elector of this ballot, or no longer one."""


class ReasonMissingError(DomainError):
    """An objection or a block came without its reason."""


def cast_vote(
    ballot: Ballot,
    voter: Membership,
    position: Position,
    reason: str,
    *,
    compare: Callable[[Vote | None], None] | None = None,
) -> Vote:
    """Record the voter's position; a later vote replaces an earlier one without a trace.

    Only the first vote is recorded as an act. A second record would reveal that somebody
    changed his or her mind, which nobody may learn, not even an organizer who opens the log.

    Args:
        ballot: one that is open.
        voter: one of its electors.
        position: what is voted.
        reason: why, for everybody to read after the close.
        compare: is given the voter's earlier vote under the lock, and refuses if the voter has
            not seen it.

    Raises:
        MoreNamesError: ballots show more of the voter's name than they did.
        BallotClosedError: the ballot is not open at this moment.
        NotElectorError: the voter is not an elector, or has left the cohort.
        ReasonMissingError: an objection or a block came without its reason.
    """
    promises.keep(voter, Trace.VOTE)
    ballot, elector = _admit(ballot, voter)
    if position.needs_reason and not is_visible(reason):
        raise ReasonMissingError(_("Give a reason, so that the others can respond."))
    vote = queries.find_vote(ballot.id, voter.id)
    if compare:
        compare(vote)
    is_first = vote is None
    if vote is None:
        keys = {"ballot_id": ballot.id, "elector_id": elector.id}
        vote = Vote(**keys)
        db.session.add_all([vote, Participation(at=clock.now(), **keys)])
    vote.position, vote.reason = position, reason.strip()
    if is_first:
        _note_vote(ballot, voter)
    return vote


def _admit(ballot: Ballot, voter: Membership) -> tuple[Ballot, Elector]:
    """Lock an open ballot, and return it with its elector."""
    # The clock is read under the lock: a vote that had to wait for the close finds the
    # ballot closed, no matter when it was sent.
    ballot = queries.lock_ballot(ballot.id)
    if not ballot.is_open(clock.now()):
        raise BallotClosedError(_too_late(ballot, voter))
    elector = queries.find_living_elector(ballot.id, voter.id)
    if elector is None:
        raise NotElectorError(
            _("You can’t vote in this ballot: you are not one of its electors.")
        )
    return ballot, elector


def _too_late(ballot: Ballot, voter: Membership) -> str:
    """Return what has become of a vote that came too late, and of one that was cast in time."""
    if ballot.cancelled_at is not None:
        return str(_("This ballot was canceled, so no votes are counted."))
    vote = queries.find_vote(ballot.id, voter.id)
    if vote is None:
        return str(_("This ballot is closed; your vote was not counted."))
    return str(
        _(
            "This ballot is closed, so your vote was not changed: %(position)s counts.",
            position=position_label(vote.position),
        )
    )


def _note_vote(ballot: Ballot, voter: Membership) -> None:
    """Record that a vote was cast, never which way."""
    acts.note(
        Act.VOTE_CAST,
        ballot.id,
        by=voter.user_id,
        cohort_id=ballot.cohort_id,
        stream_id=queries.stream_of(ballot.version_id),
    )
