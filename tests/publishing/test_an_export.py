"""An export from the request to the file, and every way in which there is none."""

import hashlib
import re
import sys
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest

from tests.deciding.building import person
from tests.drafting.blocks import paragraph
from tests.publishing.building import (
    PAGE,
    begin_report,
    decided_report,
    only_export,
    print_now,
    requested,
    work,
    write,
)
from tests.waiting import PATIENT
from workgroup import clock
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.attribution import Mode
from workgroup.database import db
from workgroup.drafting import moves as drafting
from workgroup.drafting.models import Report
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.files import queries as files
from workgroup.jobs.models import Job, JobState
from workgroup.publishing import assemble as assembling
from workgroup.publishing import child, jobs, printing, services
from workgroup.publishing.states import ExportState
from workgroup.textlog.documents import UnreadableTextError


def test_the_publisher_requests_and_downloads_the_file(app, as_, engine):
    with app.app_context():
        decided_report()
        db.session.commit()
    paul = as_("paul")

    asked = paul.post(PAGE)
    waiting = paul.get(PAGE).text
    work(app)
    finished = paul.get(PAGE).text

    assert asked.status_code == 303
    assert "Waiting" in waiting
    assert 'hx-trigger="every 1s, wg:again"' in waiting
    assert 'hx-trigger="every 1s' not in finished
    [address] = set(re.findall(rf"{PAGE}\d+/report\.pdf", finished))
    answer = paul.get(address)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "trilateral-1.pdf" in answer.headers["Content-Disposition"]
    content = answer.data
    answer.close()
    with app.app_context():
        export = only_export()
        assert (export.state, export.final) == (ExportState.DONE, True)
        assert export.sha256 == hashlib.sha256(content).hexdigest()
        assert export.page == export.pages
        assert db.session.query(Job).one().state is JobState.DONE
        actions = [record.action for record in db.session.query(AuditRecord)]
        assert actions[-1] == "export.requested"


def test_a_draft_is_named_a_draft(app, session, engine):
    report = begin_report()
    write(report, SectionKind.CHAPTER, "Not decided", paragraph("日本語", lang="ja"))
    export = requested(report)

    print_now(app, export)

    assert export.state is ExportState.DONE
    assert not export.final
    assert export.file_name == f"trilateral-{export.id}-draft.pdf"
    content = b"".join(files.content(files.find_file("export", export.id)))
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == export.pages


@pytest.mark.parametrize(
    ("history", "dates"),
    [
        (Mode.NAMED, ["May 14, 2027", "May 15, 2027"]),
        (Mode.DELEGATION, ["May 14, 2027", "May 14, 2027"]),
        (Mode.NONE, ["May 14, 2027", "May 14, 2027"]),
    ],
)
def test_the_cover_has_the_date_of_the_person_who_asked_unless_it_could_tell_who_that_was(
    app, session, monkeypatch, history, dates
):
    printed = []

    def print_nothing(document, *_arguments):
        printed.append((document.date, document.created))
        raise printing.ExportFailedError("killed", {})

    monkeypatch.setattr(jobs, "print_document", print_nothing)
    report, paul = decided_report(), person("paul")
    paul.cohort.names_history = history
    for zone in ("America/New_York", "Asia/Tokyo"):
        paul.user.time_zone = zone
        with clock.pretend(datetime(2027, 5, 14, 22, 30, tzinfo=UTC)):
            print_now(app, requested(report))

    created = "2027-05-14T22:30:00+00:00"  # in no zone of a person, whatever is named
    assert printed == [(date, created) for date in dates]


def test_a_character_without_a_glyph_ends_the_export_and_nothing_else(
    app, session, engine
):
    report = begin_report()
    section = write(report, SectionKind.CHAPTER, "Alpha", paragraph("rare \U0002a6a5"))
    export = requested(report)

    print_now(app, export)

    assert export.state is ExportState.FAILED
    assert export.error_code == "missing-glyph"
    assert export.error_parameters == {"section": "Alpha", "character": "\U0002a6a5"}
    assert section.state is SectionState.DRAFT
    drafting.freeze(section, person("olivia"))


