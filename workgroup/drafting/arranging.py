"""What an organizer can do with the report and the order of its sections.

Services change; entry points commit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from exports.sizes import MOST, Size
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.drafting import queries
from workgroup.drafting.models import HASHED, Report, Section
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.errors import DomainError
from workgroup.textlog import services as textlog
from workgroup.textlog.models import Stream

TITLE_PAGE = (
    "title",
    "subtitle",
    "convener",
    "funders",
    "mentors",
    "staff",
    "disclaimer",
)


ASIDE = 1_000_000  # past the last position of any report


class TooManySectionsError(DomainError):
    """The report has as many sections as can be printed."""


class ReportExistsError(DomainError):
    """A cohort writes one report."""


class HashedError(DomainError):
    """Fields that a version's hash covers can be changed only in a draft."""


class KeptError(DomainError):
    """The section is part of the record and cannot be removed."""


class WrittenMeanwhileError(DomainError):
    """Words would be removed that the organizer has not seen."""


def create_report(by: Membership, title: str, **lines: str) -> Report:
    """Create the cohort's report with its title page.

    Raises:
        ReportExistsError: the cohort has one already.
    """
    if queries.find_report(by.cohort_id):
        raise ReportExistsError(_("This cohort already has a report."))
    report = Report(cohort_id=by.cohort_id, title=title, **lines)
    db.session.add(report)
    db.session.flush()
    acts.note(Act.REPORT_CREATED, report.id, by=by.user_id, cohort_id=by.cohort_id)
    return report


def set_title_page(report: Report, by: Membership, **lines: str) -> None:
    """Change title, subtitle and the lines of the imprint."""
    changed = {
        name: lines[name]
        for name in TITLE_PAGE
        if name in lines and lines[name] != getattr(report, name)
    }
    if not changed:
        return
    for name, line in changed.items():
        setattr(report, name, line)
    acts.note(Act.TITLE_PAGE_CHANGED, report.id, by=by.user_id, cohort_id=by.cohort_id)


def add_section(
    report: Report,
    by: Membership,
    *,
    kind: SectionKind,
    title: str,
    subgroup_id: int | None = None,
    addressees: str = "",
    horizon: str = "",
    blocks: Sequence[Mapping[str, Any]] | None = None,
) -> Section:
    """Add a section at the end, with these blocks or an empty paragraph.

    Raises:
        TooManySectionsError: the report has as many as can be printed.
        ValueError: ``blocks`` holds something that the schema does not know.
    """
    queries.lock_order(report.id)
    others = queries.section_count(report.id)
    if others >= MOST[Size.SECTIONS]:
        raise TooManySectionsError(
            _(
                "A report can have at most %(most)s sections. Remove one first, or write under a heading of another section.",
                most=MOST[Size.SECTIONS],
            )
        )
    section = Section(
        report=report,
        stream=textlog.create_stream(blocks),
        kind=kind,
        title=title,
        position=others + 1,
        subgroup_id=subgroup_id,
        addressees=addressees,
        horizon=horizon,
    )
    db.session.add(section)
    db.session.flush()
    _note(Act.SECTION_ADDED, section, by)
    return section


def change_section(
    section: Section,
    by: Membership,
    *,
    kind: SectionKind,
    title: str,
    subgroup_id: int | None,
    addressees: str,
    horizon: str,
) -> None:
    """Change the fields above a section's text; the subgroup may change in any state.

    Raises:
        HashedError: kind, title, addressees or horizon of a section that is no draft.
    """
    queries.lock_section(section)
    wanted = dict(zip(HASHED, (kind, title, addressees, horizon), strict=True))
    changed = {
        name: value for name, value in wanted.items() if value != getattr(section, name)
    }
    if changed and section.state is not SectionState.DRAFT:
        raise HashedError(
            _(
                "The kind, title, addressees and horizon were frozen with the text. Reopen the section to change them."
            )
        )
    if not changed and section.subgroup_id == subgroup_id:
        return
    for name, value in changed.items():
        setattr(section, name, value)
    section.subgroup_id = subgroup_id
    _note(Act.SECTION_CHANGED, section, by)


def shift_section(section: Section, by: Membership, places: int, *, seen: int) -> bool:
    """Move a section up (negative) or down; at either end it stays. Positions have no gaps.

    Args:
        section: which one.
        by: an organizer.
        places: how far.
        seen: its position on the page where the button was pressed.

    Returns:
        Whether it was there: not if it has gone from there, because the same button was sent
        twice or another organizer was faster.
    """
    queries.lock_order(section.report_id)
    order = list(queries.sections(section.report_id))
    here = seen - 1
    if order[max(here, 0) : seen] != [section]:
        return False
    there = min(max(here + places, 0), len(order) - 1)
    if there != here:
        order.insert(there, order.pop(here))
        _renumber(order)
        _note(Act.SECTION_SHIFTED, section, by)
    return True


def remove_section(
    section: Section, by: Membership, *, seen: int | None = None
) -> None:
    """Remove a section from the report; its log is kept but accepts no more updates.

    Args:
        section: one that was never frozen or discussed.
        by: an organizer.
        seen: the number of the last update of its text when the organizer saw the button.

    Raises:
        GoneError: somebody has removed it meanwhile.
        KeptError: it was frozen once, or people have discussed it.
        WrittenMeanwhileError: somebody has written in it since.
    """
    queries.lock_order(section.report_id)
    queries.lock_section(section)
    if queries.latest_version(section.id):
        raise KeptError(
            _(
                "This section has been frozen, and its versions and votes are part of the record, so it can’t be removed. A rejected section is not printed."
            )
        )
    report_id = section.report_id
    stream = db.session.get_one(Stream, section.stream_id)
    try:
        with db.session.begin_nested():
            db.session.delete(section)
    except IntegrityError as error:
        raise KeptError(
            _("This section has been discussed, so it can’t be removed.")
        ) from error
    if stream.frozen_at is None:
        textlog.freeze(stream, by=by.user_id)
    # After the freeze, which nobody's words can come after.
    if seen is not None and stream.last_seq > seen:
        raise WrittenMeanwhileError(
            _(
                "Someone has written in this section since you opened the page. Nothing was removed. Read the text first; if nobody needs it, remove the section then."
            )
        )
    _renumber(queries.sections(report_id))
    _note(Act.SECTION_REMOVED, section, by)


def _renumber(order: Sequence[Section]) -> None:
    """Renumber sections' positions in this order.

    Positions are unique, and SQLite checks that row by row, not at the end of a statement:
    so all sections move out of the way before any gets its new position.
    """
    for step_aside in (ASIDE, 0):
        for position, section in enumerate(order, 1):
            section.position = step_aside + position
        db.session.flush()


def _note(act: Act, section: Section, by: Membership) -> None:
    acts.note(
        act,
        section.id,
        by=by.user_id,
        cohort_id=by.cohort_id,
        stream_id=section.stream_id,
    )
