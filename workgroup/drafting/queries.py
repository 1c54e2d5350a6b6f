"""Reading the report, its sections and their versions. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from workgroup.cohorts.models import PERSON
from workgroup.database import db, lock_row
from workgroup.drafting.canonical import Json
from workgroup.drafting.models import HASHED, Report, Section, Version
from workgroup.drafting.numbering import numbers
from workgroup.drafting.states import SectionState
from workgroup.textlog.models import Stream


@dataclass(frozen=True)
class OutlineEntry:
    """A section at its place in the report."""

    section: Section
    number: str  # among its kind; empty for front matter
    version: Version | None  # the newest, without its text


def last_update(section: Section) -> int:
    """Return the number of the last update of a section's text (one query)."""
    last = select(Stream.last_seq).where(Stream.id == section.stream_id)
    return db.session.scalars(last).one()


def find_report(cohort_id: int) -> Report | None:
    """Return the cohort's one report."""
    return db.session.scalars(
        select(Report).where(Report.cohort_id == cohort_id)
    ).first()


def sections(report_id: int) -> Sequence[Section]:
    """Return the report's sections in order, with their subgroups (one query)."""
    return db.session.scalars(
        select(Section)
        .options(joinedload(Section.subgroup))
        .where(Section.report_id == report_id)
        .order_by(Section.position, Section.id)
    ).all()


def outline(report_id: int) -> list[OutlineEntry]:
    """Return the sections in order with number and newest version (two queries)."""
    found = sections(report_id)
    newest = newest_versions(report_id)
    given = numbers(section.kind for section in found)
    return [
        OutlineEntry(section, number, newest.get(section.id))
        for section, number in zip(found, given, strict=True)
    ]


def newest_versions(report_id: int) -> dict[int, Version]:
    """Return each section's newest version, without its text (one query)."""
    newest = (
        select(Version.section_id, func.max(Version.number).label("number"))
        .join(Version.section)
        .where(Section.report_id == report_id)
        .group_by(Version.section_id)
        .subquery()
    )
    found = db.session.scalars(
        select(Version).join(
            newest,
            (newest.c.section_id == Version.section_id)
            & (newest.c.number == Version.number),
        )
    )
    return {version.section_id: version for version in found}


def cohort_of_stream(stream_id: int) -> int | None:
    """Return the cohort that a live text belongs to; none if no section has it."""
    return db.session.scalar(
        select(Report.cohort_id)
        .join(Section, Section.report_id == Report.id)
        .where(Section.stream_id == stream_id)
    )


def find_section(cohort_id: int, section_id: int) -> Section | None:
    """Return a section of the cohort with its report, stream and subgroup (one query)."""
    wanted = {"cohort_id": cohort_id, "section_id": section_id}
    return db.session.scalars(_section(), wanted).first()


# Built once: every request of an open page begins with it.
@cache
def _section() -> Select[Section]:
    return (
        select(Section)
        .join(Section.report)
        .options(
            contains_eager(Section.report),
            joinedload(Section.stream),
            joinedload(Section.subgroup),
        )
        .where(
            Section.id == bindparam("section_id"),
            Report.cohort_id == bindparam("cohort_id"),
        )
    )


def find_version(cohort_id: int, section_id: int, number: int) -> Version | None:
    """Return a version with its text, its section and who froze it (one query)."""
    return db.session.scalars(
        select(Version)
        .join(Version.section)
        .join(Section.report)
        .options(
            contains_eager(Version.section).contains_eager(Section.report),
            undefer(Version.canonical),
            joinedload(Version.frozen_by).options(*PERSON),
        )
        .where(
            Version.section_id == section_id,
            Version.number == number,
            Report.cohort_id == cohort_id,
        )
    ).first()


def latest_version(section_id: int, *loads: ORMOption) -> Version | None:
    """Return the section's newest version; ``loads`` must undefer what is needed of its text."""
    return db.session.scalars(
        select(Version)
        .options(*loads)
        .where(Version.section_id == section_id)
        .order_by(Version.number.desc())
        .limit(1)
    ).first()


def printed_forms(report_id: int, but: int) -> list[Json]:
    """Return the texts that are frozen and not rejected, except one section's (one query)."""
    earlier = aliased(Version)
    newest = (
        select(func.max(earlier.number))
        .where(earlier.section_id == Section.id)
        .correlate(Section)
        .scalar_subquery()
    )
    found = db.session.scalars(
        select(Version)
        .join(Version.section)
        .options(undefer(Version.canonical))
        .where(
            Section.report_id == report_id,
            Section.id != but,
            Section.state.not_in((SectionState.DRAFT, SectionState.REJECTED)),
            Version.number == newest,
        )
    )
    return [version.form for version in found]


def version_history(section_id: int) -> Sequence[Version]:
    """Return all versions, the newest first, without their texts (one query)."""
    return db.session.scalars(
        select(Version)
        .options(
            joinedload(Version.frozen_by).options(*PERSON),
        )
        .where(Version.section_id == section_id)
        .order_by(Version.number.desc())
    ).all()


def number_of(section: Section) -> str:
    """Return a section's number among its kind (one query)."""
    order = db.session.execute(
        select(Section.id, Section.kind)
        .where(Section.report_id == section.report_id)
        .order_by(Section.position, Section.id)
    ).all()
    given = numbers(row.kind for row in order)
    return given[[row.id for row in order].index(section.id)]


def cohort_of(report_id: int) -> int:
    """Return the cohort that a report belongs to."""
    return db.session.scalars(
        select(Report.cohort_id).where(Report.id == report_id)
    ).one()


def section_count(report_id: int) -> int:
    """Return how many sections the report has, which is the last one's position."""
    counted = select(func.count(Section.id)).where(Section.report_id == report_id)
    return db.session.scalar(counted) or 0


def lock_section(section: Section) -> None:
    """Read a section again and keep others from changing it until the transaction ends.

    The order of locks, everywhere: report, section, ballot, stream.

    Raises:
        GoneError: somebody has removed it since it was read.
    """
    lock_row(section, "state", "position", "subgroup_id", *HASHED)


def lock_order(report_id: int) -> None:
    """Lock the report, so that its sections are ordered and frozen one after the other."""
    db.session.get_one(Report, report_id, with_for_update=True, populate_existing=True)


def lock_report(report: Report) -> None:
    """Read a report's title page again and lock it until the transaction ends."""
    lock_row(report)
