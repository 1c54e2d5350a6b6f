"""What the worker does for an export: assemble the report, set it, store the file."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from exports.document import Document, Status
from workgroup import clock
from workgroup.cohorts.attribution import Mode, Surface
from workgroup.database import db, end_transaction, reading_only
from workgroup.errors import DomainError
from workgroup.files import queries as files
from workgroup.files import services as store
from workgroup.files.spool import spooled
from workgroup.jobs import services as jobs
from workgroup.jobs.schedule import Kind, Task
from workgroup.jobs.services import LeaseLostError
from workgroup.publishing import labels, queries, services
from workgroup.publishing.assemble import UnreadableSectionError, assemble
from workgroup.publishing.models import Export
from workgroup.publishing.printing import (
    ExportFailedError,
    Printed,
    limits_of,
    print_document,
)

logger = logging.getLogger(__name__)

PDF = "application/pdf"
EVERY = timedelta(hours=1)  # between two searches for leftovers
ABANDONED = timedelta(days=2)  # longer than any export may take
SECONDS_BETWEEN = 0.5  # between two updates of the progress


def run_export(task: Task) -> None:
    """Print one export; a failure is written into its row and not tried again.

    A run that was cut off because its worker died begins again; one that has ended is left alone.
    ``held`` is called before each commit, so a worker that has lost its lease writes nothing more.
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
        _fail(task, error.code, error.parameters)
    except UnreadableSectionError as error:
        _fail(task, error.code, {"section": error.title})
    except Exception:
        logger.exception("export %s failed", task.payload["export"])
        _fail(task, "internal", {})


def _gave_up(payload: dict[str, Any], code: str) -> None:
    """Fail the export whose job was given up, so that another can be requested."""
    export = db.session.get(Export, payload["export"])
    if export is not None and export.state in queries.UNDER_WAY:
        services.fail(export, code, {})


# No pauses: a failure is in the export's row, and a person decides whether to try again. The
# death of a worker is not the report's fault, so the job is started again, but not forever.
KIND = Kind(run=run_export, max_starts=3, gave_up=_gave_up)


def print_now(
    slug: str | None, target: Path, on_page: Callable[[int], None]
) -> Printed:
    """Print a cohort's report as it is now, without a row or a job.

    Raises:
        DomainError: there is no report or more than one, or it cannot be printed.
    """
    with reading_only():
        try:
            found = queries.reports(slug)
            if len(found) != 1:
                slugs = ", ".join(cohort.slug for _report, cohort in found)
                raise DomainError(
                    _("Choose one of these cohorts: %(slugs)s.", slugs=slugs)
                    if found
                    else _("This report does not exist.")
                )
            document = assemble(*found[0], clock.now())
        except UnreadableSectionError as error:
            sentence = labels.failure(error.code, {"section": error.title})
            raise DomainError(sentence) from error
        finally:
            db.session.rollback()
    limits = limits_of(current_app.config)
    try:
        return print_document(document, target.absolute(), _scratch(), on_page, limits)
    except ExportFailedError as error:
        sentence = labels.failure(error.code, error.parameters)
        raise DomainError(sentence) from error


def _print(task: Task) -> None:
    export_id = task.payload["export"]
    document, slug = _assembled(export_id)
    final = document.status is Status.FINAL
    name = f"{slug}-{export_id}{'' if final else '-draft'}.pdf"
    limits = limits_of(current_app.config)
    # Each run has a folder of its own, so a second run finds no files of the first.
    scratch = _scratch()
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        target = Path(folder, "report.pdf")
        printed = print_document(document, target, scratch, _progress(task), limits)
        with target.open("rb") as content, spooled(content) as spool:
            for _part in store.put(spool, PDF, None):
                jobs.held(task)
                db.session.commit()
    jobs.held(task)
    stored = files.with_content(spool.sha256, PDF)
    store.refer(stored, services.OWNER, export_id)
    export = db.session.get_one(Export, export_id)
    services.finish(export, printed, name, final=final)
    db.session.commit()


def _assembled(export_id: int) -> tuple[Document, str]:
    """Read everything in one read-only transaction, which locks nothing."""
    with reading_only():
        try:
            export = db.session.get_one(Export, export_id)
            report, cohort = queries.report_with_cohort(export.report_id)
            # The date on the cover is in the time zone of the person who asked, not the server's,
            # unless it could tell who that was.
            zone = ZoneInfo(queries.zone_of_requester(export_id))
            if cohort.modes[Surface.HISTORY] is not Mode.NAMED:
                zone = ZoneInfo("UTC")
            at = export.requested_at.astimezone(zone)
            return assemble(report, cohort, at), cohort.slug
        finally:
            db.session.rollback()


def _progress(task: Task) -> Callable[[int], None]:
    """Return a function that writes the page number into the row, at most twice a second."""
    last = 0.0

    def write(page: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN:
            last = time.monotonic()
            jobs.held(task)
            db.session.get_one(Export, task.payload["export"]).page = page
            db.session.commit()

    return write


def _fail(task: Task, code: str, parameters: dict[str, Any]) -> None:
    db.session.rollback()
    jobs.held(task)
    export = db.session.get_one(Export, task.payload["export"])
    services.fail(export, code, parameters)
    db.session.commit()


def _scratch() -> Path:
    """Return the folder of unfinished files, which others cannot read; created if it is missing."""
    folder = Path(current_app.config["INSTANCE"], "scratch")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def tidy_instance() -> None:
    """Remove what killed workers left, and move the files of older versions into the store."""
    abandoned = time.time() - ABANDONED.total_seconds()
    for folder in _scratch().iterdir():
        if folder.stat().st_mtime < abandoned:
            shutil.rmtree(folder, ignore_errors=True)
    older = Path(current_app.config["INSTANCE"], "exports")
    if older.is_dir():
        for path in sorted(older.iterdir()):
            _move_into_store(path)
        with suppress(OSError):  # it still contains something that is not an export
            older.rmdir()


def _move_into_store(path: Path) -> None:
    """Move into the store a finished file that an older version kept in the instance's folder.

    It is deleted from the folder only after the commit, and only if its hash is the one in
    the export's row. So this may stop anywhere and be run again.
    """
    with reading_only():
        export = queries.find_by_file_name(path.name)
        end_transaction()
    if export is None:
        return
    with path.open("rb") as content, spooled(content) as spool:
        if spool.sha256 != export.sha256:
            logger.error("%s is not the file of export %s; left there", path, export.id)
            return
        for _part in store.put(spool, PDF, None):
            db.session.commit()
    stored = files.with_content(spool.sha256, PDF)
    store.keep_for(stored, services.OWNER, export.id)
    db.session.commit()
    path.unlink()
