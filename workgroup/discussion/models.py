"""The tables of threads and comments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String

from workgroup.cohorts.models import Membership
from workgroup.database import Model
from workgroup.drafting.models import Section


class Thread(Model):
    """A discussion of some words; its quotation stays when the words go.

    On a draft the anchor is the ``comment`` mark with this row's id. On a version it is
    the quotation with its offsets in code points of the version's canonical text.
    """

    __tablename__ = "threads"
    __table_args__ = (
        CheckConstraint(
            '(start IS NULL) = ("end" IS NULL) AND (start IS NULL OR start < "end")',
            name="range_of_words",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("versions.id"), index=True
    )
    quote: Mapped[str] = mapped_column(default="")  # empty: the section as a whole
    prefix: Mapped[str] = mapped_column(String(64), default="")  # 32 characters before
    suffix: Mapped[str] = mapped_column(String(64), default="")  # 32 characters after
    start: Mapped[int | None]
    end: Mapped[int | None]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))

    section: Mapped[Section] = relationship(lazy="raise_on_sql")
    resolved_by: Mapped[Membership | None] = relationship(lazy="raise_on_sql")
    comments: Mapped[list["Comment"]] = relationship(
        order_by="Comment.id", lazy="raise_on_sql"
    )


class Comment(Model):
    """What one person said in a thread."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_thread_id_id", "thread_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"), index=True)
    body: Mapped[str]
    at: Mapped[datetime]

    author: Mapped[Membership] = relationship(lazy="raise_on_sql")
