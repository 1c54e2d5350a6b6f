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
from workgroup.publishing import files, queries, services
from workgroup.publishing.assemble import assemble
from workgroup.publishing.models import Export
from workgroup.publishing.printing import (
    ExportFailedError,
    Printed,
    print_document,
)

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 0.5  # two notes of progress


def run_export(payload: dict[str, Any]) -> None:
    """Print one export; whatever goes wrong is written into its row, never tried again.

    A run that a worker's end cut off begins anew, and one that has ended is left alone.
    """
    export = db.session.get(Export, payload["export"])
    if export is None or export.state not in queries.UNDER_WAY:
        db.session.rollback()
        return
    services.begin(export)
    db.session.commit()
    try:
        _print(payload["export"])
    except ExportFailedError as error:
        _fail(payload["export"], error.code, str(error))
    except DomainError as error:
        _fail(payload["export"], "unreadable", str(error))
    except Exception:
        logger.exception("export %s failed", payload["export"])
        sentence = _("Something went wrong on our side. Tell the operator.")
        _fail(payload["export"], "internal", sentence)


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


def _print(export_id: int) -> None:
    document, slug = _assembled(export_id)
    suffix = "" if document.status is Status.FINAL else "-draft"
    name = f"{slug}-{export_id}{suffix}.pdf"
    limit = current_app.config["EXPORT_TIME_LIMIT"]
    printed = print_document(document, files.folder() / name, _noted(export_id), limit)
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


def _noted(export_id: int) -> Callable[[int], None]:
    """Return what writes a page's number into the row, not more than twice a second."""
    last = 0.0

    def note(page: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN:
            last = time.monotonic()
            db.session.get_one(Export, export_id).page = page
            db.session.commit()

    return note


def _fail(export_id: int, code: str, sentence: str) -> None:
    db.session.rollback()
    services.fail(db.session.get_one(Export, export_id), code, sentence)
    db.session.commit()
