"""What the database itself refuses about people: nothing crosses from one cohort to another."""

from datetime import timedelta

import pytest

from tests import cast
from tests.deciding.building import person
from tests.refused import foreign, refused, sam
from workgroup.cohorts.models import Delegation, Invitation, Subgroup
from workgroup.cohorts.roles import Role
from workgroup.database import db

pytestmark = pytest.mark.both_databases


@pytest.fixture
def abroad(session):
    """A delegation, a subgroup and a person of the other cohort."""
    return {
        "delegation_id": foreign(Delegation, code="FR", name="France", position=1),
        "subgroup_id": foreign(Subgroup, name="Others", position=1),
        "invited_by_id": sam(),
    }


@pytest.fixture
def invitation(session):
    olivia = person("olivia")
    invitation = Invitation(
        cohort_id=olivia.cohort_id,
        email="new@cast.example",
        roles=frozenset({Role.OBSERVER}),
        token_hash="a" * 64,
        invited_by_id=olivia.id,
        created_at=cast.JOINED,
        expires_at=cast.JOINED + timedelta(days=7),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


@pytest.mark.parametrize("column", ["delegation_id", "subgroup_id"])
def test_a_member_in_a_part_of_another_cohort(abroad, column):
    refused(
        f"fk_memberships_{column}_cohort_id|FOREIGN KEY",
        f"UPDATE memberships SET {column} = :abroad WHERE id = :id",
        abroad=abroad[column], id=person("hana").id,
    )  # fmt: skip


@pytest.mark.parametrize("column", ["delegation_id", "subgroup_id", "invited_by_id"])
def test_an_invitation_into_a_part_or_by_a_person_of_another_cohort(
    abroad, invitation, column
):
    refused(
        f"fk_invitations_{column}_cohort_id|FOREIGN KEY",
        f"UPDATE invitations SET {column} = :abroad WHERE id = :id",
        abroad=abroad[column], id=invitation.id,
    )  # fmt: skip


def test_an_invitation_both_accepted_and_withdrawn(invitation):
    refused(
        "spent_once",
        "UPDATE invitations SET accepted_at = :at, revoked_at = :at WHERE id = :id",
        at=cast.JOINED, id=invitation.id,
    )  # fmt: skip


def test_an_invitation_that_keeps_its_token_readable(invitation):
    refused(
        "token_is_a_hash",
        "UPDATE invitations SET token_hash = 'secret' WHERE id = :id",
        id=invitation.id,
    )


@pytest.mark.parametrize("table", ["delegations", "subgroups", "memberships"])
def test_nothing_moves_to_another_cohort(session, table):
    refused(
        "never changes",
        f"UPDATE {table} SET cohort_id = cohort_id + 1 "
        f"WHERE id = (SELECT min(id) FROM {table})",
    )
