"""The tables of threads and comments."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String

from workgroup import bus
from workgroup.cohorts.models import Membership
from workgroup.database import Model
from workgroup.discussion.kinds import Audience, Subject, new_public_id
from workgroup.drafting.models import Section


class Thread(Model):
    """A discussion of some words; its quotation stays after the words are deleted.

    On a draft the anchor is the ``comment`` mark with its public id. On a version it is
    the quotation with its offsets in code points of the version's canonical text. A thread
    that not everybody sees has no mark, since everybody gets the text, and neither has one
    whose mark would reveal who set it: they are found by their quotation alone.
    """

    __tablename__ = "threads"
    __table_args__ = (
        CheckConstraint(
            '(start IS NULL) = ("end" IS NULL) AND (start IS NULL OR start < "end")',
            name="range_of_words",
        ),
        CheckConstraint(
            "(version_id IS NOT NULL) = (subject = 'version')",
            name="version_of_subject",
        ),
        CheckConstraint(
            "(ballot_id IS NOT NULL) = (subject = 'ballot')", name="ballot_of_subject"
        ),
        CheckConstraint(
            "(delegation_id IS NOT NULL) = (audience = 'delegation')",
            name="delegation_of_audience",
        ),
        CheckConstraint(
            "(subgroup_id IS NOT NULL) = (audience = 'subgroup')",
            name="subgroup_of_audience",
        ),
        Index("ix_threads_section_id_changed", "section_id", "changed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # For addresses and marks. For threads that are older than this column it is the row's number,
    # which their texts carry.
    public_id: Mapped[str] = mapped_column(
        String(22), unique=True, default=new_public_id
    )
    subject: Mapped[Subject] = mapped_column(default=Subject.SECTION)
    audience: Mapped[Audience] = mapped_column(default=Audience.EVERYBODY)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    subgroup_id: Mapped[int | None] = mapped_column(ForeignKey("subgroups.id"))
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballots.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("versions.id"), index=True
    )
    marked: Mapped[bool] = mapped_column(default=False, server_default=false())
    quote: Mapped[str] = mapped_column(default="")  # empty: the section as a whole
    prefix: Mapped[str] = mapped_column(String(64), default="")  # 32 characters before
    suffix: Mapped[str] = mapped_column(String(64), default="")  # 32 characters after
    start: Mapped[int | None]
    end: Mapped[int | None]
    created_at: Mapped[datetime]
    # When something last happened to it, in microseconds since 1970. Within a section no two
    # changes have the same number and later ones have higher ones, so an open page asks for
    # what came after the last that it has seen. A count would reveal how much is hidden from it.
    changed: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))

    section: Mapped[Section] = relationship(lazy="raise_on_sql")
    resolved_by: Mapped[Membership | None] = relationship(lazy="raise_on_sql")
    comments: Mapped[list["Comment"]] = relationship(
        order_by="Comment.id", lazy="raise_on_sql"
    )

    @property
    def circle(self) -> str:
        """The people who see it, as named in topics of the bus; empty: everybody."""
        group_id = self.delegation_id or self.subgroup_id
        return bus.circle(self.audience, group_id) if group_id else ""


class Comment(Model):
    """One comment of a thread."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_thread_id_id", "thread_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"), index=True)
    body: Mapped[str]
    at: Mapped[datetime]

    author: Mapped[Membership] = relationship(lazy="raise_on_sql")
