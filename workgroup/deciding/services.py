"""What can be done with a ballot. Services change; entry points commit.

Whoever changes a ballot locks it and only then asks the clock: of a vote and a close at
the same instant one is first, on every database. A section is locked before its ballot.
"""

from datetime import datetime

from flask_babel import gettext as _

from workgroup import bus, clock
from workgroup.audit import services as audit
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db
from workgroup.deciding import queries, reading
from workgroup.deciding.models import Ballot, Elector, Vote
from workgroup.deciding.rules import Outcome, Position, Rule
from workgroup.deciding.tally import Tally
from workgroup.drafting import services as drafting
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import Move
from workgroup.errors import DomainError


class NoElectorsError(DomainError):
    """Nobody in the cohort could vote."""


class ClosingPastError(DomainError):
    """The closing time is not after the opening."""


class BallotClosedError(DomainError):
    """A vote arrived outside the ballot's time."""


class BallotEndedError(DomainError):
    """The ballot was counted or cancelled before."""


class NotElectorError(DomainError):
    """Who is no elector of this ballot, or none any more, wanted to vote."""


class ReasonMissingError(DomainError):
    """An objection, a block or a cancelling came without its reason."""


def open_ballot(
    version: Version, rule: Rule, closes_at: datetime, by: Membership
) -> Ballot:
    """Ask the cohort's members, as they are now, to adopt a frozen version.

    Raises:
        ClosingPastError: the closing time has passed.
        NoElectorsError: nobody could vote.
        WrongStateError: the version's section is not frozen.
    """
    now = clock.now()
    if closes_at <= now:
        raise ClosingPastError(
            _("That time has passed. Choose a later one for the close.")
        )
    section = queries.lock_section_of(version.id)
    people = cohorts.people(by.cohort_id)
    voters = [person for person in people if person.may(Permission.VOTE)]
    electors = [
        Elector(membership_id=person.id, delegation_id=person.delegation_id)
        for person in voters
        if person.delegation_id is not None
    ]
    if not electors:
        raise NoElectorsError(
            _("Nobody could vote: invite members with a delegation first.")
        )
    drafting.move(section, Move.OPEN, by)
    ballot = Ballot(
        cohort_id=by.cohort_id,
        version=version,
        rule=rule,
        opened_by_id=by.id,
        opens_at=now,
        closes_at=closes_at,
        electors=electors,
    )
    db.session.add(ballot)
    db.session.flush()
    _tell(ballot, section.stream_id, "ballot.opened", by)
    return ballot


def cast_vote(
    ballot: Ballot, voter: Membership, position: Position, reason: str
) -> Vote:
    """Record the voter's position; a later vote replaces an earlier one.

    Raises:
        BallotClosedError: the ballot is not open at this moment.
        NotElectorError: the voter is not among the living electors.
        ReasonMissingError: an objection or a block came without its reason.
    """
    ballot = queries.lock_ballot(ballot.id)
    now = clock.now()
    if not ballot.is_open(now):
        raise BallotClosedError(_("This ballot is closed; your vote was not counted."))
    elector = queries.find_living_elector(ballot.id, voter.id)
    if elector is None:
        raise NotElectorError(_("You are not among those who vote in this ballot."))
    if position.needs_reason and not reason.strip():
        raise ReasonMissingError(_("Say why, so that the others can answer."))
    vote = queries.find_vote(ballot.id, voter.id)
    if vote is None:
        vote = Vote(ballot_id=ballot.id, elector_id=elector.id)
        db.session.add(vote)
    vote.position, vote.reason, vote.cast_at = position, reason.strip(), now
    db.session.flush()
    # The log says that a vote was cast, never which way.
    _tell(ballot, queries.stream_of(ballot.version_id), "ballot.vote", voter)
    return vote


def close(ballot: Ballot, by: Membership | None) -> Tally:
    """Count the votes; what they say becomes the section's state, for good.

    Args:
        ballot: one that has not ended.
        by: the organizer who closes it by hand; none at the deadline.

    Raises:
        BallotEndedError: it was counted or cancelled before.
    """
    section, ballot = _lock_unended(ballot)
    counted = recount(ballot)
    ballot.closed_at, ballot.outcome = clock.now(), counted.outcome
    adopted = counted.outcome is Outcome.ADOPTED
    drafting.move(section, Move.ADOPT if adopted else Move.REJECT, by)
    _tell(ballot, section.stream_id, "ballot.closed", by)
    return counted


def recount(ballot: Ballot) -> Tally:
    """Count the votes as they are in the database (three queries); changes nothing."""
    return reading.count(queries.with_electors(ballot.id), queries.votes(ballot.id))


def cancel_for_reopen(ballot: Ballot, by: Membership, reason: str) -> None:
    """End a ballot without a result, because its section goes back to draft.

    Its votes stay readable, marked as cancelled, and count for nothing.

    Raises:
        BallotEndedError: it was counted or cancelled before.
        ReasonMissingError: no reason was given.
    """
    if not reason.strip():
        raise ReasonMissingError(_("Say why, so that the members understand."))
    section, ballot = _lock_unended(ballot)
    ballot.cancelled_at, ballot.cancel_reason = clock.now(), reason.strip()
    _tell(ballot, section.stream_id, "ballot.cancelled", by)


def _lock_unended(ballot: Ballot) -> tuple[Section, Ballot]:
    section = queries.lock_section_of(ballot.version_id)
    ballot = queries.lock_ballot(ballot.id)
    if ballot.has_ended:
        raise BallotEndedError(
            _("This ballot has ended already. Look at its result first.")
        )
    return section, ballot


def _tell(ballot: Ballot, stream_id: int, action: str, by: Membership | None) -> None:
    actor = f"person:{by.user_id}" if by else "system"
    subject = f"ballot:{ballot.id}"
    audit.record(actor, action, subject, cohort_id=ballot.cohort_id)
    bus.raise_revision(bus.stream_topic(stream_id))
