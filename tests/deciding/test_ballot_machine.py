"""A ballot under any order of votes, removals, time, closes and cancellings."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.deciding.building import a_ballot, person
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import moves, queries, services
from workgroup.deciding.rules import PRESETS, Outcome, Phase, Position
from workgroup.drafting.states import SectionState
from workgroup.lifecycle import flow

VOTERS = ("amy", "hana", "minjun")


class BallotMachine(RuleBasedStateMachine):
    """One ballot; each run happens in a transaction that is thrown away."""

    @initialize(preset=st.sampled_from(list(PRESETS)))
    def open(self, preset):
        ballot = a_ballot(rule=PRESETS[preset], closes_in=timedelta(hours=3))
        self.ballot_id, self.closes_at = ballot.id, ballot.closes_at
        self.now = ballot.opens_at
        self.olivia = person("olivia")
        self.people = {name: person(name) for name in VOTERS}
        self.expected, self.removed, self.ended = {}, set(), None

    @property
    def ballot(self):
        return queries.with_electors(self.ballot_id)

    @rule(
        name=st.sampled_from(VOTERS),
        position=st.sampled_from(Position),
        reason=st.sampled_from(["", "Because."]),
    )
    def vote(self, name, position, reason):
        over = self.ended is not None or self.now >= self.closes_at
        silent = position.needs_reason and not reason
        with clock.pretend(self.now):
            if over or name in self.removed or silent:
                with pytest.raises(services.DomainError):
                    services.cast_vote(self.ballot, self.people[name], position, reason)
            else:
                services.cast_vote(self.ballot, self.people[name], position, reason)
                self.expected[name] = position

    @rule(minutes=st.integers(1, 120))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(name=st.sampled_from(VOTERS))
    def remove(self, name):
        self.people[name].ended_at = self.now
        db.session.flush()
        self.removed.add(name)

    @rule()
    def the_worker_comes_round(self):
        due = queries.due(self.now)
        assert bool(due) is (self.ended is None and self.now >= self.closes_at)
        for _ in due:
            flow.close(self.ballot, by=None)
            self.ended = Phase.CLOSED

    @rule(cancel=st.booleans())
    def the_organizer_ends_it(self, cancel):
        try:
            if cancel:
                moves.cancel(self.ballot, self.olivia, "Changed.")
            else:
                flow.close(self.ballot, by=self.olivia)
        except flow.BallotEndedError:
            assert self.ended
        else:
            assert not self.ended
            self.ended = Phase.CANCELLED if cancel else Phase.CLOSED

    @invariant()
    def the_votes_are_those_that_were_accepted(self):
        ballot = self.ballot
        names = {
            elector.id: name
            for elector in ballot.electors
            for name, member in self.people.items()
            if member.id == elector.membership_id
        }
        cast = {
            names[vote.elector_id]: vote.position for vote in queries.votes(ballot.id)
        }
        assert cast == self.expected
        voted = queries.who_has_voted(ballot.id)
        assert {names[elector_id] for elector_id in voted} == self.expected.keys()
        assert len(ballot.electors) == len(VOTERS)

    @invariant()
    def the_outcome_and_the_state_follow_from_the_votes(self):
        ballot = self.ballot
        state = queries.lock_section_of(ballot.version_id).state
        assert ballot.has_ended is bool(self.ended)
        if self.ended is not Phase.CLOSED:
            assert ballot.outcome is None
            assert state is SectionState.IN_BALLOT
            return
        assert ballot.outcome is moves.recount(ballot).outcome
        adopted = ballot.outcome is Outcome.ADOPTED
        assert state is (SectionState.ADOPTED if adopted else SectionState.REJECTED)

    def teardown(self):
        db.session.rollback()
        db.session.expunge_all()


def test_a_ballot_holds_under_any_order_of_events(session):
    run_state_machine_as_test(
        BallotMachine,
        settings=settings(max_examples=12, stateful_step_count=15, deadline=None),
    )
