"""How votes are counted at the close, by hand or at the deadline."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.deciding.building import a_ballot, person
from workgroup import bus, clock
from workgroup.acts.models import AuditRecord
from workgroup.deciding import moves, queries, services
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import Outcome, Phase, Position
from workgroup.drafting.states import SectionState
from workgroup.lifecycle import flow, jobs


def everybody_votes(ballot, *positions):
    for name, position in zip(("amy", "hana", "minjun"), positions, strict=True):
        services.cast_vote(ballot, person(name), position, "Because.")


def state_of(ballot):
    return queries.lock_section_of(ballot.version_id).state


@pytest.mark.both_databases
def test_an_adopted_text_is_adopted(session, ballot, olivia):
    everybody_votes(ballot, Position.SUPPORT, Position.LIVE_WITH, Position.RESERVATION)

    flow.close(ballot, by=olivia)
    session.commit()

    assert ballot.outcome is Outcome.ADOPTED
    assert state_of(ballot) is SectionState.ADOPTED


def test_a_rejected_text_is_rejected(session, ballot, olivia):
    everybody_votes(ballot, Position.SUPPORT, Position.SUPPORT, Position.OBJECT)

    flow.close(ballot, by=olivia)

    assert ballot.outcome is Outcome.REJECTED
    assert state_of(ballot) is SectionState.REJECTED


def test_without_a_quorum_nothing_is_adopted(session, ballot, olivia):
    flow.close(ballot, by=olivia)

    assert ballot.outcome is Outcome.NO_QUORUM
    assert state_of(ballot) is SectionState.REJECTED


def test_a_second_close_is_refused(session, ballot, olivia):
    flow.close(ballot, by=olivia)

    with pytest.raises(moves.BallotEndedError, match="already ended"):
        flow.close(ballot, by=olivia)


def test_the_tally_can_be_taken_again_and_is_the_same(session, ballot, olivia):
    everybody_votes(ballot, Position.SUPPORT, Position.ABSTAIN, Position.BLOCK)

    counted = flow.close(ballot, by=olivia)
    session.commit()

    assert moves.recount(ballot) == counted
    assert counted.outcome is ballot.outcome


@pytest.mark.both_databases
def test_the_worker_closes_what_is_due_and_nothing_else(session):
    due, later = a_ballot("Space policy"), a_ballot("Climate")
    later.closes_at = due.closes_at + timedelta(seconds=1)
    session.commit()

    with clock.pretend(due.closes_at):
        jobs.close_due()

    assert session.get_one(Ballot, due.id).phase(clock.now()) is Phase.CLOSED
    assert session.get_one(Ballot, later.id).phase(clock.now()) is Phase.OPEN


def test_a_round_with_nothing_due_changes_nothing(session, ballot):
    session.commit()
    before = bus.revisions(["stream:1"])

    jobs.close_due()

    assert bus.revisions(["stream:1"]) == before
    assert session.get_one(Ballot, ballot.id).closed_at is None


def test_closing_twice_at_the_deadline_is_closing_once(session, ballot):
    session.commit()

    with clock.pretend(ballot.closes_at):
        jobs.close_due()
        jobs.close_due()

    assert session.get_one(Ballot, ballot.id).outcome is Outcome.NO_QUORUM


def test_a_ballot_that_cannot_be_counted_does_not_keep_others_waiting(session):
    broken, whole = a_ballot("Space policy"), a_ballot("Climate")
    queries.lock_section_of(broken.version_id).state = SectionState.DRAFT
    session.commit()

    with clock.pretend(whole.closes_at + timedelta(seconds=1)):
        jobs.close_due()

    assert session.get_one(Ballot, broken.id).outcome is None
    assert session.get_one(Ballot, whole.id).outcome is Outcome.NO_QUORUM


def test_a_canceled_ballot_keeps_its_votes_and_decides_nothing(session, ballot, olivia):
    everybody_votes(ballot, Position.SUPPORT, Position.SUPPORT, Position.SUPPORT)

    moves.cancel(ballot, olivia, "A figure was wrong.")
    session.commit()
    with clock.pretend(ballot.closes_at):
        jobs.close_due()

    assert ballot.phase(clock.now()) is Phase.CANCELLED
    assert ballot.outcome is None
    assert len(queries.votes(ballot.id)) == 3


@pytest.mark.parametrize("nothing", [" ", "\u200b\u3164"])
def test_canceling_needs_a_reason(session, ballot, olivia, nothing):
    with pytest.raises(moves.ReasonMissingError):
        moves.cancel(ballot, olivia, nothing)


def test_the_log_and_open_pages_learn_of_the_close(session, ballot, olivia):
    stream_id = queries.lock_section_of(ballot.version_id).stream_id
    session.commit()
    topic = bus.topic(bus.Aspect.BALLOT, stream_id)
    before = bus.revisions([topic])[topic]

    flow.close(ballot, olivia)
    session.commit()

    assert bus.revisions([topic])[topic] == before + 1
    [record] = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "ballot.closed")
    )
    assert (record.actor, record.subject) == (
        f"person:{olivia.user_id}",
        f"ballot:{ballot.id}",
    )
