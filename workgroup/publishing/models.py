"""The table of exports."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String

from workgroup.cohorts.models import Membership
from workgroup.database import Model
from workgroup.publishing.states import ExportState


class Export(Model):
    """One printing of the report, asked for by one person."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    requested_at: Mapped[datetime]
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING)
    final: Mapped[bool]  # all was decided; otherwise DRAFT stands on every page
    page: Mapped[int] = mapped_column(default=0)  # laid out so far
    pages: Mapped[int | None]
    finished_at: Mapped[datetime | None]
    file_name: Mapped[str] = mapped_column(String(120), default="")  # in the instance
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of the file, hex
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(default="")  # a sentence for the reader

    requested_by: Mapped[Membership] = relationship(lazy="raise_on_sql")
