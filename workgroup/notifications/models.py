"""The tables of notices, of mail preferences, and of how far the log has been read."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model
from workgroup.notifications.kinds import FORMAT, Delivery, MailState, NoticeKind


class Notice(Model):
    """A notice to one person about one thing: only codes and ids; its words are made for the reader.

    What it is about may be removed, and a reader may lose the right to see it. So the ids are
    not foreign keys, and every query joins what the reader may see at that moment.
    """

    __tablename__ = "notices"
    __table_args__ = (
        # If a worker dies and the work is repeated, nobody gets two notices for one cause.
        UniqueConstraint("user_id", "kind", "cause"),
        CheckConstraint("(mail = 'sent') = (mailed_at IS NOT NULL)", name="sent_once"),
        Index(
            "ix_notices_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notices_waiting",
            "user_id",
            "kind",
            sqlite_where=text("mail = 'waiting'"),
            postgresql_where=text("mail = 'waiting'"),
        ),
        Index("ix_notices_mailed", "user_id", "kind", "mailed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    kind: Mapped[NoticeKind]
    format: Mapped[int] = mapped_column(default=FORMAT)
    cause: Mapped[str] = mapped_column(String(40))  # "act:17", or "ballot:3" of a clock
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    section_id: Mapped[int | None] = mapped_column(index=True)  # none: the cohort
    ballot_id: Mapped[int | None] = mapped_column(index=True)
    thread_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    mailed_at: Mapped[datetime | None]


class LogCursor(Model):
    """How far a reader has read the log; moved in the transaction that writes what it made of it."""

    __tablename__ = "log_cursors"

    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]  # of the last act that was read


class Preference(Model):
    """How one person wants one kind by mail; without a row the kind's default applies."""

    __tablename__ = "notice_preferences"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(primary_key=True)
    delivery: Mapped[Delivery]


class Digest(Model):
    """One person's daily mail; there is one for each day of the reader's own calendar."""

    __tablename__ = "notice_digests"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class UnsubscribeToken(Model):
    """A link in a mail that can only unsubscribe; only its hash is stored."""

    __tablename__ = "unsubscribe_tokens"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_is_a_hash"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[NoticeKind | None]  # none: all that comes in the daily mail
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
