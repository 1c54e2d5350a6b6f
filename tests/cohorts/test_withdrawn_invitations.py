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
    return invitations.invite(person("olivia"), name, japan)


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


def test_withdrawing_again_changes_nothing(session):
    invitation, olivia = an_invitation("nao@new.example"), person("olivia")
    invitations.withdraw(olivia, invitation)
    session.flush()
    session.expire_all()
    when = invitation.revoked_at

    with clock.pretend(when + timedelta(hours=1)):
        invitations.withdraw(olivia, invitation)

    session.expire_all()
    assert invitation.revoked_at == when


def test_an_invitation_that_was_replaced_is_not_called_withdrawn(session):
    """From an old page: the link that works is the newer one's."""
    old, newer = an_invitation("nao@new.example"), an_invitation("nao@new.example")

    with pytest.raises(invitations.InvitationSpentError, match="newer one"):
        invitations.withdraw(person("olivia"), old)

    session.expire_all()
    assert newer.is_open(clock.now())
