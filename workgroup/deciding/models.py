"""The tables of ballots, their electors, who has voted, and how."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String, TypeDecorator

from workgroup.cohorts.models import Delegation, Membership
from workgroup.database import Model
from workgroup.deciding.rules import Outcome, Phase, Position, Rule
from workgroup.drafting.models import Version

NOT_ENDED = text("closed_at IS NULL AND cancelled_at IS NULL")


def _of_the_ballots_own_electors() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["elector_id", "ballot_id"], ["electors.id", "electors.ballot_id"]
    )


class RuleType(TypeDecorator[Rule]):
    """A rule, stored as JSON with its shares exact."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: Rule | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        """Write the rule's plain values."""
        return None if value is None else value.to_json()

    def process_result_value(
        self, value: dict[str, Any] | None, dialect: Dialect
    ) -> Rule | None:
        """Read the rule back."""
        return None if value is None else Rule.from_json(value)


class Ballot(Model):
    """One question put to a cohort about one frozen version of a section.

    Triggers of the schema refuse to change what it asks, to delete it, and to touch it,
    its electors or its votes once it has ended.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_first"),
        CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name="outcome_at_close"
        ),
        CheckConstraint("closed_at IS NULL OR cancelled_at IS NULL", name="ends_once"),
        ForeignKeyConstraint(
            ["version_id", "section_id"], ["versions.id", "versions.section_id"]
        ),
        # One question at a time about a section, whatever its version.
        Index(
            "uq_ballots_open",
            "section_id",
            unique=True,
            sqlite_where=NOT_ENDED,
            postgresql_where=NOT_ENDED,
        ),
        Index(
            "ix_ballots_due",
            "closes_at",
            sqlite_where=NOT_ENDED,
            postgresql_where=NOT_ENDED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    version_id: Mapped[int] = mapped_column(index=True)
    section_id: Mapped[int]  # the version's
    rule: Mapped[Rule] = mapped_column(RuleType)  # as it was when the ballot opened
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # the deadline
    closed_at: Mapped[datetime | None]  # by hand or at the deadline
    outcome: Mapped[Outcome | None]
    cancelled_at: Mapped[datetime | None]  # its section was reopened
    cancel_reason: Mapped[str] = mapped_column(default="")

    version: Mapped[Version] = relationship(lazy="raise_on_sql")
    electors: Mapped[list["Elector"]] = relationship(
        order_by="Elector.id", lazy="raise_on_sql"
    )
    votes: Mapped[list["Vote"]] = relationship(lazy="raise_on_sql")

    @property
    def has_ended(self) -> bool:
        """Return whether the votes were counted or canceled; from then on everybody sees them."""
        return self.closed_at is not None or self.cancelled_at is not None

    def is_open(self, at: datetime) -> bool:
        """Return whether a vote arriving at ``at`` counts.

        Not asked: whether ``at`` is after ``opens_at``. It is, since a ballot exists only from its
        opening on, unless the machine's clock was set back since; then votes count all the same.
        """
        return not self.has_ended and at < self.closes_at

    def phase(self, at: datetime) -> Phase:
        """Return where the ballot stands at ``at``."""
        if self.cancelled_at is not None:
            return Phase.CANCELLED
        if self.closed_at is not None:
            return Phase.CLOSED
        return Phase.OPEN if self.is_open(at) else Phase.DUE


class Elector(Model):
    """Who may vote in a ballot, and for which delegation: copied when it opens."""

    __tablename__ = "electors"
    __table_args__ = (
        UniqueConstraint("ballot_id", "membership_id"),
        UniqueConstraint("id", "ballot_id"),  # what votes refer to
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"), index=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id"))

    membership: Mapped[Membership] = relationship(lazy="raise_on_sql")
    delegation: Mapped[Delegation] = relationship(lazy="raise_on_sql")


class Participation(Model):
    """The fact that an elector has voted, and when first; never how."""

    __tablename__ = "participations"
    __table_args__ = (_of_the_ballots_own_electors(),)

    ballot_id: Mapped[int] = mapped_column(primary_key=True)
    elector_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    at: Mapped[datetime]  # of the first vote: a later one leaves no trace


class Vote(Model):
    """One elector's position; a later vote replaces it in place.

    It has neither a number nor a time, so that the order in which people voted cannot be read
    from it. A ballot whose votes must stay secret has no rows here at all: anything stored in
    readable form could be linked to voters through backups and logs.
    """

    __tablename__ = "votes"
    __table_args__ = (
        _of_the_ballots_own_electors(),
        {"sqlite_with_rowid": False},  # no hidden row number either
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), primary_key=True)
    elector_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    position: Mapped[Position]
    reason: Mapped[str] = mapped_column(String(2000), default="")
