"""The moves of a ballot: open, close and count, cancel.

Only ``lifecycle.flow`` calls them, together with the move of the section; an import contract
enforces that. Services change; entry points commit. A section is locked before its ballot, and
the clock is read under the lock, so that a vote and a close have one order.
"""

from datetime import datetime

from flask_babel import gettext as _

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db
from workgroup.deciding import queries, results
from workgroup.deciding.models import Ballot, Elector
from workgroup.deciding.rules import Rule
from workgroup.deciding.tally import Tally
from workgroup.drafting.models import Section, Version
from workgroup.errors import DomainError
from workgroup.text import is_visible


class NoElectorsError(DomainError):
    """Nobody in the cohort could vote."""


class ClosingPastError(DomainError):
    """The closing time is not after the opening."""


class BallotEndedError(DomainError):
    """The ballot was counted or cancelled before."""


class ReasonMissingError(DomainError):
    """A ballot was to be canceled without a reason."""


def open_ballot(
    version: Version, rule: Rule, closes_at: datetime, by: Membership
) -> Ballot:
    """Ask the cohort's present members to adopt a frozen version.

    Raises:
        ClosingPastError: the closing time has passed.
        NoElectorsError: nobody could vote.
    """
    section = queries.lock_section_of(version.id)
    now = clock.now()
    if closes_at <= now:
        raise ClosingPastError(_("That time has passed. Choose a later closing time."))
    people = cohorts.people(by.cohort_id)
    voters = [person for person in people if person.may(Permission.VOTE)]
    electors = [
        Elector(membership_id=person.id, delegation_id=person.delegation_id)
        for person in voters
        if person.delegation_id is not None
    ]
    if not electors:
        raise NoElectorsError(
            _("Nobody can vote yet. Invite members with a delegation first.")
        )
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
    _note(Act.BALLOT_OPENED, ballot, section, by)
    return ballot


def close(ballot: Ballot, by: Membership | None) -> Tally:
    """Count the votes and store the outcome, for good.

    Args:
        ballot: one that has not ended.
        by: the organizer who closes it by hand; none at the deadline.

    Raises:
        BallotEndedError: it was counted or cancelled before.
    """
    section, ballot = _lock_unended(ballot)
    # Counted under the lock that every vote takes, so no vote can come between count and close.
    counted = recount(ballot)
    ballot.closed_at, ballot.outcome = clock.now(), counted.outcome
    _note(Act.BALLOT_CLOSED, ballot, section, by)
    return counted


def recount(ballot: Ballot) -> Tally:
    """Count the votes as they are in the database (three queries); changes nothing."""
    return results.count(queries.with_electors(ballot.id), queries.votes(ballot.id))


def cancel(ballot: Ballot, by: Membership, reason: str) -> None:
    """End a ballot without a result, because its section goes back to draft.

    Its votes stay readable, marked as cancelled, and count for nothing.

    Raises:
        BallotEndedError: it was counted or cancelled before.
        ReasonMissingError: no reason was given.
    """
    if not is_visible(reason):
        raise ReasonMissingError(_("Give a reason, so that the others understand why."))
    section, ballot = _lock_unended(ballot)
    ballot.cancelled_at, ballot.cancel_reason = clock.now(), reason.strip()
    _note(Act.BALLOT_CANCELLED, ballot, section, by)


def _lock_unended(ballot: Ballot) -> tuple[Section, Ballot]:
    section = queries.lock_section_of(ballot.version_id)
    ballot = queries.lock_ballot(ballot.id)
    if ballot.has_ended:
        raise BallotEndedError(
            _("This ballot has already ended. See its result first.")
        )
    return section, ballot


def _note(act: Act, ballot: Ballot, section: Section, by: Membership | None) -> None:
    acts.note(
        act,
        ballot.id,
        by=by.user_id if by else None,
        cohort_id=ballot.cohort_id,
        stream_id=section.stream_id,
    )
