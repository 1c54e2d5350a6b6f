"""What can be done with an export. Services change; entry points commit."""

from datetime import timedelta

from flask_babel import gettext as _

from workgroup import clock
from workgroup.audit import services as audit
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.drafting.models import Report
from workgroup.errors import DomainError
from workgroup.jobs import services as jobs
from workgroup.publishing import queries
from workgroup.publishing.assemble import is_final
from workgroup.publishing.models import Export
from workgroup.publishing.printing import Printed
from workgroup.publishing.states import ExportState

KIND = "export"  # of the job
GIVEN_UP = timedelta(minutes=15)  # an export that has not ended by then never will


class ExportUnderWayError(DomainError):
    """The report is already being printed."""


class NothingToPrintError(DomainError):
    """The report has no sections."""


def request_export(report: Report, by: Membership) -> Export:
    """Ask for the report as a file; the job is written in the same transaction.

    Raises:
        ExportUnderWayError: one is already on its way.
        NothingToPrintError: there is no section yet.
    """
    now = clock.now()
    if queries.is_under_way(report.id, now - GIVEN_UP):
        raise ExportUnderWayError(_("An export is under way; wait until it has ended."))
    sections = queries.sections(report.id)
    if not sections:
        raise NothingToPrintError(_("The report has no sections yet."))
    export = Export(
        report_id=report.id,
        requested_by_id=by.id,
        requested_at=now,
        final=is_final(sections),
    )
    db.session.add(export)
    db.session.flush()
    jobs.enqueue(KIND, {"export": export.id}, key=f"export:{export.id}")
    audit.record(
        f"person:{by.user_id}",
        "export.requested",
        f"export:{export.id}",
        cohort_id=by.cohort_id,
    )
    return export


def begin(export: Export) -> None:
    """Note that the setting has begun, or begins again after a worker's end."""
    export.state = ExportState.RUNNING
    export.page = 0


def finish(export: Export, printed: Printed, file_name: str, *, final: bool) -> None:
    """Note the finished file."""
    export.state = ExportState.DONE
    export.pages = export.page = printed.pages
    export.sha256 = printed.sha256
    export.file_name = file_name
    export.final = final
    export.finished_at = clock.now()


def fail(export: Export, code: str, sentence: str) -> None:
    """Note why there is no file; asking again writes a new export."""
    export.state = ExportState.FAILED
    export.error_code = code
    export.error = sentence
    export.finished_at = clock.now()
