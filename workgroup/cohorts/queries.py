"""Reading cohorts and their people. Nothing here changes anything."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from workgroup.accounts.models import Sector, User
from workgroup.cohorts.attribution import DECIDED, Mode, Surface
from workgroup.cohorts.models import (
    Cohort,
    Delegation,
    Invitation,
    Membership,
    Subgroup,
)
from workgroup.cohorts.roles import Role
from workgroup.database import db, lock_row
from workgroup.paging import Page, cut, offset

AT_ONCE = 50  # people of one page
SEEN = "names_seen"  # where a session keeps how names showed on the form's page


def find_membership(slug: str, user_id: int) -> Membership | None:
    """Return the person's current membership with its cohort, person and delegation."""
    wanted = {"slug": slug, "user_id": user_id}
    return db.session.scalars(_membership(), wanted).first()


# Built once: every page of a cohort runs this, and building it takes longer than running it.
@cache
def _membership() -> Select[Membership]:
    return (
        select(Membership)
        .join(Membership.cohort)
        .options(
            contains_eager(Membership.cohort),
            joinedload(Membership.user),
            joinedload(Membership.delegation),
            joinedload(Membership.subgroup),
        )
        .where(
            Cohort.slug == bindparam("slug"),
            Membership.user_id == bindparam("user_id"),
            Membership.ended_at.is_(None),
        )
    )


def memberships_of(user_id: int) -> Sequence[Membership]:
    """Return the person's current memberships with their cohorts, by the cohort's name."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.cohort)
        .options(contains_eager(Membership.cohort))
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
        .order_by(Cohort.name)
    ).all()


def cohorts_of(user_id: int) -> Sequence[int]:
    """List the cohorts that show a person's name, those that he or she has left too (one query)."""
    return db.session.scalars(
        select(Membership.cohort_id)
        .where(Membership.user_id == user_id)
        .distinct()
        .order_by(Membership.cohort_id)
    ).all()


def people(cohort_id: int) -> Sequence[Membership]:
    """Return the current memberships with person, delegation and subgroup."""
    return db.session.scalars(_people(cohort_id)).all()


def page_of_people(cohort_id: int, number: int) -> Page[Membership]:
    """Return a page of the current memberships, in the same order (one query)."""
    wanted = _people(cohort_id).offset(offset(number, AT_ONCE)).limit(AT_ONCE + 1)
    return cut(db.session.scalars(wanted).all(), number, AT_ONCE)


@dataclass(frozen=True)
class Counted:
    """How many people a cohort has."""

    by_delegation: Counter[int | None]
    by_sector: Counter[Sector | None]


def count_people(cohort_id: int) -> Counted:
    """Count the current memberships (one query)."""
    counted = Counted(Counter(), Counter())
    rows = db.session.execute(
        select(Membership.delegation_id, User.sector, func.count())
        .join(Membership.user)
        .where(Membership.cohort_id == cohort_id, Membership.ended_at.is_(None))
        .group_by(Membership.delegation_id, User.sector)
    )
    for delegation_id, sector, number in rows:
        counted.by_delegation[delegation_id] += number
        counted.by_sector[sector] += number
    return counted


def _people(cohort_id: int) -> Select[Membership]:
    return (
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
    )


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


def find_person(
    cohort_id: int, membership_id: int, *, or_left: bool = False
) -> Membership | None:
    """Return one current membership of the cohort with person, delegation and subgroup.

    ``or_left`` finds it also after the person left.
    """
    return db.session.scalars(
        select(Membership)
        .options(
            joinedload(Membership.user),
            joinedload(Membership.delegation),
            joinedload(Membership.subgroup),
        )
        .where(
            Membership.cohort_id == cohort_id,
            Membership.id == membership_id,
            true() if or_left else Membership.ended_at.is_(None),
        )
    ).first()


def find_delegation(cohort_id: int, delegation_id: int) -> Delegation | None:
    """Return one delegation of the cohort."""
    return db.session.scalars(
        select(Delegation).where(
            Delegation.cohort_id == cohort_id, Delegation.id == delegation_id
        )
    ).first()


