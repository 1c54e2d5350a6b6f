"""Who is asked what, and until when, when a ballot opens."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.deciding.building import a_ballot, a_section, a_version, person
from workgroup import bus, clock
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.models import Membership
from workgroup.deciding import moves, queries
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import CONSENSUS
from workgroup.drafting.states import SectionState, WrongStateError
from workgroup.lifecycle import flow


@pytest.mark.both_databases
def test_the_members_become_electors_with_their_delegations(session, olivia):
    ballot = a_ballot()
    session.commit()

    found = queries.find_ballot(olivia.cohort_id, ballot.id)
    asked = [
        (each.membership.user.printed_name, each.delegation.code)
        for each in found.electors
    ]
    assert asked == [("Amy Adler", "US"), ("Hana Hoshino", "JP"), ("Minjun Ma", "KR")]


@pytest.mark.both_databases
def test_the_rule_is_kept_as_it_was(session):
    ballot = a_ballot(rule=CONSENSUS)
    session.commit()
    session.expire_all()

    assert session.get_one(Ballot, ballot.id).rule == CONSENSUS


def test_the_section_is_in_ballot_and_open_pages_learn_of_it(session):
    section = a_section()
    a_version(section)
    topics = [bus.topic(aspect, section.stream_id) for aspect in ("state", "ballot")]

    flow.put_to_vote(
        section, person("olivia"), CONSENSUS, clock.now() + timedelta(days=1)
    )
    session.commit()

    assert section.state is SectionState.IN_BALLOT
    assert bus.revisions(topics) == dict.fromkeys(topics, 1)


def test_without_electors_no_ballot_opens(session, olivia):
    section = a_section()
    a_version(section)
    for name in ("amy", "hana", "minjun"):
        person(name).ended_at = clock.now()
    session.flush()

    with pytest.raises(moves.NoElectorsError, match="Invite members"):
        flow.put_to_vote(section, olivia, CONSENSUS, clock.now() + timedelta(days=1))


def test_a_closing_time_that_has_passed_is_refused(session, olivia):
    section = a_section()
    a_version(section)

    now = clock.now()
    with clock.pretend(now), pytest.raises(moves.ClosingPastError, match="passed"):
        flow.put_to_vote(section, olivia, CONSENSUS, now)


def test_a_second_ballot_on_the_same_version_is_refused(session, ballot, olivia):
    with pytest.raises(WrongStateError, match="In ballot"):
        flow.put_to_vote(
            queries.lock_section_of(ballot.version_id),
            olivia,
            CONSENSUS,
            clock.now() + timedelta(days=1),
        )

    assert session.scalar(select(func.count(Ballot.id))) == 1


def test_a_person_who_joins_later_is_not_an_elector(session, ballot, olivia, hana):
    hana_again = Membership(
        cohort_id=hana.cohort_id,
        user_id=person("oscar").user_id,
        roles=hana.roles,
        delegation_id=hana.delegation_id,
        joined_at=clock.now(),
    )
    person("oscar").ended_at = clock.now()
    session.flush()
    session.add(hana_again)
    session.flush()

    assert queries.find_living_elector(ballot.id, hana_again.id) is None


def test_the_log_records_who_opened_it(session, ballot, olivia):
    session.commit()

    [record] = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "ballot.opened")
    )
    assert (record.actor, record.subject) == (
        f"person:{olivia.user_id}",
        f"ballot:{ballot.id}",
    )
