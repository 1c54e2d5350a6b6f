"""How a vote is cast, changed and refused."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import IntegrityError

from tests.deciding.building import a_ballot
from workgroup import clock
from workgroup.acts.models import AuditRecord
from workgroup.bus import Revision
from workgroup.deciding import moves, queries, services
from workgroup.deciding.models import Participation, Vote
from workgroup.deciding.policies import can_vote
from workgroup.deciding.rules import Phase, Position
from workgroup.lifecycle import flow


@pytest.mark.both_databases
def test_a_later_vote_replaces_the_earlier_one(session, ballot, hana):
    services.cast_vote(ballot, hana, Position.SUPPORT, "")
    services.cast_vote(ballot, hana, Position.OBJECT, "The date is too early.")
    session.commit()

    [counted] = queries.votes(ballot.id)
    assert counted.position is Position.OBJECT
    assert counted.reason == "The date is too early."


@pytest.mark.both_databases
def test_a_vote_after_the_close_is_refused(session, ballot, hana):
    with (
        clock.pretend(ballot.closes_at),
        pytest.raises(services.BallotClosedError, match="not counted"),
    ):
        services.cast_vote(ballot, hana, Position.SUPPORT, "")

    assert queries.votes(ballot.id) == []


def test_a_vote_a_moment_before_the_close_counts(session, ballot, hana):
    with clock.pretend(ballot.closes_at - timedelta(microseconds=1)):
        services.cast_vote(ballot, hana, Position.SUPPORT, "")

    assert len(queries.votes(ballot.id)) == 1


def test_a_vote_counts_although_the_clock_was_set_back_since_the_opening(
    session, ballot, hana
):
    with clock.pretend(ballot.opens_at - timedelta(hours=1)):
        services.cast_vote(ballot, hana, Position.SUPPORT, "")
        assert ballot.phase(clock.now()) is Phase.OPEN

    assert len(queries.votes(ballot.id)) == 1


def test_a_vote_after_an_early_close_is_refused(session, ballot, hana, olivia):
    flow.close(ballot, by=olivia)

    with pytest.raises(services.BallotClosedError):
        services.cast_vote(ballot, hana, Position.SUPPORT, "")


@pytest.mark.parametrize("nothing", ["  \n", "\u200b\u3164"])
@pytest.mark.parametrize("position", [Position.OBJECT, Position.BLOCK])
def test_votes_against_need_a_reason(session, ballot, hana, position, nothing):
    with pytest.raises(services.ReasonMissingError, match="Give a reason"):
        services.cast_vote(ballot, hana, position, nothing)

    services.cast_vote(ballot, hana, position, "Too early.")


@pytest.mark.parametrize(
    "position", [each for each in Position if not each.needs_reason]
)
def test_all_other_votes_may_have_one(session, ballot, hana, position):
    vote = services.cast_vote(ballot, hana, position, "")

    assert vote.reason == ""


def test_a_removed_member_keeps_the_vote_and_can_cast_none(session, ballot, hana):
    services.cast_vote(ballot, hana, Position.SUPPORT, "")
    hana.ended_at = clock.now()
    session.flush()

    with pytest.raises(services.NotElectorError):
        services.cast_vote(ballot, hana, Position.ABSTAIN, "")

    counted = moves.recount(ballot)
    assert counted.over_all.supporters == 1
    assert counted.delegations["JP"].electors == 1
    assert not can_vote(hana, ballot)


def test_an_organizer_is_no_elector(session, ballot, olivia):
    assert not can_vote(olivia, ballot)
    with pytest.raises(services.NotElectorError):
        services.cast_vote(ballot, olivia, Position.SUPPORT, "")


def test_the_log_records_that_they_voted_and_never_how(session, ballot, hana):
    services.cast_vote(ballot, hana, Position.BLOCK, "The words of a reason.")
    session.commit()

    [record] = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "ballot.vote")
    )
    written = " ".join(str(value) for value in vars(record).values())
    assert "block" not in written
    assert "reason" not in written


def test_the_database_itself_holds_one_vote_for_each_elector(session, ballot, hana):
    vote = services.cast_vote(ballot, hana, Position.SUPPORT, "")
    session.commit()
    keys = {"ballot_id": ballot.id, "elector_id": vote.elector_id}

    for double in (
        insert(Vote).values(**keys, position=Position.ABSTAIN),
        insert(Participation).values(**keys, at=clock.now()),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(double)


def test_who_has_voted_is_known_and_a_change_of_mind_leaves_no_trace(
    session, ballot, hana
):
    services.cast_vote(ballot, hana, Position.SUPPORT, "")
    session.commit()
    before = queries.who_has_voted(ballot.id)
    acts = session.scalars(select(AuditRecord.number)).all()
    seen = [(row.topic, row.revision) for row in session.scalars(select(Revision))]

    with clock.pretend(clock.now() + timedelta(hours=3)):
        services.cast_vote(ballot, hana, Position.BLOCK, "It costs too much.")
        session.commit()

    assert len(before) == 1
    assert queries.who_has_voted(ballot.id) == before
    [vote] = queries.votes(ballot.id)
    assert vote.position is Position.BLOCK
    assert session.scalars(select(AuditRecord.number)).all() == acts
    again = session.scalars(select(Revision))
    assert [(row.topic, row.revision) for row in again] == seen


def test_a_vote_keeps_neither_moment_nor_number(session):
    columns = {
        column["name"] for column in inspect(session.connection()).get_columns("votes")
    }

    assert columns == {"ballot_id", "elector_id", "position", "reason"}


def test_votes_of_one_ballot_are_not_those_of_another(session, hana):
    first, second = a_ballot("Space policy"), a_ballot("Pandemics")

    services.cast_vote(first, hana, Position.SUPPORT, "")

    assert queries.find_vote(second.id, hana.id) is None
    assert moves.recount(second).over_all.voted == 0
