"""What can be done with an export. Services change; entry points commit."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import Trace
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
OWNER = "export"  # of the file


class ExportUnderWayError(DomainError):
    """The report is already being printed."""


class NothingToPrintError(DomainError):
    """The report has no sections."""


def request_export(report: Report, by: Membership) -> Export:
    """Request the report as a file; the job is written in the same transaction.

    Raises:
        MoreNamesError: the history shows more of the person's name than it did.
        ExportUnderWayError: one is waiting or running. It ends with its job, at the latest
            when that was given up because its workers died three times. While no worker runs,
            a second export would only wait too.
        NothingToPrintError: there is no section yet.
    """
    promises.keep(by, Trace.EXPORT)
    sections = queries.sections(report.id)
    if not sections:
        raise NothingToPrintError(_("The report has no sections yet."))
    export = Export(
        report_id=report.id,
        requested_by_id=by.id,
        requested_at=clock.now(),
        final=is_final(sections),
    )
    try:
        with db.session.begin_nested():
            db.session.add(export)
    except IntegrityError as error:
        raise ExportUnderWayError(
            _("A PDF of this report is already being created. Wait until it is ready.")
        ) from error
    jobs.enqueue(KIND, {"export": export.id}, key=f"export:{export.id}")
    acts.note(Act.EXPORT_REQUESTED, export.id, by=by.user_id, cohort_id=by.cohort_id)
    return export


def begin(export: Export) -> None:
    """Mark the export as running from its first page on, also when it is run again."""
    export.state = ExportState.RUNNING
    export.page = 0


def finish(export: Export, printed: Printed, file_name: str, *, final: bool) -> None:
    """Mark the export as done and describe its file."""
    export.state = ExportState.DONE
    export.pages = export.page = printed.pages
    export.sha256 = printed.sha256
    export.file_name = file_name
    export.final = final
    export.finished_at = clock.now()


def fail(export: Export, code: str, parameters: dict[str, Any]) -> None:
    """Store why there is no file; requesting it again makes a new export.

    Args:
        export: one that is under way.
        code: a cause that ``labels.failure`` puts into words.
        parameters: what the words need.
    """
    export.state = ExportState.FAILED
    export.error_code = code
    export.error_parameters = parameters
    export.finished_at = clock.now()