def find_subgroup(cohort_id: int, subgroup_id: int) -> Subgroup | None:
    """Return one subgroup of the cohort."""
    return db.session.scalars(
        select(Subgroup).where(
            Subgroup.cohort_id == cohort_id, Subgroup.id == subgroup_id
        )
    ).first()


def organizers_under_lock(cohort_id: int) -> list[int]:
    """Return the organizers and lock the cohort, so that the last two cannot leave at once.

    Reads columns rather than the session's objects, which may be older than the lock.
    """
    db.session.execute(
        select(Cohort.id).where(Cohort.id == cohort_id).with_for_update(key_share=True)
    )
    living = db.session.execute(
        select(Membership.id, Membership.roles).where(
            Membership.cohort_id == cohort_id, Membership.ended_at.is_(None)
        )
    )
    return [person.id for person in living if Role.ORGANIZER in person.roles]


def is_living_member(cohort_id: int, email: str) -> bool:
    """Return whether the address belongs to a member of the cohort."""
    return (
        db.session.scalar(
            select(
                select(Membership.id)
                .join(Membership.user)
                .where(
                    Membership.cohort_id == cohort_id,
                    Membership.ended_at.is_(None),
                    User.email == email,
                )
                .exists()
            )
        )
        is True
    )


def open_invitations(cohort_id: int) -> Sequence[Invitation]:
    """Return the invitations that nobody accepted or withdrew, expired ones too."""
    return db.session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.delegation), joinedload(Invitation.subgroup))
        .where(
            Invitation.cohort_id == cohort_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.id)
    ).all()


def find_invitation(cohort_id: int, invitation_id: int) -> Invitation | None:
    """Return one invitation of the cohort, in whatever state."""
    return db.session.scalars(
        select(Invitation).where(
            Invitation.cohort_id == cohort_id, Invitation.id == invitation_id
        )
    ).first()


def invitation_of(token_hash: str) -> Invitation | None:
    """Return the invitation of a token, with everything that its page shows."""
    return db.session.scalars(
        select(Invitation)
        .options(
            joinedload(Invitation.cohort),
            joinedload(Invitation.delegation),
            joinedload(Invitation.subgroup),
            joinedload(Invitation.invited_by).joinedload(Membership.user),
        )
        .where(Invitation.token_hash == token_hash)
    ).first()


def next_position(table: type[Delegation | Subgroup], cohort_id: int) -> int:
    """Return the position after the cohort's last delegation or subgroup."""
    last = db.session.scalar(
        select(func.max(table.position)).where(table.cohort_id == cohort_id)
    )
    return (last or 0) + 1


def slug_of(cohort_id: int) -> str:
    """Return a cohort's short name in addresses."""
    return db.session.scalars(select(Cohort.slug).where(Cohort.id == cohort_id)).one()


def lock(
    thing: Cohort | Delegation | Subgroup | Membership | Invitation, *columns: str
) -> None:
    """Read columns of a row again and lock it until the transaction ends.

    Rows that refer to it can still be inserted: if this lock kept them out, a transaction
    that holds the cohort (``modes_held``), which this one may lock next, could deadlock with it.
    """
    lock_row(thing, *columns, referable=True)


def remember_seen(modes: Mapping[Surface, Mode]) -> None:
    """Remember during the request how names showed on the page that its form comes from."""
    db.session().info[SEEN] = modes


def modes_seen(at_request: Mapping[Surface, Mode]) -> dict[Surface, Mode]:
    """Return how names showed to the writer: on the form's page, else when the request came."""
    return {**at_request, **db.session().info.get(SEEN, {})}


def modes_held(cohort_id: int) -> dict[Surface, Mode]:
    """Return how a cohort names people now, and keep it so until the transaction ends.

    Many transactions can hold it at once; one that changes it waits for all of them.
    """
    columns = [
        getattr(Cohort, f"names_{one.value}").label(one.value) for one in DECIDED
    ]
    row = db.session.execute(
        select(*columns).where(Cohort.id == cohort_id).with_for_update(read=True)
    ).one()
    return {one: getattr(row, one.value) for one in DECIDED}
