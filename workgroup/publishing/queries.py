"""Reading exports, and the texts that are printed. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from workgroup.accounts.models import User
from workgroup.cohorts.models import PERSON, Cohort, Membership
from workgroup.database import db
from workgroup.drafting.models import Report, Section, Version
from workgroup.files.models import FileReference
from workgroup.publishing.models import Export
from workgroup.publishing.states import ExportState

UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)
SHOWN = 50  # exports on the page; older ones stay in the instance


def exports(report_id: int) -> Sequence[Export]:
    """Return the report's exports with who requested them, the newest first (one query)."""
    return db.session.scalars(
        select(Export)
        .options(joinedload(Export.requested_by).options(*PERSON))
        .where(Export.report_id == report_id)
        .order_by(Export.id.desc())
        .limit(SHOWN)
    ).all()


def find_export(cohort_id: int, export_id: int) -> Export | None:
    """Return an export of the cohort's report with who requested it (one query)."""
    return db.session.scalars(
        select(Export)
        .join(Report, Report.id == Export.report_id)
        .options(joinedload(Export.requested_by).options(*PERSON))
        .where(Export.id == export_id, Report.cohort_id == cohort_id)
    ).first()


def is_under_way(export_id: int) -> bool:
    """Return whether an export is waiting or being made (one query)."""
    wanted = select(Export.id).where(
        Export.id == export_id, Export.state.in_(UNDER_WAY)
    )
    return db.session.scalar(wanted) is not None


def zone_of_requester(export_id: int) -> str:
    """Return the name of the time zone of the person who requested an export."""
    return db.session.scalars(
        select(User.time_zone)
        .join(Membership, Membership.user_id == User.id)
        .join(Export, Export.requested_by_id == Membership.id)
        .where(Export.id == export_id)
    ).one()


def find_by_file_name(name: str) -> Export | None:
    """Return the finished export whose file has this name; names hold the export's id."""
    return db.session.scalars(
        select(Export).where(Export.file_name == name, Export.state == ExportState.DONE)
    ).first()


def without_file() -> Sequence[int]:
    """Return the ids of finished exports whose file is not in the store."""
    kept = exists().where(
        FileReference.owner_kind == "export", FileReference.owner_id == Export.id
    )
    return db.session.scalars(
        select(Export.id)
        .where(Export.state == ExportState.DONE, ~kept)
        .order_by(Export.id)
    ).all()


def usual_pages(report_id: int) -> int | None:
    """Return how many pages the last finished export had."""
    return db.session.scalars(
        select(Export.pages)
        .where(Export.report_id == report_id, Export.state == ExportState.DONE)
        .order_by(Export.id.desc())
        .limit(1)
    ).first()


def report_with_cohort(report_id: int) -> tuple[Report, Cohort]:
    """Return an existing report with its cohort (one query)."""
    row = db.session.execute(
        select(Report, Cohort)
        .join(Cohort, Cohort.id == Report.cohort_id)
        .where(Report.id == report_id)
    ).one()
    return row[0], row[1]


def reports(slug: str | None) -> Sequence[tuple[Report, Cohort]]:
    """Return every report with its cohort, or the one of the cohort with this slug."""
    wanted = select(Report, Cohort).join(Cohort, Cohort.id == Report.cohort_id)
    if slug is not None:
        wanted = wanted.where(Cohort.slug == slug)
    rows = db.session.execute(wanted.order_by(Cohort.slug)).all()
    return [(row[0], row[1]) for row in rows]


def sections(report_id: int) -> Sequence[Section]:
    """Return the report's sections in order with their streams (one query)."""
    return db.session.scalars(
        select(Section)
        .options(joinedload(Section.stream))
        .where(Section.report_id == report_id)
        .order_by(Section.position, Section.id)
    ).all()


def newest_versions(report_id: int) -> dict[int, Version]:
    """Return each section's newest version with its text (one query)."""
    newest = (
        select(func.max(Version.id).label("id"))
        .join(Section, Section.id == Version.section_id)
        .where(Section.report_id == report_id)
        .group_by(Version.section_id)
        .subquery()
    )
    found = db.session.scalars(
        select(Version)
        .join(newest, newest.c.id == Version.id)
        .join(Version.section)
        .options(contains_eager(Version.section), undefer(Version.canonical))
    )
    return {version.section_id: version for version in found}