def test_the_row_and_the_log_name_what_ended_the_child(
    app, session, monkeypatch, caplog
):
    dies = (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    monkeypatch.setattr(child, "COMMAND", dies)
    export = requested(decided_report())

    print_now(app, export)

    assert (export.error_code, export.error_parameters) == ("killed", {})
    assert "no PDF: {'code': 'killed'}; exit code -9" in caplog.text
    assert list((app.config["INSTANCE"] / "scratch").iterdir()) == []
    assert files.find_file("export", export.id) is None


def test_a_draft_that_cannot_be_read_is_named(app, session, monkeypatch):
    def unreadable(*_arguments, **_named):
        raise UnreadableTextError

    report = begin_report()
    write(report, SectionKind.CHAPTER, "Alpha")
    export = requested(report)
    monkeypatch.setattr(assembling, "read_document", unreadable)

    print_now(app, export)

    assert export.error_code == "unreadable"
    assert export.error_parameters == {"section": "Alpha"}


@pytest.mark.both_databases
def test_of_two_who_ask_at_once_one_gets_an_export(app):
    with app.app_context():
        report_id = decided_report().id
        db.session.commit()
    both_ready, outcomes = threading.Barrier(2), []

    def ask():
        with app.app_context():
            report = db.session.get_one(Report, report_id)
            db.session.rollback()
            both_ready.wait(timeout=PATIENT)
            try:
                requested(report)
                db.session.commit()
                outcomes.append("asked")
            except services.ExportUnderWayError:
                outcomes.append("under way")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENT)

    assert sorted(outcomes) == ["asked", "under way"]
    with app.app_context():
        only_export()


def test_a_second_export_waits_for_the_first(app, as_):
    with app.app_context():
        decided_report()
        db.session.commit()
    paul = as_("paul")
    paul.post(PAGE)

    again = paul.post(PAGE)

    assert again.status_code == 409
    assert "already being created" in again.text
    with app.app_context():
        only_export()


def test_a_report_without_sections_is_not_printed(session):
    with pytest.raises(services.NothingToPrintError, match="no sections"):
        requested(begin_report())


def test_a_run_that_was_cut_off_begins_again_and_a_finished_one_is_left(
    app, session, engine
):
    export = requested(decided_report())
    services.begin(export)

    print_now(app, export)
    first = (export.state, export.finished_at)
    job = session.query(Job).one()
    job.state = JobState.WAITING
    print_now(app, export)

    assert first[0] is ExportState.DONE
    assert (export.state, export.finished_at) == first
    session.refresh(job)
    assert job.state is JobState.DONE


def test_an_export_ends_with_a_job_that_was_given_up(app, session):
    report = decided_report()
    export = requested(report)
    job = session.query(Job).one()
    job.state, job.attempts = JobState.RUNNING, 3
    job.leased_until = clock.now() - timedelta(seconds=1)
    session.commit()

    assert not work(app)

    session.refresh(export)
    assert (export.state, export.error_code) == (ExportState.FAILED, "worker-lost")
    assert requested(report).state is ExportState.WAITING


def test_an_export_whose_lease_was_lost_leaves_its_row_to_the_other_worker(
    app, session, monkeypatch
):
    export = requested(decided_report())

    def taken_over(_document, target, *_arguments):
        with app.app_context():
            db.session.query(Job).one().lease = "another"
            db.session.commit()
        target.write_bytes(b"%PDF")
        return printing.Printed(3, "0" * 64)

    monkeypatch.setattr(jobs, "print_document", taken_over)

    print_now(app, export)

    assert export.state is ExportState.RUNNING
    assert export.file_name == ""
    assert files.find_file("export", export.id) is None


def test_a_failed_export_may_be_asked_for_again(session):
    report = decided_report()
    services.fail(requested(report), "crashed", {"end": "SIGSEGV"})

    assert requested(report).state is ExportState.WAITING


def test_the_command_prints_the_one_report(app, engine, tmp_path):
    with app.app_context():
        decided_report()
        db.session.commit()
    target = tmp_path / "report.pdf"

    done = app.test_cli_runner().invoke(args=["export", "--out", str(target)])

    assert done.exit_code == 0, done.output
    with pikepdf.open(target) as pdf:
        assert f"{len(pdf.pages)} pages" in done.output
    assert hashlib.sha256(target.read_bytes()).hexdigest() in done.output


def test_the_command_says_when_there_is_no_such_report(app, tmp_path):
    target = str(tmp_path / "report.pdf")

    done = app.test_cli_runner().invoke(args=["export", "nowhere", "--out", target])

    assert done.exit_code == 1
    assert "This report does not exist." in done.output
