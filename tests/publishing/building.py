"""Sections in every state, decided as the cast decides, and exports of them."""

from datetime import timedelta

from tests import cast
from tests.deciding.building import person
from tests.drafting.blocks import paragraph
from workgroup import clock
from workgroup.cohorts.models import Cohort
from workgroup.database import db
from workgroup.deciding import services as deciding
from workgroup.deciding.rules import TWO_THIRDS_AND_EACH_DELEGATION, Position
from workgroup.drafting import arranging
from workgroup.drafting.models import Report
from workgroup.drafting.states import SectionKind
from workgroup.jobs.worker import Worker
from workgroup.lifecycle import flow
from workgroup.publishing import services
from workgroup.publishing.assemble import assemble
from workgroup.publishing.models import Export

PAGE = f"/c/{cast.SLUG}/exports/"
ALL_FOR = (Position.SUPPORT, Position.LIVE_WITH, Position.RESERVATION)
ONE_BLOCKS = (Position.SUPPORT, Position.ABSTAIN, Position.BLOCK)


def begin_report(**lines):
    return arranging.create_report(person("olivia"), "A Practical Agenda", **lines)


def write(report, kind, title, *blocks, **fields):
    """Write a draft section into the report."""
    return arranging.add_section(
        report,
        person("olivia"),
        kind=kind,
        title=title,
        blocks=list(blocks) or [paragraph(f"The words of {title}.")],
        **fields,
    )


def put_to_vote(section, positions):
    """Freeze the section and have Amy, Hana and Minjun take these positions."""
    olivia = person("olivia")
    closes = clock.now() + timedelta(days=2)
    ballot = flow.put_to_vote(section, olivia, TWO_THIRDS_AND_EACH_DELEGATION, closes)
    for name, position in zip(("amy", "hana", "minjun"), positions, strict=False):
        deciding.cast_vote(ballot, person(name), position, "Because.")
    return ballot


def decide(section, positions=ALL_FOR):
    flow.close(put_to_vote(section, positions), by=person("olivia"))


def decided_report(sections=1):
    """Write a report whose recommendations are all adopted; the caller commits."""
    report = begin_report()
    for number in range(1, sections + 1):
        decide(write(report, SectionKind.RECOMMENDATION, f"Proposal {number}"))
    return report


def assembled(report):
    cohort = db.session.get_one(Cohort, report.cohort_id)
    return assemble(db.session.get_one(Report, report.id), cohort, clock.now())


def requested(report, by="paul"):
    return services.request_export(report, person(by))


def only_export():
    return db.session.query(Export).one()


def work(app):
    """Let a worker run the next job."""
    return Worker(app, app.extensions["schedule"]).run_next_job()


def print_now(app, export):
    """Let a worker print this one, and look at its row again."""
    db.session.commit()
    assert work(app)
    db.session.refresh(export)
