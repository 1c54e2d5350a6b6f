"""The tables of a cohort and its people."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.types import String, TypeDecorator

from workgroup.accounts.models import User
from workgroup.cohorts.attribution import DECIDED, Mode, Surface
from workgroup.cohorts.roles import Permission, Role, permissions
from workgroup.database import Model


class Roles(TypeDecorator[frozenset[Role]]):
    """A set of roles, stored as their sorted names with commas between."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(
        self, value: frozenset[Role] | None, dialect: Dialect
    ) -> str | None:
        """Write the set in one fixed order."""
        return None if value is None else ",".join(sorted(value))

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> frozenset[Role] | None:
        """Read the names back."""
        if value is None:
            return None
        return frozenset(Role(name) for name in value.split(",") if name)


def only_roles() -> CheckConstraint:
    """Return a check that a set of roles names nothing else, as often and in any order."""
    left = "',' || roles"
    for role in Role:
        left = f"replace({left}, ',{role.value}', '')"
    return CheckConstraint(f"roles = '' OR {left} = ''", name="roles_known")


def within_cohort(column: str, table: str) -> ForeignKeyConstraint:
    """Return a foreign key that admits only rows of the same cohort as its own row."""
    return ForeignKeyConstraint(
        [column, "cohort_id"], [f"{table}.id", f"{table}.cohort_id"]
    )


class Cohort(Model):
    """One working group in one cycle."""

    __tablename__ = "cohorts"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # Shown on every page, e.g. of a demo.
    notice: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    # How people are named on each surface; once people rely on it, never changed to show more.
    names_live: Mapped[Mode] = mapped_column(default=Mode.NAMED)
    names_comments: Mapped[Mode] = mapped_column(default=Mode.NAMED)
    names_history: Mapped[Mode] = mapped_column(default=Mode.NAMED)
    names_votes: Mapped[Mode] = mapped_column(default=Mode.NAMED)
    names_print: Mapped[Mode] = mapped_column(default=Mode.NAMED)

    @property
    def modes(self) -> dict[Surface, Mode]:
        """How each surface names people; the list of members always shows names."""
        decided: dict[Surface, Mode] = {
            one: getattr(self, f"names_{one.value}") for one in DECIDED
        }
        return {**decided, Surface.PEOPLE: Mode.NAMED}


class Delegation(Model):
    """The country that some members are experts of."""

    __tablename__ = "delegations"
    __table_args__ = (
        UniqueConstraint("cohort_id", "code"),
        UniqueConstraint("id", "cohort_id"),  # what keys within the cohort refer to
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    code: Mapped[str] = mapped_column(String(3))  # US, JP, KR
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]  # the order in which delegations are always shown


class Subgroup(Model):
    """Some members of a cohort, responsible for some sections."""

    __tablename__ = "subgroups"
    __table_args__ = (
        UniqueConstraint("cohort_id", "name"),
        UniqueConstraint("id", "cohort_id"),  # what keys within the cohort refer to
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]


class Membership(Model):
    """A person's place in a cohort; it may end, but is never deleted."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("id", "cohort_id"),  # what keys within the cohort refer to
        only_roles(),
        within_cohort("delegation_id", "delegations"),
        within_cohort("subgroup_id", "subgroups"),
        # One current membership for each person and cohort; ended ones may repeat.
        Index(
            "uq_memberships_living",
            "cohort_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    roles: Mapped[frozenset[Role]] = mapped_column(Roles)
    delegation_id: Mapped[int | None] = mapped_column(index=True)
    subgroup_id: Mapped[int | None] = mapped_column(index=True)
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    # Loaded only where a query asks for it; touching it elsewhere is an error.
    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")
    # Their keys carry the cohort too; a relationship sets its own column alone.
    delegation: Mapped[Delegation | None] = relationship(
        primaryjoin="Membership.delegation_id == Delegation.id",
        foreign_keys="Membership.delegation_id",
        lazy="raise_on_sql",
    )
    subgroup: Mapped[Subgroup | None] = relationship(
        primaryjoin="Membership.subgroup_id == Subgroup.id",
        foreign_keys="Membership.subgroup_id",
        lazy="raise_on_sql",
    )

    def may(self, permission: Permission) -> bool:
        """Return whether this membership has not ended and permits something."""
        return self.ended_at is None and permission in permissions(self.roles)


# What naming a member needs, loaded with the membership.
PERSON = (joinedload(Membership.user), joinedload(Membership.delegation))


class Invitation(Model):
    """A single-use way into a cohort for one address; only the token's hash is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        only_roles(),
        within_cohort("delegation_id", "delegations"),
        within_cohort("subgroup_id", "subgroups"),
        within_cohort("invited_by_id", "memberships"),
        CheckConstraint("length(token_hash) = 64", name="token_is_a_hash"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="spent_once"),
        # One open invitation for each cohort and address; a newer one replaces it.
        Index(
            "uq_invitations_open",
            "cohort_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    email: Mapped[str] = mapped_column(String(255))
    roles: Mapped[frozenset[Role]] = mapped_column(Roles)
    delegation_id: Mapped[int | None]
    subgroup_id: Mapped[int | None]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hex
    invited_by_id: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")
    # Their keys carry the cohort too; a relationship sets its own column alone.
    invited_by: Mapped[Membership] = relationship(
        primaryjoin="Invitation.invited_by_id == Membership.id",
        foreign_keys="Invitation.invited_by_id",
        lazy="raise_on_sql",
    )
    delegation: Mapped[Delegation | None] = relationship(
        primaryjoin="Invitation.delegation_id == Delegation.id",
        foreign_keys="Invitation.delegation_id",
        lazy="raise_on_sql",
    )
    subgroup: Mapped[Subgroup | None] = relationship(
        primaryjoin="Invitation.subgroup_id == Subgroup.id",
        foreign_keys="Invitation.subgroup_id",
        lazy="raise_on_sql",
    )

    def is_open(self, at: datetime) -> bool:
        """Return whether it can still be accepted at a moment."""
        spent = self.accepted_at is not None or self.revoked_at is not None
        return not spent and at < self.expires_at
