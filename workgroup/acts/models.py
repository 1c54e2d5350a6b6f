"""The table of acts: the audit log, which notices and pages of history read."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model


class AuditRecord(Model):
    """One act: ids and the names of events only, never text that people wrote.

    Triggers of the schema refuse to change or delete a row.
    """

    __tablename__ = "audit_records"
    # What was done last to a thing, and which things it was done to last.
    __table_args__ = (Index(None, "action", "subject"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor: Mapped[str] = mapped_column(String(64))  # "person:7", or "system"
    action: Mapped[str] = mapped_column(String(64))  # "ballot.opened"
    subject: Mapped[str] = mapped_column(String(64))  # "ballot:12"
    cohort_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime]
    # SHA-256 over the one before and this.
    digest: Mapped[str] = mapped_column(String(64))
