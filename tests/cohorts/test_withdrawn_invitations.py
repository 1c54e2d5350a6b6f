"""What an invitation's end leaves as it was: other invitations, and earlier ends."""

from datetime import timedelta

import pytest

from tests.deciding.building import person
from workgroup import clock
from workgroup.accounts import services as accounts
from workgroup.cohorts import invitations
from workgroup.cohorts.roles import Assignment, Role


def an_invitation(name):
    japan = Assignment(frozenset({Role.MEMBER}), person("hana").delegation_id)
    return invitations.invite(person("olivia"), name, japan)[0]


def test_one_invitation_is_withdrawn_and_the_others_stay_open(session):
    nao, ken = an_invitation("nao@new.example"), an_invitation("ken@new.example")

    invitations.withdraw(person("olivia"), nao)

    session.expire_all()
    assert nao.revoked_at is not None
    assert ken.revoked_at is None


def test_a_withdrawn_invitation_cannot_be_accepted(session):
    invitation = an_invitation("nao@new.example")
    nao = accounts.create_user("nao@new.example", "x", printed_name="Nao")
    invitations.withdraw(person("olivia"), invitation)

    with pytest.raises(invitations.InvitationSpentError):
        invitations.accept(invitation, nao)


def test_a_new_invitation_leaves_earlier_ones_as_they_ended(session):
    accepted = an_invitation("nao@new.example")
    nao = accounts.create_user("nao@new.example", "x", printed_name="Nao")
    invitations.accept(accepted, nao).ended_at = clock.now()
    withdrawn = an_invitation("nao@new.example")
    invitations.withdraw(person("olivia"), withdrawn)
    session.flush()
    session.expire_all()
    when = withdrawn.revoked_at

    with clock.pretend(when + timedelta(hours=1)):
        an_invitation("nao@new.example")

    session.expire_all()
    assert (accepted.revoked_at, withdrawn.revoked_at) == (None, when)
