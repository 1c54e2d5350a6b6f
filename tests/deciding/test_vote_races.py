"""Votes and closes at the same instant, in two threads, on both databases."""

from datetime import timedelta

import pytest

from tests.deciding.building import a_ballot, a_section, a_version, person
from tests.together import Together
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import moves, queries, services
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import SIMPLE_MAJORITY, Outcome, Position
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionState, WrongStateError
from workgroup.lifecycle import flow, jobs

pytestmark = pytest.mark.both_databases


@pytest.fixture
def together(app):
    return Together(app)


@pytest.fixture
def opened(app):
    """The id and the deadline of an open ballot, committed; no context is held."""
    with app.app_context():
        ballot = a_ballot(rule=SIMPLE_MAJORITY)
        db.session.commit()
        return ballot.id, ballot.closes_at


@pytest.fixture
def section(app, opened):
    """Read the section of the ballot in whichever context asks."""
    with app.app_context():
        number = db.session.get_one(Ballot, opened[0]).section_id
    return lambda: db.session.get_one(Section, number)


def vote(ballot_id, name, position, at=None):
    with clock.pretend(at or clock.now()):
        services.cast_vote(
            db.session.get_one(Ballot, ballot_id), person(name), position, "Because."
        )


def result(app, ballot_id):
    with app.app_context():
        ballot = db.session.get_one(Ballot, ballot_id)
        cast = [vote.position for vote in queries.votes(ballot_id)]
        return ballot.outcome, cast, moves.recount(ballot).outcome


def test_a_vote_in_the_last_moment_is_counted_by_the_close_that_waits_for_it(
    app, together, opened
):
    ballot_id, deadline = opened
    with app.app_context():
        vote(ballot_id, "amy", Position.SUPPORT)
        db.session.commit()

    def at_the_deadline():
        with clock.pretend(deadline):
            jobs.close_due()

    together.run(
        lambda: vote(
            ballot_id, "hana", Position.SUPPORT, deadline - timedelta(microseconds=1)
        ),
        at_the_deadline,
    )

    assert together.raised == {}
    assert result(app, ballot_id) == (
        Outcome.ADOPTED,  # with one vote alone there would be no quorum
        [Position.SUPPORT, Position.SUPPORT],
        Outcome.ADOPTED,
    )


def test_a_vote_that_comes_while_an_organizer_closes_is_refused(app, together, opened):
    ballot_id, _ = opened

    together.run(
        lambda: flow.close(db.session.get_one(Ballot, ballot_id), person("olivia")),
        lambda: vote(ballot_id, "hana", Position.SUPPORT),
    )

    assert together.raised == {"second": services.BallotClosedError}
    assert result(app, ballot_id) == (Outcome.NO_QUORUM, [], Outcome.NO_QUORUM)


def test_two_first_votes_of_one_person_become_one(app, together, opened):
    ballot_id, _ = opened

    together.run(
        lambda: vote(ballot_id, "hana", Position.SUPPORT),
        lambda: vote(ballot_id, "hana", Position.OBJECT),
    )

    assert together.raised == {}
    assert result(app, ballot_id)[1] == [Position.OBJECT]


def test_two_closes_count_once(app, together, opened):
    ballot_id, deadline = opened

    def by_the_worker():
        with clock.pretend(deadline):
            jobs.close_due()

    together.run(
        lambda: flow.close(db.session.get_one(Ballot, ballot_id), person("olivia")),
        by_the_worker,
    )

    assert together.raised == {}
    with app.app_context():
        ballot = db.session.get_one(Ballot, ballot_id)
        assert ballot.closed_at < deadline  # the organizer's close stands


def test_a_cancellation_and_a_close_do_not_both_happen(app, together, opened):
    ballot_id, _ = opened

    together.run(
        lambda: moves.cancel(
            db.session.get_one(Ballot, ballot_id), person("olivia"), "Wrong figure."
        ),
        lambda: flow.close(db.session.get_one(Ballot, ballot_id), person("olivia")),
    )

    assert together.raised == {"second": moves.BallotEndedError}
    assert result(app, ballot_id)[0] is None


def test_a_close_takes_no_ballot_before_its_section_is_free(together, opened, section):
    ballot_id, _ = opened

    together.run(
        lambda: drafting.lock_section(section()),
        lambda: flow.close(db.session.get_one(Ballot, ballot_id), person("olivia")),
        then=lambda: flow.reopen(section(), person("olivia"), "Wrong figure."),
    )

    assert together.raised == {"second": moves.BallotEndedError}  # and no deadlock


def test_a_reopening_takes_no_ballot_before_its_section_is_free(
    app, together, opened, section
):
    ballot_id, _ = opened

    together.run(
        lambda: drafting.lock_section(section()),
        lambda: flow.reopen(section(), person("olivia"), "Wrong figure."),
        then=lambda: flow.close(
            db.session.get_one(Ballot, ballot_id), person("olivia")
        ),
    )

    assert together.raised == {}  # and no deadlock
    assert result(app, ballot_id)[0] is Outcome.NO_QUORUM
    with app.app_context():
        assert section().state is SectionState.DRAFT


def test_two_organizers_open_one_ballot(app, together):
    with app.app_context():
        section = a_section()
        a_version(section)
        db.session.commit()
        section_id = section.id

    def opens():
        flow.put_to_vote(
            db.session.get_one(Section, section_id),
            person("olivia"),
            SIMPLE_MAJORITY,
            clock.now() + timedelta(days=1),
        )

    together.run(opens, opens)

    assert together.raised == {"second": WrongStateError}
