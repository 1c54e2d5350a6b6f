"""Former members have no access and appear nowhere; what they did stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import a_ballot, person
from workgroup import clock
from workgroup.accounts.models import User
from workgroup.cohorts import invitations, queries, services
from workgroup.cohorts.models import Cohort, Invitation, Subgroup
from workgroup.cohorts.roles import Assignment, Role
from workgroup.database import db
from workgroup.deciding import services as deciding
from workgroup.deciding.models import Elector
from workgroup.deciding.rules import Position

OBSERVER = Assignment(frozenset({Role.OBSERVER}))


def leave(name):
    member = person(name)
    services.remove(person("olivia"), member)
    db.session.commit()
    return member


def invite(olivia, email="nao@new.example"):
    invitation = invitations.invite(olivia, email, OBSERVER)
    db.session.commit()
    return invitation


def test_a_former_member_is_in_no_list_and_has_no_page(session, olivia):
    before = queries.count_people(olivia.cohort_id).by_delegation.total()
    hana = leave("hana")

    assert queries.count_people(olivia.cohort_id).by_delegation.total() == before - 1
    assert hana.id not in [one.id for one in queries.people(olivia.cohort_id)]
    assert queries.find_person(olivia.cohort_id, hana.id) is None
    assert queries.memberships_of(hana.user_id) == []


def test_a_former_member_is_not_an_elector_of_a_later_ballot(session, olivia):
    hana = leave("hana")

    ballot = a_ballot()

    electors = session.scalars(
        select(Elector.membership_id).where(Elector.ballot_id == ballot.id)
    ).all()
    assert hana.id not in electors
    assert len(electors) == 2


def test_an_elector_who_has_left_can_no_longer_vote(session, olivia):
    ballot, hana = a_ballot(), person("hana")
    session.commit()
    leave("hana")

    with pytest.raises(deciding.NotElectorError):
        deciding.cast_vote(ballot, hana, Position.SUPPORT, "")


def test_an_organizer_who_has_left_does_not_count_as_the_other_one(session, olivia):
    amy = person("amy")
    amy.roles = amy.roles | {Role.ORGANIZER}
    session.commit()
    leave("amy")

    with pytest.raises(services.LastOrganizerError):
        services.remove(olivia, olivia)


def test_a_former_member_can_be_invited_again(session, olivia):
    leave("hana")

    assert invite(olivia, cast.address("hana")).id


def test_a_subgroup_of_another_cohort_is_no_place(session, olivia):
    other = session.scalars(select(Cohort).where(Cohort.slug == cast.OTHER_SLUG)).one()
    foreign = Subgroup(cohort_id=other.id, name="Theirs", position=1)
    session.add(foreign)
    session.flush()

    with pytest.raises(
        services.AssignmentError, match="subgroup does not belong to this cohort"
    ):
        services.check_assignment(
            olivia.cohort_id, Assignment(OBSERVER.roles, subgroup_id=foreign.id)
        )


def test_an_accepted_invitation_cannot_be_withdrawn(session, olivia):
    invitation = invite(olivia)
    invitations.accept_as_newcomer(invitation, "Nao Nakano", "a long enough password")
    session.commit()

    with pytest.raises(invitations.InvitationSpentError):
        invitations.withdraw(olivia, invitation)

    session.rollback()
    assert session.get_one(Invitation, invitation.id).revoked_at is None


def test_an_invitation_that_has_expired_cannot_be_accepted(session, olivia):
    invitation = invite(olivia, cast.address("sam"))
    sam = session.scalars(select(User).where(User.email == invitation.email)).one()
    late = invitation.expires_at + timedelta(seconds=1)

    with clock.pretend(late), pytest.raises(invitations.InvitationSpentError):
        invitations.accept(invitation, sam)
