"""The table of forms that have been acted upon."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model


class SentForm(Model):
    """One form that was acted upon, so that the same one sent again does nothing more."""

    __tablename__ = "sent_forms"

    # SHA-256 of who sent what to which address, with which random key.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject_id: Mapped[int | None]  # what it made
    at: Mapped[datetime] = mapped_column(index=True)
