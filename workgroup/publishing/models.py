"""The table of exports."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String

from workgroup.cohorts.models import Membership
from workgroup.database import Model
from workgroup.publishing.states import ExportState

UNDER_WAY_SQL = "state IN ('waiting', 'running')"


class Export(Model):
    """One printing of the report, requested by one person."""

    __tablename__ = "exports"
    __table_args__ = (
        # One at a time for each report: two people who ask at the same moment get one file.
        Index(
            "uq_exports_under_way",
            "report_id",
            unique=True,
            sqlite_where=text(UNDER_WAY_SQL),
            postgresql_where=text(UNDER_WAY_SQL),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    requested_at: Mapped[datetime]
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING)
    final: Mapped[bool]  # all was decided; otherwise DRAFT stands on every page
    page: Mapped[int] = mapped_column(default=0)  # laid out so far
    pages: Mapped[int | None]
    finished_at: Mapped[datetime | None]
    file_name: Mapped[str] = mapped_column(String(120), default="")  # to save it under
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of the file, hex
    # Why there is no file; the page puts it into words in the reader's language.
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error_parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    requested_by: Mapped[Membership] = relationship(lazy="raise_on_sql")
