"""What two people do at the same moment happens one after the other, or side by side."""

import pytest

from exports.sizes import MOST, Size
from tests.deciding.building import a_section, person
from tests.together import Together
from workgroup import clock
from workgroup.acts import queries as log
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts import services as people
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.drafting import arranging, moves
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section, Version
from workgroup.drafting.printable import TooMuchError
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.jobs import services as jobs
from workgroup.jobs.schedule import Kind, Task

pytestmark = pytest.mark.both_databases


@pytest.fixture
def together(app):
    return Together(app)


def a_report(app):
    with app.app_context():
        a_section()
        db.session.commit()


def olivias_report():
    olivia = person("olivia")
    return olivia, drafting.find_report(olivia.cohort_id)


def test_two_organizers_who_remove_each_other_leave_one(app, together):
    with app.app_context():
        amy, olivia = person("amy"), person("olivia")
        amy.roles = amy.roles | {Role.ORGANIZER}
        db.session.commit()
        cohort_id, one, another = olivia.cohort_id, amy.id, olivia.id

    def removal(by, who):
        def remove():
            people.remove(*(db.session.get_one(Membership, id_) for id_ in (by, who)))

        return remove

    together.run(removal(one, another), removal(another, one))

    assert together.raised == {"second": people.LastOrganizerError}
    with app.app_context():
        assert cohorts.organizers_under_lock(cohort_id) == [one]


def test_somebody_whom_two_organizers_remove_at_once_leaves_once(app, together):
    with app.app_context():
        amy, olivia = person("amy").id, person("olivia").id

    def remove():
        found = (db.session.get_one(Membership, one) for one in (olivia, amy))
        people.remove(*found)

    together.run(remove, remove)

    assert together.raised == {"second": people.HasLeftError}
    with app.app_context():
        assert [one.action for one in log.records_after(0, 9)] == ["membership.ended"]


def test_of_two_who_freeze_a_section_at_once_one_does(app, together):
    with app.app_context():
        section = a_section()
        db.session.commit()
        section_id = section.id

    def freeze():
        moves.freeze(db.session.get_one(Section, section_id), person("olivia"))

    together.run(freeze, freeze)

    assert together.raised == {"second": moves.WrongStateError}
    with app.app_context():
        assert db.session.query(Version).count() == 1
        section = db.session.get_one(Section, section_id)
        assert section.state is SectionState.FROZEN


def test_of_two_workers_that_claim_at_once_each_gets_a_job_of_its_own(app, together):
    kinds = {"report": Kind(run=lambda _task: None)}
    with app.app_context():
        for key in ("a", "b"):
            jobs.enqueue("report", {}, key=key)
        db.session.commit()

    together.run(
        lambda: jobs.claim("one", kinds).key, lambda: jobs.claim("two", kinds).key
    )

    assert together.returned == {"first": "a", "second": "b"}
    if db_is_postgresql(app):
        assert not together.waited


def test_nobody_takes_a_job_over_while_its_result_is_written(app, together):
    kinds = {"report": Kind(run=lambda _task: None)}
    with app.app_context():
        jobs.enqueue("report", {}, key="a")
        db.session.commit()
        job = jobs.claim("one", kinds)
        task = Task(job.id, job.lease, {})
        db.session.commit()
    late = clock.now() + 2 * jobs.LEASE

    def take_over():
        with clock.pretend(late):
            return jobs.claim("two", kinds)

    together.run(
        lambda: jobs.held(task),
        take_over,
        then=lambda: jobs.finish(jobs.held(task), kinds["report"]),
    )

    assert together.raised == {}
    assert together.returned["second"] is None


def test_two_sections_that_are_added_at_once_get_different_positions(app, together):
    a_report(app)

    def add(title):
        olivia, report = olivias_report()
        return arranging.add_section(
            report, olivia, kind=SectionKind.CHAPTER, title=title
        ).position

    together.run(lambda: add("One"), lambda: add("Two"))

    assert together.raised == {}
    assert together.returned["second"] == together.returned["first"] + 1


def test_the_second_to_save_the_title_page_sees_what_the_first_wrote(app, together):
    a_report(app)

    def save(title):
        olivia, report = olivias_report()
        drafting.lock_report(report)
        found = report.title  # what a form that was filled before is compared with
        arranging.set_title_page(report, olivia, title=title)
        return found

    together.run(lambda: save("One"), lambda: save("Two"))

    assert together.raised == {}
    assert together.returned["second"] == "One"


def test_the_records_of_two_commits_at_once_are_chained_one_after_the_other(
    app, together
):
    def record_and_hold():
        acts.note(Act.COMMENT_ADDED, 1, by=1, cohort_id=1, stream_id=1)
        session = db.session()
        session.dispatch.before_commit(session)  # the log is written down, and held

    def record():
        acts.note(Act.COMMENT_ADDED, 2, by=1, cohort_id=1, stream_id=2)
        db.session.commit()

    together.run(record_and_hold, record)

    assert together.raised == {}
    with app.app_context():
        subjects = [record.subject for record in log.records_after(0, 10)]
        assert subjects == ["comment:1", "comment:2"]
        assert log.first_altered() is None


def db_is_postgresql(app):
    with app.app_context():
        return db.engine.dialect.name == "postgresql"


def test_sections_frozen_at_the_same_moment_are_counted_together(
    app, together, monkeypatch
):
    monkeypatch.setitem(MOST, Size.BLOCKS, 1)
    a_report(app)
    with app.app_context():
        olivia, report = olivias_report()
        arranging.add_section(report, olivia, kind=SectionKind.CHAPTER, title="Two")
        db.session.commit()
        one, another = (section.id for section in drafting.sections(report.id))

    def freeze(section_id):
        section = db.session.get_one(Section, section_id)
        moves.freeze(section, person("olivia"))

    together.run(lambda: freeze(one), lambda: freeze(another))

    assert together.raised == {"second": TooMuchError}
