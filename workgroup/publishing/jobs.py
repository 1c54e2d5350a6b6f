"""What the worker does for an export: assemble, set, keep the file."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from exports.document import Document, Status
from workgroup import clock
from workgroup.database import db, reading_only
from workgroup.errors import DomainError
from workgroup.jobs import services as jobs
from workgroup.jobs.schedule import Kind, Task
from workgroup.jobs.services import LeaseLostError
from workgroup.publishing import files, queries, services
from workgroup.publishing.assemble import assemble
from workgroup.publishing.models import Export
from workgroup.publishing.printing import (
    ExportFailedError,
    Printed,
    print_document,
)

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 0.5  # two writings of progress


def run_export(task: Task) -> None:
    """Print one export; whatever goes wrong is written into its row, never tried again.

    A run that a worker's end cut off begins again, and one that has ended is left alone.
    Each commit is behind ``held``: a worker whose lease was lost writes nothing more.
    """
    export = db.session.get(Export, task.payload["export"])
    if export is None or export.state not in queries.UNDER_WAY:
        db.session.rollback()
        return
    jobs.held(task)
    services.begin(export)
    db.session.commit()
    try:
        _print(task)
    except LeaseLostError:
        raise
    except ExportFailedError as error:
        _fail(task, error.code, str(error))
    except DomainError as error:
        _fail(task, "unreadable", str(error))
    except Exception:
        logger.exception("export %s failed", task.payload["export"])
        sentence = _("Something went wrong on our side. Tell the operator.")
        _fail(task, "internal", sentence)


def _gave_up(payload: dict[str, Any], code: str) -> None:
    """Let an export end with its job, so that another can be asked for."""
    export = db.session.get(Export, payload["export"])
    if export is not None and export.state in queries.UNDER_WAY:
        sentence = _("Creating the PDF was cut off several times. Tell the operator.")
        services.fail(export, code, sentence)


# No pauses: what failed is in the export's row, and a person asks again. A worker's end
# is no failure of the report, so it is started anew, but not for ever.
KIND = Kind(run=run_export, max_starts=3, gave_up=_gave_up)


def print_now(slug: str | None, target: Path, tell: Callable[[int], None]) -> Printed:
    """Print a cohort's report as it stands, without a row or a job.

    Raises:
        DomainError: there is no report, not one alone, or it cannot be printed.
    """
    with reading_only():
        try:
            found = queries.reports(slug)
            if len(found) != 1:
                slugs = ", ".join(cohort.slug for _report, cohort in found)
                raise DomainError(
                    _("Name one of these cohorts: %(slugs)s.", slugs=slugs)
                    if found
                    else _("There is no such report.")
                )
            document = assemble(*found[0], clock.now())
        finally:
            db.session.rollback()
    limit = current_app.config["EXPORT_TIME_LIMIT"]
    return print_document(document, target.absolute(), tell, limit)


def _print(task: Task) -> None:
    export_id = task.payload["export"]
    document, slug = _assembled(export_id)
    suffix = "" if document.status is Status.FINAL else "-draft"
    name = f"{slug}-{export_id}{suffix}.pdf"
    limit = current_app.config["EXPORT_TIME_LIMIT"]
    printed = print_document(document, files.folder() / name, _progress(task), limit)
    jobs.held(task)
    export = db.session.get_one(Export, export_id)
    final = document.status is Status.FINAL
    services.finish(export, printed, name, final=final)
    db.session.commit()


def _assembled(export_id: int) -> tuple[Document, str]:
    """Read everything in one transaction that locks nothing."""
    with reading_only():
        try:
            export = db.session.get_one(Export, export_id)
            report, cohort = queries.report_with_cohort(export.report_id)
            return assemble(report, cohort, export.requested_at), cohort.slug
        finally:
            db.session.rollback()


def _progress(task: Task) -> Callable[[int], None]:
    """Return what writes a page's number into the row, at most twice a second."""
    last = 0.0

    def write(page: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN:
            last = time.monotonic()
            jobs.held(task)
            db.session.get_one(Export, task.payload["export"]).page = page
            db.session.commit()

    return write


def _fail(task: Task, code: str, sentence: str) -> None:
    db.session.rollback()
    jobs.held(task)
    services.fail(db.session.get_one(Export, task.payload["export"]), code, sentence)
    db.session.commit()
