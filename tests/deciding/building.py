"""A few builders: sections, versions and ballots of the cast's cohort."""

from datetime import timedelta

from sqlalchemy import select

from tests import cast
from tests.cast import person
from workgroup import clock
from workgroup.cohorts.models import Cohort
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import TWO_THIRDS_AND_EACH_DELEGATION, Rule
from workgroup.drafting.models import Report, Section, Version
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.lifecycle import flow
from workgroup.textlog import services as textlog

TEXT = "The three governments meet once a year."
PARAGRAPH = {"type": "paragraph", "content": [{"type": "text", "text": TEXT}]}


def a_section(
    title: str = "Women’s empowerment", state: SectionState = SectionState.DRAFT
) -> Section:
    """Write a recommendation with one paragraph into the cohort's report."""
    cohort_id = db.session.scalars(
        select(Cohort.id).where(Cohort.slug == cast.SLUG)
    ).one()
    report = db.session.scalars(
        select(Report).where(Report.cohort_id == cohort_id)
    ).first()
    if report is None:
        report = Report(cohort_id=cohort_id, title="A Practical Agenda")
        db.session.add(report)
        db.session.flush()
    stream = textlog.create_stream([PARAGRAPH])
    section = Section(
        report=report,
        stream=stream,
        kind=SectionKind.RECOMMENDATION,
        title=title,
        position=stream.id,
        state=state,
    )
    db.session.add(section)
    db.session.flush()
    return section


def a_version(section: Section, number: int = 1) -> Version:
    """Write a frozen version of the section; its state becomes frozen."""
    section.state = SectionState.FROZEN
    version = Version(
        section=section,
        number=number,
        epoch=1,
        seq=1,
        canonical={
            "kind": section.kind.value,
            "title": section.title,
            "blocks": [PARAGRAPH],
        },
        sha256=f"{section.id:04x}{number:04x}" + "a" * 56,
        frozen_at=clock.now(),
        frozen_by_id=person("olivia").id,
    )
    db.session.add(version)
    db.session.flush()
    return version


def a_ballot(
    title: str = "Women’s empowerment",
    *,
    rule: Rule = TWO_THIRDS_AND_EACH_DELEGATION,
    closes_in: timedelta = timedelta(days=2),
) -> Ballot:
    """Open a ballot on a new section's first version; Olivia opens it."""
    section = a_section(title)
    a_version(section)
    return flow.put_to_vote(section, person("olivia"), rule, clock.now() + closes_in)
