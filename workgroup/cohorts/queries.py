"""Reading cohorts and their people. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from workgroup.cohorts.models import Cohort, Delegation, Membership, Subgroup
from workgroup.database import db


def find_membership(slug: str, user_id: int) -> Membership | None:
    """Return the person's living membership with its cohort, person and delegation."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.cohort)
        .options(
            contains_eager(Membership.cohort),
            joinedload(Membership.user),
            joinedload(Membership.delegation),
            joinedload(Membership.subgroup),
        )
        .where(
            Cohort.slug == slug,
            Membership.user_id == user_id,
            Membership.ended_at.is_(None),
        )
    ).first()


def memberships_of(user_id: int) -> Sequence[Membership]:
    """Return the person's living memberships with their cohorts, by the cohort's name."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.cohort)
        .options(contains_eager(Membership.cohort))
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
        .order_by(Cohort.name)
    ).all()


def people(cohort_id: int) -> Sequence[Membership]:
    """Return the living memberships with person, delegation and subgroup."""
    return db.session.scalars(
        select(Membership)
        .outerjoin(Membership.delegation)
        .join(Membership.user)
        .options(
            contains_eager(Membership.user),
            contains_eager(Membership.delegation),
            joinedload(Membership.subgroup),
        )
        .where(Membership.cohort_id == cohort_id, Membership.ended_at.is_(None))
        .order_by(Delegation.position.nulls_last(), Membership.id)
    ).all()


def delegations(cohort_id: int) -> Sequence[Delegation]:
    """Return the cohort's delegations in their order."""
    return db.session.scalars(
        select(Delegation)
        .where(Delegation.cohort_id == cohort_id)
        .order_by(Delegation.position)
    ).all()


def subgroups(cohort_id: int) -> Sequence[Subgroup]:
    """Return the cohort's subgroups in their order."""
    return db.session.scalars(
        select(Subgroup)
        .where(Subgroup.cohort_id == cohort_id)
        .order_by(Subgroup.position)
    ).all()
