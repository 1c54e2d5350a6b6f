"""The doctor names what is missing or unsafe, and finds nothing bad in a sound instance."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from tests.files.storing import put
from workgroup import clock, doctor
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.database import db
from workgroup.files.models import FilePiece
from workgroup.findings import Grade
from workgroup.jobs import services as jobs
from workgroup.jobs.models import JobState


def sentences(findings, grade):
    return [finding.sentence for finding in findings if finding.grade is grade]


@pytest.mark.both_databases
def test_a_sound_instance_has_nothing_bad(app):
    app.config["INSTANCE"].chmod(0o700)
    with app.app_context():
        findings = [*doctor.settings(), *doctor.disk(), *doctor.database()]

    assert sentences(findings, Grade.BAD) == []
    assert "The audit log is intact." in sentences(findings, Grade.OK)


def test_files_that_others_may_read_are_named_with_the_command_that_helps(app):
    app.config["INSTANCE"].chmod(0o755)

    with app.app_context():
        [first, *_] = sentences(doctor.settings(), Grade.BAD)

    assert f"chmod 700 {app.config['INSTANCE']}" in first


def test_an_altered_audit_log_and_dead_jobs_are_named(app):
    with app.app_context():
        acts.note(Act.ACCOUNT_CREATED, 1, by=None)
        jobs.enqueue("mail", {}, key="a").state = JobState.DEAD
        db.session.commit()
        db.session.execute(text("DROP TRIGGER audit_records_no_update"))
        db.session.execute(text("UPDATE audit_records SET actor = 'person:2'"))
        db.session.commit()

        findings = list(doctor.database())

    assert "Record 1 of the audit log was altered." in sentences(findings, Grade.BAD)
    assert sentences(findings, Grade.WARN)[0].startswith(
        "Jobs of kind mail failed for good"
    )


@pytest.mark.both_databases
def test_stuck_jobs_are_named_by_kind_and_age(app):
    with app.app_context():
        for hours in (3, 30):
            with clock.pretend(clock.now() - timedelta(hours=hours)):
                jobs.enqueue("mail", {}, key=f"{hours}").state = JobState.DEAD
                jobs.enqueue("digest", {}, key=f"waiting {hours}")
        jobs.enqueue("export", {}, key="just asked for")
        db.session.commit()

        found = sentences(doctor.database(), Grade.WARN)

    assert found == [
        (
            "Jobs of kind mail failed for good: 2, the oldest requested 30 hours ago: "
            "see `flask jobs list --dead`, and try them again with `flask jobs revive --mail`."
        ),
        (
            "Jobs of kind digest are overdue: 2, for up to 30 hours: "
            "is a worker of this version running?"
        ),
    ]


def test_the_command_ends_with_one_when_something_is_bad(app):
    app.config["INSTANCE"].chmod(0o777)

    result = app.test_cli_runner().invoke(args=["doctor"])

    assert result.exit_code == 1
    assert "bad  Other users of this machine can read" in result.output


@pytest.mark.both_databases
def test_a_stored_file_that_is_not_whole_is_named(app):
    with app.app_context():
        file = put(b"whole")
        db.session.execute(update(FilePiece).values(data=b"who"))
        db.session.commit()

        found = sentences(doctor.database(), Grade.BAD)

    assert found == [f"File {file.id} in the store is damaged: restore a backup."]


@pytest.mark.parametrize(
    ("settings", "grade", "words"),
    [
        ({"PROXIES": 1}, Grade.BAD, "not an https address"),
        (
            {"PROXIES": 1, "PUBLIC_URL": "https://report.example", "HOST": "0.0.0.0"},  # noqa: S104
            Grade.WARN,
            "forge addresses",
        ),
        ({"PUBLIC_URL": "https://report.example"}, Grade.WARN, "share its limits"),
    ],
)
def test_proxies_that_do_not_fit_the_address_are_named(app, settings, grade, words):
    app.config.update(settings)

    with app.app_context():
        found = sentences(doctor.settings(), grade)

    assert any(words in sentence for sentence in found)


def test_a_file_that_others_may_read_is_named(app):
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    path.chmod(0o644)

    with app.app_context():
        found = sentences(doctor.settings(), Grade.BAD)

    assert f"Other users of this machine can read {path}: run chmod 600 {path}" in found


def test_a_worker_that_starts_waits_for_no_writer(app):
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        db.session.commit()
    writer = sqlite3.connect(app.config["INSTANCE"] / "workgroup.sqlite")
    with closing(writer):
        writer.execute("BEGIN IMMEDIATE")

        done = app.test_cli_runner().invoke(args=["worker"])

    assert "schema is unknown to this version" in done.output
